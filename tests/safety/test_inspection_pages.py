"""Inspecting by the pages, on a phone and in the office."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import python_calamine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from taishan.core.duties import State
from taishan.files import actions as files
from taishan.forms.models import FormVersion
from taishan.kit import clock
from taishan.organisation import actions as organisation
from taishan.organisation import history, posts
from taishan.organisation.models import Account, Post
from taishan.safety import inspection_routes
from taishan.safety.hazard_models import Hazard, HazardPhoto
from taishan.safety.inspection_models import Inspection, InspectionPlan, PointVisit, Route
from tests import jobs
from tests.people import ACTOR, FOUNDED, NOW
from tests.safety.building import PNG
from tests.safety.inspecting import (
    BARE,
    GOOD,
    MORE,
    SURVEY,
    checklist,
    drafted,
    inspected,
    owed,
    planned,
    published,
)

FILL = "/safety/inspections/do/W1/round/"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def version(cast: dict[str, Account], media: Path) -> FormVersion:
    return checklist()


def as_(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def answered(answers: dict[str, str], **more: object) -> dict[str, object]:
    return {f"q.{name}": value for name, value in answers.items()} | {"client": str(uuid4())} | more


def test_a_checklist_goes_through_on_the_phone_with_a_photo_and_a_hazard(
    cast: dict[str, Account], version: FormVersion
) -> None:
    client = as_(cast["safety_officer"])
    asked = client.get(FILL).content.decode()
    photo = SimpleUploadedFile("p.png", PNG)
    sent = answered(
        GOOD | {"extinguishers": "no", "extinguishers_comment": "empty",
                "extinguishers_hazard": "OK"},
        **{"q.extinguishers_photo": photo, "place": "Hall 2", "version": "1"},
    )  # fmt: skip

    answer = client.post(FILL, sent)

    assert "sends-offline" in asked
    assert "q.exits_hazard" in asked
    one, hazard = Inspection.objects.get(), Hazard.objects.get()
    assert (answer.status_code, one.place, one.photos.count()) == (200, "Hall 2", 1)
    assert f"/safety/hazards/{hazard.pk}/" in answer.content.decode()
    assert HazardPhoto.objects.filter(act__hazard=hazard).count() == 1
    page = client.get(f"/safety/inspections/{one.pk}/").content.decode()
    assert f"/safety/hazards/{hazard.pk}/" in page
    assert "empty" in page
    photo_page = client.get(f"/safety/inspections/{one.pk}/photos/{one.photos.get().pk}/")
    assert photo_page.headers["Content-Type"] == "image/png"


def test_answers_to_questions_that_are_no_items_are_shown(
    cast: dict[str, Account], media: Path
) -> None:
    more = (*MORE, ("text", "point_gate", "Code at the gate", "门口编码", *[""] * 8))
    rows = [{"seen": "A wet floor"}, {"seen": "A torn hose", "shot": "a.png"}]
    answers = BARE | {"remarks": "All calm", "more": rows, "point_gate": "SECRET22"}
    one = inspected(cast["safety_officer"], checklist(more), answers)

    answer = as_(cast["inspector"]).get(f"/safety/inspections/{one.pk}/")

    assert answer.context["others"] == [
        ("General remarks", "All calm"), ("Also seen 1 · What", "A wet floor"),
        ("Also seen 2 · What", "A torn hose"),
    ]  # fmt: skip
    page = answer.content.decode()
    assert "A torn hose" in page
    assert "SECRET22" not in page


def test_the_last_months_that_can_be_asked_for_have_a_page(cast: dict[str, Account]) -> None:
    page = as_(cast["inspector"]).get("/safety/inspections/?day=2199-12-12")

    assert page.context["months"][-1] == "2199-12"


def test_an_inspection_without_a_network_is_taken_in_after_its_unit_has_closed(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = NOW + timedelta(days=1)
    organisation.close_unit(actor=ACTOR, now=NOW, on=tomorrow.date(), code="P1")
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    client, fill = as_(cast["duty_office"]), FILL.replace("W1", "P1")

    late = client.post(fill, answered(BARE, device_at=NOW.isoformat()))

    assert (late.status_code, Inspection.objects.get().day) == (200, NOW.date())
    assert client.post(fill, answered(GOOD)).status_code == 404
    assert client.get(fill).status_code == 404


def test_what_is_missing_comes_back_with_what_was_answered(
    cast: dict[str, Account], version: FormVersion
) -> None:
    client = as_(cast["safety_officer"])

    answer = client.post(FILL, answered({"extinguishers": "no"}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="no" checked' in page
    assert "#q_exits" in page
    assert not Inspection.objects.exists()


def test_what_one_person_noted_is_not_sent_as_the_next_one_s(
    cast: dict[str, Account], version: FormVersion
) -> None:
    sent = answered(GOOD, account=str(cast["unit_head"].pk))

    assert as_(cast["safety_officer"]).post(FILL, sent).status_code == 403


def test_a_failed_item_is_made_a_hazard_from_the_inspection_s_page(
    cast: dict[str, Account], version: FormVersion
) -> None:
    one = inspected(cast["safety_officer"], version, GOOD | {"cables": "no"})
    address = f"/safety/inspections/{one.pk}/items/cables/hazard/"

    assert as_(cast["inspector"]).post(address).status_code == 403
    assert as_(cast["unit_head"]).post(address).status_code == 302
    assert Hazard.objects.get().origin_id == f"{one.pk}:cables"


def test_a_plan_is_made_and_ended_by_pages(cast: dict[str, Account], version: FormVersion) -> None:
    client = as_(cast["duty_office"])
    unit = history.get_version("HQ", NOW.date()).unit_id
    sent = {
        "form": "round", "often": "FREQ=DAILY", "starts": "2020-02-12", "days": "1",
        "due_at": "18:00", "lapses_after_days": "1", "by": str(unit), "is_surprise": "on",
    }  # fmt: skip

    refused = client.post(
        "/safety/inspections/plans/new/W1/", sent | {"often": "other", "rule": "FREQ=SECONDLY"}
    )
    made = client.post("/safety/inspections/plans/new/W1/", sent)

    plan = InspectionPlan.objects.get()
    assert (refused.status_code, made.status_code) == (422, 302)
    assert "Unit W1" in client.get("/safety/inspections/plans/").content.decode()
    assert "Unit W1" in client.get("/safety/inspections/today/").content.decode()
    asked = client.get("/safety/inspections/today/?unit=w1").content.decode()
    assert "/do/W1/round/" in asked
    assert "/do/HQ/round/" not in asked
    assert "No such unit" in client.get("/safety/inspections/today/?unit=no").content.decode()
    assert "Round" not in as_(cast["unit_head"]).get("/safety/inspections/plans/").content.decode()
    end = f"/safety/inspections/plans/{plan.pk}/end/"
    assert as_(cast["unit_head"]).post(end).status_code == 404
    assert client.post(end).status_code == 302


def test_the_plans_of_a_subtree_are_those_of_all_its_units(
    cast: dict[str, Account], version: FormVersion
) -> None:
    planned(version.form, unit="W2", by="W2")
    client = as_(cast["duty_office"])

    shown = {
        within: len(client.get(f"/safety/inspections/plans/?within={within}").context["rows"])
        for within in ("HQ", "W1", "W2", "H1", "NOWHERE")
    }

    assert shown == {"HQ": 1, "W1": 1, "W2": 1, "H1": 0, "NOWHERE": 0}


def test_a_post_that_is_closed_is_not_offered_to_inspect(
    cast: dict[str, Account], version: FormVersion
) -> None:
    given = {"actor": ACTOR, "now": NOW, "unit": "W1", "title_en": "", "title_zh": ""}
    for code in ("W1-old", "W1-new"):
        posts.open_post(**given | {"on": FOUNDED, "code": code, "title_en": code})
    posts.close_post(actor=ACTOR, now=NOW, on=NOW.date(), post=Post.objects.get(code="W1-old"))

    page = as_(cast["safety_officer"]).get("/safety/inspections/plans/new/W1/").content.decode()

    assert "W1-new" in page
    assert "W1-old" not in page


def test_a_route_is_printed_with_a_code_at_each_point_and_walked_by_scanning(
    cast: dict[str, Account], version: FormVersion
) -> None:
    client = as_(cast["safety_officer"])
    made = client.post(
        "/safety/inspections/routes/new/W1/", {"name": "Night", "points": "Gate\n\nBoiler\n"}
    )
    route = Route.objects.get()
    planned(version.form, route=route)
    gate = route.points.get(number=1)
    sheet = client.get(made.headers["Location"]).content.decode()

    assert sheet.count("<svg") >= 2
    assert f"{gate.code[:4]} {gate.code[4:]}" in sheet
    point = f"/safety/inspections/points/{gate.code}/"
    assert client.get(point).status_code == 200
    assert not PointVisit.objects.exists()
    assert client.post(point).status_code == 200
    assert PointVisit.objects.get().by == cast["safety_officer"]
    assert "Boiler" in client.get(FILL).content.decode()
    assert as_(cast["employee"]).get(point).status_code == 404
    inspector = as_(cast["inspector"])
    assert inspector.get(f"/safety/inspections/routes/{route.pk}/").status_code == 404


def test_the_overview_rolls_up_its_subtree_and_says_the_same_in_excel(
    cast: dict[str, Account], version: FormVersion
) -> None:
    inspected(cast["safety_officer"], version, BARE)
    inspected(cast["safety_officer"], version, unit="W2")
    client = as_(cast["duty_office"])

    page = client.get("/safety/inspections/?form=round").content.decode()
    file = client.get("/safety/inspections/overview.xlsx?form=round")

    assert "92 %" in page
    assert "No cable is bare" in page
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.content))
    units = {row[0]: row[2:5] for row in book.get_sheet_by_name("Units").to_python()}
    assert units["W1"] == [2, "92 %", 1]
    items = {row[1]: row[2:4] for row in book.get_sheet_by_name("Items").to_python()}
    assert items["No cable is bare"] == [1, 1]


def test_the_months_of_a_unit_that_has_closed_since_stay_in_the_trend(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who, unit in (("duty_office", "P1"), ("safety_officer", "W2")):
        inspected(cast[who], version, BARE if unit == "P1" else GOOD, unit=unit)
    organisation.close_unit(actor=ACTOR, now=NOW, on=date(2020, 3, 1), code="P1")
    later = NOW + timedelta(days=180)
    monkeypatch.setattr(clock, "now", lambda: later)

    shares = {}
    for who, within in (("duty_office", ""), ("duty_office", "W1"), ("safety_officer", "")):
        page = as_(cast[who]).get(f"/safety/inspections/?day=2020-08-10&within={within}")
        [line] = page.context["chart"]["series"]
        month = page.context["chart"]["days"].index("2020-02")
        shares[who, within] = line["values"][month]

    assert shares == {
        ("duty_office", ""): 91.7, ("duty_office", "W1"): 100.0, ("safety_officer", ""): 100.0,
    }  # fmt: skip


def test_what_was_found_of_an_item_stays_once_a_later_version_asks_for_it_no_longer(
    cast: dict[str, Account], version: FormVersion
) -> None:
    inspected(cast["safety_officer"], version, GOOD | {"cables": "no"})
    published(drafted(SURVEY[:-1]))

    page = as_(cast["duty_office"]).get("/safety/inspections/?form=round")

    areas = {area["label"]: area for area in page.context["areas"]}
    assert areas["No longer asked"]["whole"].failed == 1
    assert [line["label"] for line in areas["No longer asked"]["items"]] == ["No cable is bare"]
    inspected(cast["safety_officer"], published(drafted(SURVEY)))
    again = as_(cast["duty_office"]).get("/safety/inspections/?form=round")
    assert "No longer asked" not in [area["label"] for area in again.context["areas"]]


def test_the_overview_asks_the_database_as_often_for_many_units_as_for_few(
    cast: dict[str, Account], version: FormVersion, django_assert_max_num_queries: object
) -> None:
    for unit in ("W1", "W2"):
        inspected(cast["safety_officer"], version, unit=unit)
    client = as_(cast["duty_office"])

    with django_assert_max_num_queries(16):  # type: ignore[operator]
        client.get("/safety/inspections/?form=round")


def test_my_list_asks_the_database_as_often_for_many_inspections_as_for_few(
    cast: dict[str, Account], version: FormVersion
) -> None:
    client = as_(cast["duty_office"])
    asked = []
    for unit in ("W1", "W2", "H1"):
        planned(version.form, unit=unit, by="HQ")
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/safety/inspections/today/")
        asked.append((len(page.context["owed"]), len(queries)))

    assert [owed for owed, _number in asked] == [1, 2, 3]
    assert len({number for _owed, number in asked}) == 1


def test_the_list_is_narrowed_by_its_address_and_so_are_its_files_short_and_long(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    inspected(cast["safety_officer"], version, place="East")
    inspected(cast["duty_office"], version, BARE, unit="H1", place="North")
    client = as_(cast["duty_office"])
    for query, shown, hidden in (
        ("unit=W1", "East", "North"), ("verdict=findings", "North", "East"),
        ("origin=own", "East", "North"), ("unit=HQ", "North", "Nowhere"),
    ):  # fmt: skip
        page = client.get(f"/safety/inspections/all/?{query}").content.decode()
        assert shown in page, query
        assert hidden not in page, query
    short = rows_of(client.get("/safety/inspections/all.xlsx?unit=W1&lang=zh").content)
    assert [(row[2], row[7]) for row in short[1:]] == [("W1", "合格")]

    monkeypatch.setattr(files, "LARGE_ROWS", 0)
    jobs.forget()
    answer = client.get("/safety/inspections/all.xlsx?unit=W1&lang=zh")
    assert answer.headers["Location"].startswith("/files/")
    assert jobs.run() == ["files.write"]
    [file] = client.get("/files/").context["files"]
    assert rows_of(b"".join(client.get(f"/files/{file['file'].pk}/"))) == short
    assert "North" not in as_(cast["unit_head"]).get("/safety/inspections/all/").content.decode()


def rows_of(content: bytes) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_shipped_checklist_shows_its_items_with_their_sources(
    cast: dict[str, Account], lang: str
) -> None:
    client = as_(cast["employee"])
    codes = [form.code for form in _shipped()]

    assert len(codes) == 6
    for code in codes:
        page = client.get(f"/safety/inspections/checklists/{code}/?lang={lang}").content.decode()
        assert 15 <= page.count('<th scope="row">') <= 25, code
        assert "<td data-label" in page
        with translation.override("zh-hans" if lang == "zh" else "en"):
            assert ">—</td>" not in page, f"an item of {code} has no source"


def _shipped() -> list[FormVersion]:
    from taishan.forms.models import Form

    return list(Form.objects.filter(is_checklist=True))  # type: ignore[arg-type]


def test_a_code_of_a_route_that_ended_proves_nothing(
    cast: dict[str, Account], version: FormVersion
) -> None:
    unit = history.get_version("W1", NOW.date())
    route = inspection_routes.make(actor=ACTOR, now=NOW, unit=unit, name="Old", points=["Gate"])
    code = route.points.get().code
    client = as_(cast["safety_officer"])
    client.post(f"/safety/inspections/routes/{route.pk}/end/")

    assert client.get(f"/safety/inspections/points/{code}/").status_code == 404
    one = inspected(cast["safety_officer"], version, codes=[code])
    assert inspection_routes.find_proven(one) == {}


def test_whoever_ends_a_route_does_not_learn_of_a_surprise_that_goes_along_it(
    cast: dict[str, Account], version: FormVersion
) -> None:
    unit = history.get_version("W1", NOW.date())
    route = inspection_routes.make(actor=ACTOR, now=NOW, unit=unit, name="Night", points=["Gate"])
    planned(version.form, by="HQ", is_surprise=True, route=route)
    office = as_(cast["duty_office"])
    before = office.get("/safety/inspections/plans/").content.decode()

    as_(cast["safety_officer"]).post(f"/safety/inspections/routes/{route.pk}/end/")

    route.refresh_from_db()
    assert route.ended_at == NOW
    plans = office.get("/safety/inspections/plans/").content.decode()
    assert ("this route has ended" in plans, "this route has ended" in before) == (True, False)
    assert "Gate" not in office.get(FILL).content.decode()
    one = inspected(cast["duty_office"], version)
    assert [duty.ended for duty in owed()] == [State.ON_TIME]
    assert "Gate" not in office.get(f"/safety/inspections/{one.pk}/").content.decode()
