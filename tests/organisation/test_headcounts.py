"""Headcounts follow the memberships, by whatever way these change."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.kit import tables
from taishan.organisation import headcounts, restructuring, roster, staffing
from taishan.organisation.models import Account, HeadcountChange, Membership, Person, Unit
from tests import people

pytestmark = pytest.mark.usefixtures("cast")
Span = HeadcountChange.Span
SINCE, UNTIL = date(2019, 12, 30), date(2020, 3, 1)


def hire(staff_no: str, unit: str, on: date = people.FOUNDED) -> Person:
    return staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=on, staff_no=staff_no, name="张三", unit=unit
    )


def numbers(since: date = SINCE) -> dict[tuple[int, date], int]:
    """Return how many people each unit has on each day, by the changes."""
    ids = list(Unit.objects.values_list("pk", flat=True))
    changes = headcounts.find_changes(ids, since, UNTIL)
    found = {}
    for unit_id in ids:
        for n in range((UNTIL - since).days):
            day = since + timedelta(days=n)
            total = sum(change for on, change in changes.get(unit_id, []) if on <= day)
            if total:
                found[unit_id, day] = total
    return found


def counted(since: date = SINCE) -> dict[tuple[int, date], int]:
    """Return the same by counting memberships day by day."""
    found: dict[tuple[int, date], int] = {}
    for n in range((UNTIL - since).days):
        day = since + timedelta(days=n)
        for unit_id in Membership.objects.filter(valid__contains=day).values_list(
            "unit_id", flat=True
        ):
            found[unit_id, day] = found.get((unit_id, day), 0) + 1
    return found


def test_hiring_moving_and_leaving_are_counted() -> None:
    one, other = hire("1", "W1"), hire("2", "W1", date(2020, 2, 3))
    staffing.transfer(
        actor=people.ACTOR, now=people.NOW, on=date(2020, 2, 10), person=one, unit="H1"
    )
    staffing.leave(actor=people.ACTOR, now=people.NOW, on=date(2020, 2, 20), person=other)

    assert numbers() == counted() != {}
    assert numbers(date(2020, 2, 12)) == counted(date(2020, 2, 12))


@pytest.mark.parametrize("since", [date(2018, 6, 1), date(2019, 12, 31), date(2020, 1, 31)])
def test_the_number_on_a_day_is_right_whatever_came_later(since: date) -> None:
    for number, on in enumerate(("2020-01-01", "2020-01-31", "2020-02-29", "2021-03-01")):
        person = hire(f"{number}", "W1", date.fromisoformat(on))
        if number % 2:
            left = date.fromisoformat(on) + timedelta(days=20)
            staffing.leave(actor=people.ACTOR, now=people.NOW, on=left, person=person)

    assert numbers(since) == counted(since) != {}


def test_many_changes_leave_one_row_a_sum() -> None:
    for number in range(5):
        hire(f"{number}", "W1")

    rows = HeadcountChange.objects.filter(unit__code="W1").order_by("span")
    assert list(rows.values_list("span", "change")) == [(span, 5) for span in Span]


def test_an_imported_roster_is_counted_as_are_its_changes() -> None:
    def bring(*rows: tuple[str, str, str, str, str]) -> None:
        content = tables.write_csv(("staff_no", "name", "unit", "from", "until"), rows)
        outcome = roster.import_people(
            actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, content=content
        )
        assert outcome.is_applied

    bring(("1", "张三", "W1", "2020-01-05", ""), ("2", "李四", "W1", "2020-01-05", ""))
    assert numbers() == counted() != {}
    bring(("1", "张三", "W1", "2020-01-05", "2020-02-01"), ("1", "张三", "H1", "2020-02-01", ""))
    assert numbers() == counted()


def test_a_merger_takes_its_people_along(cast: dict[str, Account]) -> None:
    hire("1", "W2")
    hire("2", "H1")
    restructuring.merge_units(
        actor=people.ACTOR, now=people.NOW, on=date(2020, 2, 12), codes=["H1", "X1"], into="T1"
    )

    assert numbers() == counted() != {}
