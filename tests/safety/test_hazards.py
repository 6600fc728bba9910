"""Hazards from found to closed, by the actions behind every door."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction

from taishan.core.duties import State as DutyState
from taishan.core.hazards import Act, Bar, Grade, Plan, State
from taishan.duties.models import Duty
from taishan.ledger.models import Entry
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import hazard_reports, hazards
from taishan.safety.hazard_models import Hazard, HazardAct
from taishan.safety.hazard_reports import Report, Seen
from taishan.safety.hazards import HazardRefused
from tests.people import NOW
from tests.safety.building import viewer
from tests.safety.finding import (
    DAY,
    DEADLINE,
    assigned,
    found,
    found_with_code,
    graded,
    photo,
    post_of,
    submitted,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def owed(hazard: Hazard) -> list[Duty]:
    rows = Duty.objects.filter(subject_kind="hazard", subject_id__startswith=f"{hazard.pk}:")
    return list(rows.filter(ended=None))


@pytest.fixture
def rectifying(cast: dict[str, Account]) -> Hazard:
    """A hazard at W1 that the employee puts right, in the post of the fitter."""
    officer, fitter = cast["safety_officer"], cast["employee"]
    hazard = assigned(officer, graded(officer, found(fitter)), post_of(fitter))
    return hazards.accept(viewer=viewer(fitter), now=NOW, hazard=hazard)


def test_a_hazard_is_found_put_right_returned_and_closed(
    cast: dict[str, Account], rectifying: Hazard
) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    submitted(fitter, rectifying)
    hazards.give_back(viewer=viewer(officer), now=NOW, hazard=rectifying, reason="No cover")
    submitted(fitter, rectifying, NOW + DAY)
    closed = hazards.verify(
        viewer=viewer(officer), now=NOW + DAY, hazard=rectifying, reason="Seen", photos=[photo()]
    )

    steps = HazardAct.objects.filter(hazard=closed).order_by("number")
    assert closed.state == State.CLOSED
    assert owed(closed) == []
    assert [step.act for step in steps] == [
        Act.FIND, Act.GRADE, Act.ASSIGN, Act.ACCEPT, Act.SUBMIT, Act.RETURN, Act.SUBMIT, Act.VERIFY
    ]  # fmt: skip
    assert steps[6].photos.get().name == "after.png"


def test_whoever_acts_next_owes_it(cast: dict[str, Account], rectifying: Hazard) -> None:
    fitter = cast["employee"]
    [duty] = owed(rectifying)

    assert (duty.kind, duty.post_id, duty.due_at) == (
        "rectification", rectifying.post_id, DEADLINE
    )  # fmt: skip

    submitted(fitter, rectifying)
    duty.refresh_from_db()
    [next_one] = owed(rectifying)

    assert duty.ended == DutyState.ON_TIME
    assert (next_one.kind, next_one.unit_id) == ("hazard_step", rectifying.unit_id)


def test_more_time_is_more_time_for_what_is_owed(
    cast: dict[str, Account], rectifying: Hazard
) -> None:
    later = DEADLINE + DAY

    hazards.extend(
        viewer=viewer(cast["unit_head"]), now=NOW, hazard=rectifying, due_at=later, reason="Parts"
    )

    [duty] = owed(rectifying)
    assert duty.due_at == later


def test_a_short_deadline_is_the_hour_of_what_is_owed(cast: dict[str, Account]) -> None:
    officer, fitter = cast["safety_officer"], cast["employee"]
    hazard, soon = graded(officer, found(fitter)), NOW + 3 * HOUR
    plan = Plan(
        post_id=post_of(fitter).pk, measures="Cover it", money_cny=Decimal(0), due_at=soon,
        contingency="Power off the bay",
    )  # fmt: skip

    hazards.assign(viewer=viewer(officer), now=NOW, hazard=hazard, plan=plan)
    [to_accept] = owed(hazard)
    hazards.accept(viewer=viewer(fitter), now=NOW, hazard=hazard)
    [to_put_right] = owed(hazard)

    assert (to_accept.due_at, to_put_right.due_at) == (soon, soon)


def test_what_came_back_has_a_day_and_keeps_it_when_its_hour_moves_within(
    cast: dict[str, Account], rectifying: Hazard
) -> None:
    officer, late = viewer(cast["safety_officer"]), DEADLINE - HOUR
    submitted(cast["employee"], rectifying)
    hazards.give_back(viewer=officer, now=late, hazard=rectifying, reason="No cover")

    hazards.extend(
        viewer=officer, now=late, hazard=rectifying, due_at=DEADLINE + HOUR, reason="Parts"
    )

    [duty] = owed(rectifying)
    assert duty.due_at == late + DAY


def test_who_put_it_right_does_not_verify_it_in_whatever_role(cast: dict[str, Account]) -> None:
    officer = cast["safety_officer"]
    hazard = assigned(officer, graded(officer, found(officer)), post_of(officer))
    hazards.accept(viewer=viewer(officer), now=NOW, hazard=hazard)
    submitted(officer, hazard)

    with pytest.raises(HazardRefused) as refused:
        hazards.verify(viewer=viewer(officer), now=NOW, hazard=hazard, reason="Seen")

    assert refused.value.bars == (Bar.IS_RECTIFIER,)
    assert hazards.verify(
        viewer=viewer(cast["unit_head"]), now=NOW, hazard=hazard, reason="Seen"
    ).ended_at == NOW  # fmt: skip


def test_a_major_hazard_is_closed_by_headquarters_alone(cast: dict[str, Account]) -> None:
    officer, head, office = cast["safety_officer"], cast["unit_head"], cast["duty_office"]
    hazard = graded(officer, found(officer), Grade.MAJOR)
    fitter = cast["employee"]
    assigned(officer, hazard, post_of(fitter))
    hazards.accept(viewer=viewer(fitter), now=NOW, hazard=hazard)
    submitted(fitter, hazard)
    hazards.verify(viewer=viewer(head), now=NOW, hazard=hazard, reason="Seen")

    with pytest.raises(HazardRefused) as refused:
        hazards.close(viewer=viewer(head), now=NOW, hazard=hazard, reason="Seen")

    assert refused.value.bars == (Bar.NOT_THE_LISTER,)
    closed = hazards.close(viewer=viewer(office), now=NOW, hazard=hazard, reason="Seen on site")
    assert closed.state == State.CLOSED


def test_a_report_without_a_name_leaves_no_trace_of_anybody(cast: dict[str, Account]) -> None:
    hazard, code = found_with_code(None)

    step = hazard.acts.get()
    entry = Entry.objects.get(verb="hazard.find")
    assert hazard.reporter_id is None
    assert step.by_id is None
    assert (entry.actor_label, entry.account_id) == ("—", None)
    assert Hazard.objects.get(receipt=hazard_reports.digest(code)) == hazard
    assert code not in {str(value) for value in vars(hazard).values()}


def test_a_report_sent_twice_is_one(cast: dict[str, Account]) -> None:
    hazard = found(cast["employee"], "P1")
    version = hazard.unit.versions.get()
    seen = Seen(text="again", looks=1)

    again, code = hazard_reports.report(
        Report(actor=None, now=NOW, version=version, key=hazard.key, seen=seen)
    )

    assert (again, code) == (hazard, "")
    assert Hazard.objects.count() == 1


def test_many_reports_cost_no_more_statements_than_one(
    cast: dict[str, Account], django_assert_num_queries: Any
) -> None:
    unit = history.get_version("W1", NOW.date())
    reports = [
        Report(
            actor=viewer(account).actor, now=NOW, version=unit, key=uuid4(),
            seen=Seen(text="A bare cable", looks=2, photos=[photo()]),
        )
        for account in cast.values()
    ]  # fmt: skip

    savepoint = 2
    with django_assert_num_queries(10 + savepoint):
        made = hazard_reports.report_all(reports)
    with django_assert_num_queries(3 + savepoint):
        again = hazard_reports.report_all(reports)

    assert [row.reporter for row, _code in made] == list(cast.values())
    assert again == made


def test_a_report_goes_on_in_another_of_its_unit(cast: dict[str, Account]) -> None:
    officer = viewer(cast["safety_officer"])
    first, second = found(cast["employee"]), found(cast["unit_head"])
    elsewhere = found(cast["employee"], "P1")

    merged = hazards.merge(viewer=officer, now=NOW, hazard=second, into=first, reason="Same cable")

    assert (merged.state, merged.merged_into) == (State.MERGED, first)
    assert owed(merged) == []
    with pytest.raises(HazardRefused):
        hazards.merge(viewer=officer, now=NOW, hazard=first, into=elsewhere, reason="Same")


def test_what_goes_on_in_a_hazard_goes_on_with_it(cast: dict[str, Account]) -> None:
    officer = viewer(cast["safety_officer"])
    first, second, third = (found(cast["employee"]) for _number in range(3))
    hazards.merge(viewer=officer, now=NOW, hazard=first, into=second, reason="Same cable")

    hazards.merge(viewer=officer, now=NOW, hazard=second, into=third, reason="Same cable")

    carried = Entry.objects.get(verb="hazard.carried_on")
    assert set(third.merged.all()) == {first, second}
    assert (carried.subject_id, carried.data) == (
        str(first.pk), {"merged_into_id": str(third.pk)}
    )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE safety_hazardact SET reason = 'x'",
        "DELETE FROM safety_hazardphoto",
        "DELETE FROM safety_hazard",
    ],
)
def test_the_application_cannot_change_what_was_done(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)
