"""The loop of a hazard: each step, who may take it, and what it needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from taishan.core import hazards
from taishan.core.hazards import Act, Bar, Given, Grade, Part, Plan, Position, Record, State

NOW = datetime(2020, 2, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=5)
PLAN = Plan(
    post_id=1, measures="Replace the cable", money_cny=Decimal(0), due_at=LATER,
    contingency="Power off the bay",
)  # fmt: skip
ALL = Given(now=NOW, reason="Seen", has_evidence=True, plan=PLAN, due_at=LATER + timedelta(days=1))
ANYBODY = Position(manages=True, is_responsible=True, lists=True)
STEPS = {
    State.FOUND: {Act.GRADE, Act.DISMISS, Act.MERGE},
    State.GRADED: {Act.GRADE, Act.ASSIGN, Act.MERGE},
    State.ASSIGNED: {Act.GRADE, Act.ACCEPT, Act.RETURN},
    State.RECTIFYING: {Act.GRADE, Act.EXTEND, Act.RETURN, Act.SUBMIT},
    State.SUBMITTED: {Act.GRADE, Act.VERIFY, Act.RETURN},
    State.VERIFIED: {Act.CLOSE, Act.RETURN},
    State.CLOSED: set(),
    State.DISMISSED: set(),
    State.MERGED: set(),
}


def record(state: State, grade: Grade | None = Grade.GENERAL) -> Record:
    return Record(state=state, grade=grade, due_at=LATER)


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)))
def test_only_these_steps_lead_out_of_a_state(state: State, act: Act) -> None:
    bars = hazards.find_bars(act, record(state), ANYBODY, ALL)

    assert bars == (() if act in STEPS[state] else (Bar.NOT_NOW,))


@pytest.mark.parametrize(
    ("grade", "after"), [(Grade.GENERAL, State.CLOSED), (Grade.MAJOR, State.VERIFIED)]
)
def test_what_is_verified_is_closed_unless_it_is_major(grade: Grade, after: State) -> None:
    assert hazards.follow(record(State.SUBMITTED, grade), Act.VERIFY) is after


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.SUBMITTED, Act.VERIFY),
        (State.SUBMITTED, Act.RETURN),
        (State.VERIFIED, Act.CLOSE),
        (State.RECTIFYING, Act.EXTEND),
        (State.SUBMITTED, Act.GRADE),
        (State.GRADED, Act.MERGE),
    ],
)
def test_who_put_it_right_never_judges_it(state: State, act: Act) -> None:
    rectifier = Position(manages=True, is_responsible=True, lists=True, is_rectifier=True)

    assert hazards.find_bars(act, record(state), rectifier, ALL) == (Bar.IS_RECTIFIER,)


@pytest.mark.parametrize(
    ("state", "act", "grade", "position", "bar"),
    [
        (State.FOUND, Act.GRADE, None, "manages", Bar.NOT_THE_MANAGER),
        (State.GRADED, Act.ASSIGN, Grade.GENERAL, "manages", Bar.NOT_THE_MANAGER),
        (State.ASSIGNED, Act.ACCEPT, Grade.GENERAL, "is_responsible", Bar.NOT_RESPONSIBLE),
        (State.ASSIGNED, Act.RETURN, Grade.GENERAL, "is_responsible", Bar.NOT_RESPONSIBLE),
        (State.RECTIFYING, Act.SUBMIT, Grade.MAJOR, "is_responsible", Bar.NOT_RESPONSIBLE),
        (State.RECTIFYING, Act.EXTEND, Grade.GENERAL, "manages", Bar.NOT_THE_MANAGER),
        (State.RECTIFYING, Act.EXTEND, Grade.MAJOR, "lists", Bar.NOT_THE_LISTER),
        (State.SUBMITTED, Act.VERIFY, Grade.MAJOR, "manages", Bar.NOT_THE_MANAGER),
        (State.VERIFIED, Act.CLOSE, Grade.MAJOR, "lists", Bar.NOT_THE_LISTER),
        (State.VERIFIED, Act.RETURN, Grade.MAJOR, "lists", Bar.NOT_THE_LISTER),
    ],
)
def test_a_step_belongs_to_one_side(
    state: State, act: Act, grade: Grade | None, position: str, bar: Bar
) -> None:
    mine = {"manages": False, "is_responsible": False, "lists": False, position: True}
    others = {"manages": True, "is_responsible": True, "lists": True, position: False}

    assert hazards.find_bars(act, record(state, grade), Position(**mine), ALL) == ()
    assert hazards.find_bars(act, record(state, grade), Position(**others), ALL) == (bar,)


@pytest.mark.parametrize(
    ("act", "record_", "grade"),
    [
        (Act.GRADE, Record(state=State.SUBMITTED, grade=Grade.MAJOR), Grade.GENERAL),
        (Act.GRADE, Record(state=State.FOUND, holds=Grade.MAJOR), Grade.GENERAL),
        (Act.MERGE, Record(state=State.GRADED, grade=Grade.MAJOR), Grade.GENERAL),
        (Act.MERGE, Record(state=State.GRADED, grade=Grade.MAJOR), None),
        (Act.MERGE, Record(state=State.FOUND, holds=Grade.MAJOR), None),
    ],
)
def test_what_is_major_becomes_less_by_who_listed_it_alone_and_for_a_reason(
    act: Act, record_: Record, grade: Grade | None
) -> None:
    unit, lister = Position(manages=True), Position(manages=True, lists=True)
    less = Given(now=NOW, reason="Seen", grade=grade)
    as_bad = Given(now=NOW, reason="Seen", grade=Grade.MAJOR)

    assert hazards.find_bars(act, record_, unit, less) == (Bar.NOT_THE_LISTER,)
    assert hazards.find_bars(act, record_, lister, less) == ()
    assert hazards.find_bars(act, record_, lister, Given(now=NOW, grade=grade)) == (Bar.NO_REASON,)
    assert hazards.find_bars(act, record_, unit, as_bad) == ()


def test_what_holds_one_that_was_graded_is_not_dismissed() -> None:
    holding = Record(state=State.FOUND, holds=Grade.GENERAL)

    assert hazards.find_bars(Act.DISMISS, holding, ANYBODY, ALL) == (Bar.HOLDS_GRADED,)


@pytest.mark.parametrize(
    ("plan", "part"),
    [
        ({"post_id": None}, Part.POST),
        ({"measures": " "}, Part.MEASURES),
        ({"money_cny": None}, Part.MONEY),
        ({"money_cny": Decimal(-1)}, Part.MONEY),
        ({"due_at": None}, Part.DEADLINE),
        ({"contingency": ""}, Part.CONTINGENCY),
    ],
)
def test_nothing_is_assigned_before_all_five_are_there(plan: dict[str, object], part: Part) -> None:
    parts = {
        "post_id": 1, "measures": "m", "money_cny": Decimal(5), "due_at": LATER, "contingency": "c"
    }  # fmt: skip
    short = Plan(**(parts | plan))  # type: ignore[arg-type]
    given = Given(now=NOW, plan=short)

    assert short.find_missing() == (part,)
    assert hazards.find_bars(Act.ASSIGN, record(State.GRADED), ANYBODY, given) == (Bar.INCOMPLETE,)


@pytest.mark.parametrize(
    ("state", "act", "given", "bar"),
    [
        (State.FOUND, Act.DISMISS, {}, Bar.NO_REASON),
        (State.SUBMITTED, Act.VERIFY, {}, Bar.NO_REASON),
        (State.SUBMITTED, Act.RETURN, {"reason": " "}, Bar.NO_REASON),
        (State.RECTIFYING, Act.SUBMIT, {"reason": "Done"}, Bar.NO_EVIDENCE),
        (State.RECTIFYING, Act.EXTEND, {"reason": "Parts", "due_at": LATER}, Bar.NO_LATER),
        (State.RECTIFYING, Act.EXTEND, {"reason": "Parts"}, Bar.NO_LATER),
    ],
)
def test_a_step_needs_what_it_needs(
    state: State, act: Act, given: dict[str, object], bar: Bar
) -> None:
    bars = hazards.find_bars(act, record(state), ANYBODY, Given(now=NOW, **given))  # type: ignore[arg-type]

    assert bars == (bar,)


def test_what_is_late_is_extended_no_more() -> None:
    given = Given(now=LATER, reason="Parts", due_at=LATER + timedelta(days=9))

    bars = hazards.find_bars(Act.EXTEND, record(State.RECTIFYING), ANYBODY, given)

    assert bars == (Bar.OVERDUE,)


def test_a_major_hazard_is_listed_by_headquarters_and_a_general_one_by_its_unit() -> None:
    assert hazards.find_lister([1, 4, 9], Grade.MAJOR) == 1
    assert hazards.find_lister([1, 4, 9], Grade.GENERAL) == 9
