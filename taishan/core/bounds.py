"""Floors and ceilings of one dimension, combined (DESIGN 5.1).

The combined value is the *set* of bounds; it is read only at the end. Sets join in any order, so
combination is associative, commutative and idempotent by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Generic, TypeVar

from taishan.core.clauses import Clause
from taishan.core.requirements import Demand


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bound:
    """One clause's floor or ceiling in one dimension; compared by identity, for speed.

    ``strictness`` is its demand's. Of equally strict bounds the floor decides, and of floors the
    one of the highest authority: ``strength`` says so in order.
    """

    demand: Demand
    clause: Clause
    strictness: float = field(init=False)
    strength: tuple[float, bool, int] = field(init=False)

    def __post_init__(self) -> None:
        strictness, clause = self.demand.strictness, self.clause
        strength = (strictness, not clause.ceiling, -clause.authority.rank)
        object.__setattr__(self, "strictness", strictness)
        object.__setattr__(self, "strength", strength)


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
    return resolve_in_order([by_key[key] for key in sorted(by_key)])


def resolve_in_order(bounds: Sequence[B]) -> Resolution[B] | None:
    """Read out bounds as ``resolve`` does, each of them given once and in order of clause keys."""
    floors = [bound for bound in bounds if not bound.clause.ceiling]
    if len(floors) == len(bounds):
        return _resolve_floors(floors) if floors else None
    if not floors:
        return None
    ceilings = [bound for bound in bounds if bound.clause.ceiling]
    held = max([_under(floor, ceilings) for floor in floors], key=_STRENGTH)
    return Resolution(held=held, conflicts=(*_clashes(floors, ceilings), *_laxities(floors)))


def _resolve_floors(floors: Sequence[B]) -> Resolution[B]:
    if len(floors) == 1:
        return Resolution(held=floors[0])
    return Resolution(held=max(floors, key=_STRENGTH), conflicts=tuple(_laxities(floors)))


_STRENGTH = attrgetter("strength")
_STRICTNESS = attrgetter("strictness")


def _under(floor: B, ceilings: Sequence[B]) -> B:
    if floor.clause.red_line:
        return floor
    higher = [c for c in ceilings if c.clause.authority.rank < floor.clause.authority.rank]
    return min([floor, *higher], key=_STRICTNESS)


def _clashes(floors: Sequence[Bound], ceilings: Sequence[Bound]) -> Iterable[Conflict]:
    for ceiling in ceilings:
        for floor in floors:
            if floor.strictness > ceiling.strictness:
                yield Conflict(
                    dimension=floor.demand.dimension,
                    stricter=floor.clause,
                    looser=ceiling.clause,
                    holds=_under(floor, [ceiling]).clause,
                )


def _laxities(floors: Sequence[Bound]) -> Iterable[Conflict]:
    """Return where a lower authority is looser than a higher one; mostly all ask the same."""
    strictest = max(map(_STRICTNESS, floors))
    return [
        Conflict(
            dimension=lax.demand.dimension,
            stricter=strict.clause,
            looser=lax.clause,
            holds=strict.clause,
        )
        for lax in floors
        if lax.strictness < strictest
        for strict in floors
        if lax.strictness < strict.strictness
        and strict.clause.authority.rank < lax.clause.authority.rank
    ]
