"""The risk register: graded by data, checked as duties, a failed check opens a hazard."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test.utils import CaptureQueriesContext

from taishan.core.risk_points import Level
from taishan.duties.models import Duty
from taishan.kit import clock, tables
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.organisation.models import Account
from taishan.safety import (
    risk_method_files,
    risk_methods,
    risk_queries,
    risk_sheet,
    risks,
)
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskCheck, RiskGrading, RiskMeasure, RiskPoint
from taishan.safety.risks import RiskRefused
from tests import people
from tests.safety.building import PNG, viewer
from tests.safety.registering import (
    ITEMS,
    REASSESS,
    SHIPPED,
    failed,
    measure,
    method,
    point,
    post,
    scored,
)  # fmt: skip
from tests.safety.test_stop_work import client

DAY = timedelta(days=1)
JUNE = (date(2020, 5, 31), date(2020, 6, 1))


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("starts: 320", "starts: 100", r"methods.0: .*worst level first"),
        ("code: matrix-5x5", "code: lec-cn", r"methods: .*each code once: lec-cn"),
    ],
)
def test_a_wrong_library_of_methods_is_explained_by_its_lines(
    right: str, wrong: str, message: str
) -> None:
    text = SHIPPED.read_text(encoding="utf-8")

    assert right in text
    with pytest.raises(LibraryInvalid, match=rf"m.yaml:\d+: {message}"):
        risk_method_files.parse(text.replace(right, wrong).encode(), "m.yaml")


def test_a_method_is_in_force_until_its_next_edition_begins(cast: dict[str, Account]) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    found = risk_method_files.parse(text.replace("2020-01-01", "2020-06-01").encode(), "m.yaml")
    entry = found.methods[0].model_copy(update={"note": None})
    later = found.model_copy(update={"methods": [entry, *found.methods[1:]]})
    method()

    done = [
        risk_methods.import_library(
            actor=people.ACTOR, now=people.NOW, on=people.NOW.date(), library=later
        )
        for _ in range(2)
    ]

    assert [len(one.changed) for one in done] == [1, 0]
    held = {day: risk_methods.find_methods(day).filter(code=entry.code).get() for day in JUNE}
    assert [one.note_en == "" for one in held.values()] == [False, True]


def test_a_point_is_graded_and_each_grading_stays_on_record(cast: dict[str, Account]) -> None:
    found = point(cast["safety_officer"])
    risks.regrade(
        actor=people.ACTOR, now=people.NOW, point=found,
        scored=scored({"L": 6, "E": 6, "C": 15}, reassess_on=REASSESS + DAY),
    )  # fmt: skip

    rows = list(found.gradings.order_by("number").values_list("value", "level"))
    assert rows == [(126, Level.GENERAL), (540, Level.MAJOR)]
    assert RiskPoint.objects.get(pk=found.pk).level == Level.MAJOR
    with pytest.raises(ProgrammingError), transaction.atomic():
        RiskGrading.objects.update(value=1)


def test_the_next_assessment_is_a_duty_that_the_next_grading_discharges(
    cast: dict[str, Account],
) -> None:
    found = point(cast["safety_officer"])
    (owed,) = Duty.objects.filter(kind="risk_review", ended=None)
    risks.regrade(actor=people.ACTOR, now=people.NOW, point=found, scored=scored())

    assert (owed.unit.code, owed.due_on) == ("W1", REASSESS)
    (later,) = Duty.objects.filter(kind="risk_review", ended=None)
    assert later.id != owed.id
    risks.close(actor=people.ACTOR, now=people.NOW, point=found, reason="Dismantled")
    assert not Duty.objects.filter(ended=None).exists()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"scores": {"L": 4, "E": 6, "C": 7}}, "L"),
        ({"reassess_on": people.NOW.date()}, "reassess_on"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_grading_that_cannot_be_is_refused_where_it_is_wrong(
    cast: dict[str, Account], change: dict[str, object], where: str
) -> None:
    found = point(cast["safety_officer"])

    with pytest.raises(RiskRefused) as refused:
        risks.regrade(
            actor=people.ACTOR,
            now=people.NOW,
            point=found,
            scored=scored(**change),  # type: ignore[arg-type]
        )
    assert refused.value.where == where


def test_a_code_is_given_once_in_a_unit(cast: dict[str, Account]) -> None:
    point(cast["safety_officer"])

    with pytest.raises(RiskRefused, match="of this code"):
        point(cast["safety_officer"])


def test_an_area_is_coloured_by_the_worst_of_its_points_as_they_stand(
    cast: dict[str, Account],
) -> None:
    officer, foreman = cast["safety_officer"], post(cast["employee"])
    low = {"L": 1.0, "E": 1.0, "C": 1.0}
    weak = point(officer, code="R-2", area="Camp", scores=low)
    point(officer, code="R-3", area="Camp", scores=low)
    point(officer)
    failed(cast["employee"], measure(officer, weak, foreman))

    areas = risk_queries.find_areas(
        risk_queries.find_standings(list(RiskPoint.objects.order_by("pk")))
    )

    seen = {one.name: (one.level, one.points, one.weakened) for one in areas}
    assert seen == {"Camp": (Level.GENERAL, 2, 1), "Block B": (Level.GENERAL, 1, 0)}


def test_the_register_costs_the_same_queries_however_many_points(
    cast: dict[str, Account],
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client(cast["duty_office"]).get("/safety/risks/")
        return len(asked)

    point(cast["safety_officer"])
    before = count()
    for number in range(2, 6):
        point(cast["safety_officer"], code=f"R-{number}", area=f"Area {number}")

    assert count() == before


def test_who_holds_the_post_checks_by_the_page_and_others_do_not(
    cast: dict[str, Account], media: Path
) -> None:
    officer = cast["safety_officer"]
    one = measure(officer, point(officer, "P1"), post(cast["employee"], "P1"), now=clock.now())
    address = f"/safety/risks/measures/{one.pk}/check/"
    sent = {"failed": [ITEMS[1]], "note": "No tag", "looks": "2"}
    photo = SimpleUploadedFile("seen.png", PNG)

    assert client(cast["inspector"]).get(address).status_code == 403
    assert client(cast["employee"]).post(address, sent | {"note": ""}).status_code == 422
    assert client(cast["employee"]).post(address, sent | {"photo": photo}).status_code == 302
    check = RiskCheck.objects.get()
    assert client(cast["employee"]).get(f"/safety/risks/checks/{check.pk}/photo/").content == PNG
    assert Hazard.objects.get().origin_id == str(check.pk)
    page = client(cast["employee"]).get(f"/safety/risks/{one.point_id}/").content.decode()
    assert "Weakened by an open hazard" in page


def test_a_point_is_entered_and_graded_anew_by_the_page(cast: dict[str, Account]) -> None:
    method()
    officer = client(cast["safety_officer"])
    sent = {
        "unit": "W1", "code": "R-9", "name": "Crane", "kind": "equipment", "area": "Yard",
        "harm": "a load falls", "L": "3", "E": "6", "C": "15", "reassess_on": "2030-01-01",
        "reason": "Assessed with the crew",
    }  # fmt: skip

    wrong = officer.post("/safety/risks/new/?method=lec-cn", sent | {"L": "4"})
    elsewhere = officer.post("/safety/risks/new/?method=lec-cn", sent | {"unit": "H1"})
    entered = officer.post("/safety/risks/new/?method=lec-cn", sent)
    found = RiskPoint.objects.get()
    again = {name: sent[name] for name in ("E", "C", "reassess_on", "reason")} | {"L": "6"}
    officer.post(f"/safety/risks/{found.pk}/gradings/", again)

    assert (wrong.status_code, entered.status_code) == (422, 302)
    assert elsewhere.context["form"].errors.keys() == {"unit"}
    assert "a load falls" in elsewhere.content.decode()
    assert list(found.gradings.order_by("number").values_list("value", flat=True)) == [270, 540]


def test_a_measure_set_by_the_page_is_owed_at_once_by_a_post_of_the_unit(
    cast: dict[str, Account],
) -> None:
    officer = cast["safety_officer"]
    found, foreman = point(officer), post(cast["employee"])
    other = measure(officer, point(officer, code="R-2"), foreman)
    sent = {
        "kind": "engineering", "text": "Rails", "post": foreman.pk, "rule": "FREQ=DAILY",
        "days": "1",
    }  # fmt: skip

    answer = client(officer).post(f"/safety/risks/{found.pk}/measures/", sent)

    (owed,) = Duty.objects.filter(kind="risk_check")
    assert (answer.status_code, owed.post) == (302, foreman)
    assert not owed.subject_id.startswith(f"{other.pk}:")


def test_no_door_lets_a_post_elsewhere_owe_the_checks(cast: dict[str, Account]) -> None:
    elsewhere = post(cast["employee"], "X1", "X1-F")

    with pytest.raises(RiskRefused) as refused:
        measure(cast["safety_officer"], point(cast["safety_officer"]), elsewhere)
    assert refused.value.where == "post"


def test_a_points_page_costs_the_same_queries_however_many_measures(
    cast: dict[str, Account],
) -> None:
    officer, foreman = cast["safety_officer"], post(cast["employee"])
    found = point(officer)

    def count() -> int:
        failed(cast["employee"], measure(officer, found, foreman))
        with CaptureQueriesContext(connection) as asked:
            client(cast["employee"]).get(f"/safety/risks/{found.pk}/")
        return len(asked)

    assert count() == count()


def test_the_register_goes_out_and_comes_in_as_it_was(cast: dict[str, Account]) -> None:
    measure(cast["safety_officer"], point(cast["safety_officer"]), post(cast["employee"]))
    day = people.NOW.date()
    out = risk_sheet.export(RiskPoint.objects.select_related("unit"), day)

    done = risk_sheet.import_register(
        viewer=viewer(cast["safety_officer"]), now=people.NOW, on=day, content=out
    )

    assert (done.created, done.changed, done.unchanged, done.errors) == (0, 0, 1, [])
    assert RiskMeasure.objects.count() == 1


def test_rows_of_a_file_that_contradict_each_other_grade_no_point_to_and_fro(
    cast: dict[str, Account],
) -> None:
    officer = cast["safety_officer"]
    of, who = point(officer), post(cast["employee"])
    measure(officer, of, who)
    measure(officer, of, who, text="A second one")
    day, column = people.NOW.date(), risk_sheet.HEADINGS.index("L")
    sheet = tables.read(
        risk_sheet.export(RiskPoint.objects.select_related("unit"), day),
        columns=risk_sheet.COLUMNS,
    )
    rows = [[row.values.get(name, "") for name in risk_sheet.HEADINGS] for row in sheet.rows]
    rows[1][column] = "10"

    done = risk_sheet.import_register(
        viewer=viewer(officer), now=people.NOW, on=day, mode="good_rows",
        content=tables.write_xlsx("risks", risk_sheet.HEADINGS, rows),
    )  # fmt: skip

    assert [(one.row, one.column) for one in done.errors] == [(3, "L")]
    assert of.gradings.count() == 1


def test_of_a_file_with_errors_the_good_rows_are_offered_and_each_error_has_its_cell(
    cast: dict[str, Account], media: Path
) -> None:
    method()
    post(cast["employee"])
    good = ["W1", "R-1", "Crane", "equipment", "Yard", "falls", "lec-cn", "3", "6", "15", "",
            "2030-01-01", "engineering", "Limiters", "W1-F", "FREQ=DAILY", "1", "hook"]  # fmt: skip
    bad = [
        ["HQ", *good[1:]], [good[0], "R-2", *good[2:7], "4", *good[8:]],
        [good[0], "R-3", *good[2:14], "none", *good[15:]],
    ]  # fmt: skip
    book = tables.write_xlsx("risks", risk_sheet.HEADINGS, [good, *bad])
    officer = client(cast["safety_officer"])

    tried = officer.post("/safety/risks/import/", {"file": io.BytesIO(book)})
    wrong = [(one.row, one.column) for one in tried.context["errors"]]
    assert (tried.status_code, RiskPoint.objects.count()) == (422, 0)
    assert wrong == [(3, "unit"), (4, "L"), (5, "post")]
    officer.post(f"/safety/risks/import/{tried.context['token']}/")

    assert list(RiskPoint.objects.values_list("code", flat=True)) == ["R-1"]
    assert RiskMeasure.objects.get().items == ["hook"]
