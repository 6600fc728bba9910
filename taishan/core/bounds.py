"""Floors and ceilings of one dimension, combined (DESIGN 5.1).

The combined value is the *set* of bounds; it is read only at the end. Sets join in any order, so
combination is associative, commutative and idempotent by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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


B = TypeVar("B", bound=Bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Generic[B]):
    """A dimension read out: the bound that holds, and every disagreement."""

    held: B
    conflicts: tuple[Conflict, ...] = ()


def resolve(bounds: Iterable[B]) -> Resolution[B] | None:
    """Read one dimension's set of bounds: the strictest floor under the ceilings of higher ranks.

    The order of ``bounds`` and repetitions make no difference. None where there is no floor.
    """
    by_key = {bound.clause.key: bound for bound in bounds}
    unique = [by_key[key] for key in sorted(by_key)]
    floors = [b for b in unique if not b.clause.ceiling]
    if not floors:
        return None
    ceilings = [b for b in unique if b.clause.ceiling]
    held = max([_under(floor, ceilings) for floor in floors] if ceilings else floors, key=_strength)
    return Resolution(held=held, conflicts=(*_clashes(floors, ceilings), *_laxities(floors)))


def _strength(bound: Bound) -> tuple[float, bool, int]:
    clause = bound.clause
    return bound.demand.strictness, not clause.ceiling, -clause.authority.rank


def _under(floor: B, ceilings: Sequence[B]) -> B:
    if floor.clause.red_line:
        return floor
    higher = [c for c in ceilings if c.clause.authority.rank < floor.clause.authority.rank]
    return min([floor, *higher], key=lambda b: b.demand.strictness)


def _clashes(floors: Sequence[Bound], ceilings: Sequence[Bound]) -> Iterable[Conflict]:
    for ceiling in ceilings:
        for floor in floors:
            if floor.demand.strictness > ceiling.demand.strictness:
                yield Conflict(
                    dimension=floor.demand.dimension,
                    stricter=floor.clause,
                    looser=ceiling.clause,
                    holds=_under(floor, [ceiling]).clause,
                )


def _laxities(floors: Sequence[Bound]) -> Iterable[Conflict]:
    """Yield where a lower authority is looser than a higher one; mostly all ask the same."""
    asked = [(f.demand.strictness, f.clause.authority.rank, f) for f in floors]
    strictest = max(strictness for strictness, _rank, _floor in asked)
    for laxness, rank, lax in asked:
        if laxness == strictest:
            continue
        for strictness, above, strict in asked:
            if laxness < strictness and above < rank:
                yield Conflict(
                    dimension=lax.demand.dimension,
                    stricter=strict.clause,
                    looser=lax.clause,
                    holds=strict.clause,
                )
