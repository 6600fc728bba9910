"""Planning inspections: which unit, by which checklist, by whom, how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import schedules
from taishan.core.schedules import ScheduleRefused
from taishan.duties import actions as duties
from taishan.forms.models import Form
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Post, UnitVersion
from taishan.safety import inspection_due
from taishan.safety.inspection_models import InspectionPlan, Route, marks

SUBJECT = "inspection_plan"


class PlanRefused(ValueError):
    """The plan cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is planned. ``rule`` is of RFC 5545, counted from ``starts``; ``due_at`` is the local
    time of the unit inspected on the last of ``days``."""

    unit: UnitVersion
    by: UnitVersion
    form: Form
    rule: str
    starts: date
    days: int = 1
    due_at: time = time(18)
    lapses_after_days: int = 0
    post: Post | None = None
    route: Route | None = None
    is_surprise: bool = False


@transaction.atomic
def make(*, actor: Actor, now: datetime, terms: Terms) -> InspectionPlan:
    """Plan inspections of a unit; what has begun is owed at once. Raises PlanRefused.

    The ledger writes it down with the unit that inspects, so that nobody announces what is not to
    be announced.
    """
    _refuse(terms)
    plan = InspectionPlan.objects.create(
        unit_id=terms.unit.unit_id, by_id=terms.by.unit_id, post=terms.post, form=terms.form,
        route=terms.route, is_surprise=terms.is_surprise, rule=terms.rule, starts=terms.starts,
        days=terms.days, due_at=terms.due_at, lapses_after_days=terms.lapses_after_days,
        made_at=now,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="inspection.plan_made", subject=(SUBJECT, str(plan.pk)),
        unit_id=plan.by_id,
        data={
            "unit": plan.unit_id, "form": terms.form.code, "rule": plan.rule,
            "is_surprise": plan.is_surprise,
        },
    )  # fmt: skip
    inspection_due.open_plan(actor=actor, now=now, plan=plan)
    return plan


def _refuse(terms: Terms) -> None:
    if not terms.form.is_checklist:
        raise PlanRefused(_("This form is no checklist."))
    if str(terms.by.unit_id) not in terms.unit.path.split("."):
        raise PlanRefused(_("A unit is inspected by itself or by a unit above it."))
    if terms.is_surprise and terms.by.unit_id == terms.unit.unit_id:
        raise PlanRefused(_("A unit cannot surprise itself: a unit above inspects unannounced."))
    if terms.post is not None and terms.post.unit_id != terms.by.unit_id:
        raise PlanRefused(_("The post belongs to another unit than the one that inspects."))
    if terms.route is not None and terms.route.unit_id != terms.unit.unit_id:
        raise PlanRefused(_("The route belongs to another unit."))
    try:
        schedules.refuse_rule(terms.rule, terms.starts)
    except ScheduleRefused:
        message = _("This is no rule such as FREQ=WEEKLY;BYDAY=MO, or has no day from its first.")
        raise PlanRefused(message) from None
    try:
        marks(terms.days, terms.due_at, terms.lapses_after_days).refuse_disorder()
    except ScheduleRefused:
        raise PlanRefused(_("It would fall due as it opens: give it an hour or a day.")) from None


@transaction.atomic
def end(*, actor: Actor, now: datetime, plan: InspectionPlan) -> None:
    """End a plan; what is open of it is asked for no longer. Raises PlanRefused."""
    if not InspectionPlan.objects.filter(pk=plan.pk, ended_at=None).update(ended_at=now):
        raise PlanRefused(_("This plan has been ended already."))
    duties.waive_many(
        actor=actor, now=now, duties=inspection_due.find_open([plan]),
        reason=_("The plan was ended."),
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="inspection.plan_ended", subject=(SUBJECT, str(plan.pk)),
        unit_id=plan.by_id,
    )  # fmt: skip
