"""Opening and ending duties, against the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import ProgrammingError

from taishan.core.duties import State
from taishan.duties import actions, counting, queries
from taishan.duties.actions import DutyRefused
from taishan.duties.models import Duty, Ending, Extension, Handover
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Unit
from tests.duties.building import DAY, HOUR, assign, owed
from tests.people import ACTOR, NOW

pytestmark = pytest.mark.django_db


def done(duty: Duty, after_h: float = 1, **more: object) -> Duty:
    return actions.discharge(actor=ACTOR, now=NOW + after_h * HOUR, duty=duty, **more)  # type: ignore[arg-type]


def test_the_same_is_owed_once_however_often_it_is_assigned(cast: dict[str, Account]) -> None:
    first = assign("W1")

    again = actions.assign(actor=ACTOR, now=NOW, owed=[owed("W1"), owed("W2")])

    assert [duty.unit_id for duty in again] == [Unit.objects.get(code="W2").pk]
    assert queries.find_of_subject("directive", 1).count() == 2
    assert queries.get_duty(first.unit_id, first.id).ended is None


def test_a_duty_is_done_with_who_when_and_what_shows_it(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    done(duty, after_h=3, evidence="12,000 masks counted")

    ending = queries.find_ending(duty)
    assert ending is not None
    assert (ending.state, ending.at, ending.reason, ending.by_label) == (
        State.ON_TIME, NOW + 3 * HOUR, "12,000 masks counted", "test",
    )  # fmt: skip
    assert queries.get_duty(duty.unit_id, duty.id).standing(NOW) is State.ON_TIME


def test_a_duty_that_needs_evidence_is_not_done_by_word_alone(cast: dict[str, Account]) -> None:
    duty = assign("W1", needs_evidence=True)

    with pytest.raises(DutyRefused, match="evidence"):
        done(duty, evidence=" ")


def test_a_parent_stays_open_while_a_child_is(cast: dict[str, Account]) -> None:
    parent = assign("W1")
    child = assign("W2", parent=parent)

    with pytest.raises(DutyRefused, match="beneath"):
        done(parent)
    with pytest.raises(DutyRefused, match="beneath"):
        actions.waive(actor=ACTOR, now=NOW, duty=parent, reason="no longer needed")

    actions.waive(actor=ACTOR, now=NOW, duty=child, reason="the site is closed")
    assert done(parent).ended == State.ON_TIME


def test_nothing_becomes_part_of_what_has_ended(cast: dict[str, Account]) -> None:
    parent = done(assign("W1"))

    with pytest.raises(DutyRefused, match="ended"):
        assign("W2", parent=parent)


def test_what_lapsed_is_missed_though_no_job_ran_and_cannot_be_done(
    cast: dict[str, Account],
) -> None:
    duty = assign("W1", lapses_at=NOW + 10 * HOUR)

    assert duty.standing(NOW + 10 * HOUR) is State.MISSED
    with pytest.raises(DutyRefused, match="stays missed"):
        done(duty, after_h=10)


def test_a_job_that_slept_for_days_writes_the_lapse_at_its_own_instant(
    cast: dict[str, Account],
) -> None:
    duty = assign("W1", lapses_at=NOW + 10 * HOUR)
    late = NOW + timedelta(days=5)

    assert actions.settle(actor=ACTOR, now=late) == 1
    assert actions.settle(actor=ACTOR, now=late) == 0

    ending = Ending.objects.get(duty_id=duty.id)
    assert (ending.state, ending.at, ending.recorded_at) == (
        State.MISSED, NOW + 10 * HOUR, late,
    )  # fmt: skip


def test_an_act_of_the_domain_discharges_what_was_owed_about_it(cast: dict[str, Account]) -> None:
    assign("W1", kind="unit_return", subject=("return", "4:2020-02-12"))
    assign("W1")

    n = actions.discharge_subject(
        actor=ACTOR, now=NOW + HOUR, kind="unit_return", subject=("return", "4:2020-02-12")
    )

    assert n == 1
    assert Duty.objects.filter(ended=None).count() == 1


def test_an_extension_keeps_what_was_before(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    later = actions.extend(
        actor=ACTOR, now=NOW, duty=duty, due_at=NOW + 20 * HOUR, reason="roads are shut"
    )

    assert later.due_at == NOW + 20 * HOUR
    with pytest.raises(DutyRefused, match="later hour"):
        actions.extend(actor=ACTOR, now=NOW, duty=duty, due_at=NOW + HOUR, reason="sooner")


def test_a_duty_passes_on_visibly(cast: dict[str, Account]) -> None:
    head, officer = cast["unit_head"].person_id, cast["safety_officer"].person_id
    duty = assign("W1", person_id=head)

    actions.hand_over(actor=ACTOR, now=NOW, duty=duty, person_id=officer, reason="on leave")

    assert not queries.find_open_of(head or 0, [], NOW.date()).exists()
    assert queries.find_open_of(officer or 0, [], NOW.date()).get().id == duty.id


def test_every_act_stands_in_the_ledger(cast: dict[str, Account]) -> None:
    duty = assign("W1")
    done(duty)

    verbs = Entry.objects.filter(subject_id=str(duty.id)).order_by("recorded_at")
    assert [entry.verb for entry in verbs] == ["duty.assigned", "duty.discharged"]


@pytest.mark.parametrize("rows", [Ending, Extension, Handover])
def test_what_became_of_a_duty_cannot_be_changed(
    cast: dict[str, Account], rows: type[Ending | Extension | Handover]
) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rows.objects.update(reason="")


def test_the_database_itself_refuses_a_part_that_could_be_missed(cast: dict[str, Account]) -> None:
    parent = assign("W1")

    with pytest.raises(IntegrityError, match="a_part_of_a_duty_stays_open"), transaction.atomic():
        assign("W2", parent=parent, lapses_at=NOW + 10 * HOUR)


def test_what_somebody_owes_already_is_not_handed_to_them_once_more(
    cast: dict[str, Account],
) -> None:
    assign("W1")
    part = assign("W1", person_id=cast["unit_head"].person_id)

    with pytest.raises(DutyRefused, match="the same already"):
        actions.hand_over(actor=ACTOR, now=NOW, duty=part, reason="on leave")


def test_of_many_waived_at_once_what_lapsed_stays_missed_and_no_open_child_is_passed_over(
    cast: dict[str, Account],
) -> None:
    parent = assign("W1", due_at=NOW + DAY)
    child = assign("W2", due_at=NOW + DAY, parent=parent)
    lapsed = assign("W1", due_at=NOW + HOUR, lapses_at=NOW + 2 * HOUR, subject=("plan", "1"))
    later = NOW + 3 * HOUR

    with pytest.raises(DutyRefused, match="beneath"):
        actions.waive_many(actor=ACTOR, now=later, duties=[parent], reason="over")
    assert (
        actions.waive_many(actor=ACTOR, now=later, duties=[parent, child, lapsed], reason="over")
        == 2
    )

    states = {one.id: one.standing(later) for one in Duty.objects.all()}
    assert states == {
        parent.id: State.WAIVED, child.id: State.WAIVED, lapsed.id: State.MISSED,
    }  # fmt: skip
    assert counting.find_differences() == []


@pytest.mark.usefixtures("cast")
def test_no_duty_is_due_when_no_reminder_could_be_reckoned_from_it() -> None:
    never = datetime(9999, 12, 31, 10, tzinfo=UTC)

    with pytest.raises(DutyRefused, match="2199"):
        assign(due_at=never)
    duty = assign()
    with pytest.raises(DutyRefused, match="2199"):
        actions.extend(actor=ACTOR, now=NOW, duty=duty, due_at=never, reason="Masks are late.")
