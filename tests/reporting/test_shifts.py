"""Shifts: who works at night owes before the night, and on no day that is off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from taishan.core.schedules import Stage
from taishan.forms.models import Form
from taishan.ledger.models import Entry
from taishan.organisation import access, staffing, whereabouts
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Account, Person, Shift, Unit
from taishan.privacy import grounds
from taishan.privacy.models import Consent
from taishan.reporting import my_reports, owing, queries, recounting, scheduling
from taishan.reporting.models import Report, Schedule
from taishan.situation import branches, expecting, lists
from taishan.situation import queries as situation
from taishan.situation.branches import Stay
from tests import people
from tests.privacy import allowing
from tests.reporting import building, shifting
from tests.reporting.building import TODAY, report, submit, told
from tests.reporting.shifting import MORNING_ONLY, put_on

pytestmark = pytest.mark.usefixtures("group")
DAY = timedelta(days=1)
NINE_IN_THE_EVENING = datetime(2020, 2, 12, 13, tzinfo=UTC)
TEN_IN_THE_MORNING = datetime(2020, 2, 12, 2, tzinfo=UTC)
ROSTER = {"A1": "W1", "A2": "W1", "A3": "W1", "B1": "W2", "H9": "H1"}


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    """The daily report is owed by noon; at W1 some work at night."""
    building.add_schedule("daily_health", "people", marks=MORNING_ONLY)
    for staff_no, unit in ROSTER.items():
        building.hire(staff_no, unit=unit)
    return cast


@pytest.fixture
def night() -> Shift:
    return shifting.add_shift()


def owed_by(staff_no: str, now: datetime) -> list[tuple[date, str]]:
    found = my_reports.find_owed(Person.objects.get(staff_no=staff_no), now)
    return [(one.period, one.stage.value) for one in found]


def missing(
    account: Account, day: date = TODAY, within: str = "", now: datetime | None = None
) -> list[str]:
    asked = asked_of(account, day, within)
    return [row.person.staff_no for row in lists.find_missing(asked, asked.units, now)]


def asked_of(account: Account, day: date = TODAY, within: str = "") -> lists.Asked:
    form = Form.objects.get(code="daily_health")
    viewer = access.viewer_for(account, day)
    return lists.ask(viewer, form, day, within, lists.NOT_REPORTED, is_own=False)


def withdraw(staff_no: str, day: date) -> None:
    person = Person.objects.get(staff_no=staff_no)
    grounds.say(
        actor=people.ACTOR, now=people.NOW, form=allowing.health(), person_id=person.pk,
        unit_id=person.memberships.order_by("-valid")[0].unit_id, from_day=day,
        state=Consent.State.WITHDRAWN,
    )  # fmt: skip


def expected(account: Account, day: date) -> dict[int, int]:
    """Return how many reports the pages of the situation expect of each unit."""
    owed = expecting.Owing(Form.objects.get(code="daily_health"))
    viewer = access.viewer_for(account, day)
    stays = branches.find_branch(viewer, "", day, day + DAY).stays
    sums = expecting.Expected(owed, stays, day, day + DAY).sums(
        day, day + DAY, lambda stay: stay.unit_id
    )
    return {unit_id: number for (unit_id, _day), number in sums.items()}


def test_at_nine_in_the_evening_a_night_worker_is_on_time_and_the_day_s_report_is_missed(
    night: Shift,
) -> None:
    put_on("A1", night)

    assert told(submit(report("A1"), report("A2"), now=TEN_IN_THE_MORNING)) == ["not_open", "new"]
    assert told(submit(report("A1"), report("A3"), now=NINE_IN_THE_EVENING)) == ["new", "proposed"]

    assert not Report.objects.get(subject_id=Person.objects.get(staff_no="A1").pk).is_late
    assert recounting.recount().differences == ()


def test_a_night_shift_s_report_is_taken_after_midnight_for_the_day_it_began(night: Shift) -> None:
    put_on("A1", night)
    two_at_night = datetime(2020, 2, 12, 18, tzinfo=UTC)

    assert owed_by("A1", two_at_night) == [(TODAY, "late")]
    assert told(submit(report("A1"), now=two_at_night)) == ["new"]
    assert Report.objects.get().is_late


def test_each_sees_their_own_hours(night: Shift) -> None:
    put_on("A1", night)

    assert owed_by("A1", TEN_IN_THE_MORNING) == []
    assert owed_by("A2", TEN_IN_THE_MORNING) == [(TODAY, "late")]
    assert owed_by("A1", NINE_IN_THE_EVENING) == [(TODAY, "due")]
    assert owed_by("A2", NINE_IN_THE_EVENING) == []


def test_the_page_of_a_report_names_the_shift_whose_hours_it_goes_by(night: Shift) -> None:
    put_on("A1", night)
    pages = {}
    for staff_no in ("A1", "A2"):
        account = Account.objects.create_user(
            username=staff_no, person=Person.objects.get(staff_no=staff_no)
        )
        page = people.signed_in(account).get(f"/reports/daily_health/{TODAY}/")
        pages[staff_no] = page.content.decode()

    assert "shift Night" in pages["A1"]
    assert "shift" not in pages["A2"]


def test_a_shift_whose_hours_do_not_hold_yet_is_not_named() -> None:
    put_on("A1", shifting.add_shift(starts=TODAY + DAY))
    account = Account.objects.create_user(username="A1", person=Person.objects.get(staff_no="A1"))

    page = people.signed_in(account).get(f"/reports/daily_health/{TODAY}/")

    assert "shift" not in page.content.decode()


def test_who_moves_between_shifts_owes_by_that_of_each_day(night: Shift) -> None:
    noon = shifting.add_shift("Noon", rule="FREQ=WEEKLY;BYDAY=TH", marks=building.MARKS)
    put_on("A1", night)
    put_on("A1", noon, TODAY + DAY, TODAY + 3 * DAY)

    def owed_on(day: date) -> str:
        evening = NINE_IN_THE_EVENING + (day - TODAY)
        return ", ".join(stage for period, stage in owed_by("A1", evening) if period == day)

    days = [TODAY + n * DAY for n in range(4)]
    assert [owed_on(day) for day in days] == ["due", "late", "", "due"]
    entries = Entry.objects.filter(verb="shift.joined").order_by("pk")
    assert [entry.data["shift"] for entry in entries] == ["Night", "Noon"]


def test_four_days_on_and_two_off_owe_four_reports_in_six(
    cast: dict[str, Account], night: Shift
) -> None:
    crew = shifting.add_shift(
        "Crew A", rule="FREQ=DAILY;INTERVAL=6", days_on=4, starts=TODAY, marks=MORNING_ONLY
    )
    put_on("A1", crew)
    put_on("A2", night)
    w1 = Unit.objects.get(code="W1").pk

    for n, number in enumerate([3, 3, 3, 3, 2, 2, 3]):
        day = TODAY + n * DAY
        assert expected(cast["duty_office"], day)[w1] == number
        assert queries.expected([w1], "daily_health", day) == {w1: number}
        assert ("A1" in missing(cast["duty_office"], day)) == (number == 3)

    off = TODAY + 4 * DAY
    at_ten = TEN_IN_THE_MORNING + 4 * DAY
    assert told(submit(report("A1", period=off), now=at_ten)) == ["not_owed"]


def test_a_shift_may_work_on_days_on_which_nobody_else_owes(cast: dict[str, Account]) -> None:
    schedule = Schedule.objects.get()
    weekdays = scheduling.Details(
        form="daily_health", unit="HQ", owed_by=Schedule.OwedBy.PEOPLE, marks=MORNING_ONLY,
        starts=TODAY, rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    )  # fmt: skip
    scheduling.change_schedule(
        actor=people.ACTOR, now=people.NOW, schedule=schedule, details=weekdays
    )
    put_on("A1", shifting.add_shift())
    saturday = date(2020, 2, 15)

    assert missing(cast["duty_office"], saturday) == ["A1"]
    assert list(expected(cast["duty_office"], saturday).values()) == [1]


def test_a_shift_says_when_and_not_whether_a_report_is_owed(
    cast: dict[str, Account], night: Shift
) -> None:
    put_on("A1", night)
    everybody_s = Schedule.objects.get(shift=None)
    scheduling.end_schedule(actor=people.ACTOR, now=people.NOW, schedule=everybody_s, until=TODAY)

    assert told(submit(report("A1"), now=NINE_IN_THE_EVENING)) == ["not_owed"]
    assert missing(cast["duty_office"]) == []


def test_a_shift_holds_in_its_unit_and_below_it_alone(
    cast: dict[str, Account], night: Shift
) -> None:
    put_on("B1", night)
    put_on("A1", night)
    person = Person.objects.get(staff_no="A1")
    staffing.transfer(
        actor=people.ACTOR, now=people.NOW, on=TODAY + DAY, person=person, unit="H1"
    )  # fmt: skip
    tomorrow_ten = TEN_IN_THE_MORNING + DAY
    due = [report(one, period=TODAY + DAY) for one in ("A1", "B1")]

    assert told(submit(*due, now=tomorrow_ten)) == ["new", "not_open"]
    with pytest.raises(OrganisationRefused, match="H9"):
        put_on("H9", night)


def test_only_those_are_reminded_whose_own_hour_has_come(
    cast: dict[str, Account], night: Shift
) -> None:
    put_on("A1", night)
    put_on("B1", night)
    office = cast["duty_office"]

    assert missing(office, now=TEN_IN_THE_MORNING) == ["H9", "A2", "A3"]
    assert missing(office, now=NINE_IN_THE_EVENING) == ["A1", "B1"]
    assert missing(office) == ["H9", "A1", "A2", "A3", "B1"]


def test_a_unit_worries_nobody_while_only_its_night_shift_is_missing(
    cast: dict[str, Account], night: Shift
) -> None:
    for staff_no in ("A2", "A3", "B1"):
        put_on(staff_no, night)
    submit(report("A1"), report("H9"), now=TEN_IN_THE_MORNING)
    viewer, form = access.viewer_for(cast["duty_office"], TODAY), allowing.health()

    def worries(now: datetime) -> list[str]:
        found = situation.get_overview(viewer, form, TODAY, "", now)
        return [one.unit.code for one in found.worries]

    assert worries(TEN_IN_THE_MORNING) == []
    assert worries(NINE_IN_THE_EVENING) == ["W2", "W1"]


def test_a_night_in_which_summer_time_begins_keeps_the_local_hours(night: Shift) -> None:
    rule = owing.as_rule(Schedule.objects.get(shift=night))
    window = rule.window(date(2020, 3, 28), "Europe/Berlin")

    assert window.opens == datetime(2020, 3, 28, 17, tzinfo=UTC)
    assert window.closes == datetime(2020, 3, 29, 4, tzinfo=UTC), "an hour earlier by UTC"
    assert window.stage(datetime(2020, 3, 29, 3, 59, tzinfo=UTC)) == Stage.LATE


def statements(*subjects: str) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        submit(*map(report, subjects), now=NINE_IN_THE_EVENING)
    return [one["sql"] for one in found.captured_queries]


def test_a_batch_takes_as_many_queries_with_shifts_as_without_and_asks_for_none_in_vain() -> None:
    without = statements("A1")
    assert not any("shiftworker" in one for one in without)
    night = shifting.add_shift()
    for staff_no in ("A1", "A2", "A3", "B1"):
        put_on(staff_no, night)

    with_shifts = statements("A1", "A2", "A3", "B1", "H9")

    for found in (without, with_shifts):
        assert len([one for one in found if "organisation_membership" in one]) == 1
    assert len([one for one in with_shifts if "shiftworker" in one]) == 1


def test_groups_added_up_where_they_are_read_come_to_the_same_sums(
    cast: dict[str, Account], night: Shift
) -> None:
    allowing.ask_for_consent("CN")
    put_on("A1", night, TODAY + DAY)
    put_on("B1", shifting.add_shift("Weekend", rule="FREQ=WEEKLY;BYDAY=SA,SU"))
    withdraw("A1", TODAY + 2 * DAY)
    withdraw("H9", TODAY)
    owed, days = expecting.Owing(allowing.health()), (TODAY, TODAY + 5 * DAY)
    stays = branches.find_branch(access.viewer_for(cast["duty_office"], TODAY), "", *days).stays

    def sums(group_of: Callable[[Stay], int] | None) -> dict[tuple[int, date], int]:
        return expecting.Expected(owed, stays, *days, group_of).sums(*days, lambda _stay: 0)

    assert sums(lambda _stay: 0) == sums(None)
    assert list(sums(None).values()) == [3, 3, 2, 3, 3]


CREWS = {
    "Night": {"rule": "FREQ=DAILY"},
    "Crew A": {"rule": "FREQ=DAILY;INTERVAL=6", "days_on": 4},
    "Weekend": {"rule": "FREQ=WEEKLY;BYDAY=SA,SU"},
}
spans = st.tuples(st.integers(0, 6), st.integers(1, 5)).map(
    lambda one: (TODAY + one[0] * DAY, TODAY + sum(one) * DAY)
)
who = st.sampled_from([*ROSTER])
acts = st.lists(
    st.one_of(
        st.tuples(st.just("shift"), who, st.sampled_from([*CREWS]), spans),
        st.tuples(st.just("move"), who, st.sampled_from(["W2", "H1"]), spans),
        st.tuples(st.just("withdraw"), who, st.just(""), spans),
    ),
    max_size=8,
)


@given(done=acts, weekly=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_who_count_what_is_owed_agree_on_every_day(
    cast: dict[str, Account], done: list[Any], *, weekly: bool
) -> None:
    with transaction.atomic():
        _happen(done, weekly=weekly)
        for n in (0, 3, 5):
            day = TODAY + n * DAY
            owed = Counter(_owing(day))
            assert expected(cast["duty_office"], day) == owed
            assert queries.expected(owed, "daily_health", day) == owed
            asked = asked_of(cast["duty_office"], day)
            if asked.period == day:
                rows = lists.find_missing(asked, asked.units)
                assert Counter(rows.values_list("unit_id", flat=True)) == owed
                amounts = lists.find_amounts(asked)
                assert {unit.unit_id: amount for unit, amount in amounts} == owed
        transaction.set_rollback(True)


def _happen(done: list[Any], *, weekly: bool) -> None:
    """Let people be put on shifts, move and withdraw their consent as drawn."""
    allowing.ask_for_consent("CN")
    if weekly:
        building.add_schedule("daily_health", "people", "H1", rule="FREQ=WEEKLY;BYDAY=MO,SA")
    crews = {name: shifting.add_shift(name, starts=TODAY, **rule) for name, rule in CREWS.items()}
    for act, staff_no, what, (since, until) in done:
        person = Person.objects.get(staff_no=staff_no)
        try:
            if act == "withdraw":
                withdraw(staff_no, since)
            elif act == "shift":
                put_on(staff_no, crews[what], since, until)
            else:
                staffing.transfer(
                    actor=people.ACTOR, now=people.NOW, on=since, person=person, unit=what
                )
        except OrganisationRefused:
            pass


def _owing(day: date) -> list[int]:
    """Return the unit of everybody of whom the path of all reports would take one on the day."""
    form, withdrawn = allowing.health(), Consent.objects.filter(state=Consent.State.WITHDRAWN)
    gone = set(withdrawn.filter(from_day__lte=day).values_list("person_id", flat=True))
    book, places = owing.load([form.pk]), whereabouts.find_people([(one, day) for one in ROSTER])
    return [
        where.unit_id
        for where in places
        if where.unit_id and where.subject_id not in gone
        and book.window(form.pk, where.path, where.kind, day, where.time_zone, where.shift_id)
    ]  # fmt: skip
