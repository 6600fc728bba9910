"""A checklist from ODK Collect: offered, filled in, and recorded as an inspection."""

from __future__ import annotations

import pytest
from defusedxml import ElementTree

from taishan.organisation import actions as organisation
from taishan.organisation.models import Account
from taishan.safety.hazard_models import Hazard
from taishan.safety.inspection_models import Inspection
from tests.interop.client import Collect, said
from tests.interop.submitting import PHOTO, filled, post
from tests.interop.test_clients import phone_of
from tests.people import ACTOR, NOW
from tests.safety.inspecting import MORE, SURVEY, checklist, drafted, planned


@pytest.fixture
def officer(group: dict[str, Account]) -> Collect:
    checklist()
    return phone_of(group["unit_head"])


def downloaded(phone: Collect, form_id: str) -> bytes:
    [form] = phone.forms(f"?formID={form_id}")
    return bytes(phone.request("GET", form["downloadUrl"]).content)


def test_an_inspection_comes_in_from_collect_with_its_photo_and_hazard(officer: Collect) -> None:
    form = downloaded(officer, "round:W1")
    answers = {
        "extinguishers": "no", "exits": "yes", "cables": "yes", "extinguishers_photo": "1.jpg",
        "extinguishers_comment": "empty", "extinguishers_hazard": "OK",
    }  # fmt: skip
    xml = filled(form, answers)

    first, again = post(officer, xml), post(officer, xml, **{"1_jpg": PHOTO})

    one = Inspection.objects.get()
    assert (first.status_code, again.status_code) == (201, 201)
    assert said(first) == f"Inspection {one.pk} is recorded."
    assert (one.unit.code, one.failed, one.photos.count()) == ("W1", 1, 1)
    assert Hazard.objects.get().origin_id == f"{one.pk}:extinguishers"


def test_wrong_answers_go_back_to_collect_question_by_question(officer: Collect) -> None:
    answer = post(officer, filled(downloaded(officer, "round:W1"), {"exits": "maybe"}))

    assert answer.status_code == 422
    assert "Exits are clear" in said(answer)
    assert not Inspection.objects.exists()


def test_nothing_is_recorded_by_a_version_that_is_a_draft(officer: Collect) -> None:
    draft = drafted((*SURVEY, *MORE))
    form = downloaded(officer, "round:W1")
    number = f'version="{draft.number}"'.encode()

    xml = filled(form, {"extinguishers": "yes", "exits": "yes"})
    answer = post(officer, xml.replace(b'version="1"', number))

    assert answer.status_code == 403
    assert "is a draft" in said(answer)
    assert not Inspection.objects.exists()


def test_nobody_inspects_another_s_unit_by_renaming_the_form(officer: Collect) -> None:
    form = downloaded(officer, "round:W1").replace(b"round:W1", b"round:H1")

    answer = post(officer, filled(form, {"extinguishers": "yes", "exits": "yes"}))

    assert answer.status_code == 403
    assert not Inspection.objects.exists()


def test_collect_offers_the_checklists_of_one_s_unit_and_those_planned_elsewhere(
    officer: Collect, group: dict[str, Account]
) -> None:
    from taishan.forms.models import Form

    planned(Form.objects.get(code="round"), unit="H1", by="HQ", is_surprise=True)

    mine = {form["formID"] for form in officer.forms()}
    office = {form["formID"] for form in phone_of(group["duty_office"]).forms()}

    assert "round:W1" in mine
    assert "check_site:W1" in mine
    assert "round:H1" in office - mine
    assert ElementTree.fromstring(downloaded(officer, "check_site:W1")) is not None


def test_a_plan_for_a_unit_that_has_closed_is_offered_no_more(
    officer: Collect, group: dict[str, Account]
) -> None:
    from taishan.forms.models import Form

    planned(Form.objects.get(code="round"), unit="P1", by="HQ")
    organisation.close_unit(actor=ACTOR, now=NOW, on=NOW.date(), code="P1")

    office = {form["formID"] for form in phone_of(group["duty_office"]).forms()}

    assert "round:HQ" in office
    assert "round:P1" not in office
