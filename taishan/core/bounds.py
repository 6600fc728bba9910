"""Floors and ceilings of one dimension, combined (DESIGN 5.1).

The combined value is the *set* of bounds; it is read only at the end. Sets join in any order, so
combination is associative, commutative and idempotent by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taishan.core.clauses import Clause
from taishan.core.requirements import Demand


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound:
    """One clause's floor or ceiling in one dimension; compared by identity, for speed."""

    demand: Demand
    clause: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two clauses disagree in a dimension; ``holds`` is the one that decides."""

    dimension: str
    stricter: Clause
    looser: Clause
    holds: Clause


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """A dimension read out: the demand that holds, whose it is, and every disagreement."""

    demand: Demand
    clause: Clause
    conflicts: tuple[Conflict, ...] = ()


def resolve(bounds: Iterable[Bound]) -> Resolution | None:
    """Read one dimension's set of bounds: the strictest floor under the ceilings of higher ranks.

    The order of ``bounds`` and repetitions make no difference. None where there is no floor.
    """
    by_key = {bound.clause.key: bound for bound in bounds}
    unique = [by_key[key] for key in sorted(by_key)]
    floors = [b for b in unique if not b.clause.ceiling]
    ceilings = [b for b in unique if b.clause.ceiling]
    if not floors:
        return None
    held = max([_under(floor, ceilings) for floor in floors] if ceilings else floors, key=_strength)
    return Resolution(
        demand=held.demand,
        clause=held.clause,
        conflicts=(*_clashes(floors, ceilings), *_laxities(floors)),
    )


def _strength(bound: Bound) -> tuple[float, bool, int]:
    return bound.demand.strictness, not bound.clause.ceiling, -bound.clause.authority.rank


def _under(floor: Bound, ceilings: Sequence[Bound]) -> Bound:
    if floor.clause.red_line:
        return floor
    higher = [c for c in ceilings if c.clause.authority.rank < floor.clause.authority.rank]
    return min([floor, *higher], key=lambda b: b.demand.strictness)


def _clashes(floors: Sequence[Bound], ceilings: Sequence[Bound]) -> Iterable[Conflict]:
    for floor in floors:
        for ceiling in ceilings:
            if floor.demand.strictness > ceiling.demand.strictness:
                yield Conflict(
                    dimension=floor.demand.dimension,
                    stricter=floor.clause,
                    looser=ceiling.clause,
                    holds=_under(floor, [ceiling]).clause,
                )


def _laxities(floors: Sequence[Bound]) -> Iterable[Conflict]:
    """Yield where a lower authority is looser than a higher one; mostly all ask the same."""
    strictness = [floor.demand.strictness for floor in floors]
    if min(strictness) == max(strictness):
        return
    for low, asks_low in zip(floors, strictness, strict=True):
        for high, asks_high in zip(floors, strictness, strict=True):
            if asks_low < asks_high and low.clause.authority.rank > high.clause.authority.rank:
                yield Conflict(
                    dimension=low.demand.dimension,
                    stricter=high.clause,
                    looser=low.clause,
                    holds=high.clause,
                )
