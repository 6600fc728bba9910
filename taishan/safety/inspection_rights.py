"""Who may inspect a unit, and for which unit they do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from taishan.core.duty_matrix import Act
from taishan.duties import fulfilling
from taishan.duties import queries as duty_queries
from taishan.forms.models import Form
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding, UnitVersion
from taishan.safety import inspection_hindrances
from taishan.safety.inspection_models import Inspection, InspectionPlan

KIND, SUBJECT = "inspection", "inspection_plan"
"""Of the duties that are occurrences of plans; their subject's id begins with the plan's."""


def find_inspecting(viewer: Viewer, version: UnitVersion, at: datetime) -> int | None:
    """Return the id of the unit for which the viewer inspects a unit at an instant; None where they
    may not.

    The nearest unit on its line in which their role inspects; else the one of whose plan an
    occurrence was theirs to do; else the nearest whose post that they held owed inspections. So
    what was done without a network is taken in after a post or a plan has ended.
    """
    roots = viewer.roots(Capability.CHECK)
    line = version.path.split(".")
    nearest = next((step for step in reversed(line) if step in roots), None)
    if nearest is not None:
        return int(nearest)
    on = clock.day_at(at, version.time_zone)
    plans = find_theirs(viewer, on, at).filter(unit_id=version.unit_id, by_id__in=line)
    planned = plans.order_by("pk").values_list("by_id", flat=True).first()
    owing = {str(unit_id) for unit_id in _find_owing(viewer, on, at)}
    nearest = next((step for step in reversed(line) if step in owing), None)
    return planned or (int(nearest) if nearest else None)


def _in_force(at: datetime) -> Q:
    """Return the condition on a plan that it had not ended at an instant."""
    return Q(ended_at=None) | Q(ended_at__gt=at)


def _find_owing(viewer: Viewer, on: date, at: datetime) -> set[int]:
    """Return the units in which the viewer, or posts that they hold, owed an inspection."""
    posts, person_id = find_posts(viewer, on), viewer.person_id or 0
    return fulfilling.find_owing_units(Act.INSPECTION, person_id, posts, at)


def find_posts(viewer: Viewer, on: date) -> list[int]:
    """Return the posts that the viewer holds on a day."""
    held = PostHolding.objects.filter(person_id=viewer.person_id or 0, valid__contains=on)
    return list(held.values_list("post_id", flat=True))


def find_plans(viewer: Viewer, on: date) -> QuerySet[InspectionPlan]:
    """Return the plans in force that the viewer may know of.

    Of what nobody announces, only whoever inspects for the unit that does it knows.
    """
    seen = Q(is_surprise=False, unit_id__in=access.unit_ids_with(viewer, Capability.SEE))
    theirs = Q(by_id__in=access.unit_ids_with(viewer, Capability.CHECK))
    own = is_theirs(viewer, on, clock.now())
    return _find(seen | theirs | own, ended_at=None)


def find_theirs(viewer: Viewer, on: date, at: datetime) -> QuerySet[InspectionPlan]:
    """Return the plans in force at an instant whose occurrences were the viewer's to do."""
    return _find(_in_force(at), is_theirs(viewer, on, at))


def _find(*conditions: Q, **more: Any) -> QuerySet[InspectionPlan]:
    rows = InspectionPlan.objects.filter(*conditions, **more)
    return rows.select_related("unit", "by", "form", "post", "route").order_by("unit_id", "pk")


def find_visible(viewer: Viewer) -> QuerySet[Inspection]:
    """Return the inspections of the units that the viewer may see, and the viewer's own."""
    rows = Inspection.objects.all()
    # Whoever sees the whole group is not asked for each unit of it.
    if not access.is_group_wide(viewer, Capability.SEE):
        seen = Q(unit_id__in=access.unit_ids_with(viewer, Capability.SEE))
        rows = rows.filter(seen | Q(by_id=viewer.account_id))
    return rows.select_related("unit", "by_unit", "by__person", "version__form", "plan__route")


def find_asked(viewer: Viewer, on: date) -> list[tuple[Form, str]]:
    """Return which checklists the viewer may fill in of which units (their codes), for a list that
    a phone downloads: those of the units at which their roles stand or their posts owe
    inspections, and those planned for them.
    """
    now = clock.now()
    own = {int(root) for root in viewer.roots(Capability.CHECK)} | _find_owing(viewer, on, now)
    stands = UnitVersion.objects.filter(unit_id__in=own, valid__contains=on)
    units = list(stands.values_list("unit__code", flat=True))
    lists = list(Form.objects.filter(is_checklist=True).order_by("code"))
    plans = list(find_theirs(viewer, on, now))
    hindered = inspection_hindrances.find(plans, on)
    planned = [
        (plan.form, plan.unit.code)
        for plan in plans if plan.unit.code not in units and plan.pk not in hindered
    ]  # fmt: skip
    return [*((form, unit) for unit in units for form in lists), *dict.fromkeys(planned)]


def is_theirs(viewer: Viewer, on: date, at: datetime) -> Q:
    """Return the condition on a plan that its occurrences are the viewer's to do: by their role, by
    a post held on the day, or since one that was open at the instant was handed over to them."""
    roots = [int(root) for root in viewer.roots(Capability.CHECK)]
    posts = find_posts(viewer, on)
    borne = duty_queries.find_borne(
        viewer.person_id or 0, posts, at, kind=KIND, subject_kind=SUBJECT
    )
    plans = {plan_of(duty.subject_id) for duty in borne}
    return Q(by_id__in=roots) | Q(post_id__in=posts) | Q(pk__in=plans)


def plan_of(subject: str) -> int:
    """Return the id of the plan that a duty about this subject is an occurrence of."""
    return int(subject.partition(":")[0])
