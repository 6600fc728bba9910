"""Rates by their sources, and the exact interval of a small count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import injury_rates
from taishan.core.injury_rates import RATES, Sums, total

YEAR = Sums(
    hours=500_000, workers=250, deaths=1, away_cases=2, restricted_cases=3, other_cases=4,
    lost_days=60,
)  # fmt: skip


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("ltifr", 3 * 2.0), ("trir", 10 * 0.4), ("dart", 5 * 0.4), ("severity", 6060 * 2.0),
        ("fatal", 400.0), ("deaths_per_1000", 4.0), ("incidence", 12.0),
    ],
)  # fmt: skip
def test_each_rate_is_its_number_times_its_multiplier_by_what_was_worked(
    code: str, value: float
) -> None:
    assert injury_rates.reckon(RATES[code], YEAR).value == pytest.approx(value)


def test_without_hours_a_rate_is_unknown_and_not_zero() -> None:
    found = injury_rates.reckon(RATES["ltifr"], Sums(deaths=1))
    assert (found.value, found.low, found.high, found.count) == (None, None, None, 1)


# Exact limits for a Poisson mean as tabulated: Garwood 1936; Ulm, Am J Epidemiol 131 (1990) 373.
@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.6889), (1, 0.0253, 5.5716), (2, 0.2422, 7.2247), (5, 1.6235, 11.6683),
     (10, 4.7954, 18.3904), (100, 81.3640, 121.6272)],
)  # fmt: skip
def test_the_interval_of_a_count_is_garwoods(count: int, low: float, high: float) -> None:
    found = injury_rates.poisson_interval(count)
    assert found == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


@given(st.integers(0, 100), st.floats(0.5, 0.999))
def test_the_interval_holds_the_count_and_grows_with_confidence(
    count: int, confidence: float
) -> None:
    low, high = injury_rates.poisson_interval(count, confidence)
    wide = injury_rates.poisson_interval(count, (1 + confidence) / 2)
    assert wide[0] <= low <= count <= high <= wide[1] + 1e-9


def test_days_and_large_counts_have_no_interval() -> None:
    assert injury_rates.reckon(RATES["severity"], YEAR).high is None
    many = Sums(hours=1_000_000, away_cases=101)
    assert injury_rates.reckon(RATES["ltifr"], many).high is None


DAYS = st.lists(st.integers(1, 6000))


def test_charged_days_add_up_to_a_death_at_most() -> None:
    assert injury_rates.charge([]) == 0
    assert injury_rates.charge([300], besides=5) == 305
    assert injury_rates.charge([4500, 1500]) == 6000
    assert injury_rates.charge([4500, 1500], besides=1) == 6000
    assert injury_rates.charge([], besides=9000) == 6000


@given(DAYS, DAYS)
def test_more_parts_never_cost_fewer_days(some: list[int], more: list[int]) -> None:
    both = injury_rates.charge(some + more)
    assert both == injury_rates.charge(more + some) >= injury_rates.charge(some)
    assert both == injury_rates.charge(some, besides=sum(more)) <= injury_rates.DAYS_OF_A_DEATH


@pytest.mark.parametrize(
    ("days_away", "charged_days", "lost"), [(10, 0, 10), (10, 300, 300), (200, 60, 60), (0, 0, 0)]
)
def test_what_a_table_lists_counts_by_the_table_whatever_the_days_away(
    days_away: int, charged_days: int, lost: int
) -> None:
    assert injury_rates.find_lost(days_away=days_away, charged_days=charged_days) == lost


NUMBERS = st.integers(0, 50)
SUMS = st.builds(
    Sums, hours=st.none() | NUMBERS, workers=st.none() | NUMBERS, deaths=NUMBERS,
    away_cases=NUMBERS, restricted_cases=NUMBERS, other_cases=NUMBERS, lost_days=NUMBERS,
)  # fmt: skip


@given(SUMS, SUMS, SUMS)
def test_sums_add_in_any_order(one: Sums, two: Sums, three: Sums) -> None:
    assert total([one, two]) == total([two, one])
    assert total([total([one, two]), three]) == total([one, two, three])
    assert total([one, Sums()]) == total([one]) == one
    assert total([]) == Sums()
