"""The names behind a number: who may see them, and reminding only those who are missing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from taishan.communications.models import Delivery, Notice
from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation.models import Account, Person, RoleGrant
from taishan.privacy.models import Look
from taishan.situation import lists, people_views, reminding
from tests import jobs, people
from tests.reporting import building
from tests.reporting.building import FEVER, RETURN, report, submit
from tests.situation.test_situation import signed_in

pytestmark = pytest.mark.usefixtures("group")
LATE = datetime(2020, 2, 12, 3, tzinfo=UTC)


@pytest.fixture
def group(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> dict[str, Account]:
    """The group at 11:00 on 12 February, when A1 and A2 have reported."""
    monkeypatch.setattr(clock, "now", lambda: LATE)
    building.add_schedules()
    building.hire("A1", "A2", "A3", "A4")
    building.hire("B1", unit="W2")
    submit(report("A1"), report("A2", FEVER))
    return cast


def names(client: Client, query: str) -> list[str]:
    page = client.get(f"/situation/people/?day=2020-02-12&{query}")
    assert page.status_code == 200
    return [one.person.staff_no for one in page.context["people"]]


def units(client: Client, query: str) -> dict[str, str]:
    page = client.get(f"/situation/people/?day=2020-02-12&{query}")
    return {one["unit"].code: one["number"] for one in page.context["units"]}


def open_account(staff_no: str) -> int:
    """Give somebody a way to sign in; return who they are."""
    person = Person.objects.get(staff_no=staff_no)
    organisation.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=staff_no,
        name=person.name, role="employee", unit="W1",
    )  # fmt: skip
    return person.pk


def turned(office: Client, which: str) -> list[str]:
    """Return who stands on a list of pages of two; meanwhile another one reports at each."""
    seen, query = [], f"list={which}"
    while query:
        page = office.get(f"/situation/people/?day=2020-02-12&{query}")
        seen += [one.person.staff_no for one in page.context["people"]]
        behind = page.context["names"].behind
        query = f"list={which}&behind={behind}" if behind else ""
        submit(report("H1"), now=LATE)
    return seen


def test_pages_of_who_is_missing_follow_one_another_whoever_reports_meanwhile(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "PAGE", 2)
    monkeypatch.setattr(lists, "FIRST_UNITS", 1)
    building.hire("H1", "H2", "H3", unit="H1")
    office = signed_in(cast["duty_office"])

    assert turned(office, "not_reported") == ["H1", "H2", "H3", "A3", "A4", "B1"]
    assert names(office, "list=not_reported&behind=x") == ["H2", "H3"]


def test_pages_of_who_was_late_follow_one_another_whoever_reports_meanwhile(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "PAGE", 2)
    monkeypatch.setattr(lists, "FIRST_UNITS", 1)
    building.hire("H1", "H2", "H3", "H4", unit="H1")
    submit(*map(report, ["H2", "H3", "H4", "A3", "B1"]), now=LATE)

    assert turned(signed_in(cast["duty_office"]), "late") == ["H2", "H3", "H4", "A3", "B1"]


def test_a_page_of_who_was_late_looks_at_few_units_only(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "PAGE", 1)
    monkeypatch.setattr(lists, "FIRST_UNITS", 1)
    building.hire("H1", "H2", unit="H1")
    submit(*map(report, ["H1", "H2", "B1"]), now=LATE)
    looked_at, find = [], lists.find_reports
    monkeypatch.setattr(
        lists, "find_reports",
        lambda asked, units: looked_at.extend(u.code for u in units) or find(asked, units),
    )  # fmt: skip

    assert names(signed_in(cast["duty_office"]), "list=late") == ["H1"]
    assert looked_at == ["H1"], "W1 has nobody late, and W2 is of a later page"


def test_who_has_not_reported_is_named(cast: dict[str, Account]) -> None:
    head = signed_in(cast["unit_head"])

    assert names(head, "list=not_reported") == ["A3", "A4", "B1"]
    assert names(head, "list=not_reported&within=W1&own=1") == ["A3", "A4"]
    assert units(head, "list=not_reported") == {"W1": "2", "W2": "1"}
    assert names(signed_in(cast["inspector"]), "list=not_reported&within=W2") == ["B1"]


def test_who_reported_late_is_named(cast: dict[str, Account]) -> None:
    submit(report("B1"), now=LATE)

    assert names(signed_in(cast["duty_office"]), "list=late") == ["B1"]


def test_of_health_the_safety_officer_of_the_unit_alone_sees_names_and_each_look_is_kept(
    cast: dict[str, Account],
) -> None:
    submit(report("B1", FEVER))
    head, officer = signed_in(cast["unit_head"]), signed_in(cast["safety_officer"])

    assert names(head, "list=fever") == []
    assert units(head, "list=fever") == {"W1": "1", "W2": "1"}
    assert not Look.objects.exists()

    assert names(officer, "list=fever") == ["A2"], "B1 is of a unit below"
    look = Look.objects.get()
    assert [one.person.staff_no for one in look.seen.all()] == ["A2"]
    entry = Entry.objects.get(verb="health.looked_at")
    assert (entry.person_id, entry.subject_id) == (
        cast["safety_officer"].person_id,
        str(look.pk),
    )
    assert "fever" not in str(entry.data)


def test_any_number_of_a_form_leads_to_its_names(cast: dict[str, Account]) -> None:
    officer = signed_in(cast["safety_officer"])

    assert names(officer, "list=symptoms:cough") == ["A2"]
    assert names(officer, "list=health_status:well") == ["A1"]
    assert officer.get("/situation/people/?day=2020-02-12&list=salary").status_code == 404


def test_an_employee_sees_no_names_and_no_number_about_health(cast: dict[str, Account]) -> None:
    building.hire("P9", unit="P1")
    submit(report("P9", FEVER), now=LATE)
    client = signed_in(cast["employee"])

    for kind in ("not_reported", "fever"):
        assert names(client, f"list={kind}") == []
        assert units(client, f"list={kind}") == {}


def test_only_those_who_are_missing_are_reminded(cast: dict[str, Account]) -> None:
    told = {open_account(staff_no) for staff_no in ("A1", "A3", "A4")} - {
        Person.objects.get(staff_no="A1").pk
    }
    client = signed_in(cast["unit_head"])

    answer = client.post("/situation/reminders/?day=2020-02-12&within=W1", follow=True)

    assert set(Delivery.objects.values_list("person_id", flat=True)) == told
    notice = Notice.objects.get()
    assert notice.address == "/reports/daily_health/2020-02-12/"
    assert (notice.title_en, notice.title_zh) == (
        "Please report: Daily health report",
        "请上报：员工每日健康上报",
    )
    said = [str(message) for message in answer.context["messages"]]
    assert said == [
        "2 people were reminded.",
        "1 person has no account here and was not reminded: call them.",
    ]


def test_only_those_who_are_missing_get_a_notice_of_ones_own_words(
    cast: dict[str, Account],
) -> None:
    missing = {open_account("A3"), open_account("A4")}
    client = signed_in(cast["unit_head"])

    asked = client.post("/situation/letters/?day=2020-02-12&within=W1")
    written = {"to": "people", "title_en": "Where are you?", "text_en": "Call me."}
    client.post(asked.headers["Location"], written)

    assert set(Delivery.objects.values_list("person_id", flat=True)) == missing
    assert Notice.objects.get().title_en == "Where are you?"


def test_nobody_is_reminded_twice_within_the_hour(cast: dict[str, Account]) -> None:
    open_account("A3")
    client = signed_in(cast["unit_head"])
    address = "/situation/reminders/?day=2020-02-12&within=W1"
    client.post(address)
    client.get("/situation/people/")

    again = client.post(address, follow=True)

    said = [str(message) for message in again.context["messages"]]
    assert "Nobody was reminded: all were within the last hour." in said
    open_account("A4")
    more = client.post(address, follow=True)
    assert "1 person was reminded. 1 was left out: reminded within the last hour." in [
        str(message) for message in more.context["messages"]
    ]


def test_many_are_reminded_by_the_worker_which_tells_the_asker_how_many(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "MANY", 1)
    missing = {open_account("A3"), open_account("A4")}
    client = signed_in(cast["unit_head"])
    address = "/situation/reminders/?day=2020-02-12&within=W1"

    waiting = client.post(f"{address}&lang=en", follow=True).content.decode()
    client.post(address)

    assert "They are being reminded" in waiting
    assert not Notice.objects.exists()
    assert jobs.run().count(reminding.TASK) == 1
    reminder, result = Notice.objects.order_by("pk")
    assert set(reminder.deliveries.values_list("person_id", flat=True)) == missing
    assert set(result.deliveries.values_list("person_id", flat=True)) == {
        cast["unit_head"].person_id
    }
    assert "2 people were reminded." in result.text_en
    assert "2" in result.text_zh
    page = client.get(f"{result.address}&lang=en").content.decode()
    assert "by 林建国: 2 people" in page
    assert "They are being reminded" not in page


def test_who_may_no_longer_tell_them_anything_reminds_nobody_by_the_worker(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reminding, "MANY", 1)
    open_account("A3")
    signed_in(cast["unit_head"]).post("/situation/reminders/?day=2020-02-12&within=W1")
    RoleGrant.objects.filter(person=cast["unit_head"].person).delete()

    jobs.run()

    assert not Notice.objects.exists()


def test_a_closed_day_is_not_reminded_of(cast: dict[str, Account]) -> None:
    open_account("A3")
    client = signed_in(cast["unit_head"])

    client.post("/situation/reminders/?day=2020-02-11&within=W1")

    assert not Notice.objects.exists()


def test_who_may_not_tell_anybody_reminds_nobody(cast: dict[str, Account]) -> None:
    for role in ("inspector", "discipline_office", "employee"):
        answer = signed_in(cast[role]).post("/situation/reminders/?day=2020-02-12")
        assert answer.status_code == 403
    elsewhere = signed_in(cast["unit_head"]).post("/situation/reminders/?day=2020-02-12&within=H1")
    assert elsewhere.status_code == 403
    assert not Notice.objects.exists()


def test_whoever_answers_for_a_unit_is_reminded_of_its_return(cast: dict[str, Account]) -> None:
    submit(report("W2", RETURN, form="unit_daily"))
    query = "form=unit_daily&within=W1"
    client = signed_in(cast["duty_office"])

    assert units(client, query) == {"W1": "1"}
    client.post(f"/situation/reminders/?day=2020-02-12&{query}")

    told = set(Delivery.objects.values_list("person_id", flat=True))
    assert told == {cast["unit_head"].person_id, cast["safety_officer"].person_id}


def test_a_list_of_a_past_day_names_who_worked_there_then(cast: dict[str, Account]) -> None:
    from taishan.organisation import staffing

    staffing.transfer(
        actor=people.ACTOR, now=people.NOW, on=date(2020, 2, 12),
        person=Person.objects.get(staff_no="A3"), unit="H1",
    )  # fmt: skip
    client = signed_in(cast["duty_office"])

    yesterday = client.get("/situation/people/?day=2020-02-11&within=W1&own=1")
    assert "A3" in [one.person.staff_no for one in yesterday.context["people"]]
    assert names(client, "within=H1") == ["A3"]
