"""The steps of a line, how a unit stands, and a ranking that somebody else can work out again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import campaigns
from taishan.core.campaigns import (
    FORMULAS,
    LATEST,
    Act,
    Measure,
    Numbers,
    Phase,
    Refusal,
    Score,
    Stand,
    Standing,
    StepRefused,
    total,
)

FORMULA = FORMULAS[LATEST]
DAY = date(2020, 2, 12)


@pytest.mark.parametrize(
    ("stand", "act", "after"),
    [
        (Stand.OPEN, Act.DONE, Stand.DONE),
        (Stand.DONE, Act.RETURNED, Stand.OPEN),
        (Stand.DONE, Act.VERIFIED, Stand.CLOSED),
        (Stand.OPEN, Act.WITHDRAWN, Stand.WITHDRAWN),
        (Stand.OPEN, Act.VERIFIED, Refusal.NOT_DONE_YET),
        (Stand.OPEN, Act.RETURNED, Refusal.NOT_DONE_YET),
        (Stand.DONE, Act.DONE, Refusal.DONE_ALREADY),
        (Stand.DONE, Act.WITHDRAWN, Refusal.DONE_ALREADY),
        *((Stand.CLOSED, act, Refusal.OVER) for act in Act),
        *((Stand.WITHDRAWN, act, Refusal.OVER) for act in Act),
    ],
)
def test_a_line_goes_no_other_way(stand: Stand, act: Act, after: Stand | Refusal) -> None:
    if isinstance(after, Refusal):
        with pytest.raises(StepRefused) as refused:
            campaigns.step(stand, act, by=1)
        assert refused.value.why is after
    else:
        assert campaigns.step(stand, act, by=1) is after


@pytest.mark.parametrize("by", [None, 7, 8])
def test_who_did_it_or_answers_for_it_or_is_unknown_does_not_verify_it(by: int | None) -> None:
    with pytest.raises(StepRefused) as refused:
        campaigns.step(Stand.DONE, Act.VERIFIED, by=by, doers=frozenset({7, 8}))

    assert refused.value.why is Refusal.SAME_PERSON


def phases(*days: tuple[int, int, int]) -> list[Phase]:
    ends = [date(*one) for one in days]
    return [Phase(starts=a, ends=b) for a, b in pairwise(ends)]


PLAN = phases((2020, 4, 1), (2020, 5, 1), (2021, 1, 1), (2022, 1, 1), (2023, 1, 1))


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (date(2020, 3, 31), None),
        (date(2020, 4, 1), 0),
        (date(2020, 4, 30), 0),
        (date(2020, 5, 1), 1),
        (date(2022, 12, 31), 3),
        (date(2023, 1, 1), None),
    ],
)
def test_the_phase_of_a_day_at_its_edges(day: date, phase: int | None) -> None:
    assert campaigns.find_phase(PLAN, day) == phase


def test_phases_leave_no_gap_and_do_not_overlap() -> None:
    assert campaigns.phases_fit(PLAN)
    assert not campaigns.phases_fit([])
    assert not campaigns.phases_fit([PLAN[0], PLAN[2]])
    assert not campaigns.phases_fit([PLAN[0], replace(PLAN[1], starts=date(2020, 4, 30))])
    assert not campaigns.phases_fit([Phase(starts=DAY, ends=DAY)])


@pytest.mark.parametrize(
    ("day", "months"),
    [
        (date(2019, 12, 31), []),
        (date(2020, 1, 1), [12]),
        (date(2020, 1, 31), [12]),
        (date(2020, 2, 1), [12, 1]),
        (date(2020, 9, 1), [12, 1, 2, 3]),
    ],
)
def test_a_month_is_owed_from_the_day_on_which_it_is_over(day: date, months: list[int]) -> None:
    found = campaigns.months_owed(date(2019, 12, 16), date(2020, 3, 2), day)

    assert [month.month for month in found] == months


MOVED = date(2020, 2, 1)
BUSY = Numbers(units=1, heads=100, problems=4, moved_on=MOVED)


@pytest.mark.parametrize(
    ("numbers", "day", "standing"),
    [
        (Numbers(), date(2020, 1, 30), Standing.NOT_BEGUN),
        (Numbers(), date(2020, 1, 31), Standing.STALLED),
        (BUSY, date(2020, 3, 1), Standing.MOVING),
        (replace(BUSY, overdue=1), date(2020, 3, 1), Standing.OVERDUE),
        (replace(BUSY, overdue=1), date(2020, 3, 2), Standing.STALLED),
        (BUSY, date(2020, 3, 2), Standing.STALLED),
        (replace(BUSY, problems_closed=4), date(2020, 12, 1), Standing.WORKED_OFF),
    ],
)
def test_a_unit_is_stalled_after_thirty_days_without_movement(
    numbers: Numbers, day: date, standing: Standing
) -> None:
    since = date(2020, 1, 1)

    assert campaigns.standing(numbers, since=since, day=day, stalled_after=30) is standing


FULL = Numbers(
    units=1, heads=100, problems=5, problems_closed=5, problems_on_time=5, returns_due=2,
    returns_on_time=2,
)  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "points"),
    [
        (FULL, "100.0"),
        (replace(FULL, problems=50), "100.0"),
        (replace(FULL, problems_on_time=4), "90.0"),
        (replace(FULL, overdue=5), "75.0"),
        (replace(FULL, returns_on_time=1, returns_late=1), "90.0"),
        (replace(FULL, heads=200), "85.0"),
        (replace(FULL, returns_due=0, returns_on_time=0), "100.0"),
        (replace(FULL, returns_due=0, returns_on_time=0, overdue=5), "68.8"),
        (replace(FULL, heads=10), "100.0"),
        (replace(FULL, heads=9), None),
        (replace(FULL, problems_closed=0, problems_on_time=0, returns_due=0), None),
        (Numbers(units=1, heads=100), None),
    ],
)
def test_points_at_their_edges(numbers: Numbers, points: str | None) -> None:
    assert campaigns.score(numbers, FORMULA).points == (Decimal(points) if points else None)


def scored(*points: str | None) -> list[Score]:
    return [Score(points=Decimal(one) if one else None, shares={}) for one in points]


def test_equal_points_share_a_place_and_the_next_is_as_far_down_as_there_are_above_it() -> None:
    places = campaigns.rank(scored("80.0", None, "90.0", "80.0", "70.0"))

    assert places == [2, None, 1, 2, 4]


def test_every_formula_adds_up_to_a_hundred_points() -> None:
    for formula in FORMULAS.values():
        assert sum(formula.weights.values()) == 100


counts = st.integers(0, 500)


@st.composite
def drawn(draw: st.DrawFn) -> Numbers:
    found, closed, on_time = sorted((draw(counts) for _n in range(3)), reverse=True)
    due, given_on_time = sorted((draw(counts), draw(counts)), reverse=True)
    return Numbers(
        units=1, heads=draw(st.integers(0, 3000)), problems=found, problems_closed=closed,
        problems_on_time=on_time, overdue=draw(st.integers(0, found - closed)), returns_due=due,
        returns_on_time=given_on_time,
        moved_on=draw(st.none() | st.dates()),
    )  # fmt: skip


@given(drawn(), drawn(), drawn())
def test_numbers_add_up_in_any_order(a: Numbers, b: Numbers, c: Numbers) -> None:
    whole = total([a, b, c])

    assert whole.problems == a.problems + b.problems + c.problems
    assert total([total([a, b]), c]) == total([c, total([a, b])]) == whole
    assert total([a, Numbers()]) == total([a]) == a
    assert total([]) == Numbers()


@given(drawn())
def test_points_lie_between_nothing_and_a_hundred(numbers: Numbers) -> None:
    points = campaigns.score(numbers, FORMULA).points

    assert points is None or 0 <= points <= 100


@given(drawn())
def test_one_more_overdue_never_earns_points(numbers: Numbers) -> None:
    before = campaigns.score(numbers, FORMULA).points
    after = campaigns.score(replace(numbers, overdue=numbers.overdue + 1), FORMULA).points

    assert before is None or (after is not None and after <= before)


@pytest.mark.parametrize(
    ("measure", "reached"),
    [
        (Measure.PROBLEMS_FOUND, 7),
        (Measure.PROBLEMS_CLOSED, 3),
        (Measure.MEASURES_MADE, 1),
        (Measure.CLOSED_ON_TIME, 66),
        (Measure.RETURNS_ON_TIME, None),
    ],
)
def test_a_share_is_cut_and_never_rounded_up_to_its_target(
    measure: Measure, reached: int | None
) -> None:
    numbers = Numbers(
        problems=7, problems_closed=3, problems_on_time=2, measures=1, measures_closed=1,
        measures_on_time=2, overdue=2,
    )  # fmt: skip

    assert campaigns.reached(numbers, measure) == reached
