"""Inspections that are owed: each occurrence of a plan is a duty, done by the inspection itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Func, Q, Value
from django.urls import reverse

from taishan.core.duties import State
from taishan.core.schedules import Window
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.duties.matrix_models import Reached
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import inspection_hindrances, inspection_rights, inspection_routes
from taishan.safety.inspection_models import Inspection, InspectionPlan
from taishan.safety.inspection_rights import KIND, SUBJECT

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """When somebody inspected, on which plan as they say, if on any, and what tells the points at
    which they were, which is asked where there is a choice."""

    at: datetime
    find_points: Callable[[], Collection[int]]
    plan_id: int | None = None


def open_occurrences(*, actor: Actor, now: datetime) -> int:
    """Open every occurrence that has begun and was not opened yet; return how many duties are new.

    A worker that slept opens what it slept through too: that is missed at its own instant. What was
    over before its plan was made is owed by nobody, and so is what cannot be done: by a checklist
    that is retired, at a unit that is closed or gone from under the one that inspects.
    """
    plans = InspectionPlan.objects.filter(ended_at=None).select_related("form", "post")
    return sum(open_plan(actor=actor, now=now, plan=plan) for plan in plans.order_by("pk"))


@transaction.atomic
def open_plan(*, actor: Actor, now: datetime, plan: InspectionPlan) -> int:
    """Open one plan's, unless it has ended meanwhile; a second worker waits here, and so does
    whoever ends it."""
    if not _lock(plan):
        return 0
    what = f"{SUBJECT}:{plan.pk}"
    reached, _is_new = Reached.objects.get_or_create(
        what=what, defaults={"until": plan.made_at - plan.length - DAY}
    )
    owed = list(_owed(plan, reached.until, now))
    Reached.objects.filter(what=what).update(until=now)
    return len(duties.assign(actor=actor, now=now, owed=owed))


def _lock(plan: InspectionPlan) -> bool:
    """Hold a plan until the transaction ends; tell whether it is in force."""
    rows = InspectionPlan.objects.select_for_update(no_key=True).filter(pk=plan.pk, ended_at=None)
    return bool(rows.values_list("pk"))


def _owed(plan: InspectionPlan, since: datetime, now: datetime) -> Iterator[Owed]:
    schedule = plan.schedule
    for day in schedule.between(since.date() - DAY, now.date() + 2 * DAY):
        versions = UnitVersion.objects.filter(unit_id=plan.unit_id, valid__contains=day)
        unit = versions.select_related("unit").first()
        if unit is None or not inspection_hindrances.is_below(plan, unit.path):
            continue
        window = schedule.window(day, unit.time_zone)
        is_new = since < window.opens <= now and window.due > plan.made_at
        if is_new and inspection_hindrances.was_in_force(plan, window):
            yield _occurrence(plan, unit, day, window)


def _occurrence(plan: InspectionPlan, unit: UnitVersion, day: date, window: Window) -> Owed:
    what_en, what_zh, address = _words(plan, unit)
    return Owed(
        unit_id=plan.post.unit_id if plan.post else plan.by_id, post_id=plan.post_id,
        creditor_id=plan.by_id, kind=KIND, subject=(SUBJECT, f"{plan.pk}:{day}"),
        what_en=what_en, what_zh=what_zh, address=address,
        opened_at=window.opens, due_at=window.due, lapses_at=window.closes,
    )  # fmt: skip


def _words(plan: InspectionPlan, unit: UnitVersion) -> tuple[str, str, str]:
    """Return what is owed in both languages and the page to do it on.

    Of what nobody announces neither says where: duties of the unit that inspects are seen by more
    people than those who inspect, who find it on their page of today.
    """
    if plan.is_surprise:
        today = reverse("inspections:today")
        return "Carry out an unannounced inspection", "开展一次不打招呼的检查", today
    form = plan.form
    fill = address(plan, unit.unit.code)
    what_en = f"Inspect {unit.name_en}: {form.title_en}"
    return what_en[:300], f"检查{unit.name_zh}：{form.title_zh}"[:300], fill


def address(plan: InspectionPlan, unit: str) -> str:
    """Return the page on which a plan is done at a unit, by its code."""
    return f"{reverse('inspections:fill', args=[unit, plan.form.code])}?plan={plan.pk}"


def find_open(plans: Collection[InspectionPlan]) -> list[Duty]:
    """Return what is still owed of some plans, the earliest first. One query, which reads the open
    duties of the units that inspect and brings those of the plans alone."""
    debtors = {plan.post.unit_id if plan.post else plan.by_id for plan in plans}
    rows = Duty.objects.filter(unit_id__in=debtors, kind=KIND, subject_kind=SUBJECT, ended=None)
    plan_id = Func(
        "subject_id", Value(":"), Value(1), function="split_part", output_field=CharField()
    )
    named = rows.alias(plan_id=plan_id).filter(plan_id__in=[str(plan.pk) for plan in plans])
    return list(named.order_by("due_at", "id"))


def plan_of(duty: Duty) -> int:
    """Return the id of the plan that a duty is an occurrence of."""
    return inspection_rights.plan_of(duty.subject_id)


def find_plan(
    viewer: Viewer, unit: UnitVersion, form_id: int, now: datetime, done: Done
) -> InspectionPlan | None:
    """Return the plan on which the viewer inspected a unit by a checklist: the one asked for, where
    it is theirs; else of those of which an occurrence had opened then, one all of whose points they
    were at, then one without points, then the one that falls due first.

    Where what was done comes in only after its hours, the plan is still the one it was done on.
    """
    of_both = {"unit_id": unit.unit_id, "form_id": form_id}
    if not InspectionPlan.objects.filter(**of_both).exists():
        return None
    on = clock.day_at(done.at, unit.time_zone)
    rows = inspection_rights.find_theirs(viewer, on, done.at).filter(**of_both)
    plans = {plan.pk: plan for plan in rows.prefetch_related("route__points")}
    if done.plan_id in plans:
        plans = {done.plan_id: plans[done.plan_id]}
    found = find_doable(plans.values(), now, done.at) or _find_past(plans.values(), done.at)
    named = list(dict.fromkeys(plans[plan_of(duty)] for duty in found))
    if len(named) < 2:
        return named[0] if named else None
    points = done.find_points()
    return min(named, key=lambda plan: _proof(plan, now, points))


def _proof(plan: InspectionPlan, now: datetime, points: Collection[int]) -> int:
    """Return how good the proof is that somebody at these points inspected on a plan, the best
    first: of all of its points, of a plan that has none, of less."""
    route = plan.route_at(now)
    if route is None:
        return 1
    return 0 if all(point.pk in points for point in route.points.all()) else 2


def find_doable(
    plans: Collection[InspectionPlan], now: datetime, done_at: datetime | None = None
) -> list[Duty]:
    """Return what is owed of some plans and can still be done, the earliest first; with
    ``done_at``, what was done then can have been done for: nothing is done before it opens.
    """
    at = done_at or now
    return [
        duty for duty in find_open(plans)
        if duty.opened_at <= at and duty.standing(now) is not State.MISSED
    ]  # fmt: skip


def _find_past(plans: Collection[InspectionPlan], at: datetime) -> list[Duty]:
    """Return the occurrences that could be done at an instant, and were missed, waived or done by
    somebody else since."""
    subjects = [
        f"{plan.pk}:{day}" for plan in plans
        for day in plan.schedule.between((at - plan.length - DAY).date(), at.date() + 2 * DAY)
    ]  # fmt: skip
    rows = Duty.objects.filter(
        Q(ended=None) | Q(ended_at__gte=at), kind=KIND, subject_kind=SUBJECT,
        subject_id__in=subjects, opened_at__lte=at, lapses_at__gt=at,
    )  # fmt: skip
    return list(rows.order_by("due_at", "id"))


def discharge(*, actor: Actor, now: datetime, inspection: Inspection) -> bool:
    """Discharge the earliest occurrence of the inspection's plan that had opened when it was done;
    tell whether that was.

    Not while a point of the plan's route lacks its proof; and what lapsed before it came in stays
    missed. Of two who inspect at once one discharges it, and the other's inspection stands beside.
    One that was handed over to who inspected comes first, one handed over to another last.
    """
    plan, at = inspection.plan, inspection.ended_at
    route = plan.route_at(inspection.recorded_at) if plan else None
    if plan is None or (route and inspection_routes.find_missed(inspection, route)):
        return False
    ordered = sorted(find_doable([plan], now, at), key=lambda duty: (
        duty.person_id != actor.person_id, duty.person_id is not None,
    ))  # fmt: skip
    done = {(duty.unit_id, duty.subject_id): at for duty in ordered[:1]}
    return bool(duties.discharge_many(
        actor=actor, now=now, kind=KIND, about=SUBJECT, done=done,
        evidence=f"inspection:{inspection.pk}",
    ))  # fmt: skip
