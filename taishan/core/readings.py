"""What the clauses in force on one day come to for one unit, before its facts (DESIGN 5.1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taishan.core.bounds import Bound, Conflict, resolve
from taishan.core.clauses import Clause
from taishan.core.requirements import GATHERING, HOLIDAY, LIMITS, MODE, Demand, Mode


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
class Asked:
    """What is asked in one dimension, and the answer where nobody has recorded a fact of it.

    ``general`` is the fact that serves all dimensions of this kind: ``quarantine:any``.
    """

    demand: Demand
    clause: Clause
    general: str
    conflicts: tuple[Conflict, ...]
    unrecorded: Unmet
    unknown: Unknown


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one clause stands to a unit; what is only shown sets no bounds."""

    reason: Reason
    is_in_force: bool
    is_cap: bool
    bounds: tuple[Bound, ...]


def combine(
    read_out: Callable[[Sequence[Bound]], Asked | None],
    standings: Sequence[Standing],
    unknown: tuple[Unknown, ...],
) -> Reading:
    """Return what the standings of one day come to; ``read_out`` reads one dimension's bounds."""
    bounds: dict[str, list[Bound]] = defaultdict(list)
    for standing in standings:
        for bound in standing.bounds:
            bounds[bound.demand.dimension].append(bound)
    limits: dict[str, float] = {}
    conditions: list[Asked] = []
    conflicts: list[Conflict] = []
    for dimension in sorted(bounds):
        asked = read_out(bounds[dimension])
        if asked is None:
            continue
        conflicts.extend(asked.conflicts)
        if dimension in LIMITS:
            limits[dimension] = asked.demand.amount
        elif not asked.demand.is_void:
            conditions.append(asked)
    return Reading(
        reasons=tuple([standing.reason for standing in standings]),
        unknown=unknown,
        mode=Mode(int(limits.get(MODE, Mode.OPEN))),
        is_holiday=HOLIDAY in limits,
        gathering_limit=int(limits[GATHERING]) if GATHERING in limits else None,
        caps=tuple([standing.reason for standing in standings if standing.is_cap]),
        conditions=tuple(conditions),
        conflicts=tuple(conflicts),
    )


def ask(bounds: Sequence[Bound]) -> Asked | None:
    """Read out one dimension; None where there is no floor."""
    resolution = resolve(bounds)
    if resolution is None:
        return None
    demand, clause = resolution.demand, resolution.clause
    return Asked(
        demand=demand,
        clause=clause,
        general=f"{demand.dimension.partition(':')[0]}:any",
        conflicts=resolution.conflicts,
        unrecorded=Unmet(demand=demand, clause=clause, have=None),
        unknown=Unknown(what="fact", about=demand.dimension),
    )
