"""Criteria: recorded in versions, valid on days, and deciding the grade and whether work stops."""

from __future__ import annotations

from datetime import date

import pytest

from taishan.core.gate import Permission
from taishan.core.hazards import Cause, Grade, State
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.organisation.models import Account
from taishan.resumption import queries
from taishan.safety import hazard_criteria, hazard_criteria_files, hazards
from taishan.safety.hazard_criteria import CriterionRefused
from taishan.safety.hazard_forms import GradeForm
from taishan.safety.hazard_supervision import find_stop
from taishan.safety.models import StopWork
from tests.people import ACTOR, NOW
from tests.safety.building import ask, lift, viewer
from tests.safety.finding import found, graded_by, record_criteria

pytestmark = pytest.mark.django_db
LIBRARY = """
format: taishan-hazard-criteria/1
library: ours
title: {{en: Ours, zh: 我们的}}
criteria:
- code: bare-cable
  cause: electrical
  since: 2020-01-01
  until: 2020-03-01
  grade: {grade}
  stops: {stops}
  words: {{en: A bare cable, zh: 电缆裸露}}
  source: {{en: Rule of the group, zh: 集团规定}}
"""


def library(grade: str = "general", stops: str = "false") -> hazard_criteria_files.Library:
    text = LIBRARY.format(grade=grade, stops=stops)
    return hazard_criteria_files.parse(text.encode(), "ours.yaml")


@pytest.mark.parametrize(
    ("code", "day", "holds"),
    [
        ("trade-dust-shared-2017", date(2020, 2, 12), True),
        ("trade-dust-shared-2017", date(2023, 5, 14), True),
        ("trade-dust-shared-2017", date(2023, 5, 15), False),
        ("trade-dust-collector", date(2020, 2, 12), False),
        ("trade-dust-collector", date(2023, 5, 15), True),
        ("site-confined", date(2020, 2, 12), False),
    ],
)
def test_a_criterion_holds_from_a_day_until_a_day(code: str, day: date, *, holds: bool) -> None:
    record_criteria()

    assert hazard_criteria.find_in_force(day).filter(code=code).exists() is holds


def test_every_shipped_criterion_has_its_source_and_its_address() -> None:
    for entry in hazard_criteria_files.parse_shipped().criteria:
        assert entry.source.url, entry.code


def test_a_library_is_recorded_in_versions_and_the_latest_counts() -> None:
    first = hazard_criteria.import_library(actor=ACTOR, now=NOW, library=library())
    again = hazard_criteria.import_library(actor=ACTOR, now=NOW, library=library())
    second = hazard_criteria.import_library(actor=ACTOR, now=NOW, library=library("major"))

    in_force = hazard_criteria.find_in_force(NOW.date()).get(code="bare-cable")
    assert first is not None
    assert second is not None
    assert (first.number, again, second.number) == (1, None, 2)
    assert (in_force.version, in_force.grade) == (second, Grade.MAJOR)


def test_a_wrong_library_is_explained_by_line() -> None:
    with pytest.raises(LibraryInvalid, match=r"ours\.yaml:6: .*only a major hazard stops work"):
        library("general", "true")


def test_the_grade_and_the_cause_follow_from_the_criterion(cast: dict[str, Account]) -> None:
    graded = graded_by(cast["safety_officer"], found(cast["unit_head"]), "fire-exits", "")

    assert (graded.state, graded.grade, graded.cause) == (State.GRADED, Grade.MAJOR, Cause.FIRE)
    assert graded.acts.get(act="grade").data["library"] == "cn-hazard-criteria/1"


@pytest.mark.parametrize(
    ("criterion", "cause", "why"),
    [
        ("site-confined", "", "holds on this day"),
        ("general", "", "what kind of danger"),
        ("general", "gravity", "what kind of danger"),
        ("fire-exits", "food", "about another cause"),
    ],
)
def test_what_no_criterion_of_the_day_says_is_no_grade(
    cast: dict[str, Account], criterion: str, cause: str, why: str
) -> None:
    with pytest.raises(CriterionRefused, match=why):
        graded_by(cast["safety_officer"], found(cast["unit_head"]), criterion, cause)


def test_a_criterion_that_says_so_stops_the_work_at_the_unit_at_once(
    cast: dict[str, Account],
) -> None:
    officer = viewer(cast["safety_officer"])
    before = state(cast, "W1")

    hazard = graded_by(cast["safety_officer"], found(cast["unit_head"]), "fire-mixed", "")
    hazards.grade(viewer=officer, now=NOW, hazard=hazard, criterion="major-stop", cause="fire")

    assert (before, state(cast, "W1")) == (Permission.OPEN, Permission.SHUT)
    assert StopWork.objects.get() == find_stop(hazard)


def test_of_two_libraries_with_one_code_the_one_that_was_chosen_grades(
    cast: dict[str, Account],
) -> None:
    officer, hazard = cast["safety_officer"], found(cast["unit_head"])
    for code, grade in (("ours", "general"), ("theirs", "major")):
        one = library(grade).model_copy(update={"code": code})
        hazard_criteria.import_library(actor=ACTOR, now=NOW, library=one)

    offered = str(GradeForm(criteria=hazard_criteria.find_in_force(NOW.date()))["criterion"])
    with pytest.raises(CriterionRefused, match="ours/bare-cable, theirs/bare-cable"):
        graded_by(officer, hazard, "bare-cable")

    assert 'value="theirs/bare-cable"' in offered
    assert graded_by(officer, hazard, "theirs/bare-cable").grade == Grade.MAJOR


def test_work_is_stopped_again_where_the_stop_of_before_was_lifted(
    cast: dict[str, Account],
) -> None:
    officer = cast["safety_officer"]
    hazard = graded_by(officer, found(cast["unit_head"]), "fire-mixed", "")
    first = find_stop(hazard)
    assert first is not None
    lift(cast["duty_office"], ask(cast["unit_head"], first))

    graded_by(officer, hazard, "fire-mixed", "")

    again = find_stop(hazard)
    assert again is not None
    assert (again.lifted_at, again == first) == (None, False)


def state(cast: dict[str, Account], code: str) -> Permission:
    units = queries.find_units(viewer(cast["inspector"]), NOW.date(), codes=[code])
    return queries.find_verdicts(units, NOW.date())[0].verdict.state
