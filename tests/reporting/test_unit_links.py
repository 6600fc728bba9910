"""Reporting by the link of one's unit, without an account and without learning who works there."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Person, Unit
from taishan.reporting import unit_links
from taishan.reporting.models import Door, Report
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, WELL, report, submit
from tests.reporting.test_report_pages import posted


@pytest.fixture(autouse=True)
def group(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> dict[str, Account]:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    building.add_schedules()
    building.hire("A1", "A2")
    building.hire("S1", unit="W2")
    building.hire("H9", unit="H1")
    cache.clear()
    return cast


@pytest.fixture
def address() -> str:
    """The link of W1, above W2."""
    return f"/r/{unit_links.make(Unit.objects.get(code='W1').pk).token}/"


def come(address: str, staff_no: str, name: str = "") -> HttpResponse:
    said = {"staff_no": staff_no, "name": name or f"张{staff_no}"}
    return Client().post(f"{address}?lang=en", said)


def given_pass(answer: HttpResponse) -> str:
    found = re.search(r'name="pass" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def answer_as(address: str, staff_no: str, answers: dict[str, Any] = WELL) -> HttpResponse:
    given = given_pass(come(address, staff_no))
    return Client().post(f"{address}?lang=en", posted(answers) | {"pass": given})


def test_who_has_no_account_reports_by_name_and_number(address: str) -> None:
    answer = answer_as(address, "A1")

    assert "It is recorded" in answer.content.decode()
    stored = Report.objects.get()
    assert stored.door == Door.LINK
    assert stored.subject_id == Person.objects.get(staff_no="A1").pk
    assert Entry.objects.get(verb="reports.accepted").person_id == stored.subject_id


def test_the_link_serves_the_units_below_and_a_name_as_people_write_it(address: str) -> None:
    assert given_pass(come(address, "S1"))
    assert given_pass(come(address, " A1 ", "张 Ａ1"))


def told(answer: HttpResponse) -> tuple[int, str]:
    """Return the answer without the token of its form and without what was typed."""
    page = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, page


def test_nobody_finds_out_by_the_link_who_works_here(address: str) -> None:
    wrong_name = told(come(address, "A1", "somebody"))

    assert wrong_name[0] == 422
    assert wrong_name == told(come(address, "UNKNOWN", "somebody"))
    assert wrong_name == told(come(address, "H9", "张H9"))
    assert come(address, "A\x001", "somebody").status_code == 422


@pytest.mark.parametrize("staff_no", ["A1", "UNKNOWN"])
def test_a_number_known_or_not_is_tried_five_times_in_five_minutes(
    address: str, staff_no: str
) -> None:
    statuses = [come(address, staff_no, "somebody").status_code for _ in range(6)]

    assert statuses == [422] * 5 + [429]
    assert come(address, staff_no).status_code == 429


def test_what_was_answered_before_is_never_shown_by_a_link(address: str) -> None:
    submit(report("A1", FEVER, door=Door.LINK))

    page = come(address, "A1").content.decode()

    assert "checked" not in page
    assert "38.1" not in page


def test_a_link_does_not_replace_what_somebody_signed_in_recorded(address: str) -> None:
    submit(report("A1", FEVER, door=Door.PAGE))

    answer = answer_as(address, "A1")

    assert answer.status_code == 422
    assert "Sign in to change it" in answer.content.decode()
    assert Report.objects.get().answers[0] == "unwell"


def test_a_wrong_answer_by_link_is_shown_at_its_question(address: str) -> None:
    answer = answer_as(address, "A1", WELL | {"body_temperature": 61})

    assert answer.status_code == 422
    assert "Between 34 and 43 °C." in answer.content.decode()
    assert given_pass(answer)


def test_a_pass_is_of_its_link_and_ends(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = given_pass(come(address, "A1"))
    other = f"/r/{unit_links.make(Unit.objects.get(code='H1').pk).token}/"
    assert "Staff number" in Client().post(f"{other}?lang=en", {"pass": given}).content.decode()

    monkeypatch.setattr(unit_links, "PASS_AGE", timedelta(0))
    answer = Client().post(f"{address}?lang=en", posted() | {"pass": given})

    assert "Staff number" in answer.content.decode()
    assert not Report.objects.exists()


def test_an_old_or_altered_link_opens_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Client().get(f"{address[:-3]}xx/").status_code == 404

    monkeypatch.setattr(unit_links, "LINK_AGE", timedelta(0))
    assert Client().get(address).status_code == 404


def test_who_reports_for_a_unit_prints_its_code(group: dict[str, Account]) -> None:
    officer = Client()
    officer.force_login(group["safety_officer"])
    assert "/r/units/W1/" in officer.get("/reports/").content.decode()

    page = officer.get("/r/units/W1/?lang=en").content.decode()

    link = re.search(r'href="http://testserver(/r/[^"]+)"', page)
    assert link
    assert Client().get(link[1]).status_code == 200
    assert '<path class="qrline"' in page
    assert str((timezone.now() + unit_links.LINK_AGE).year) in page
