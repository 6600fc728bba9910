"""Who owes which form, said in the browser."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.core.schedules import Mark, Marks
from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Unit
from taishan.reporting import queries, scheduling
from taishan.reporting.models import Schedule
from tests import people
from tests.reporting import building
from tests.reporting.building import MORNING, TODAY, add_schedule
from tests.situation.test_situation import signed_in

TOMORROW = TODAY + timedelta(days=1)
HOURS = {
    "opens_at": "06:00", "opens_day": "0", "due_at": "09:00", "due_day": "0",
    "late_at": "10:00", "late_day": "0", "closes_at": "00:00", "closes_day": "1",
}  # fmt: skip
DAILY = HOURS | {
    "form": "daily_health", "owed_by": "people", "often": "daily", "starts": str(TOMORROW),
}  # fmt: skip


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return signed_in(cast["duty_office"])


@pytest.fixture
def officer(cast: dict[str, Account]) -> Client:
    return signed_in(cast["safety_officer"])


def record(client: Client, unit: str = "HQ", **changes: Any) -> Any:
    return client.post(f"/schedules/{unit}/new/", DAILY | {"record": "1"} | changes)


def errors(answer: Any) -> dict[str, list[str]]:
    assert answer.status_code == 422
    return dict(answer.context["form"].errors)


def standing(client: Client, unit: str, day: date = TODAY) -> list[tuple[str, str, bool]]:
    page = client.get(f"/schedules/{unit}/?day={day}")
    shown = [one["entry"] for one in [*page.context["entries"], *page.context["ended"]]]
    return [(one.owner.unit.code, one.standing.value, one.may_change) for one in shown]


@pytest.mark.parametrize(
    ("chosen", "rule"),
    [
        ({}, "FREQ=DAILY"),
        ({"often": "working_days"}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ({"often": "weekly", "weekdays": ["TH", "MO"]}, "FREQ=WEEKLY;BYDAY=MO,TH"),
        ({"often": "monthly", "month_day": "-1"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"often": "rule", "rule": "FREQ=DAILY;INTERVAL=3"}, "FREQ=DAILY;INTERVAL=3"),
    ],
)
def test_how_often_is_chosen_by_plain_words(
    office: Client, chosen: dict[str, Any], rule: str
) -> None:
    assert record(office, **chosen).status_code == 302

    schedule = Schedule.objects.get()
    assert (schedule.rule, schedule.starts) == (rule, TOMORROW)
    assert Entry.objects.filter(verb="schedule.added").count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"often": "weekly"}, "weekdays"),
        ({"often": "monthly"}, "month_day"),
        ({"often": "rule", "rule": "FREQ=HOURLY"}, "rule"),
        ({"due_at": "05:00"}, "due_at"),
        ({"due_at": "06:00"}, "due_at"),
        ({"closes_day": "0"}, "closes_at"),
        ({"owed_by": "units"}, "owed_by"),
        ({"starts": str(TODAY - timedelta(days=1))}, "starts"),
        ({"last_day": str(TODAY)}, "last_day"),
        ({"skipped": "2020-05-01 soon"}, "skipped"),
        ({"skipped": "2020-05-05..2020-05-01"}, "skipped"),
        ({"form": "secrets"}, "form"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_recorded(
    office: Client, wrong: dict[str, str], field: str
) -> None:
    assert set(errors(record(office, **wrong))) == {field}
    assert not Schedule.objects.exists()


def test_a_preview_shows_ten_periods_in_two_time_zones_and_how_many_owe(office: Client) -> None:
    building.hire("A1", "A2")
    building.hire("P9", unit="P1")

    page = office.post("/schedules/HQ/new/", DAILY | {"skipped": "2020-02-14..2020-02-15"})

    preview = page.context["preview"]
    assert [day for day, _hours in preview.periods][:3] == [
        TOMORROW, date(2020, 2, 16), date(2020, 2, 17),
    ]  # fmt: skip
    assert len(preview.periods) == 10
    assert [place.time_zone for place in preview.places] == ["Asia/Shanghai", "Asia/Phnom_Penh"]
    _day, (china, cambodia) = preview.periods[0]
    assert cambodia.window.due - china.window.due == timedelta(hours=1)
    assert (preview.units, preview.reports) == (len(people.GROUP), 3)
    assert not Schedule.objects.exists()


def test_a_preview_leaves_out_who_has_a_schedule_of_their_own(office: Client) -> None:
    add_schedule("unit_daily", "units", unit="W1")

    page = office.post("/schedules/HQ/new/", DAILY | {"form": "unit_daily", "owed_by": "units"})

    assert page.context["preview"].reports == len(people.GROUP) - 2


def test_a_change_holds_from_its_day_on_and_the_past_stays_owed(office: Client) -> None:
    schedule = add_schedule("unit_daily", "units")
    weekly = DAILY | {
        "form": "unit_daily", "owed_by": "units", "often": "weekly", "weekdays": ["MO"],
        "record": "1",
    }  # fmt: skip

    assert office.post(f"/schedules/HQ/{schedule.pk}/", weekly).status_code == 302

    ids = list(Unit.objects.values_list("pk", flat=True))
    assert len(queries.expected(ids, "unit_daily", TODAY)) == len(ids)
    assert queries.expected(ids, "unit_daily", TOMORROW) == {}
    assert len(queries.expected(ids, "unit_daily", date(2020, 2, 17))) == len(ids)
    assert standing(office, "HQ", TOMORROW) == [("HQ", "holds", True), ("HQ", "ended", True)]
    assert Entry.objects.get(verb="schedule.changed").data["before"] == str(schedule.pk)


def test_a_change_cannot_begin_today_when_reports_are_coming_in(office: Client) -> None:
    schedule = add_schedule("daily_health", "people")
    answer = office.post(
        f"/schedules/HQ/{schedule.pk}/", DAILY | {"starts": str(TODAY), "record": "1"}
    )
    assert set(errors(answer)) == {"starts"}


def test_of_two_changes_at_once_the_second_is_refused(cast: object) -> None:
    schedule = add_schedule("daily_health", "people")
    details = scheduling.Details(
        form="daily_health", unit="HQ", owed_by=Schedule.OwedBy.PEOPLE, marks=building.MARKS,
        starts=TOMORROW,
    )  # fmt: skip
    given: dict[str, Any] = {"actor": people.ACTOR, "now": people.NOW, "details": details}
    scheduling.change_schedule(**given, schedule=schedule)

    with pytest.raises(scheduling.ScheduleRefused, match="meanwhile"):
        scheduling.change_schedule(**given, schedule=schedule)


def test_a_schedule_ends_and_nothing_is_owed_from_the_next_day_on(office: Client) -> None:
    schedule = add_schedule("unit_daily", "units")

    answer = office.post(f"/schedules/HQ/{schedule.pk}/end/", {"last_day": str(TODAY)})

    assert answer.status_code == 302
    ids = list(Unit.objects.values_list("pk", flat=True))
    assert len(queries.expected(ids, "unit_daily", TODAY)) == len(ids)
    assert queries.expected(ids, "unit_daily", TOMORROW) == {}


def test_an_end_in_the_past_is_refused_beside_its_field(office: Client) -> None:
    schedule = add_schedule("unit_daily", "units")
    yesterday = str(TODAY - timedelta(days=1))

    answer = office.post(f"/schedules/HQ/{schedule.pk}/end/", {"last_day": yesterday})

    assert answer.status_code == 422
    assert set(answer.context["end"].errors) == {"last_day"}


def test_a_unit_sees_which_schedule_holds_its_own_or_the_one_above(
    office: Client, officer: Client
) -> None:
    add_schedule("daily_health", "people")
    later = Marks(
        opens=Mark(at=time(12)), due=Mark(at=time(13)), late=Mark(at=time(14)),
        closes=Mark(day=1, at=time(0)),
    )  # fmt: skip
    add_schedule("daily_health", "people", unit="W1", marks=later)

    assert standing(officer, "W1") == [("W1", "holds", False), ("HQ", "replaced", False)]
    assert standing(officer, "W2") == [("W1", "holds", False), ("HQ", "replaced", False)]
    assert standing(office, "W1") == [("W1", "holds", True), ("HQ", "replaced", True)]


def test_a_unit_above_that_one_does_not_see_is_named_without_a_way_to_it(
    office: Client, officer: Client
) -> None:
    add_schedule("daily_health", "people")

    page = officer.get("/schedules/W1/?lang=en").content.decode()
    assert "Unit HQ" in page
    assert "/schedules/HQ/" not in page
    assert "/schedules/HQ/" in office.get("/schedules/W1/").content.decode()


def test_a_weekly_return_of_sites_holds_for_the_sites_in_a_company_s_branch(
    officer: Client,
) -> None:
    add_schedule("site_weekly", "sites")

    assert standing(officer, "W1") == [("HQ", "sites", False)]
    assert standing(officer, "W2") == [("HQ", "holds", False)]


def test_a_unit_s_officer_asks_for_what_nobody_above_asks_for(officer: Client) -> None:
    answer = record(officer, unit="W1", form="site_weekly", owed_by="sites")

    assert answer.status_code == 302
    assert standing(officer, "W2", TOMORROW) == [("W1", "holds", True)]


def test_no_officer_frees_their_unit_from_what_the_units_above_ask_for(officer: Client) -> None:
    add_schedule("daily_health", "people")

    refused = errors(record(officer, unit="W1", often="monthly", month_day="1"))

    assert set(refused) == {"form"}
    assert Schedule.objects.count() == 1


def test_nor_do_they_change_or_end_what_stands_in_place_of_one_above(officer: Client) -> None:
    add_schedule("daily_health", "people")
    own = add_schedule("daily_health", "people", unit="W1")

    assert officer.post(f"/schedules/W1/{own.pk}/", DAILY).status_code == 403
    ended = officer.post(f"/schedules/W1/{own.pk}/end/", {"last_day": str(TODAY)})
    assert ended.status_code == 403


def test_of_one_form_a_unit_has_one_schedule_at_a_time(office: Client) -> None:
    add_schedule("daily_health", "people", until=date(2020, 3, 1))

    assert set(errors(record(office))) == {"form"}
    assert record(office, starts="2020-03-01").status_code == 302


def test_the_list_is_read_by_few_queries(
    cast: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast["duty_office"])
    for unit in ("HQ", "W1", "W2"):
        add_schedule("daily_health", "people", unit=unit)
        add_schedule("unit_daily", "units", unit=unit)
    with django_assert_max_num_queries(14):
        client.get("/schedules/W2/")
