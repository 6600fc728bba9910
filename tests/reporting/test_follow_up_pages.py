"""The pages of follow-ups: who sees names, who may act, what the officer fills in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from psycopg.types.range import DateRange
from python_calamine import CalamineWorkbook

from taishan.core.followup import Act, State
from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Role, RoleGrant, Unit
from taishan.privacy.models import Look
from taishan.reporting import follow_up_views, followed, noticing, tasks
from taishan.reporting.follow_up_models import Check, FollowUp, FollowUpRule
from taishan.reporting.following import Details
from taishan.reporting.models import Report
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import RETURN, report, submit
from tests.reporting.test_follow_ups import ORDER, follow, take

DAY = "day=2020-02-12"


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: building.MORNING)
    building.add_schedules()
    building.hire("A1", "A2", "A3", unit="W1")
    building.hire("B1", unit="W2")


def names(client: Client, query: str = "") -> list[str]:
    rows = client.get(f"/follow-ups/?{DAY}&{query}").context["rows"]
    return [row["one"].person.staff_no for row in rows]


def numbers(client: Client, query: str = "") -> dict[str, dict[str, int]]:
    units = client.get(f"/follow-ups/?{DAY}&{query}").context["units"]
    return {one["unit"].unit.code: {k: v for k, v in one["numbers"].items() if v} for one in units}


def order(one: FollowUp) -> dict[str, str]:
    return {
        "act": "order", "seen": str(one.steps_taken), "order-starts": "2020-02-04",
        "order-last_day": "2020-02-17", "order-place": "宿舍302", "order-given_by": "街道办",
        "order-manner": "written",
    }  # fmt: skip


def test_the_officer_of_the_unit_sees_names_and_others_see_how_many(
    cast: dict[str, Account],
) -> None:
    follow("A1")
    follow("B1")

    assert names(signed_in(cast["safety_officer"])) == ["A1"], "B1 is of a unit below"
    for role in ("unit_head", "duty_office", "inspector"):
        client = signed_in(cast[role])
        assert names(client) == []
        assert numbers(client) == {"W1": {"waiting": 1}, "W2": {"waiting": 1}}
    assert numbers(signed_in(cast["employee"])) == {}


def test_each_look_at_somebody_is_recorded(cast: dict[str, Account]) -> None:
    one = follow("A1")
    officer = signed_in(cast["safety_officer"])
    signed_in(cast["duty_office"]).get(f"/follow-ups/?{DAY}")
    assert not Look.objects.exists()

    officer.get(f"/follow-ups/?{DAY}")
    officer.get(f"/follow-ups.xlsx?{DAY}")
    officer.get(f"/follow-ups/{one.pk}/")

    doors = ["list", "list", "follow_up"]
    looks = Look.objects.filter(by=cast["safety_officer"], seen__person__staff_no="A1")
    assert list(looks.order_by("pk").values_list("door", flat=True)) == doors
    entries = Entry.objects.filter(verb="health.looked_at").order_by("recorded_at", "subject_id")
    assert [entry.data["door"] for entry in entries] == doors
    assert not entries.filter(subject_kind="person").exists(), "the ledger keeps nothing of health"


def test_quarantine_is_ordered_on_the_page_and_the_list_says_day_9_of_14(
    cast: dict[str, Account],
) -> None:
    one = follow("A1")
    officer = signed_in(cast["safety_officer"])
    answer = officer.post(f"/follow-ups/{one.pk}/steps/", order(one), follow=True)

    assert "day 9 of 14 · 宿舍302 · last day 2020-02-17" in answer.context["banner"]["text"]
    assert "2020-02-18" in answer.context["banner"]["next"]
    acts = {act["act"] for act in answer.context["acts"]}
    assert acts == {"order", "confirm"}, "no release before the end"
    (row,) = officer.get(f"/follow-ups/?{DAY}&list=quarantine").context["rows"]
    assert (row["progress"], row["one"].place, row["last_day"]) == (
        "day 9 of 14", "宿舍302", date(2020, 2, 17),
    )  # fmt: skip


def test_who_missed_checks_stands_first_and_then_who_waits_for_a_release(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow("A1")
    take(follow("A2"), Act.ORDER, ORDER)
    monkeypatch.setattr(clock, "now", lambda: building.MORNING + timedelta(days=2))
    officer = signed_in(cast["safety_officer"])
    rows = officer.get("/follow-ups/?day=2020-02-14").context["rows"]

    assert [row["one"].person.staff_no for row in rows] == ["A2", "A1"]
    assert rows[0]["missed"] == "checks missed on 2 days: 02-12, 02-13"


def test_who_is_seen_to_between_two_pages_shifts_nobody(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_up_views, "PAGE", 1)
    monkeypatch.setattr(followed, "FIRST_UNITS", 1)
    for staff_no in ("A1", "A2", "A3", "B1"):
        follow(staff_no)
    RoleGrant.objects.create(
        person=cast["safety_officer"].person, unit=Unit.objects.get(code="W2"),
        role=Role.SAFETY_OFFICER, valid=DateRange(date(2020, 1, 1), None),
    )  # fmt: skip
    officer = signed_in(cast["safety_officer"])
    first = officer.get(f"/follow-ups/?{DAY}")
    take(FollowUp.objects.get(person__staff_no="A1"), Act.RELEASE, Details(text="A cold"), NOON)

    seen, behind = [row["one"].person.staff_no for row in first.context["rows"]], first
    while behind.context["behind"]:
        behind = officer.get(f"/follow-ups/?{DAY}&behind={behind.context['behind']}")
        seen += [row["one"].person.staff_no for row in behind.context["rows"]]
    assert seen == ["A1", "A2", "A3", "B1"]


def test_a_page_of_a_list_reads_nobody_of_the_units_behind_it(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(followed, "FIRST_UNITS", 1)
    for staff_no in ("A1", "A2", "B1"):
        follow(staff_no)
    units = [Unit.objects.get(code=code).pk for code in ("W1", "W2")]
    asked = []
    find = followed.find_followed
    monkeypatch.setattr(
        followed, "find_followed", lambda some, *of: asked.extend(some) or find(some, *of)
    )

    found = followed.find_page(units, building.MORNING.date(), [followed.WAITING], None, 2)
    assert ([one.person.staff_no for one in found], asked) == (["A1", "A2"], units[:1])


def test_what_is_wrong_with_an_order_is_said_where_it_was_filled_in(
    cast: dict[str, Account],
) -> None:
    one = follow("A1")
    officer = signed_in(cast["safety_officer"])
    short = order(one) | {"order-last_day": "2020-02-10"}
    answer = officer.post(f"/follow-ups/{one.pk}/steps/", short)

    assert answer.status_code == 422
    (act,) = [act for act in answer.context["acts"] if act["is_open"]]
    assert act["form"].non_field_errors() == ["Quarantine lasts at least 14 days here."]
    assert act["form"]["place"].value() == "宿舍302"


def test_the_person_sees_their_own_follow_up_and_does_not_decide_on_it(
    cast: dict[str, Account],
) -> None:
    one = follow("A3")
    account = cast["employee"]
    Account.objects.filter(pk=account.pk).update(person=one.person)
    client = signed_in(Account.objects.get(pk=account.pk))
    page = client.get(f"/follow-ups/{one.pk}/")

    assert page.context["acts"] == []
    assert "nobody decides on their own" in page.context["banner"]["next"]
    assert client.post(f"/follow-ups/{one.pk}/steps/", order(one)).status_code == 403
    assert client.get("/follow-ups/").context["own"] == one
    assert not Look.objects.exists()


def test_whoever_is_in_quarantine_records_a_check_of_their_own(cast: dict[str, Account]) -> None:
    one = follow("A1")
    take(one, Act.ORDER, ORDER)
    account = cast["employee"]
    Account.objects.filter(pk=account.pk).update(person=one.person)
    client = signed_in(Account.objects.get(pk=account.pk))

    assert client.post(f"/follow-ups/{one.pk}/checks/", {}).status_code == 422
    answer = client.post(f"/follow-ups/{one.pk}/checks/", {"temperature_c": "36.8"})
    assert answer.status_code == 302
    assert Check.objects.get().by_id == account.pk


def test_an_officer_does_not_decide_on_themselves(cast: dict[str, Account]) -> None:
    one = follow("A1")
    account = cast["safety_officer"]
    officer = account.person
    assert officer is not None
    FollowUp.objects.filter(pk=one.pk).update(person=officer)
    one.person.memberships.update(person=officer)
    client = signed_in(account)

    assert client.get(f"/follow-ups/{one.pk}/").context["acts"] == []
    assert client.post(f"/follow-ups/{one.pk}/steps/", order(one)).status_code == 403


def test_the_units_own_return_stands_beside_the_number(cast: dict[str, Account]) -> None:
    take(follow("A1"), Act.ORDER, ORDER)
    submit(report("W1", RETURN, form="unit_daily"))
    (one,) = signed_in(cast["unit_head"]).get(f"/follow-ups/?{DAY}&within=W1").context["units"]

    assert one["numbers"]["quarantine"] == 1
    assert one["returned"] == {"quarantine": 5, "confirmed": 0}


def test_the_file_has_the_people_of_the_page(cast: dict[str, Account]) -> None:
    take(follow("A1"), Act.ORDER, ORDER)
    content = signed_in(cast["safety_officer"]).get(f"/follow-ups.xlsx?{DAY}").content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()

    assert rows[1] == [
        "A1", "张A1", "W1", "in quarantine", "2020-02-04", "2020-02-17", "At home", 9.0,
        14.0, 0.0, "",
    ]  # fmt: skip


def test_a_list_of_a_past_day_is_as_it_was_on_it(cast: dict[str, Account]) -> None:
    take(follow("A1"), Act.ORDER, ORDER)
    over = datetime(2020, 2, 18, 1, tzinfo=building.MORNING.tzinfo)
    take(FollowUp.objects.get(), Act.RELEASE, Details(text="Well"), over)
    officer = signed_in(cast["safety_officer"])

    def on(day: str, name: str) -> int:
        return len(officer.get(f"/follow-ups/?day={day}&list={name}").context["rows"])

    assert [on(f"2020-02-{day}", "quarantine") for day in (11, 12, 17, 18)] == [0, 1, 1, 0]
    assert [on(f"2020-02-{day}", "released") for day in (17, 18)] == [0, 1]
    assert FollowUp.objects.get().state == State.RELEASED


NOON = building.MORNING + timedelta(hours=4)
NEXT = building.MORNING + timedelta(days=1)
WELL_AGAIN = {"period": date(2020, 2, 13)}


def released(staff_no: str = "A1") -> FollowUp:
    """Follow somebody up in the morning and release them at noon."""
    one = follow(staff_no)
    take(one, Act.RELEASE, Details(text="A cold"), NOON)
    return one


def test_who_is_released_and_reports_well_and_on_site_is_recorded_as_back_by_one_tap(
    cast: dict[str, Account],
) -> None:
    one = released()
    officer, query = signed_in(cast["safety_officer"]), "/follow-ups/?day=2020-02-13"
    assert officer.get(query).context["said_back"] == 0
    submit(report("A1", **WELL_AGAIN), now=NEXT)

    assert officer.get(query).context["said_back"] == 1
    page = officer.get(f"{query}&list=released")
    (row,) = page.context["rows"]
    assert row["said_back"] == "reports well and on site (02-13)"
    answer = officer.post(
        f"/follow-ups/{one.pk}/steps/?day=2020-02-13",
        {"act": "return", "seen": row["one"].steps, "from": "released"},
        follow=True,
    )

    assert answer.context["listed"].name == "released"
    assert answer.context["rows"] == []
    (row,) = officer.get(f"{query}&list=back").context["rows"]
    assert (row["one"].person.staff_no, row["state"]) == ("A1", "back on site")


@pytest.mark.parametrize(
    "answers",
    [
        {"work_ability": "remote"},
        {"current_location": "elsewhere_same_country", "current_address": "杭州"},
        {"quarantine_status": "home"},
        {"body_temperature": 37.4},
    ],
)
def test_who_does_not_say_both_well_and_on_site_is_not_offered_as_back(
    cast: dict[str, Account], answers: dict[str, object]
) -> None:
    released()
    submit(report("A1", **WELL_AGAIN), now=NEXT)
    submit(report("A1", building.WELL | answers, **WELL_AGAIN), now=NEXT + timedelta(hours=1))

    page = signed_in(cast["safety_officer"]).get("/follow-ups/?day=2020-02-13&list=released")
    assert [row["may_return"] for row in page.context["rows"]] == [False]


def test_what_was_reported_before_the_release_or_with_a_new_cause_offers_nobody(
    cast: dict[str, Account],
) -> None:
    one = follow("A1")
    submit(report("A1"))
    take(one, Act.RELEASE, Details(text="A cold"), NOON)
    released("A2")
    contact = report("A2", building.WELL | {"contact_14_days": "yes"}, **WELL_AGAIN)
    submit(contact, now=NEXT)
    noticing.look(actor=tasks.ACTOR, now=NEXT, since=date(2020, 2, 13), until=date(2020, 2, 14))

    page = signed_in(cast["safety_officer"]).get("/follow-ups/?day=2020-02-13&list=released")
    offered = {row["one"].person.staff_no: row["may_return"] for row in page.context["rows"]}
    assert offered == {"A1": False}, "A2 is followed up anew"


def test_who_is_followed_up_anew_stands_only_where_they_are_now(cast: dict[str, Account]) -> None:
    one = released()
    submit(report("A1", building.WELL | {"contact_14_days": "yes"}, **WELL_AGAIN), now=NEXT)
    noticing.look(actor=tasks.ACTOR, now=NEXT, since=date(2020, 2, 13), until=date(2020, 2, 14))
    assert FollowUp.objects.filter(person=one.person).count() == 2

    client = signed_in(cast["safety_officer"])
    page = client.get("/follow-ups/?day=2020-02-13&list=released")
    (row,) = client.get("/follow-ups/?day=2020-02-13").context["rows"]
    assert (page.context["rows"], row["one"].state) == ([], State.OPENED)
    (unit,) = page.context["units"]
    assert {k: v for k, v in unit["numbers"].items() if v} == {"waiting": 1}
    assert names(client, "list=released") == ["A1"], "as it was on the day before"


def test_only_the_officer_of_the_unit_is_offered_to_record_who_is_back(
    cast: dict[str, Account],
) -> None:
    one = released()
    submit(report("A1", **WELL_AGAIN), now=NEXT)
    account = cast["safety_officer"]
    page = "/follow-ups/?day=2020-02-13&list=released"
    assert b"Back on site" in signed_in(account).get(page).content

    FollowUp.objects.filter(pk=one.pk).update(person=account.person)
    one.person.memberships.update(person=account.person)
    Report.objects.update(subject_id=account.person_id)
    (row,) = signed_in(account).get(page).context["rows"]
    assert (bool(row["said_back"]), row["may_return"]) == (True, False), "nobody for themselves"
    assert signed_in(cast["unit_head"]).get(page).context["rows"] == []


def test_a_unit_asks_for_more_on_the_page_and_is_refused_less(cast: dict[str, Account]) -> None:
    officer = signed_in(cast["safety_officer"])
    sent = {"quarantine_days": "21", "causes": ["symptoms", "fever", "contact", "travel"]}
    assert officer.post(f"/follow-ups/rules/W1/?{DAY}", sent).status_code == 302
    rule = FollowUpRule.objects.get()
    assert (rule.quarantine_days, rule.causes, rule.temperature_c) == (
        21, ["contact", "fever", "symptoms", "travel"], None,
    )  # fmt: skip

    answer = officer.post(f"/follow-ups/rules/W2/?{DAY}", {"quarantine_days": "14"})
    assert answer.status_code == 422
    (error,) = answer.context["form"].non_field_errors()
    assert error.startswith("A unit may only ask for more than the units above it.")
    assert "at least 21 days of quarantine" in error


def test_the_page_of_lists_asks_as_much_for_many_as_for_few(
    cast: dict[str, Account],
) -> None:
    client = signed_in(cast["duty_office"])
    client.get(f"/follow-ups/?{DAY}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/follow-ups/?{DAY}")
    for staff_no in ("A1", "A2", "B1"):
        follow(staff_no)
    with CaptureQueriesContext(connection) as many:
        client.get(f"/follow-ups/?{DAY}")
    assert len(many) == len(few)
