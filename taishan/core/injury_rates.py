"""Injury rates: what is counted, by what it is divided and times what; and how sure they are.

Each follows its source to the letter; a rate without hours or workers is unknown, never zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter

DAYS_OF_A_DEATH = 6000
"""Working days lost by a death or total permanent disability: GB 6441-86; ANSI Z16.1 the same."""
SMALL = 100
"""Up to how many cases the interval is exact; beyond, the interval says little and is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What happened in a period, and in how many hours worked by how many people on average.

    Cases are people: each is counted once, by its worst outcome. ``lost_days`` are those of the
    living, as charged where a table charges them; ``hours`` and ``workers`` are None where unknown.
    """

    hours: float | None = None
    workers: float | None = None
    deaths: int = 0
    away_cases: int = 0
    restricted_cases: int = 0
    other_cases: int = 0
    lost_days: int = 0

    @property
    def lost_time(self) -> int:
        return self.deaths + self.away_cases

    @property
    def recordable(self) -> int:
        return self.lost_time + self.restricted_cases + self.other_cases

    @property
    def dart(self) -> int:
        return self.away_cases + self.restricted_cases

    @property
    def charged_days(self) -> int:
        return self.lost_days + DAYS_OF_A_DEATH * self.deaths


def charge(parts: Iterable[int], besides: int = 0) -> int:
    """Return the days that a case is charged with: those of its parts and what is charged besides
    add up, to no more than a death (GB 6441-86, appendix B)."""
    return min(sum(parts) + besides, DAYS_OF_A_DEATH)


def find_lost(*, days_away: int, charged_days: int) -> int:
    """Return the days that somebody living has lost: what a table lists counts by the table,
    whatever the days away; what none lists by the days away (GB 6441-86, appendix B)."""
    return charged_days or days_away


_NAMES = tuple(one.name for one in fields(Sums))


def total(every: Iterable[Sums]) -> Sums:
    """Return the sum; an exposure that some do not know is that of the others. One new record,
    however many are added up."""
    columns = zip(*map(attrgetter(*_NAMES), every), strict=True)
    known = [[amount for amount in column if amount is not None] for column in columns]
    added = {name: sum(amounts) for name, amounts in zip(_NAMES, known, strict=False) if amounts}
    return Sums(**added)


class Per(StrEnum):
    """What a rate divides by."""

    HOURS = "hours"
    WORKERS = "workers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """``multiplier``: how many hours or workers it is a rate of. ``is_of_cases``: independent
    cases are counted, so that it has an interval; days are none.
    """

    code: str
    count: Callable[[Sums], int]
    per: Per
    multiplier: int
    source: str
    is_of_cases: bool = True


_BLS = "29 CFR 1904; U.S. BLS, How to compute a firm's incidence rate"
_ICLS = "ILO, 16th ICLS (1998), resolution on statistics of occupational injuries"
_GB = "GB 6441-86 (1987-02-01 – 2026-06-30), 6"
RATES: Mapping[str, Rate] = {
    rate.code: rate
    for rate in (
        Rate(
            code="ltifr", count=lambda s: s.lost_time, per=Per.HOURS, multiplier=1_000_000,
            source=f"{_ICLS}: frequency rate",
        ),
        Rate(
            code="trir", count=lambda s: s.recordable, per=Per.HOURS, multiplier=200_000,
            source=_BLS,
        ),
        Rate(code="dart", count=lambda s: s.dart, per=Per.HOURS, multiplier=200_000, source=_BLS),
        Rate(
            code="severity", count=lambda s: s.charged_days, per=Per.HOURS, multiplier=1_000_000,
            source=f"{_GB} and appendix B; {_ICLS}: severity rate", is_of_cases=False,
        ),
        Rate(
            code="fatal", count=lambda s: s.deaths, per=Per.HOURS, multiplier=200_000_000,
            source="U.S. BLS, CFOI: per 100,000 full-time equivalents of 2,000 h",
        ),
        Rate(
            code="deaths_per_1000", count=lambda s: s.deaths, per=Per.WORKERS, multiplier=1000,
            source=_GB,
        ),
        Rate(
            code="incidence", count=lambda s: s.lost_time, per=Per.WORKERS, multiplier=1000,
            source=f"{_ICLS}: incidence rate",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """A rate of a period; None where the exposure is unknown or nothing. ``low`` and ``high``: the
    exact interval in which the rate lies with 95 %, None where the number is none of cases.
    """

    rate: Rate
    count: int
    exposure: float | None
    value: float | None
    low: float | None = None
    high: float | None = None


def reckon(rate: Rate, sums: Sums) -> Reckoned:
    """Return a rate of a period."""
    count, exposure = rate.count(sums), getattr(sums, rate.per.value)
    if not exposure:
        return Reckoned(rate=rate, count=count, exposure=exposure, value=None)
    each = rate.multiplier / exposure
    low, high = poisson_interval(count) if rate.is_of_cases and count <= SMALL else (None, None)
    return Reckoned(
        rate=rate, count=count, exposure=exposure, value=count * each,
        low=None if low is None else low * each, high=None if high is None else high * each,
    )  # fmt: skip


def poisson_interval(count: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact interval for the mean of a Poisson count, after Garwood (1936).

    The bounds are the means under which so many or more, or so few or fewer, are as rare as half of
    what the confidence leaves.
    """
    if count < 0 or not 0 < confidence < 1:
        raise ValueError("a count from 0 on and a confidence between 0 and 1")
    tail = (1 - confidence) / 2
    low = 0.0 if count == 0 else _mean_where(lambda mean: 1 - _at_most(count - 1, mean), tail)
    high = _mean_where(lambda mean: 1 - _at_most(count, mean), 1 - tail)
    return low, high


def _at_most(count: int, mean: float) -> float:
    """Return the probability of at most ``count`` under a Poisson mean above zero."""
    log_mean = math.log(mean)
    return math.fsum(
        math.exp(k * log_mean - mean - math.lgamma(k + 1)) for k in range(count + 1)
    )  # fmt: skip


def _mean_where(rising: Callable[[float], float], level: float) -> float:
    low, high = 1e-12, 1.0
    while rising(high) < level:
        high *= 2
    for _step in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return high
