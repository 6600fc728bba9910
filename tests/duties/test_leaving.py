"""What a leaver owes does not vanish: it passes on, and says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.duties import leaving
from taishan.duties.models import Duty, Handover
from taishan.organisation import staffing
from taishan.organisation.models import Account, Person
from tests import jobs
from tests.duties.building import DAY, assign
from tests.people import ACTOR, FOUNDED, NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def worker(cast: dict[str, Account]) -> Person:
    person = staffing.hire(actor=ACTOR, now=NOW, on=FOUNDED, staff_no="A1", name="王芳", unit="W1")
    jobs.forget()
    return person


def test_a_leavers_duty_passes_to_the_unit_and_says_why(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, due_at=NOW + 30 * DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=TODAY, person=worker)
    jobs.run()

    handed = Handover.objects.get(duty_id=duty.id)
    assert (handed.from_person_id, handed.to_person_id, handed.to_post_id) == (
        worker.pk, None, None,
    )  # fmt: skip
    assert str(TODAY) in handed.reason
    assert Duty.objects.get(id=duty.id).person_id is None


def test_who_changes_unit_leaves_behind_what_they_owed_in_the_old_one_alone(
    worker: Person,
) -> None:
    here = assign("W1", person_id=worker.pk, due_at=NOW + 30 * DAY)
    there = assign("H1", person_id=worker.pk, due_at=NOW + 30 * DAY)

    staffing.transfer(actor=ACTOR, now=NOW, on=TODAY, person=worker, unit="X1")
    jobs.run()

    assert Duty.objects.get(id=here.id).person_id is None
    assert Duty.objects.get(id=there.id).person_id == worker.pk


def test_who_leaves_next_month_owes_until_then(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, due_at=NOW + 90 * DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=date(2020, 3, 1), person=worker)
    jobs.run()

    assert Duty.objects.get(id=duty.id).person_id == worker.pk
    later = NOW + timedelta(days=18)
    assert leaving.pass_on(actor=ACTOR, now=later, on=date(2020, 3, 1)) == 1


def test_what_was_missed_stays_with_whoever_missed_it(worker: Person) -> None:
    duty = assign("W1", person_id=worker.pk, lapses_at=NOW + DAY)

    staffing.leave(actor=ACTOR, now=NOW, on=TODAY, person=worker)
    leaving.pass_on(actor=ACTOR, now=NOW + 2 * DAY, on=TODAY + 2 * DAY)

    assert Duty.objects.get(id=duty.id).person_id == worker.pk


def test_who_owes_by_a_role_without_working_there_keeps_it(cast: dict[str, Account]) -> None:
    duty = assign("W1", person_id=cast["unit_head"].person_id, due_at=NOW + 30 * DAY)

    assert leaving.pass_on(actor=ACTOR, now=NOW, on=TODAY) == 0
    assert Duty.objects.get(id=duty.id).person_id is not None
