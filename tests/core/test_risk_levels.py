"""The county rule of February 2020: each row of its table, its edges, and days in a row."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import risk_levels
from taishan.core.risk_levels import DayCount, Level, UnclearCounts

SHARED = Path(__file__).parents[3] / "shared" / "data" / "resumption"
FIRST = date(2020, 2, 1)
RULE = {
    "low": "no confirmed case, or no new confirmed case for 14 consecutive days",
    "medium": (
        "new confirmed case within 14 days and cumulative <= 50; "
        "or cumulative > 50 and no cluster within 14 days"
    ),
    "high": "cumulative > 50 and a cluster within 14 days",
}


@pytest.mark.parametrize(
    ("level", "cumulative", "days_without_new", "has_cluster"),
    [
        ("low", 0, None, False),
        ("low", 1, 14, False),
        ("low", 50, 14, False),
        ("low", 5000, 14, False),
        ("low", 5000, 40, False),
        ("medium", 1, 0, False),
        ("medium", 1, 13, False),
        ("medium", 50, 0, False),
        ("medium", 50, 0, True),
        ("medium", 51, 0, False),
        ("medium", 51, 13, False),
        ("high", 51, 0, True),
        ("high", 51, 13, True),
        ("high", 5000, 5, True),
    ],
)
def test_a_county_is_graded_as_its_row_of_the_rule_says(
    level: str, cumulative: int, days_without_new: int | None, has_cluster: bool
) -> None:
    found = risk_levels.grade(
        cumulative=cumulative, days_without_new=days_without_new, has_cluster=has_cluster
    )

    assert found == level


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data is not here")
def test_the_rule_is_still_what_the_shared_table_says() -> None:
    with (SHARED / "county_risk_level_rule_2020.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))

    assert {row["level"]: row["rule_county_2020_02"] for row in rows} == RULE
    sources = {source.strip() for row in rows for source in row["source"].split(";")}
    assert all(source in (risk_levels.__doc__ or "") for source in sources)


@pytest.mark.parametrize(
    ("cumulative", "days_without_new", "has_cluster"),
    [(0, 3, False), (7, None, False), (60, 14, True), (0, None, True)],
)
def test_counts_that_contradict_each_other_are_not_graded(
    cumulative: int, days_without_new: int | None, has_cluster: bool
) -> None:
    with pytest.raises(UnclearCounts):
        risk_levels.grade(
            cumulative=cumulative, days_without_new=days_without_new, has_cluster=has_cluster
        )


def series(*counts: tuple[int, int, bool]) -> list[DayCount]:
    return [
        DayCount(day=FIRST + timedelta(days=n), new=new, cumulative=total, is_cluster=cluster)
        for n, (new, total, cluster) in enumerate(counts)
    ]


def levels(counts: list[DayCount]) -> list[str]:
    return [graded.level.value for graded in risk_levels.grade_days(counts)]


def test_a_county_is_low_again_on_the_fourteenth_day_without_a_case() -> None:
    found = levels(series((0, 0, False), (2, 2, False), *[(0, 2, False)] * 14))

    assert found == ["low", *["medium"] * 14, "low"]


def test_a_county_is_high_for_14_days_from_its_last_cluster_while_cases_go_on() -> None:
    found = levels(series((60, 60, True), *[(1, 61, False)] * 15))

    assert found == [*["high"] * 14, "medium", "medium"]


def test_a_downward_correction_is_no_new_case() -> None:
    counts = series((3, 3, False), *[(0, 3, False)] * 12, (-1, 2, False), (0, 2, False))

    assert levels(counts)[-1] == "low"


def test_a_county_whose_cases_are_all_corrected_away_is_low() -> None:
    assert levels(series((1, 1, False), (-1, 0, False))) == ["medium", "low"]


def test_a_total_that_rose_over_missing_days_is_a_new_case() -> None:
    counts = [
        DayCount(day=FIRST, new=5, cumulative=5),
        DayCount(day=FIRST + timedelta(days=20), new=0, cumulative=6),
    ]

    assert levels(counts) == ["medium", "medium"]


def test_cases_before_the_first_count_are_taken_as_new() -> None:
    counts = series(*[(0, 8, False)] * 15)

    assert levels(counts) == [*["medium"] * 14, "low"]


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (series((1, 1, False)) * 2, "two counts of 2020-02-01"),
        (series((1, 1, False), (0, 1, True)), "a cluster on 2020-02-02"),
    ],
)
def test_a_series_that_contradicts_itself_is_refused(counts: list[DayCount], words: str) -> None:
    with pytest.raises(UnclearCounts, match=words):
        levels(counts)


@given(
    new=st.lists(st.integers(0, 20), min_size=1, max_size=40),
    clusters=st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_more_clusters_never_lower_a_level(new: list[int], clusters: list[bool]) -> None:
    order = list(Level)

    def graded(with_clusters: bool) -> list[int]:
        counts = [
            (n, sum(new[: i + 1]), with_clusters and clusters[i] and n > 0)
            for i, n in enumerate(new)
        ]
        return [order.index(Level(level)) for level in levels(series(*counts))]

    assert all(a <= b for a, b in zip(graded(False), graded(True), strict=True))
