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

from taishan.core.hazards import Grade
from taishan.core.risk_points import Level
from taishan.duties.models import Duty
from taishan.kit import clock, tables
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.organisation.models import Account
from taishan.safety import (
    hazards,
    risk_checks,
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
from tests.safety import finding
from tests.safety.building import PNG, viewer
from tests.safety.registering import ITEMS, REASSESS, SHIPPED, measure, method, point, post, scored
from tests.safety.test_stop_work import client

DAY = timedelta(days=1)
JUNE = (date(2020, 5, 31), date(2020, 6, 1))


def standing(of: RiskPoint) -> risk_queries.Standing:
    return risk_queries.find_standings([RiskPoint.objects.get(pk=of.pk)])[0]


def failed(account: Account, of: RiskMeasure) -> Hazard:
    _row, hazard = risk_checks.check(
        actor=viewer(account).actor, now=people.NOW, measure=of, failed=ITEMS[:1], note="Two gone"
    )
    assert hazard is not None
    return hazard


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


def test_a_check_is_owed_by_its_post_on_each_day_and_done_by_looking(
    cast: dict[str, Account],
) -> None:
    foreman = post(cast["employee"])
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), foreman)
    at = people.NOW + timedelta(hours=1)

    assert risk_checks.open_checks(actor=people.ACTOR, now=at) == 1
    assert risk_checks.open_checks(actor=people.ACTOR, now=at) == 0
    owed = Duty.objects.get(kind="risk_check")
    assert (owed.post, owed.address) == (foreman, f"/safety/risks/measures/{one.pk}/check/")
    risk_checks.check(actor=viewer(cast["employee"]).actor, now=at, measure=one, failed=())
    assert risk_checks.open_checks(actor=people.ACTOR, now=at + DAY) == 1

    assert [str(d.ended) for d in Duty.objects.filter(kind="risk_check").order_by("due_at")] == [
        "on_time", "None",
    ]  # fmt: skip
    assert not Hazard.objects.exists()


def test_the_job_reads_only_the_measures_whose_check_begins(cast: dict[str, Account]) -> None:
    of, foreman = point(cast["safety_officer"]), post(cast["employee"])
    daily, yearly = (
        measure(cast["safety_officer"], of, foreman, rule=f"FREQ={often}")
        for often in ("DAILY", "YEARLY")
    )

    def read(at: timedelta) -> tuple[list[RiskMeasure], int]:
        due = list(risk_checks.find_due(people.NOW + at))
        return due, risk_checks.open_checks(actor=people.ACTOR, now=people.NOW + at)

    assert read(timedelta(hours=1)) == ([daily, yearly], 2)
    assert read(timedelta(hours=2)) == ([], 0)
    assert read(DAY) == ([daily], 1)
    assert read(366 * DAY) == ([daily, yearly], 366), "what was slept through too"
    risks.close(actor=people.ACTOR, now=people.NOW + 366 * DAY, point=of, reason="Dismantled")
    assert read(400 * DAY) == ([], 0)


def test_what_is_opened_late_of_a_point_that_was_closed_meanwhile_is_nothing(
    cast: dict[str, Account],
) -> None:
    of = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], of, post(cast["employee"]))
    risks.close(actor=people.ACTOR, now=people.NOW, point=of, reason="Dismantled")
    risk_checks.open_first(actor=people.ACTOR, now=people.NOW, measure=one)
    RiskMeasure.objects.filter(pk=one.pk, opens_at=None).update(opens_at=people.NOW)

    assert risk_checks.open_checks(actor=people.ACTOR, now=people.NOW + DAY) == 0
    assert not Duty.objects.filter(ended=None).exists()


def test_a_measure_that_holds_no_more_is_checked_no_more(cast: dict[str, Account]) -> None:
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), post(cast["employee"]))
    at = people.NOW + DAY
    risk_checks.open_checks(actor=people.ACTOR, now=at)
    risks.end_measure(
        actor=people.ACTOR, now=at, measure=one, on=at.date(), reason="Replaced by a rail"
    )
    risk_checks.open_checks(actor=people.ACTOR, now=at + DAY)

    with pytest.raises(RiskRefused, match="holds no more"):
        risk_checks.check(actor=people.ACTOR, now=at, measure=one, failed=())
    ended = Duty.objects.filter(kind="risk_check").order_by("due_at")
    # Yesterday's was missed before; nothing is owed for the day after.
    assert [str(duty.standing(at + DAY)) for duty in ended] == ["missed", "waived"]


def test_a_failed_check_opens_a_hazard_that_names_the_measure_that_failed(
    cast: dict[str, Account],
) -> None:
    one = measure(cast["safety_officer"], point(cast["safety_officer"]), post(cast["employee"]))
    hazard = failed(cast["employee"], one)

    check = risk_queries.find_failed_check(hazard)
    assert check is not None
    assert (check.measure, check.failed) == (one, ["wall ties"])
    assert (hazard.unit.code, hazard.area) == ("W1", "Block B")
    assert "wall ties" in hazard.text
    page = client(cast["safety_officer"]).get(f"/safety/hazards/{hazard.pk}/").content.decode()
    assert f"/safety/risks/{one.point_id}/" in page


def test_an_open_hazard_shows_the_point_as_weakened_until_it_is_ended(
    cast: dict[str, Account],
) -> None:
    found = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], found, post(cast["employee"]))
    before = standing(found)
    hazard = failed(cast["employee"], one)
    during = standing(found)
    finding.graded(cast["safety_officer"], hazard, Grade.MAJOR)
    major = standing(found)

    assert (before.current, before.is_weakened) == (Level.GENERAL, False)
    assert (during.current, list(during.open_hazards)) == (Level.LARGER, [one.pk])
    assert major.current is Level.MAJOR
    other = failed(cast["employee"], one)
    Hazard.objects.filter(pk=hazard.pk).update(state="dismissed", ended_at=people.NOW)
    hazards.dismiss(viewer=viewer(cast["safety_officer"]), now=people.NOW, hazard=other, reason="-")
    assert standing(found).current is Level.GENERAL


def test_a_hazard_merged_into_an_open_one_weakens_its_measure_all_the_same(
    cast: dict[str, Account],
) -> None:
    found = point(cast["safety_officer"])
    one = measure(cast["safety_officer"], found, post(cast["employee"]))
    hazard, other = failed(cast["employee"], one), finding.found(cast["employee"])
    hazards.merge(
        viewer=viewer(cast["safety_officer"]), now=people.NOW, hazard=hazard, into=other,
        reason="the same",
    )  # fmt: skip

    assert standing(found).open_hazards == {one.pk: [other]}


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
    entered = officer.post("/safety/risks/new/?method=lec-cn", sent)
    found = RiskPoint.objects.get()
    again = {name: sent[name] for name in ("E", "C", "reassess_on", "reason")} | {"L": "6"}
    officer.post(f"/safety/risks/{found.pk}/gradings/", again)

    assert (wrong.status_code, entered.status_code) == (422, 302)
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
