"""Numbers of few people, taken out of what leaves the organisation.

Whoever knows the people of a unit knows of whom a 2 speaks. So numbers of 1 to 4 people are hidden,
and as many others with them as it takes that no sum gives them away: complementary cell suppression
(Hundepool and others, "Statistical Disclosure Control", Wiley 2012) for one column and its total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SMALL = range(1, 5)
_LEAST, _MOST = SMALL[0], SMALL[-1]
_LEAST_OTHER = SMALL.stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Numbers of people by unit and all together; None where a number is hidden."""

    parts: tuple[int | None, ...]
    total: int | None


def suppress(parts: Sequence[int]) -> Column:
    """Return the column as outsiders may see it, of numbers that are 0 or more.

    Each hidden number of 1 to 4 could be any of 1 to 4, even for a reader who adds up all that is
    shown, knows this rule, and knows which of the hidden numbers are the small ones. Where no other
    part can be hidden to that end, the total is.
    """
    total = sum(parts)
    hidden = {at for at, part in enumerate(parts) if part in SMALL}
    others = sorted((part, at) for at, part in enumerate(parts) if part >= _LEAST_OTHER)
    is_total_hidden = total in SMALL
    while hidden and not is_total_hidden and not _is_safe([parts[at] for at in hidden]):
        if others:
            hidden.add(others.pop(0)[1])
        else:
            is_total_hidden = True
    return Column(
        parts=tuple(None if at in hidden else part for at, part in enumerate(parts)),
        total=None if is_total_hidden else total,
    )


def _is_safe(hidden: Sequence[int]) -> bool:
    """Tell whether each small number could be any of 1 to 4, given the sum of all that is hidden.

    One of them is at its most where the others are at their least, and the other way round; numbers
    that are hidden for the others' sake are 5 or more, without a bound.
    """
    rest, small = sum(hidden), sum(part in SMALL for part in hidden)
    large = len(hidden) - small
    reaches_most = rest >= _MOST + (small - 1) * _LEAST + large * _LEAST_OTHER
    reaches_least = large > 0 or rest <= _LEAST + (small - 1) * _MOST
    return reaches_most and reaches_least
