"""Telling who owes, and those above, against the database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError
from psycopg.types.range import DateRange

from taishan.core.duties import State
from taishan.duties import actions, holiday_files, holidays, surroundings
from taishan.duties.escalation_models import AddedStep, CalendarDay, Escalation, HolidayDay
from taishan.duties.models import Duty
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, Person, Unit
from tests.duties.building import assign, owed
from tests.duties.escalating import work
from tests.people import ACTOR, FOUNDED, NOW, unit

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 9 * HOUR
"""17:00 in Shanghai."""


def heard(now: datetime | None = None) -> list[tuple[str, str, int]]:
    """Return who was told of which step, as (staff number, step, number)."""
    rows = Escalation.objects.all() if now is None else Escalation.objects.filter(recorded_at=now)
    found = rows.values_list("person__staff_no", "step", "number")
    return sorted(found)


def test_the_head_of_a_unit_is_told_when_the_hour_comes_and_nobody_before(
    cast: dict[str, Account],
) -> None:
    assign("W1", opened_at=NOW, due_at=DUE + 5 * DAY)

    work(NOW)
    assert heard() == []
    work(DUE + 3 * DAY)
    assert heard() == [("D2", "soon", 0)]
    work(DUE + 5 * DAY)
    assert heard(DUE + 5 * DAY) == [("D2", "due", 0)]


def test_an_unfinished_duty_climbs_to_the_unit_above_and_to_the_inspector(
    cast: dict[str, Account],
) -> None:
    assign("W1")
    for day in range(5):
        work(DUE + day * DAY)

    assert heard(DUE) == [("D2", "due", 0)]
    # The deputy's part falls to the safety officer, the superior's to the duty office.
    assert heard(DUE + DAY) == [("D1", "again", 0), ("D2", "again", 0), ("D3", "again", 0)]
    assert ("D4", "inspected", 0) in heard(DUE + 3 * DAY)


def test_a_worker_down_for_six_hours_tells_what_is_still_true_once(
    cast: dict[str, Account],
) -> None:
    duty = assign("W1", kind="unit_return", subject=("return", "1"))
    done = assign("W1", kind="unit_return", subject=("return", "2"))
    work(NOW)
    actions.discharge(actor=ACTOR, now=DUE + HOUR, duty=done, done_at=DUE - HOUR)

    work(DUE + 6 * HOUR)

    assert {row.duty_id for row in Escalation.objects.all()} == {duty.id}
    assert heard() == [("D1", "owed", 0), ("D2", "again", 0), ("D3", "again", 0)]
    assert work(DUE + 6 * HOUR) == 0


def test_escalation_changes_nothing_of_a_duty(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    for day in range(12):
        work(DUE + day * DAY)

    left = Duty.objects.get(id=duty.id)
    assert (left.ended, left.due_at, left.standing(DUE + 12 * DAY)) == (None, DUE, State.OVERDUE)


def test_nobody_is_told_of_what_was_done(cast: dict[str, Account]) -> None:
    duty = assign("W1")
    actions.discharge(actor=ACTOR, now=NOW, duty=duty)

    assert work(DUE + 5 * DAY) == 0
    assert heard() == []


def test_an_extension_has_people_told_of_the_new_hour(cast: dict[str, Account]) -> None:
    duty = assign("W1", due_at=DUE + 3 * DAY)
    work(DUE + DAY)
    actions.extend(
        actor=ACTOR, now=DUE + 2 * DAY, duty=duty, due_at=DUE + 6 * DAY, reason="roads shut"
    )
    work(DUE + 3 * DAY)
    work(DUE + 4 * DAY)

    soon = Escalation.objects.filter(step="soon").order_by("recorded_at")
    assert [(row.recorded_at, row.about_due_at) for row in soon] == [
        (DUE + DAY, DUE + 3 * DAY), (DUE + 4 * DAY, DUE + 6 * DAY),
    ]  # fmt: skip
    assert not Escalation.objects.filter(step="due").exists()


def test_what_passed_on_is_told_to_whoever_owes_it_now(cast: dict[str, Account]) -> None:
    head, officer = cast["unit_head"].person_id, cast["safety_officer"].person_id
    duty = assign("W1", person_id=head)
    actions.hand_over(actor=ACTOR, now=NOW, duty=duty, person_id=officer, reason="on leave")

    work(DUE)

    assert heard(DUE) == [("D3", "due", 0)]


def test_a_post_is_told_through_whoever_holds_it_on_the_day(cast: dict[str, Account]) -> None:
    head = Person.objects.get(staff_no="D2")
    officer = Person.objects.get(staff_no="D3")
    post = _post("W1", [(head, FOUNDED, DUE.date() + DAY), (officer, DUE.date() + DAY, None)])
    assign("W1", post_id=post)

    work(DUE)
    work(DUE + DAY)

    assert heard(DUE) == [("D2", "due", 0)]
    assert ("D3", "again", 0) in heard(DUE + DAY)
    assert ("D2", "again", 0) in heard(DUE + DAY), "the unit's head is above the post now"


def _post(code: str, held: list[tuple[Person, date, date | None]]) -> int:
    from taishan.organisation.models import Post, PostHolding

    at = Unit.objects.get(code=code)
    post = Post.objects.create(
        code="P1", unit=at, title_en="Director", title_zh="主任", valid=DateRange(FOUNDED, None)
    )
    for person, since, until in held:
        PostHolding.objects.create(post=post, person=person, valid=DateRange(since, until))
    return post.pk


def test_a_unit_without_officers_has_those_above_told(cast: dict[str, Account]) -> None:
    assign("H1")

    work(DUE)

    assert heard() == [("D1", "due", 0)]


def test_people_are_told_by_the_clock_of_the_unit_that_owes(cast: dict[str, Account]) -> None:
    # 22:00 in Shanghai is 21:00 in Phnom Penh, where it is not night yet.
    for code in ("W1", "P1"):
        assign(code, kind="acknowledgement", due_at=NOW + 14 * HOUR, opened_at=NOW + 13 * HOUR)

    work(NOW + 14 * HOUR)

    told = {row.unit_id for row in Escalation.objects.filter(step="due")}
    assert told == {Unit.objects.get(code="P1").pk}


def test_a_unit_adds_steps_for_itself_and_those_below_and_takes_none_away(
    cast: dict[str, Account],
) -> None:
    AddedStep.objects.create(
        unit=Unit.objects.get(code="W1"), kind="directive", offset_min=-5 * 24 * 60,
        to=["inspector"], hours="waking", added_at=NOW, added_by="test",
    )  # fmt: skip
    for code in ("W1", "W2", "H1"):
        assign(code, due_at=DUE + 6 * DAY)

    work(DUE + DAY)

    told = Escalation.objects.filter(person__staff_no="D4").values_list("unit__code", flat=True)
    assert sorted(told) == ["W1", "W2"]


def test_a_holiday_of_the_unit_moves_what_is_told_on_working_days(
    cast: dict[str, Account],
) -> None:
    CalendarDay.objects.create(
        unit=Unit.objects.get(code="HQ"), day=DUE.date(), works=False, name="rest"
    )
    assign("W1", kind="decision", due_at=DUE)

    work(DUE)
    assert heard() == []
    work(DUE + 15 * HOUR)
    assert heard() == [("D2", "due", 0)]


def bring_in_holidays() -> int:
    shipped = Path(holiday_files.__file__).parent / "libraries" / "cn-holidays.yaml"
    library = holiday_files.parse(shipped.read_bytes(), shipped.name)
    return holidays.import_library(actor=ACTOR, now=NOW, library=library)


def test_the_shipped_days_are_those_of_the_notices_the_later_one_before_the_earlier(
    cast: dict[str, Account],
) -> None:
    assert bring_in_holidays() == HolidayDay.objects.count()
    assert bring_in_holidays() == 0

    calendar = surroundings.get_calendar(Unit.objects.get(code="W1").pk, NOW)
    spring = [date(2020, 1, 19), date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 3)]
    assert [calendar.is_working(day) for day in spring] == [True, False, False, True]
    rests = Counter(one.day.year for one in HolidayDay.objects.filter(works=False))
    assert rests == {2020: 30, 2021: 31, 2022: 32, 2023: 26, 2024: 28, 2025: 28, 2026: 33}
    worked = HolidayDay.objects.filter(works=True).values_list("day", flat=True)
    instead = Counter(day.year for day in worked)
    assert instead == {2020: 6, 2021: 7, 2022: 7, 2023: 7, 2024: 8, 2025: 5, 2026: 6}
    assert all(day.weekday() >= 5 for day in worked), "only days of weekends are worked instead"
    abroad = surroundings.get_calendar(Unit.objects.get(code="P1").pk, NOW)
    assert abroad.is_working(date(2020, 10, 5))


def test_a_holiday_of_the_country_moves_what_is_told_but_for_a_unit_that_works(
    cast: dict[str, Account],
) -> None:
    bring_in_holidays()
    due = datetime(2020, 5, 4, 9, tzinfo=UTC)
    assign("W1", kind="decision", due_at=due)
    assign("H1", kind="decision", due_at=due)
    CalendarDay.objects.create(
        unit=Unit.objects.get(code="H1"), day=due.date(), works=True, name="shift"
    )

    work(due)

    told = Escalation.objects.filter(step="due").values_list("unit__code", flat=True)
    assert set(told) == {"H1"}


@pytest.mark.parametrize(("country", "place"), [("CN", "CN-330300"), ("HK", "CN-HK"), ("KH", "KH")])
def test_the_days_of_a_place_are_those_of_its_country_or_its_own(country: str, place: str) -> None:
    assert holidays.country_of(place) == country


def test_every_telling_stands_in_the_ledger_under_one_root(cast: dict[str, Account]) -> None:
    assign("W1")
    assign("W2")

    work(DUE)

    (entry,) = Entry.objects.filter(verb="duties.escalated")
    assert (entry.data["duties"], entry.data["told"], len(entry.data["root"])) == (2, 2, 64)


def test_who_was_told_cannot_be_changed(cast: dict[str, Account]) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Escalation.objects.update(step="")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_year_of_weekly_duties_with_a_worker_that_sleeps_for_days(
    cast: dict[str, Account], zone: str
) -> None:
    details = unit("B1", "DE-BE", time_zone=zone)
    organisation.open_units(actor=ACTOR, now=NOW, on=FOUNDED, details=[details])
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=FOUNDED, staff_no="B1", name="Anna", role="unit_head", unit="B1"
    )
    wanted = [
        owed(
            "B1", kind="post_duty", subject=("post_duty", str(week)), opened_at=due - 7 * DAY,
            due_at=due, lapses_at=due + 4 * DAY,
        )
        for week in range(52)
        for due in [_friday(week, zone)]
    ]  # fmt: skip
    actions.assign(actor=ACTOR, now=NOW, owed=wanted)
    now, sleeps = _friday(0, zone) - 8 * DAY, [1, 1, 60, 30, 24 * 9, 5, 1, 3, 24 * 20, 2]
    end, turn = _friday(52, zone) + 5 * DAY, 0
    while now < end:
        now += sleeps[turn % len(sleeps)] * HOUR
        turn += 1
        work(now)

    weekly = dict(Duty.objects.filter(kind="post_duty").values_list("id", "ended"))
    assert set(weekly.values()) == {"missed"}
    rows = list(Escalation.objects.filter(duty_id__in=weekly).select_related("person"))
    assert len({(r.duty_id, r.person_id, r.step, r.number) for r in rows}) == len(rows)
    told_of_lapse = {r.duty_id for r in rows if r.step == "lapse" and r.person.staff_no == "B1"}
    assert len(told_of_lapse) == 52, "each is told once, however late the worker was"
    hours = {r.at.astimezone(ZoneInfo(zone)).hour for r in rows if r.step in ("soon", "due")}
    assert hours == {16}, "the same local hour all the year"


def _friday(week: int, zone: str) -> datetime:
    day = date(2020, 2, 21) + timedelta(weeks=week)
    local = datetime(day.year, day.month, day.day, 16, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def test_two_workers_at_once_tell_each_person_once(cast: dict[str, Account]) -> None:
    duty = assign("W1")
    work(DUE)
    # As if the other had found the duty before this one said when to look again.
    Duty.objects.filter(id=duty.id).update(escalates_at=DUE)

    work(DUE)

    assert heard() == [("D2", "due", 0)]
