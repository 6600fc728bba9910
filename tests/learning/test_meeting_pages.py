"""Meetings over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from taishan.communications import directive_content, directives
from taishan.communications.models import Directive
from taishan.core.duties import State
from taishan.kit import clock
from taishan.learning import decisions, meetings, queries
from taishan.learning.decisions import Debtor
from taishan.learning.models import Decision, Meeting, Presence
from taishan.organisation.models import Account
from tests.communications.directing import unit_id
from tests.communications.test_directive_pages import PNG, head_of, page, send, signed_in
from tests.learning.calling import HOUR, call, person
from tests.learning.test_meetings import decide
from tests.people import ACTOR, NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def called(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "group", "title_zh": "领导小组会议", "title_en": "",
        "starts_at": "2020-02-12T08:30",
        "place": "三号会议室", "chair": "D2", "agenda": "口罩\n复工", "people": "D3", "posts": [],
    } | changes  # fmt: skip


def test_a_unit_calls_a_meeting_and_it_stands_on_the_pages(cast: dict[str, Account]) -> None:
    send(cast["safety_officer"], "/meetings/units/W1/new/", **called())

    meeting = Meeting.objects.get()
    assert meeting.starts_at.isoformat() == "2020-02-12T00:30:00+00:00"
    shown = page(cast["unit_head"], f"/meetings/{meeting.pk}/")
    assert "领导小组会议" in shown
    assert "陈静" in shown
    assert "领导小组会议" in page(cast["unit_head"], "/meetings/?unit=W1")


def test_who_owes_what_a_meeting_decided_does_it_without_having_been_called(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    meeting, site = call(cast), head_of("W2", "D8")
    duty = decisions.get_duty(decide(meeting, Debtor(unit_id=unit_id("W2"))))
    assert signed_in(site).get(f"/meetings/{meeting.pk}/").status_code == 404

    shown = page(site, f"/duties/W2/{duty.id}/")
    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR)
    send(site, f"/duties/W2/{duty.id}/discharge/", evidence="Counted: 3,000")

    assert "/meetings/" not in shown.split("<main", 1)[1]
    duty.refresh_from_db()
    assert duty.ended == State.ON_TIME


def test_a_meeting_is_cancelled_by_page_and_says_why(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    meeting = call(cast)
    path = f"/meetings/{meeting.pk}/"
    assert f"{path}cancellation/" in page(cast["safety_officer"], path)

    assert send(cast["inspector"], f"{path}cancellation/", reason="no").status_code == 403
    send(cast["safety_officer"], f"{path}cancellation/", reason="The road is shut")

    shown = page(cast["unit_head"], path)
    assert "Why: The road is shut" in shown
    assert f"{path}cancellation/" not in shown
    assert "Cancelled" in page(cast["unit_head"], "/meetings/")


def test_who_keeps_the_record_corrects_it_by_page(cast: dict[str, Account]) -> None:
    meeting = call(cast, starts_at=NOW)
    came = meetings.record_presence(actor=ACTOR, now=NOW, meeting=meeting, person=person("D3"))
    other = call(cast)
    path = f"/meetings/{meeting.pk}/"
    given = {"came": "no", "reason": "It was somebody else"}

    elsewhere = send(cast["unit_head"], f"/meetings/{other.pk}/attendance/{came.pk}/", **given)
    refused = send(cast["inspector"], f"{path}attendance/{came.pk}/", **given)
    send(cast["unit_head"], f"{path}attendance/{came.pk}/", **given)

    assert (elsewhere.status_code, refused.status_code) == (404, 403)
    shown = page(cast["safety_officer"], path)
    assert "<del>陈静</del>" in shown
    assert "It was somebody else" in shown
    assert "They came after all" in shown


def test_what_was_typed_for_an_act_that_is_refused_stays_on_the_page(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    meeting, head = call(cast), cast["unit_head"]
    decide(meeting, Debtor(unit_id=unit_id("W1")))
    path = f"/meetings/{meeting.pk}/"
    monkeypatch.setattr(clock, "now", lambda: NOW + HOUR)
    came = meetings.record_presence(
        actor=ACTOR, now=NOW + HOUR, meeting=meeting, person=person("D3")
    )
    decided = {"what_zh": "清点口罩", "debtor": f"unit-{unit_id('W1')}"}
    sent = (
        ("cancellation/", {"reason": "The road is shut"}, "It has been held"),
        ("attendance/", {"staff_no": "X9"}, "Nobody has the staff number"),
        (f"attendance/{came.pk}/", {"came": "yes", "reason": "Seen"}, "recorded so already"),
        ("decisions/", decided | {"due_at": "2020-02-11T08:00"}, "yet to come"),
        ("decisions/1/done/", {"evidence": "x" * 2001}, "at most 2000"),
    )

    for act, given, why in sent:
        answer = send(head, path + act, **given)
        shown = answer.content.decode()
        assert (answer.status_code, why in shown) == (422, True), act
        assert all(typed in shown for typed in given.values() if typed != "yes"), act


def test_the_list_says_the_hour_by_the_clock_of_the_unit(cast: dict[str, Account]) -> None:
    call(cast, unit="P1", starts_at=NOW)

    assert "2020-02-12 07:00" in page(cast["duty_office"], "/meetings/")


def test_an_unknown_staff_number_stays_on_the_page(cast: dict[str, Account]) -> None:
    answer = send(cast["safety_officer"], "/meetings/units/W1/new/", **called(people="D3 X9"))

    assert answer.status_code == 422
    assert "X9" in answer.content.decode()


def test_somebody_scans_the_code_and_signs(cast: dict[str, Account]) -> None:
    meeting = call(cast, starts_at=NOW)
    code = meetings.code_of(meeting)
    shown = page(cast["unit_head"], f"/meetings/{meeting.pk}/code/")
    assert "<svg" in shown
    assert f"{code[:4]} {code[4:]}" in shown

    form = page(cast["employee"], f"/meetings/{meeting.pk}/presence/?code={code}")
    assert f'value="{code}"' in form
    send(cast["employee"], f"/meetings/{meeting.pk}/presence/", code=code)

    assert Presence.objects.get().person_id == cast["employee"].person_id


def test_who_sees_no_people_there_and_was_not_called_sees_no_meeting(
    cast: dict[str, Account],
) -> None:
    called_to = call(cast, person_ids=(cast["employee"].person_id,))
    other = call(cast)
    employee = signed_in(cast["employee"])

    assert employee.get(f"/meetings/{called_to.pk}/").status_code == 200
    assert employee.get(f"/meetings/{other.pk}/").status_code == 404
    assert employee.get(f"/meetings/{called_to.pk}/code/").status_code == 403


def test_the_page_shows_what_became_of_each_decision(cast: dict[str, Account]) -> None:
    meeting, head = call(cast, starts_at=NOW), cast["unit_head"]
    path = f"/meetings/{meeting.pk}/"
    given = {"what_zh": "清点口罩", "what_en": "Count", "due_at": "2020-02-14T17:00"}
    send(head, f"{path}decisions/", **given, debtor=f"unit-{unit_id('W1')}")
    send(head, f"{path}decisions/", **given, debtor="directive")
    before = page(head, path)
    assert "pending" in before
    assert "Draft of a directive" in before

    send(head, f"{path}decisions/1/done/", evidence="12,000")
    _issue(Directive.objects.get())

    after = page(head, path)
    assert "done on time" in after
    assert "Directive: 0 of 1 closed" in after


def _issue(directive: Directive) -> None:
    act = {"actor": ACTOR, "now": NOW, "directive_id": directive.pk}
    content = directive_content.from_json(directive.draft.content | {"unit_ids": [unit_id("W2")]})
    directives.revise(**act, edition=1, content=content)
    directives.issue(**act)


def test_the_page_costs_as_few_queries_for_many_decisions_as_for_one(
    cast: dict[str, Account],
) -> None:
    meeting, client = call(cast, starts_at=NOW), signed_in(cast["unit_head"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/meetings/{meeting.pk}/").status_code == 200
        return len(captured)

    debtors = (None, Debtor(unit_id=unit_id("W2")))
    for debtor in debtors:
        decide(meeting, debtor)
    few = cost()
    for debtor in debtors * 3:
        decide(meeting, debtor)

    assert cost() == few


def test_whoever_answers_for_a_unit_below_that_was_called_says_what_it_did(
    cast: dict[str, Account],
) -> None:
    site = head_of("W2", "D9")
    meeting = call(cast, person_ids=(site.person_id,))
    decide(meeting, Debtor(unit_id=unit_id("W2")))
    path = f"/meetings/{meeting.pk}/"
    assert f"{path}decisions/1/done/" in page(site, path)

    send(site, f"{path}decisions/1/done/", evidence="12,000")

    assert "done on time" in page(site, path)


def test_the_list_counts_who_came_and_what_was_decided(cast: dict[str, Account]) -> None:
    meeting = call(cast, starts_at=NOW)
    for number in ("D3", "D6", "D4"):
        meetings.record_presence(actor=ACTOR, now=NOW, meeting=meeting, person=person(number))
    for _ in range(2):
        decide(meeting)
    call(cast)

    counted = queries.with_counts(Meeting.objects.all())

    assert {(one.came, one.decided) for one in counted} == {(3, 2), (0, 0)}


def test_an_officer_keeps_the_minutes_and_does_not_decide(cast: dict[str, Account]) -> None:
    meeting, officer = call(cast), cast["safety_officer"]
    path = f"/meetings/{meeting.pk}/"

    kept = send(officer, f"{path}minutes/", text="Agreed.", edition=0)
    refused = send(officer, f"{path}decisions/", debtor="directive")

    assert (kept.status_code, refused.status_code) == (302, 403)
    assert not Decision.objects.exists()


def test_the_chair_confirms_by_page(cast: dict[str, Account]) -> None:
    meeting = call(cast, starts_at=NOW)
    path = f"/meetings/{meeting.pk}/"
    send(cast["safety_officer"], f"{path}minutes/", text="Agreed.", edition=0)

    assert send(cast["safety_officer"], f"{path}confirmation/", edition=1).status_code == 403
    send(cast["unit_head"], f"{path}confirmation/", edition=1)

    assert "Minutes confirmed" in page(cast["safety_officer"], path)


def test_a_study_session_shows_its_materials(cast: dict[str, Account]) -> None:
    meeting, officer = call(cast, kind="study"), cast["safety_officer"]
    path = f"/meetings/{meeting.pk}/materials/"

    send(officer, path, files=[SimpleUploadedFile("page.png", PNG)])

    kept = meeting.materials.get()
    assert signed_in(cast["unit_head"]).get(f"{path}{kept.pk}/").content == PNG
