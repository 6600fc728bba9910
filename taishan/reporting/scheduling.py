"""Saying who owes which form, how often and by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import schedules
from taishan.core.schedules import Mark, Marks
from taishan.forms.models import Form
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import shifts
from taishan.organisation.models import Shift, Unit
from taishan.reporting.models import Schedule


class ScheduleRefused(ValueError):
    """The schedule cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """A schedule: codes of its form and of the unit at the top of the subtree that owes it.

    ``rule`` is an RFC 5545 recurrence counted from ``starts``, each time of ``days_on`` periods;
    ``until`` the first day on which the schedule no longer holds; ``skipped`` days on which nothing
    is owed. ``shift`` names the shift of the unit whose schedule it is; empty: of everybody.
    """

    form: str
    unit: str
    owed_by: Schedule.OwedBy
    marks: Marks
    starts: date
    rule: str = "FREQ=DAILY"
    days_on: int = 1
    until: date | None = None
    skipped: frozenset[date] = frozenset()
    shift: str = ""


@transaction.atomic
def add_schedule(*, actor: Actor, now: datetime, details: Details) -> Schedule:
    """Record a schedule, and its shift where there was none of that name.

    Raises ScheduleRefused, Form.DoesNotExist and Unit.DoesNotExist.
    """
    schedule = drafted(details)
    if schedule.shift and schedule.shift.pk is None:
        schedule.shift, _is_new = Shift.objects.get_or_create(
            unit=schedule.unit, name=details.shift
        )
    schedule.save(force_insert=True)
    _note(actor, now, "schedule.added", schedule, rule=details.rule, starts=str(details.starts))
    return schedule


def drafted(details: Details) -> Schedule:
    """Return the schedule as it would be recorded, not yet saved. Raises as ``add_schedule``."""
    form = Form.objects.get(code=details.form)
    _refuse(details, form)
    unit = Unit.objects.get(code=details.unit)
    return Schedule(
        form=form,
        unit=unit,
        owed_by=details.owed_by,
        shift=_shift(unit, details.shift),
        rule=details.rule,
        days_on=details.days_on,
        starts=details.starts,
        until=details.until,
        skipped=sorted(details.skipped),
        **_columns(details.marks),
    )


def _shift(unit: Unit, name: str) -> Shift | None:
    """Return the unit's shift of the name, as yet unsaved where there is none."""
    known = Shift.objects.filter(unit=unit, name=name).first()
    return known or (Shift(unit=unit, name=name) if name else None)


@transaction.atomic
def change_schedule(
    *, actor: Actor, now: datetime, schedule: Schedule, details: Details
) -> Schedule:
    """Let another schedule hold from the first day of ``details`` on; return it.

    What was owed before that day stays owed as it was. Raises ScheduleRefused for another form,
    unit or shift, and where the schedule does not hold on that day (any more).
    """
    locked = Schedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    following = drafted(details)
    if _whose(following) != _whose(locked):
        raise ScheduleRefused(_("Another form, unit or shift has a schedule of its own."))
    if details.starts < locked.starts or _is_over(locked, details.starts):
        raise ScheduleRefused(_("It does not hold on that day: it was changed or ended meanwhile."))
    locked.until = details.starts
    locked.save(update_fields=["until"])
    following.save(force_insert=True)
    _note(
        actor, now, "schedule.changed", following, rule=details.rule, starts=str(details.starts),
        before=str(locked.pk),
    )  # fmt: skip
    return following


def _whose(schedule: Schedule) -> tuple[int, int, int | None]:
    return schedule.form_id, schedule.unit_id, schedule.shift_id


def _is_over(schedule: Schedule, day: date) -> bool:
    return schedule.until is not None and day >= schedule.until


@transaction.atomic
def end_schedule(*, actor: Actor, now: datetime, schedule: Schedule, until: date) -> None:
    """End a schedule on a day, from which nothing is owed by it; earlier periods stay owed.

    Raises ScheduleRefused for a day before its first, or one that is later than its end.
    """
    locked = Schedule.objects.select_for_update().get(pk=schedule.pk)
    if until < locked.starts or (locked.until is not None and until > locked.until):
        raise ScheduleRefused(_("A schedule ends after its first day, and once."))
    locked.until = until
    locked.save(update_fields=["until"])
    _note(actor, now, "schedule.ended", locked, until=str(until))


@transaction.atomic
def end_shift(*, actor: Actor, now: datetime, shift: Shift, until: date) -> None:
    """End a shift on a day: who works it, and its schedules; earlier periods stay owed.

    Raises organisation.history.OrganisationRefused for a day that is over.
    """
    shifts.clear(actor=actor, now=now, shift=shift, on=until)
    for schedule in Schedule.objects.filter(shift=shift).exclude(until__lte=until):
        ends = max(until, schedule.starts)
        end_schedule(actor=actor, now=now, schedule=schedule, until=ends)


def why(refused: schedules.ScheduleRefused) -> str:
    """Say why the core refuses a schedule."""
    return {
        "rule": _("This is no rule such as FREQ=WEEKLY;BYDAY=MO, or has no day from its first."),
        "hours": _("The rule names days; the hours are said apart."),
        "order": _("A report opens, is due, is late and is closed, in this order."),
    }[str(refused)]


def _refuse(details: Details, form: Form) -> None:
    try:
        schedules.refuse_rule(details.rule, details.starts)
        details.marks.refuse_disorder()
    except schedules.ScheduleRefused as refused:
        raise ScheduleRefused(why(refused)) from refused
    if form.is_checklist:
        raise ScheduleRefused(_("This form is a checklist: plan inspections by it instead."))
    is_of_people = details.owed_by == Schedule.OwedBy.PEOPLE
    if is_of_people != (form.subject == Form.Subject.PERSON):
        raise ScheduleRefused(_("The form is about %s.") % form.get_subject_display())
    if details.shift and not is_of_people:
        raise ScheduleRefused(_("People alone work shifts."))
    if details.until is not None and details.until < details.starts:
        raise ScheduleRefused(_("A schedule ends after its first day, and once."))


def _columns(marks: Marks) -> dict[str, object]:
    columns: dict[str, object] = {}
    for name in ("opens", "due", "late", "closes"):
        mark: Mark = getattr(marks, name)
        columns |= {f"{name}_day": mark.day, f"{name}_at": mark.at}
    return columns


def _note(actor: Actor, now: datetime, verb: str, schedule: Schedule, **data: str) -> None:
    shift = {"shift": schedule.shift.name} if schedule.shift else {}
    ledger.record(
        actor=actor,
        now=now,
        verb=verb,
        subject=("schedule", str(schedule.pk)),
        unit_id=schedule.unit_id,
        data=data | {"form": schedule.form.code} | shift,
    )
