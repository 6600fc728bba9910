"""What the clauses in force on one day come to for one unit, before its facts (DESIGN 5.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taishan.core.bounds import Bound, Conflict, Resolution, resolve
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


def combine(
    resolved: Callable[[tuple[Standing, ...]], tuple[Resolution[Asked], ...]],
    standings: Sequence[Standing],
    unknown: tuple[Unknown, ...],
) -> Reading:
    """Return what the standings of one day come to; ``resolved`` reads one family of them."""
    families: dict[str, list[Standing]] = {}
    for standing in standings:
        if standing.family is not None:
            families.setdefault(standing.family, []).append(standing)
    caps = families.pop(CAP, ())
    limits: dict[str, float] = {}
    conditions: list[Asked] = []
    conflicts: list[Conflict] = []
    for family in sorted(families):
        for resolution in resolved(tuple(families[family])):
            conflicts += resolution.conflicts
            if family in LIMITS:
                limits[family] = resolution.held.demand.amount
            elif not resolution.held.demand.is_void:
                conditions.append(resolution.held)
    return Reading(
        reasons=tuple([standing.reason for standing in standings]),
        unknown=unknown,
        mode=Mode(int(limits.get(MODE, Mode.OPEN))),
        is_holiday=HOLIDAY in limits,
        gathering_limit=int(limits[GATHERING]) if GATHERING in limits else None,
        caps=tuple([standing.reason for standing in caps]),
        conditions=tuple(conditions),
        conflicts=tuple(conflicts),
    )


def read_out(standings: Iterable[Standing]) -> tuple[Resolution[Asked], ...]:
    """Read out one family, dimension by dimension, but for those where there is no floor."""
    found: dict[str, list[Asked]] = defaultdict(list)
    for standing in standings:
        for asked in standing.asks:
            found[asked.demand.dimension].append(asked)
    resolutions = [resolve(found[dimension]) for dimension in sorted(found)]
    return tuple([resolution for resolution in resolutions if resolution])
