"""What the clauses in force on one day come to for one unit, before its facts (DESIGN 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taishan.core.bounds import Bound, Conflict, Resolution, resolve_in_order
from taishan.core.clauses import Clause
from taishan.core.requirements import (
    CAP,
    GATHERING,
    HOLIDAY,
    LIMITS,
    MODE,
    Demand,
    Mode,
)


class Effect(StrEnum):
    """What a clause does to a unit on a day."""

    BINDS = "binds"
    CEILING = "ceiling"
    EXEMPT = "exempt"
    RECOMMENDS = "recommends"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    clause: Clause
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something nobody has recorded; ``what``: rule, rules, risk_level, head_count, scope, fact."""

    what: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmet:
    """A condition not shown to be met. ``have`` None: nobody has recorded the fact."""

    demand: Demand
    clause: Clause
    have: float | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked(Bound):
    """What a clause asks in one dimension, and the answer where nobody has recorded a fact of it.

    ``general`` is the fact that serves all dimensions of this kind: ``quarantine:any``.
    """

    general: str
    unrecorded: Unmet
    unknown: Unknown


def asks(clause: Clause) -> tuple[Asked, ...]:
    """Return the clause's floor or ceiling in each dimension it speaks of."""
    return tuple(
        Asked(
            demand=demand,
            clause=clause,
            general=f"{clause.requirement.family}:any",
            unrecorded=Unmet(demand=demand, clause=clause, have=None),
            unknown=Unknown(what="fact", about=demand.dimension),
        )
        for demand in clause.requirement.demands()
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What binds one subject on a run of days, before its facts."""

    reasons: tuple[Reason, ...]
    unknown: tuple[Unknown, ...]
    mode: Mode
    is_holiday: bool
    gathering_limit: int | None
    caps: tuple[Reason, ...]
    conditions: tuple[Asked, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """How one clause stands to a unit; compared by identity, for speed.

    ``family``: the kind of dimension that the clause speaks of; None where it is only shown.
    """

    reason: Reason
    family: str | None
    asks: tuple[Asked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the standings of one family come to.

    ``limit`` is the amount that holds, None where the family is no limit or has no floor;
    ``conditions`` are what is to be shown.
    """

    limit: float | None
    conditions: tuple[Asked, ...]
    conflicts: tuple[Conflict, ...]


def combine(
    part: Callable[[tuple[Standing, ...]], Part],
    standings: Sequence[Standing],
    unknown: tuple[Unknown, ...],
) -> Reading:
    """Return what the standings of one day come to; ``part`` reads one family of them."""
    families: dict[str, list[Standing]] = {}
    for standing in standings:
        if standing.family is not None:
            families.setdefault(standing.family, []).append(standing)
    caps = families.pop(CAP, ())
    limits: dict[str, float] = {}
    conditions: tuple[Asked, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    for family in sorted(families):
        found = part(tuple(families[family]))
        conditions += found.conditions
        conflicts += found.conflicts
        if found.limit is not None:
            limits[family] = found.limit
    return Reading(
        reasons=tuple([standing.reason for standing in standings]),
        unknown=unknown,
        mode=_MODES[int(limits.get(MODE, Mode.OPEN))],
        is_holiday=HOLIDAY in limits,
        gathering_limit=int(limits[GATHERING]) if GATHERING in limits else None,
        caps=tuple([standing.reason for standing in caps]),
        conditions=conditions,
        conflicts=conflicts,
    )


_MODES = tuple(Mode)


def read_out(standings: Sequence[Standing]) -> Part:
    """Read out one family, given in the order of their keys, dimension by dimension."""
    found: dict[str, list[Asked]] = {}
    for standing in standings:
        for asked in standing.asks:
            found.setdefault(asked.demand.dimension, []).append(asked)
    resolutions = [resolve_in_order(found[dimension]) for dimension in sorted(found)]
    return _part([resolution for resolution in resolutions if resolution])


def _part(resolutions: Sequence[Resolution[Asked]]) -> Part:
    limits = [one.held.demand.amount for one in resolutions if one.held.demand.dimension in LIMITS]
    return Part(
        limit=limits[0] if limits else None,
        conditions=tuple(
            [
                one.held
                for one in resolutions
                if one.held.demand.dimension not in LIMITS and not one.held.demand.is_void
            ]
        ),
        conflicts=tuple([conflict for one in resolutions for conflict in one.conflicts]),
    )
