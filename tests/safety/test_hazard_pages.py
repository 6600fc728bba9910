"""The page of a hazard: who sees what, may do what, and why not; the same through the API."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.core.hazards import State
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation.models import Account
from taishan.safety import hazards
from taishan.safety.hazard_models import Hazard
from tests.people import NOW
from tests.safety.building import PNG, viewer
from tests.safety.finding import assigned, found, graded, photo, post_of, record_criteria, submitted

pytestmark = pytest.mark.django_db
PHOTO = {"name": "after.png", "content": base64.b64encode(PNG).decode()}


@pytest.fixture(autouse=True)
def now(media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def client(account: Account) -> Client:
    signed_in = Client()
    signed_in.force_login(account)
    return signed_in


def page(account: Account, hazard: Hazard) -> str:
    return str(client(account).get(f"/safety/hazards/{hazard.pk}/").content.decode())


def test_what_a_hazard_makes_owed_is_moved_and_ended_by_its_own_steps_alone(
    cast: dict[str, Account],
) -> None:
    officer, office = cast["safety_officer"], client(cast["duty_office"])
    assigned(officer, graded(officer, found(officer)), post_of(officer))
    duty = Duty.objects.get(subject_kind="hazard", ended=None)

    for act in ("extension", "waiver", "handover"):
        sent = {"due_at": "2020-03-20T18:00", "staff_no": "D3", "post": "", "reason": "busy"}
        assert office.post(f"/duties/{duty.unit.code}/{duty.id}/{act}/", sent).status_code == 403

    assert Duty.objects.get(subject_kind="hazard", ended=None).due_at == duty.due_at


def put_right(cast: dict[str, Account]) -> Hazard:
    """A hazard at W1 that its officer found, put right and handed in."""
    officer = cast["safety_officer"]
    hazard = assigned(officer, graded(officer, found(officer)), post_of(officer))
    hazards.accept(viewer=viewer(officer), now=NOW, hazard=hazard)
    return submitted(officer, hazard)


def test_the_whole_loop_is_taken_on_the_page(cast: dict[str, Account]) -> None:
    record_criteria()
    officer, fitter = client(cast["safety_officer"]), client(cast["employee"])
    post = post_of(cast["employee"])
    hazard = found(cast["unit_head"])
    steps: list[tuple[Client, str, dict[str, Any]]] = [
        (officer, "grading", {"criterion": "general", "cause": "electrical"}),
        (officer, "assignment", {
            "post": post.pk, "measures": "Replace", "money_cny": 0, "contingency": "Power off",
            "due_at": "2020-02-20T18:00",
        }),
        (fitter, "acceptance", {}),
        (fitter, "rectification", {"evidence": "Done", "photos": SimpleUploadedFile("a.png", PNG)}),
        (officer, "return", {"reason": "No cover"}),
        (fitter, "rectification", {"photos": SimpleUploadedFile("b.png", PNG)}),
        (officer, "verification", {"reason": "Seen"}),
    ]  # fmt: skip

    answers = [who.post(f"/safety/hazards/{hazard.pk}/{at}/", given) for who, at, given in steps]

    hazard.refresh_from_db()
    assert [answer.status_code for answer in answers] == [302] * 7
    assert hazard.state == State.CLOSED
    assert hazard.due_at is not None
    assert hazard.due_at.isoformat() == "2020-02-20T10:00:00+00:00", "18:00 at W1"


def test_the_page_says_who_acts_next_and_why_not_you(cast: dict[str, Account]) -> None:
    hazard = put_right(cast)

    assert "Who put it right neither verifies it" in page(cast["safety_officer"], hazard)
    assert "You can." in page(cast["unit_head"], hazard)
    assert "Only who handles the hazards of this unit" in page(cast["inspector"], hazard)


def test_who_put_it_right_verifies_it_by_no_door(cast: dict[str, Account]) -> None:
    hazard = put_right(cast)
    officer = client(cast["safety_officer"])

    by_page = officer.post(f"/safety/hazards/{hazard.pk}/verification/", {"reason": "Seen"})
    by_api = officer.post(
        f"/api/v1/hazards/{hazard.pk}/steps", {"step": "verification", "reason": "Seen"},
        content_type="application/json",
    )  # fmt: skip

    hazard.refresh_from_db()
    assert (by_page.status_code, by_api.status_code) == (403, 403)
    assert "neither verifies it" in by_api.json()["detail"]
    assert hazard.state == State.SUBMITTED


def test_a_step_that_does_not_follow_is_refused_with_its_reason(cast: dict[str, Account]) -> None:
    hazard = found(cast["unit_head"])
    officer = client(cast["safety_officer"])

    by_page = officer.post(f"/safety/hazards/{hazard.pk}/verification/", {"reason": "Seen"})
    by_api = officer.post(
        f"/api/v1/hazards/{hazard.pk}/steps", {"step": "verification", "reason": "Seen"},
        content_type="application/json",
    )  # fmt: skip

    assert (by_page.status_code, by_api.status_code) == (422, 422)
    assert "does not follow from the state" in by_page.content.decode()


def test_another_system_reports_once_and_takes_the_steps(cast: dict[str, Account]) -> None:
    record_criteria()
    officer, post = client(cast["safety_officer"]), post_of(cast["safety_officer"])
    given = {"key": str(uuid4()), "unit": "W1", "text": "Cable", "looks": 2, "photos": [PHOTO]}

    def send(path: str, body: dict[str, Any]) -> Any:
        return officer.post(f"/api/v1/{path}", body, content_type="application/json")

    number = send("hazards", given).json()["number"]
    again = send("hazards", given).json()["number"]
    lacking = {"step": "assignment", "post": post.code, "measures": "Replace"}
    whole = lacking | {
        "money_cny": "0", "due_at": "2020-02-20T18:00:00+08:00", "contingency": "Power off"
    }  # fmt: skip
    steps: list[dict[str, Any]] = [
        {"step": "grading", "criterion": "fire-exits"}, lacking,
        whole | {"due_at": "9999-12-31T23:59:59Z"}, whole, {"step": "acceptance"},
        {"step": "rectification"}, {"step": "rectification", "photos": [PHOTO]},
    ]  # fmt: skip
    answers = [send(f"hazards/{number}/steps", step) for step in steps]

    assert number == again
    assert [answer.status_code for answer in answers] == [200, 422, 422, 200, 200, 422, 200]
    assert "the money" in answers[1].json()["detail"]
    assert officer.get(f"/api/v1/hazards/{number}").json()["state"] == "submitted"


def test_who_reports_is_shown_to_whoever_handles_it_and_not_to_colleagues(
    cast: dict[str, Account],
) -> None:
    hazard = found(cast["unit_head"], "P1")

    assert "林建国" in page(cast["duty_office"], hazard)
    assert "林建国" in page(cast["unit_head"], hazard), "they report as guests, and follow it"
    assert "林建国" not in page(cast["employee"], hazard)


def test_what_was_merged_stays_to_be_seen_where_it_goes_on(cast: dict[str, Account]) -> None:
    officer = cast["safety_officer"]
    first, second = found(officer), found(cast["unit_head"], photos=[photo()])
    hazards.merge(viewer=viewer(officer), now=NOW, hazard=second, into=first, reason="Same cable")

    shown = page(officer, first)
    kept = second.acts.get(act="find").photos.get()

    assert "林建国" in shown
    assert "Same cable" in shown
    assert client(officer).get(f"/safety/hazards/{first.pk}/photos/{kept.pk}/").content == PNG


def test_likely_duplicates_and_what_comes_back_are_shown_to_who_grades(
    cast: dict[str, Account],
) -> None:
    officer = cast["safety_officer"]
    earlier = found(cast["unit_head"], text="Cable bare again")
    elsewhere = found(cast["unit_head"], text="Ladder broken", area="Roof")
    hazard = found(cast["employee"], text="A bare cable on the floor")

    shown = page(officer, hazard)

    assert "Perhaps reported already" in shown
    assert f"/safety/hazards/{earlier.pk}/" in shown
    assert f"/safety/hazards/{elsewhere.pk}/" not in shown.split("Perhaps")[1].split("</ul>")[0]
    assert "1 hazard was found at this place within a year" in shown


def test_a_report_with_photos_takes_fourteen_statements_however_many_they_are(
    cast: dict[str, Account],
) -> None:
    phone = client(cast["employee"])
    of_photos = []
    for number in (1, 3):
        given = {
            "unit": "W1", "client": str(uuid4()), "text": "Bare cable", "looks": "2",
            "photos": [SimpleUploadedFile(f"{each}.png", PNG) for each in range(number)],
        }  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert phone.post("/safety/hazards/new/", given).status_code == 200
        of_photos.append([q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]])

    assert [len(statements) for statements in of_photos] == [14, 14]


@pytest.mark.parametrize("clock_says", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_hazard_is_taken_however_mad_the_clock_of_the_phone(
    cast: dict[str, Account], clock_says: str
) -> None:
    given = {
        "unit": "W1", "client": str(uuid4()), "text": "Bare cable", "looks": "2",
        "device_at": clock_says,
    }  # fmt: skip

    answer = client(cast["employee"]).post("/safety/hazards/new/", given)

    assert (answer.status_code, Hazard.objects.get().found_at) == (200, NOW)


def test_an_old_page_judges_nothing_that_it_does_not_show(cast: dict[str, Account]) -> None:
    hazard, officer = put_right(cast), cast["safety_officer"]
    seen = hazard.acts.count()
    head = client(cast["unit_head"])
    old = head.get(f"/safety/hazards/{hazard.pk}/").content.decode()
    hazards.give_back(viewer=viewer(cast["unit_head"]), now=NOW, hazard=hazard, reason="No cover")
    submitted(officer, hazard)
    address = f"/safety/hazards/{hazard.pk}/verification/"

    stale = head.post(address, {"reason": "Seen", "seen": seen})
    fresh = head.post(address, {"reason": "Seen", "seen": seen + 2})

    assert f'name="seen" value="{seen}"' in old
    assert (stale.status_code, fresh.status_code) == (422, 302)
    assert "It has changed meanwhile" in stale.content.decode()


@pytest.mark.parametrize(
    "more", [{"text": "  "}, {"photos": [{"name": "a", "content": "é"}]}], ids=["text", "photo"]
)
def test_a_report_of_nothing_is_refused_by_the_api(
    cast: dict[str, Account], more: dict[str, Any]
) -> None:
    given = {"key": str(uuid4()), "unit": "P1", "text": "Bare cable", "looks": 1} | more

    sent = client(cast["employee"]).post("/api/v1/hazards", given, content_type="application/json")

    assert (sent.status_code, Hazard.objects.count()) == (422, 0)


def test_a_code_that_leads_to_one_report_is_not_given_to_another(cast: dict[str, Account]) -> None:
    reporter, code = client(cast["employee"]), "0123456789abcdef0123"
    given = {"text": "x", "looks": "1", "unit": "P1", "anonymous": "on", "code": code}

    pages = [
        reporter.post("/safety/hazards/new/", given | {"client": str(uuid4())}).content.decode()
        for _twice in range(2)
    ]

    assert ["0123-4567-89ab-cdef-0123" in one for one in pages] == [True, False]
    assert Hazard.objects.values("receipt").distinct().count() == 2
