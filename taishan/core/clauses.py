"""The clauses of regulations, and the days they are in force (DESIGN 5.1).

Everything here counts in days of the unit's own local calendar: a clause in force at any instant
of a day binds that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from taishan.core.requirements import Requirement


class UnclearRegulation(ValueError):
    """A clause contradicts itself; the message says how."""


def days_touched(start: datetime | date, until: datetime | date | None) -> tuple[date, date | None]:
    """Return the half-open run of days that ``start <= t < until`` touches.

    A plain ``date`` is that day's 00:00. Raises UnclearRegulation when nothing is left.
    """
    first = start.date() if isinstance(start, datetime) else start
    if until is None:
        return first, None
    end = until
    if isinstance(until, datetime):
        end = until.date() if until.time() == time(0) else until.date() + timedelta(days=1)
    if end <= first:
        raise UnclearRegulation(f"in force from {start} but only until {until}")
    return first, end


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Whoever issues regulations; ``rank`` 0 is the highest (country, province, …, then units)."""

    code: str
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clause:
    """One provision: whom it covers, when, and one requirement; compared by identity, for speed.

    ``place`` covers that place and all within it, but nothing within ``except_places``; ``unit``
    covers a unit and all below it.
    Empty ``kinds`` or ``risk_levels`` cover all. ``ends`` None is an open end.
    """

    key: str
    regulation: str
    authority: Authority
    requirement: Requirement
    issued: date
    starts: date
    ends: date | None = None
    place: str | None = None
    unit: str | None = None
    except_places: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    exempt_kinds: frozenset[str] = frozenset()
    risk_levels: frozenset[str] = frozenset()
    exempt_risk_levels: frozenset[str] = frozenset()
    over_headcount: int | None = None
    facilities: frozenset[str] = frozenset()
    ceiling: bool = False
    recommended: bool = False
    targeted: bool = False
    red_line: bool = False

    def __post_init__(self) -> None:
        if (self.place is None) == (self.unit is None):
            raise UnclearRegulation(f"{self.key}: a clause covers either a place or a unit")
        if self.ends is not None and self.ends <= self.starts:
            raise UnclearRegulation(f"{self.key}: from {self.starts} but until {self.ends}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """From ``starts`` on, the named clauses no longer bind, known from ``issued`` on."""

    clauses: frozenset[str]
    issued: date
    starts: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A rule of a place that could not be established for a time."""

    key: str
    place: str
    starts: date
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskLevel:
    """A territory's published risk level over a run of days."""

    place: str
    level: str
    starts: date
    ends: date | None = None
