"""Which hazards are likely the same, and which come back at a place: by words, place and day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEK = timedelta(days=7)
YEAR = timedelta(days=365)
NEAR_M = 60.0
"""Two phones at one machine may well differ by this much."""
SHARE = 0.34
SHARE_ANYWHERE = 0.6
"""Without any place to compare, the words alone must say more."""
EARTH_M = 6_371_008.8
SAY_NOTHING = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "for", "from", "has", "have", "in",
    "into", "is", "it", "its", "near", "no", "not", "of", "off", "on", "or", "out", "that", "the",
    "there", "this", "to", "was", "were", "with",
))  # fmt: skip
"""Words of English that any two hazards share; Chinese ones are told by pairs of characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a hazard can be told by; ``area`` and ``words`` as ``kit/search_words.ask`` has them."""

    found_on: date
    area: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    point: tuple[float, float] | None = None
    """Latitude and longitude in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Why two hazards may be one: the words they share, and how far apart they are."""

    score: float
    shared: tuple[str, ...]
    metres: int | None


def compare(one: Trace, other: Trace) -> Likeness | None:
    """Return in what two hazards of a unit are alike, None where they are hardly the same.

    They are found within a week of each other, at places that do not speak against it, and share a
    good part of the telling words of the shorter one.
    """
    near = is_near(one, other)
    if abs(one.found_on - other.found_on) > WEEK or near is False:
        return None
    here, there = one.words - SAY_NOTHING, other.words - SAY_NOTHING
    shared, share = here & there, share_of(here, there)
    if share < (SHARE_ANYWHERE if near is None else SHARE):
        return None
    metres = None
    if one.point and other.point:
        metres = round(find_metres(one.point, other.point))
    return Likeness(score=share, shared=tuple(sorted(shared)), metres=metres)


def is_near(one: Trace, other: Trace) -> bool | None:
    """Tell whether two hazards lie at one place; None where nobody said where."""
    if one.area and other.area and share_of(one.area, other.area) >= 0.5:
        return True
    if one.point and other.point:
        return find_metres(one.point, other.point) <= NEAR_M
    return False if one.area and other.area else None


def comes_back(now: Trace, before: Trace) -> bool:
    """Tell whether a hazard is at the place of one found up to a year before it."""
    within = now.found_on - YEAR <= before.found_on <= now.found_on
    return within and is_near(now, before) is True


def share_of(one: frozenset[str], other: frozenset[str]) -> float:
    """Return how much of the smaller set is in the other one, from 0 to 1."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def find_metres(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the distance of two points on a sphere of the mean radius of the Earth (haversine)."""
    north, south = math.radians(one[0]), math.radians(other[0])
    east = math.radians(other[1] - one[1])
    half = math.sin((south - north) / 2) ** 2
    half += math.cos(north) * math.cos(south) * math.sin(east / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))
