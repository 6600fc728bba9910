"""What comes for a closed period, and what an officer puts right: seen, ruled on, told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation import access
from taishan.organisation.models import Account, Person
from taishan.privacy.models import Look
from taishan.reporting import actions, corrections, recounting
from taishan.reporting.models import Correction, Door, Earlier, Report, Ruling
from tests import people
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, RETURN, TODAY, WELL, report, submit

TOMORROW = MORNING + timedelta(days=1)


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """08:00 of the day after, when the day's reports are closed."""

    def to(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    to(TOMORROW)
    return to


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "D3")
    building.hire("B1", unit="W2")
    for staff_no in ("A1", "B1"):
        person = Person.objects.get(staff_no=staff_no)
        cast[staff_no] = Account.objects.create(username=staff_no, person=person)
    return cast


def propose(staff_no: str = "A1", answers: dict[str, Any] = FEVER) -> Correction:
    one = report(staff_no, answers)
    submit(one, now=TOMORROW)
    return Correction.objects.get(client=one.client)


def waiting(account: Account) -> list[str]:
    """Return of whom corrections wait for the account, by staff number or unit."""
    viewer = access.viewer_for(account, TODAY)
    found = corrections.name(corrections.find_waiting(viewer))
    return [one.person.staff_no if one.person else one.unit.unit.code for one in found]


def in_force(staff_no: str = "A1") -> Report:
    return Report.objects.get(subject_id=Person.objects.get(staff_no=staff_no).pk)


def of(staff_no: str) -> str:
    pk = Person.objects.get(staff_no=staff_no).pk
    return f"form=daily_health&of={pk}&day={TODAY}&lang=en"


def test_health_waits_for_the_safety_officer_of_the_unit_itself_alone(
    group: dict[str, Account],
) -> None:
    propose("A1")
    propose("B1")

    found = {role: waiting(group[role]) for role in people.CAST}

    assert found.pop("safety_officer") == ["A1"]
    assert set(map(tuple, found.values())) == {()}


def test_a_return_waits_for_those_who_may_report_and_did_not_send_it(
    group: dict[str, Account],
) -> None:
    sender = access.viewer_for(group["safety_officer"], TODAY)
    late = report("W2", RETURN, form="unit_daily", viewer=sender)
    submit(late, now=TOMORROW)

    found = {role for role in people.CAST if waiting(group[role]) == ["W2"]}

    assert found == {"duty_office", "unit_head"}


def test_nobody_rules_on_what_they_reported_of_themselves(group: dict[str, Account]) -> None:
    own = propose("D3")

    page = signed_in(group["safety_officer"])
    shown = page.get(f"/corrections/{own.pk}/?lang=en").content.decode()
    answer = page.post(f"/corrections/{own.pk}/ruling/", {"outcome": "accepted"})

    assert waiting(group["safety_officer"]) == []
    assert "Somebody else acts next" in shown
    assert answer.status_code == 403
    assert not Ruling.objects.exists()


def test_the_officer_sees_both_answers_with_what_differs_and_accepts(
    group: dict[str, Account],
) -> None:
    submit(report("A1"))
    one = propose("A1", FEVER)
    officer = signed_in(group["safety_officer"])

    page = officer.get(f"/corrections/{one.pk}/?lang=en").content.decode()
    assert "36.5" in page
    assert "<strong>38.1</strong>" in page
    assert page.count("changed") == 4

    sent = {"outcome": "accepted", "seen": str(in_force().client)}
    assert officer.post(f"/corrections/{one.pk}/ruling/", sent).status_code == 302

    assert in_force().answers[0] == "unwell"
    assert Earlier.objects.get().answers[0] == "well"
    assert Entry.objects.filter(verb="correction.accepted").exists()
    assert not recounting.recount().differences


def test_a_refusal_without_a_reason_is_asked_for_it_and_the_sender_reads_it(
    group: dict[str, Account],
) -> None:
    one = propose("A1")
    officer, address = signed_in(group["safety_officer"]), f"/corrections/{one.pk}/ruling/"

    assert officer.post(address, {"outcome": "refused"}).status_code == 422
    officer.post(address, {"outcome": "refused", "reason": "You were on leave."})

    told = signed_in(group["A1"]).get("/reports/?lang=en").content.decode()
    assert "refused: You were on leave." in told
    assert not Report.objects.exists()


def test_what_was_answered_since_the_page_was_opened_is_not_replaced_unseen(
    group: dict[str, Account],
) -> None:
    submit(report("A1"))
    first, second = propose("A1", FEVER), propose("A1", FEVER | {"body_temperature": 39})
    seen = str(in_force().client)
    officer = signed_in(group["safety_officer"])

    officer.post(f"/corrections/{first.pk}/ruling/", {"outcome": "accepted", "seen": seen})
    answer = officer.post(
        f"/corrections/{second.pk}/ruling/?lang=en", {"outcome": "accepted", "seen": seen}
    )

    assert answer.status_code == 422
    assert "Other answers are in force by now" in answer.content.decode()
    assert in_force().client == first.client


def test_looking_at_a_correction_about_health_is_a_look_that_the_person_sees(
    group: dict[str, Account],
) -> None:
    one = propose("A1")

    signed_in(group["A1"]).get(f"/corrections/{one.pk}/")
    assert not Look.objects.exists()
    signed_in(group["safety_officer"]).get(f"/corrections/{one.pk}/")

    page = signed_in(group["A1"]).get("/my-data/").content.decode()
    assert Look.objects.get().door == Look.Door.ANSWERS
    assert people.CAST["safety_officer"][1] in page


def test_the_officer_puts_a_report_right_and_both_are_kept_with_who(
    group: dict[str, Account], set_clock: Any
) -> None:
    set_clock(MORNING + timedelta(minutes=1))
    submit(report("A1", FEVER))
    officer = signed_in(group["safety_officer"])
    form = officer.get(f"/answers/correction/?{of('A1')}").content.decode()
    assert 'value="38.1"' in form

    sent = {f"q.{name}": value for name, value in WELL.items()}
    sent |= {"seen": str(in_force().client), "reason": "He called: the thermometer was wrong."}
    answer = officer.post(f"/answers/correction/?{of('A1')}", sent)

    assert answer.status_code == 302
    page = officer.get(answer.headers["Location"]).content.decode()
    assert "On time · correction · 陈静" in page
    assert Earlier.objects.get().answers[0] == "unwell"
    assert in_force().door == Door.CORRECTION
    assert Ruling.objects.get().reason == "He called: the thermometer was wrong."
    assert building.counts(in_force().unit_id, in_force().form_id)["received_on_time"] == 1
    assert not recounting.recount().differences


def test_a_closed_day_is_put_right_at_once_and_late(group: dict[str, Account]) -> None:
    officer = access.viewer_for(group["safety_officer"], TODAY)
    given = {"actor": officer.actor, "now": TOMORROW, "viewer": officer, "seen": None}

    actions.correct(**given, submission=report("A1", door=Door.CORRECTION), reason="No phone.")

    assert in_force().is_late
    assert waiting(group["safety_officer"]) == []


def test_putting_right_needs_a_reason(group: dict[str, Account]) -> None:
    submit(report("A1"))
    sent = {f"q.{name}": value for name, value in FEVER.items()} | {"reason": ""}
    sent |= {"seen": str(in_force().client)}

    answer = signed_in(group["safety_officer"]).post(f"/answers/correction/?{of('A1')}", sent)

    assert answer.status_code == 422
    assert in_force().answers[0] == "well"


@pytest.mark.parametrize("role", sorted(set(people.CAST) - {"safety_officer"}))
def test_answers_about_health_are_for_the_unit_s_own_officer(
    group: dict[str, Account], role: str
) -> None:
    submit(report("A1"))

    answer = signed_in(group[role]).get(f"/answers/?{of('A1')}")

    assert answer.status_code == 403
    assert signed_in(group[role]).get(f"/answers/correction/?{of('A1')}").status_code == 404


def test_the_officer_puts_nothing_right_of_their_own(group: dict[str, Account]) -> None:
    submit(report("D3"))

    page = signed_in(group["safety_officer"])

    assert page.get(f"/answers/?{of('D3')}").status_code == 200
    assert page.get(f"/answers/correction/?{of('D3')}").status_code == 404


def test_a_report_is_found_by_staff_number_which_stands_in_no_address(
    group: dict[str, Account],
) -> None:
    form = str(in_force_form())
    sent = {"staff_no": "A1", "form": form, "day": str(TODAY)}

    answer = signed_in(group["safety_officer"]).post("/corrections/", sent)

    assert answer.status_code == 302
    assert "A1" not in answer.headers["Location"]
    assert signed_in(group["safety_officer"]).get(answer.headers["Location"]).status_code == 200


def in_force_form() -> int:
    submit(report("A1", client=uuid4()))
    return in_force().form_id


def test_mine_says_how_many_wait(group: dict[str, Account]) -> None:
    propose("A1")

    for address in ("/?lang=en", "/reports/?lang=en"):
        page = signed_in(group["safety_officer"]).get(address).content.decode()
        assert "1 correction waits for you" in page
        page = signed_in(group["duty_office"]).get(address).content.decode()
        assert "waits for you" not in page


def test_the_list_of_who_was_late_leads_to_the_answers_for_who_may_read_them(
    group: dict[str, Account],
) -> None:
    submit(report("A1"), now=MORNING + timedelta(hours=3))
    address = f"/situation/people/?day={TODAY}&within=W1&list=late"

    pages = {role: signed_in(group[role]).get(address) for role in ("safety_officer", "unit_head")}

    assert "/answers/?form=daily_health" in pages["safety_officer"].content.decode()
    assert "/answers/" not in pages["unit_head"].content.decode()
    assert "张A1" in pages["unit_head"].content.decode()


def test_who_rules_holds_the_unit_before_the_report_as_whoever_stores_does(
    group: dict[str, Account],
) -> None:
    submit(report("A1", WELL))
    correction = propose()
    seen = Report.objects.get().client
    with CaptureQueriesContext(connection) as asked:
        actions.rule(
            actor=people.ACTOR, now=TOMORROW, correction_id=correction.pk, seen=seen,
            outcome=Ruling.Outcome.ACCEPTED,
        )  # fmt: skip

    statements = [one["sql"] for one in asked]
    of_report = [n for n, sql in enumerate(statements) if "reporting_report" in sql]
    held = [n for n, sql in enumerate(statements) if "FROM organisation_unit" in sql]
    assert held[0] < of_report[0]
    assert not [sql for sql in statements if "reporting_report" in sql and "FOR NO KEY" in sql]
