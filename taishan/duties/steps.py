"""What a unit adds to who is told when, and its working days."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import duty_kinds
from taishan.core.escalation import Hours, To
from taishan.duties.escalation_models import AddedStep, CalendarDay
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import UnitVersion


class StepRefused(ValueError):
    """A step that cannot be added; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A step as somebody asks for it; minutes after the hour, negative before it."""

    kind: str
    offset_min: int
    to: Collection[To]
    hours: Hours
    every_min: int | None = None
    times: int = 1


@transaction.atomic
def add(*, actor: Actor, now: datetime, unit_id: int, details: Details) -> AddedStep:
    """Tell more, or sooner, of a kind of duty of a unit and of all below it, from now on.

    Raises StepRefused. Costs a statement over what is open of the kind there.
    """
    if details.kind not in duty_kinds.KINDS or not details.to:
        raise StepRefused(_("Say of which kind of duty, and whom to tell."))
    if details.times > 1 and not details.every_min:
        raise StepRefused(_("Say how long to wait before telling again."))
    row = AddedStep.objects.create(
        unit_id=unit_id, kind=details.kind, offset_min=details.offset_min,
        to=sorted(details.to), hours=details.hours, times=details.times,
        every_min=details.every_min if details.times > 1 else None, added_at=now,
        added_by=actor.label,
    )  # fmt: skip
    _look_anew(unit_id, now, kind=details.kind)
    ledger.record(
        actor=actor, now=now, verb="escalation.step_added", unit_id=unit_id,
        subject=("escalation_step", str(row.pk)),
        data={"kind": row.kind, "offset_min": row.offset_min, "to": row.to},
    )  # fmt: skip
    return row


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, step: AddedStep) -> bool:
    """Let an added step tell no more; say whether it still did."""
    if not AddedStep.objects.filter(pk=step.pk, withdrawn_at=None).update(withdrawn_at=now):
        return False
    ledger.record(
        actor=actor, now=now, verb="escalation.step_withdrawn",
        subject=("escalation_step", str(step.pk)), unit_id=step.unit_id,
    )  # fmt: skip
    return True


@transaction.atomic
def say_of_day(
    *, actor: Actor, now: datetime, unit_id: int, day: date, works: bool, name: str
) -> None:
    """Say that a unit and those below work on a day, or do not, whatever was said before."""
    CalendarDay.objects.update_or_create(
        unit_id=unit_id, day=day, defaults={"works": works, "name": name}
    )
    _look_anew(unit_id, now)
    ledger.record(
        actor=actor, now=now, verb="calendar.day_said", unit_id=unit_id,
        subject=("calendar_day", f"{unit_id}:{day}"), data={"day": str(day), "works": works},
    )  # fmt: skip


def _look_anew(unit_id: int, now: datetime, **of: str) -> None:
    """Have open duties of the unit and those below looked at again: sooner may be due now."""
    units = UnitVersion.objects.filter(path__passes_through=unit_id).values("unit_id")
    later = Duty.objects.filter(unit_id__in=units, ended=None, **of).exclude(escalates_at__lte=now)
    later.filter(opened_at__lte=now).update(escalates_at=now)
