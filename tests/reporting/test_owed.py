"""Who owes which report, and who may look at its answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from taishan.core.schedules import Mark, Marks
from taishan.forms.models import Form
from taishan.ledger.models import Entry
from taishan.organisation import access, staffing
from taishan.organisation.models import Account, Person, Unit
from taishan.privacy.models import Look
from taishan.reporting import my_reports, queries, reading, scheduling
from taishan.reporting.models import Report, Schedule
from tests import people
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, WELL, add_schedule, report, submit


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("H9", unit="H1")
    return cast


def unit_ids() -> dict[str, int]:
    return dict(Unit.objects.values_list("code", "pk"))


def owed_by(staff_no: str, now: datetime = MORNING) -> list[tuple[str, str, str, bool]]:
    found = my_reports.find_owed(Person.objects.get(staff_no=staff_no), now)
    return [(one.form.code, one.subject, one.stage.value, one.is_received) for one in found]


def test_a_person_owes_the_report_of_their_unit_s_own_day(group: object) -> None:
    assert owed_by("A1") == [("daily_health", "A1", "open", False)]
    submit(report("A1"))
    assert owed_by("A1", MORNING + timedelta(hours=1)) == [("daily_health", "A1", "due", True)]

    building.hire("P9", unit="P1")
    before_six_in_phnom_penh = datetime(2020, 2, 11, 22, 30, tzinfo=UTC)
    assert owed_by("A1", before_six_in_phnom_penh) != []
    assert owed_by("P9", before_six_in_phnom_penh) == []


def test_the_officer_of_a_unit_owes_its_return(group: object) -> None:
    assert ("unit_daily", "W1", "open", False) in owed_by("D3")
    assert ("unit_daily", "W2", "open", False) not in owed_by("D3")


def test_what_is_owed_costs_a_constant_number_of_queries(
    group: object, django_assert_num_queries: object
) -> None:
    person = Person.objects.get(staff_no="D3")
    with django_assert_num_queries(6):  # type: ignore[operator]
        my_reports.find_owed(person, MORNING)


def test_what_is_expected_comes_from_the_roster_of_the_day(
    group: object, django_assert_num_queries: object
) -> None:
    ids = unit_ids()
    person = Person.objects.get(staff_no="A1")
    staffing.transfer(actor=people.ACTOR, now=people.NOW, on=TODAY, person=person, unit="H1")

    with django_assert_num_queries(5):  # type: ignore[operator]
        today = queries.expected(ids.values(), "daily_health", TODAY)

    assert today[ids["W1"]] == 2
    assert today[ids["H1"]] == 2
    yesterday = queries.expected([ids["W1"]], "daily_health", TODAY - timedelta(days=1))
    assert yesterday == {ids["W1"]: 3}
    assert queries.expected(ids.values(), "unit_daily", TODAY) == dict.fromkeys(ids.values(), 1)


def test_a_unit_s_own_schedule_replaces_the_group_s(group: object) -> None:
    ids = unit_ids()
    later = Marks(
        opens=Mark(at=time(12)), due=Mark(at=time(13)), late=Mark(at=time(14)),
        closes=Mark(day=1, at=time(0)),
    )  # fmt: skip
    add_schedule("daily_health", "people", unit="W1", rule="FREQ=WEEKLY;BYDAY=TH", marks=later)

    assert queries.expected(ids.values(), "daily_health", TODAY) == {ids["H1"]: 1}
    thursday = TODAY + timedelta(days=1)
    assert queries.expected(ids.values(), "daily_health", thursday)[ids["W1"]] == 3
    assert owed_by("A1") == []


def test_a_weekly_return_is_owed_by_sites_alone(group: object) -> None:
    ids = unit_ids()
    add_schedule("site_weekly", "sites", rule="FREQ=WEEKLY;BYDAY=WE")
    assert queries.expected(ids.values(), "site_weekly", TODAY) == {ids["W2"]: 1}


def test_nothing_is_owed_from_the_end_of_a_schedule_on(group: object) -> None:
    schedule = Schedule.objects.get(form__code="daily_health")
    scheduling.end_schedule(actor=people.ACTOR, now=people.NOW, schedule=schedule, until=TODAY)

    assert queries.expected(unit_ids().values(), "daily_health", TODAY) == {}
    assert building.told(submit(report("A1"))) == ["not_owed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": "FREQ=HOURLY"},
        {"rule": "FREQ=DAILY;BYHOUR=3"},
        {"owed_by": "units"},
        {"until": date(2019, 1, 1)},
    ],
)
def test_a_schedule_that_cannot_be_is_refused(cast: object, wrong: dict[str, object]) -> None:
    given = {"form": "daily_health", "owed_by": "people"} | wrong
    with pytest.raises(scheduling.ScheduleRefused):
        add_schedule(**given)  # type: ignore[arg-type]


def test_counts_are_read_by_unit_and_period(
    group: object, django_assert_num_queries: object
) -> None:
    submit(report("A1"), report("A2", FEVER), report("H9"))
    ids = unit_ids()

    with django_assert_num_queries(3):  # type: ignore[operator]
        found = queries.find_counts(ids.values(), "daily_health", TODAY, TODAY + timedelta(days=1))

    assert found[ids["W1"], TODAY]["fever"] == 1
    assert found[ids["W1"], TODAY]["received"] == 2
    assert set(found) == {(ids["W1"], TODAY), (ids["H1"], TODAY)}


def key() -> reading.Key:
    row = Report.objects.get()
    return row.unit_id, row.form_id, row.period, row.subject_id


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("safety_officer", True),
        ("unit_head", False),
        ("duty_office", False),
        ("inspector", False),
        ("discipline_office", False),
        ("employee", False),
    ],
)
def test_a_person_s_health_is_seen_by_their_unit_s_safety_officer_and_that_is_recorded(
    group: dict[str, Account], role: str, may: bool
) -> None:
    submit(report("A1"))
    viewer = access.viewer_for(group[role], TODAY)

    if not may:
        with pytest.raises(PermissionDenied):
            reading.read_answers(viewer=viewer, now=MORNING, key=key())
        assert not Look.objects.exists()
        return
    assert reading.read_answers(viewer=viewer, now=MORNING, key=key())[0].values == WELL
    look = Look.objects.get()
    assert look.by_id == group[role].pk
    assert look.seen.get().person_id == key()[3]
    entry = Entry.objects.get(verb="health.looked_at")
    assert entry.account_id == group[role].pk
    assert entry.data["people"] == 1


def test_a_safety_officer_further_up_sees_numbers_only(group: dict[str, Account]) -> None:
    building.hire("S1", unit="W2")
    submit(report("S1"))
    viewer = access.viewer_for(group["safety_officer"], TODAY)
    with pytest.raises(PermissionDenied):
        reading.read_answers(viewer=viewer, now=MORNING, key=key())


def test_a_person_reads_their_own_answers_and_what_they_replaced(group: object) -> None:
    submit(report("A1"))
    submit(report("A1", FEVER))
    account = Account.objects.create(username="A1", person=Person.objects.get(staff_no="A1"))
    viewer = access.viewer_for(account, TODAY)

    found = reading.read_answers(viewer=viewer, now=MORNING, key=key())

    assert [one.values for one in found] == [FEVER, WELL]
    assert not Look.objects.exists()


def test_a_unit_s_return_is_read_by_who_sees_the_unit(group: dict[str, Account]) -> None:
    submit(report("W1", building.RETURN, form="unit_daily"))
    inspector = access.viewer_for(group["inspector"], TODAY)
    elsewhere = access.viewer_for(group["employee"], TODAY)

    assert reading.read_answers(viewer=inspector, now=MORNING, key=key())[0].values["roster"] == 100
    with pytest.raises(PermissionDenied):
        reading.read_answers(viewer=elsewhere, now=MORNING, key=key())
    assert Form.objects.get(pk=key()[1]).code == "unit_daily"
