"""Inspections recorded, with their sums, hazards and routes, by the actions behind every door."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.db.models import F

from taishan.core.duties import State
from taishan.core.inspections import Verdict
from taishan.forms import queries as forms
from taishan.forms.models import FormVersion
from taishan.ledger.models import Entry
from taishan.organisation import history
from taishan.organisation.models import Account, Unit
from taishan.safety import (
    inspection_figures,
    inspection_rights,
    inspection_routes,
    inspection_sums,
    inspections,
)
from taishan.safety.hazard_models import Hazard, HazardPhoto
from taishan.safety.inspection_models import Inspection, InspectionGroupSum, InspectionSum
from taishan.safety.inspection_routes import RouteRefused
from taishan.safety.inspections import InspectionRefused
from tests import jobs
from tests.people import ACTOR, NOW
from tests.safety.building import viewer
from tests.safety.finding import photo
from tests.safety.inspecting import BARE, GOOD, MORE, checklist, inspected, owed, planned

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Origin = Inspection.Origin


@pytest.fixture
def version(cast: dict[str, Account]) -> FormVersion:
    return checklist()


def test_a_checklist_asks_for_photo_comment_and_hazard_behind_each_item(
    version: FormVersion,
) -> None:
    asked = {one.name: one for one, _path in forms.get_definition(version).walk()}

    assert version.form.is_checklist
    assert asked["cables_hazard"].relevant == "${cables} = 'no'"
    assert [asked[f"{name}_photo"].required for name in ("extinguishers", "exits")] == ["yes", ""]
    assert asked["exits_comment"].labels == {"en": "What is wrong", "zh": "存在的问题"}


def test_an_inspection_is_recorded_with_its_items_score_and_sums(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    one = inspected(officer, version, GOOD | {"cables": "no"})
    inspected(officer, version, {"extinguishers": "na", "exits": "no"})

    assert (one.verdict, one.origin) == (Verdict.FINDINGS, Origin.OWN)
    assert (one.passed_weight, one.counted_weight, one.items.count()) == (5, 6, 3)
    sums = {row.code: row for row in InspectionSum.objects.all()}
    whole = sums[""]
    assert (whole.inspections, whole.failed_whole, whole.failed) == (2, 1, 2)
    assert (whole.passed_weight, whole.counted_weight) == (5, 9)
    assert (sums["exits"].passed, sums["exits"].failed) == (1, 1)
    assert sums["extinguishers"].excluded == 1


def test_the_sums_equal_a_recount_of_the_items(
    cast: dict[str, Account], version: FormVersion
) -> None:
    for answers in (GOOD, BARE, {"extinguishers": "na", "exits": "no"}, {"exits": "yes",
                    "extinguishers": "no", "extinguishers_photo": "p.png"}):  # fmt: skip
        inspected(cast["safety_officer"], version, answers)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT code, sum((outcome = 1)::int), sum((outcome = 2)::int), "
            "sum((outcome = 3)::int), sum(weight * (outcome < 3)::int) "
            "FROM safety_inspectionitem GROUP BY code ORDER BY code"
        )
        recount = cursor.fetchall()
    kept = InspectionSum.objects.exclude(code="").order_by("code")
    names = ("code", "passed", "failed", "excluded", "counted_weight")
    assert recount == list(kept.values_list(*names))


def test_a_whole_group_is_read_from_its_own_sums_which_equal_those_of_its_units(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    for unit, answers in (("W1", GOOD), ("W1", BARE), ("W2", GOOD | {"cables": "no"})):
        inspected(officer, version, answers, unit=unit)
    months = inspection_figures.months_to(NOW.date(), 1)

    def added(ids: list[int]) -> tuple[int, ...]:
        found = inspection_figures.find(ids, months)[""][months[0]]
        items = inspection_figures.find(ids, months, "code", version.form_id)
        return found.inspections, found.failed, items["cables"][months[0]].failed

    w1, w2 = (history.get_version(code, NOW.date()).unit_id for code in ("W1", "W2"))
    everywhere = list(Unit.objects.values_list("pk", flat=True))
    apart = [added([w1]), added([w2])]

    assert inspection_sums.find_differences() == []
    assert added(everywhere) == tuple(map(sum, zip(*apart, strict=True)))
    assert added([pk for pk in everywhere if pk != w2]) == apart[0]
    InspectionGroupSum.objects.filter(code="cables").update(failed=F("failed") + 1)
    assert inspection_sums.find_differences()
    inspection_sums.recount()
    assert inspection_sums.find_differences() == []


def test_wrong_answers_go_back_and_leave_nothing(
    cast: dict[str, Account], version: FormVersion
) -> None:
    with pytest.raises(InspectionRefused) as refused:
        inspected(cast["safety_officer"], version, GOOD | {"extinguishers": "no"})

    assert [one.question for one in refused.value.problems] == ["extinguishers_photo"]
    assert not Inspection.objects.exists()
    assert not InspectionSum.objects.exists()


def test_a_photo_that_comes_in_later_reaches_the_hazard_made_of_its_item_once(
    cast: dict[str, Account], version: FormVersion
) -> None:
    key, officer = uuid4(), cast["safety_officer"]
    answers = GOOD | {
        "extinguishers": "no", "extinguishers_photo": "p.png", "extinguishers_hazard": "OK",
    }  # fmt: skip
    inspected(officer, version, answers, key=key)
    hazard = Hazard.objects.get()
    assert not HazardPhoto.objects.exists()

    for _time in range(2):
        inspected(officer, version, answers, key=key, files={"p.png": photo()})

    kept = HazardPhoto.objects.get()
    assert (kept.act.hazard_id, kept.act.act, kept.sha256) == (hazard.pk, "find", photo().sha256)
    assert Entry.objects.filter(verb="hazard.photos_added").count() == 1
    assert jobs.waiting().count("safety.make_thumbnails") == 1


def test_the_same_inspection_sent_twice_is_recorded_once_and_takes_its_later_photo(
    cast: dict[str, Account], version: FormVersion
) -> None:
    key, officer = uuid4(), cast["safety_officer"]
    answers = GOOD | {"extinguishers": "no", "extinguishers_photo": "p.png"}
    first = inspected(officer, version, answers, key=key)
    for _time in range(2):
        again = inspected(officer, version, answers, key=key, files={"p.png": photo()})

    assert again.pk == first.pk
    assert [one.code for one in first.photos.all()] == ["extinguishers"]
    assert InspectionSum.objects.get(code="").inspections == 1
    with pytest.raises(InspectionRefused):
        inspected(cast["unit_head"], version, key=key)


def test_the_same_inspection_sent_twice_at_once_is_recorded_once(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, officer, find = uuid4(), cast["safety_officer"], inspection_rights.find_inspecting

    def and_meanwhile_the_same(*given: Any) -> int | None:
        monkeypatch.setattr(inspection_rights, "find_inspecting", find)
        inspected(officer, version, BARE, key=key)
        return find(*given)

    monkeypatch.setattr(inspection_rights, "find_inspecting", and_meanwhile_the_same)

    assert inspected(officer, version, BARE, key=key) == Inspection.objects.get()
    assert Hazard.objects.count() == InspectionSum.objects.get(code="").inspections == 1


def test_photos_in_the_rows_of_a_repeat_are_kept(cast: dict[str, Account]) -> None:
    version = checklist(MORE)
    answers = GOOD | {"more": [{"shot": "a.png"}, {"shot": "b.png", "seen": "c.png"}]}
    files = {name: photo() for name in ("a.png", "b.png", "c.png")}

    one = inspected(cast["safety_officer"], version, answers, files=files)

    kept = one.photos.order_by("answer").values_list("answer", "code")
    assert list(kept) == [("a.png", "shot"), ("b.png", "shot")]


def test_a_failed_item_is_made_a_hazard_in_the_same_transaction_linked_both_ways(
    cast: dict[str, Account], version: FormVersion
) -> None:
    one = inspected(cast["safety_officer"], version, BARE, place="Hall 2")

    hazard = Hazard.objects.get()
    assert (hazard.origin_kind, hazard.origin_id) == ("inspection", f"{one.pk}:cables")
    assert hazard.text.splitlines() == [
        "Failed in an inspection: No cable is bare", "检查不合格：无裸露电缆", "Bay 3",
    ]  # fmt: skip
    assert hazard.area == "Hall 2"
    entry = Entry.objects.get(verb="inspection.hazard_made")
    assert (entry.subject_id, entry.data["hazard"]) == (str(one.pk), hazard.pk)


def test_a_failed_item_is_made_a_hazard_later_once_and_a_passed_one_never(
    cast: dict[str, Account], version: FormVersion
) -> None:
    one = inspected(cast["safety_officer"], version, GOOD | {"cables": "no"})
    given = {"viewer": viewer(cast["safety_officer"]), "now": NOW, "inspection": one}

    made = [inspections.make_hazard(**given, code="cables") for _time in range(2)]

    assert made[0].pk == made[1].pk
    assert Hazard.objects.count() == 1
    assert Entry.objects.filter(verb="inspection.hazard_made").count() == 1
    with pytest.raises(InspectionRefused):
        inspections.make_hazard(**given, code="exits")
    with pytest.raises(InspectionRefused):
        inspections.make_hazard(**given | {"viewer": viewer(cast["inspector"])}, code="cables")


def test_who_inspects_a_unit_is_of_it_or_of_one_above(
    cast: dict[str, Account], version: FormVersion
) -> None:
    assert inspected(cast["duty_office"], version).origin == Origin.UPPER
    assert inspected(cast["duty_office"], version, is_unannounced=True).origin == Origin.SURPRISE
    assert inspected(cast["safety_officer"], version, unit="W2").origin == Origin.UPPER
    for who, unit in (("safety_officer", "H1"), ("inspector", "W1"), ("employee", "P1")):
        with pytest.raises(InspectionRefused):
            inspected(cast[who], version, unit=unit)


def test_a_route_is_proven_by_its_codes_typed_or_scanned(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    unit = history.get_version("W1", NOW.date())
    route = inspection_routes.make(
        actor=ACTOR, now=NOW, unit=unit, name="Night", points=["Gate", "Boiler"]
    )
    planned(version.form, route=route)
    gate, boiler = route.points.order_by("number")

    first = inspected(officer, version, codes=[gate.code.lower(), "GUESSED1"])
    assert inspection_routes.find_missed(first, route) == [boiler]
    assert owed()[-1].ended is None

    inspection_routes.visit(viewer=viewer(officer), now=NOW + HOUR, point=gate)
    inspected(
        officer, version, now=NOW + 2 * HOUR, started_at=NOW + HOUR,
        codes=[f"https://x/safety/inspections/points/{boiler.code}/"],
    )  # fmt: skip
    assert owed()[-1].ended == State.ON_TIME
    with pytest.raises(RouteRefused):
        inspection_routes.end(viewer=viewer(officer), now=NOW, route=route)


def test_figures_add_up_over_months_and_units(
    cast: dict[str, Account], version: FormVersion
) -> None:
    officer = cast["safety_officer"]
    inspected(officer, version)
    inspected(officer, version, GOOD | {"cables": "no"}, unit="W2", now=NOW + 20 * DAY)
    ids = [history.get_version(code, NOW.date()).unit_id for code in ("W1", "W2")]
    months = inspection_figures.months_to((NOW + 20 * DAY).date(), 2)

    found = inspection_figures.find(ids, months)[""]
    by_item = inspection_figures.find(ids, months, "code", version.form_id)

    assert [found[month].passed_weight for month in months] == [6, 5]
    assert by_item["cables"][months[1]].failed == 1
    assert inspection_figures.find_by_row({ids[0]: 7}, months)[7][months[0]].share == 1


@pytest.mark.parametrize(
    "table", ["inspection", "inspectionitem", "inspectionphoto", "pointvisit", "routepoint"]
)
def test_what_was_inspected_is_never_altered(cast: dict[str, Account], table: str) -> None:
    for statement in (f"DELETE FROM safety_{table}", f"TRUNCATE safety_{table}"):  # noqa: S608
        with (
            pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor
        ):  # fmt: skip
            cursor.execute(statement)
