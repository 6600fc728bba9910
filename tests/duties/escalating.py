"""What the tests of escalation and of cases share."""

from __future__ import annotations

from datetime import datetime, timedelta

from taishan.core.escalation import Hours, To
from taishan.duties import actions, escalating, steps
from taishan.duties.case_models import Case
from taishan.duties.escalation_models import AddedStep
from taishan.kit.actor import Actor
from taishan.organisation.models import Unit
from tests.duties.building import assign
from tests.people import ACTOR, NOW

JOB = Actor(label="Taishan", door="job")


def work(now: datetime) -> int:
    """Do what the worker does at an instant; return how many duties it looked at."""
    while actions.settle(actor=JOB, now=now):
        pass
    looked = 0
    while found := escalating.look(actor=JOB, now=now):
        looked += found
    return looked


def w1_answers() -> Case:
    """Return the case of a directive that W1 has not carried out."""
    duty = assign("W1")
    work(duty.due_at + timedelta(days=3))
    return Case.objects.get(lapses__duty_id=duty.id)


def step_of_w1() -> AddedStep:
    """Return a step that W1 added: its inspectors are told a day before."""
    return steps.add(
        actor=ACTOR, now=NOW, unit_id=Unit.objects.get(code="W1").pk,
        details=steps.Details(
            kind="directive", offset_min=-24 * 60, to=[To.INSPECTOR], hours=Hours.WAKING
        ),
    )  # fmt: skip
