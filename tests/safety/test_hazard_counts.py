"""The sums beside the hazards: kept by every step, and always what a recount says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taishan.core.hazards import Grade
from taishan.organisation.models import Account, Post, Unit
from taishan.safety import hazard_counts, hazard_statistics, hazards
from taishan.safety.hazard_board_models import HazardCount, HazardGroupCount, Span
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_months import Months, add
from taishan.safety.hazard_statistics import Totals
from taishan.safety.hazards import HazardRefused
from tests.people import NOW
from tests.safety.building import viewer
from tests.safety.finding import DAY, assigned, found, graded, photo, post_of, submitted

pytestmark = pytest.mark.django_db
FEBRUARY = Months(since=date(2020, 2, 1), until=date(2020, 3, 1))
STEPS = ("find", "grade", "list", "assign", "accept", "submit", "verify", "return", "dismiss")
HISTORY = st.lists(st.tuples(st.sampled_from((*STEPS, "merge")), st.integers(0, 9)), max_size=25)


def w1() -> int:
    return Unit.objects.get(code="W1").pk


def closed(cast: dict[str, Account], put_right: timedelta = DAY) -> Hazard:
    """A hazard that the employee puts right, so long after it was found, and the officer sees."""
    officer, fitter = cast["safety_officer"], cast["employee"]
    hazard = assigned(officer, graded(officer, found(fitter)), post_of(fitter))
    hazards.accept(viewer=viewer(fitter), now=NOW, hazard=hazard)
    submitted(fitter, hazard, NOW + put_right)
    return hazards.verify(
        viewer=viewer(officer), now=NOW + 20 * DAY, hazard=hazard, reason="Seen", photos=[photo()]
    )


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORY)
def test_whatever_is_done_in_whatever_order_the_sums_equal_a_recount(
    cast: dict[str, Account], history: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        post = post_of(cast["employee"])
        there = [found(cast["employee"]), found(None, now=NOW + 30 * DAY)]
        for number, (step, which) in enumerate(history):
            now = NOW + number * 3 * DAY
            one, other = there[which % len(there)], there[(which + 1) % len(there)]
            _take(cast, step, there, one, other, post, now)

        assert hazard_counts.find_differences() == []
        transaction.set_rollback(True)


def _take(
    cast: dict[str, Account], step: str, there: list[Hazard], one: Hazard, other: Hazard,
    post: Post, now: Any,
) -> None:  # fmt: skip
    officer, fitter = viewer(cast["safety_officer"]), viewer(cast["employee"])
    of: dict[str, Any] = {"now": now, "hazard": one}
    steps: dict[str, Callable[[], object]] = {
        "find": lambda: there.append(found(cast["employee"], now=now)),
        "grade": lambda: graded(cast["safety_officer"], one),
        "list": lambda: graded(cast["safety_officer"], one, Grade.MAJOR),
        "assign": lambda: assigned(cast["safety_officer"], one, post),
        "accept": lambda: hazards.accept(viewer=fitter, **of),
        "submit": lambda: submitted(cast["employee"], one, now),
        "verify": lambda: hazards.verify(viewer=officer, reason="Seen", **of),
        "return": lambda: hazards.give_back(viewer=officer, reason="No cover", **of),
        "dismiss": lambda: hazards.dismiss(viewer=officer, reason="None", **of),
        "merge": lambda: hazards.merge(viewer=officer, into=other, reason="Same", **of),
    }
    try:
        steps[step]()
    except HazardRefused:
        return


def test_a_hazard_counts_in_the_month_it_was_found_and_in_the_month_it_was_closed(
    cast: dict[str, Account],
) -> None:
    closed(cast)

    by_month = hazard_statistics.find_by_month(
        [w1()], Months(since=date(2020, 2, 1), until=date(2020, 4, 1))
    )
    assert by_month == {date(2020, 2, 1): Totals(found=1), date(2020, 3, 1): Totals(closed=1)}


def test_what_is_handed_in_in_time_and_seen_later_was_put_right_in_time(
    cast: dict[str, Account],
) -> None:
    in_time = closed(cast)

    assert in_time.due_at is not None
    assert in_time.ended_at is not None
    assert in_time.ended_at > in_time.due_at
    assert not hazard_counts.is_late(in_time)


def test_what_is_handed_in_after_its_hour_was_put_right_late(cast: dict[str, Account]) -> None:
    closed(cast, put_right=10 * DAY)

    totals = hazard_statistics.find_by_unit(
        [w1()], Months(since=date(2020, 1, 1), until=date(2021, 1, 1))
    )
    assert totals[w1()] == Totals(found=1, closed=1, late=1)
    assert totals[w1()].share_in_time == 0


def test_a_hazard_counts_for_its_cause_once_it_is_graded(cast: dict[str, Account]) -> None:
    one = found(cast["employee"])
    found(cast["employee"])
    graded(cast["safety_officer"], one)

    by_cause = hazard_statistics.find_by_cause([w1()], FEBRUARY)

    assert by_cause == {"": Totals(found=1), "electrical": Totals(found=1)}


def test_a_whole_group_is_read_from_its_own_sums_as_its_units_are(
    cast: dict[str, Account],
) -> None:
    closed(cast)
    w2 = Unit.objects.get(code="W2").pk
    found(cast["duty_office"], "W2")
    everywhere = list(Unit.objects.values_list("pk", flat=True))

    def counted(ids: list[int]) -> int:
        return sum(one.found for one in hazard_statistics.find_by_cause(ids, FEBRUARY).values())

    assert [counted(ids) for ids in ([w1()], [w2], [w1(), w2], everywhere)] == [1, 1, 2, 2]
    assert counted([pk for pk in everywhere if pk != w2]) == 1
    HazardGroupCount.objects.filter(cause="").update(found=7)
    assert hazard_counts.find_differences()
    with transaction.atomic():
        hazard_counts.recount()
    assert counted(everywhere) == 2


def test_what_was_no_hazard_or_another_is_not_counted(cast: dict[str, Account]) -> None:
    officer = viewer(cast["safety_officer"])
    first, second, third = (found(cast["employee"]) for _number in range(3))
    hazards.dismiss(viewer=officer, now=NOW, hazard=second, reason="None")
    hazards.merge(viewer=officer, now=NOW, hazard=third, into=first, reason="Same")

    assert hazard_statistics.find_by_unit([w1()], FEBRUARY) == {w1(): Totals(found=1)}


def test_a_wrong_sum_is_found_and_mended(cast: dict[str, Account]) -> None:
    closed(cast)
    HazardCount.objects.filter(span=Span.YEAR, cause="*").update(found=7)

    assert [row[-3] for row in hazard_counts.find_differences()] == [7]

    hazard_counts.recount()
    assert hazard_counts.find_differences() == []


@pytest.mark.parametrize(
    ("since", "until", "years", "months", "others"),
    [
        ((2020, 1), (2021, 1), 1, 0, 0),
        ((2019, 12), (2021, 3), 1, 3, 0),
        ((2020, 2), (2020, 3), 0, 1, 0),
        ((2020, 2), (2021, 2), 1, 1, 1),
        ((2020, 1), (2020, 7), 0, 6, 0),
        ((2018, 6), (2020, 9), 3, 0, 9),
    ],
)
def test_months_are_read_as_years_with_what_is_left_or_too_much(
    since: tuple[int, int], until: tuple[int, int], years: int, months: int, others: int
) -> None:
    period = Months(since=date(*since, 1), until=date(*until, 1))

    read = [add(year, number) for year in period.years() for number in range(12)]
    read = [day for day in read + period.months() if day not in period.others()]
    assert sorted(read) == list(period)
    counts = (len(period.years()), len(period.months()), len(period.others()))
    assert counts == (years, months, others)


def test_found_again_is_the_same_cause_at_the_same_place_within_ninety_days(
    cast: dict[str, Account],
) -> None:
    officer, employee = cast["safety_officer"], cast["employee"]
    for days, area in ((0, "Bay 3"), (80, "Bay 3"), (81, "Bay 4")):
        graded(officer, found(employee, now=NOW + days * DAY, area=area))

    def again(days: int) -> list[tuple[str, int]]:
        rows = hazard_statistics.find_again([w1()], (NOW + days * DAY).date(), 10)
        return [(one.area, one.number) for one in rows]

    assert again(85) == [("Bay 3", 2)]
    assert again(91) == []
