"""What keeps a plan from being done: a checklist that is retired, a unit that is gone.

Nobody ends such a plan by itself: the checklist may come back, the unit be hung back. Until then no
occurrence of it opens, no phone is offered it, and the page of plans says why.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from taishan.core.schedules import Window
from taishan.forms.models import FormVersion
from taishan.organisation.models import UnitVersion
from taishan.safety.inspection_models import InspectionPlan


class Hindrance(models.TextChoices):
    """Why a plan cannot be done."""

    RETIRED = "retired", _("The checklist is not in force.")
    CLOSED = "closed", _("The unit is closed.")
    MOVED = "moved", _("The unit no longer belongs to the unit that inspects it.")


def find(plans: Collection[InspectionPlan], on: date) -> dict[int, Hindrance]:
    """Return what hinders plans on a day, by plan; nothing for those that can be done. Two queries,
    whatever the number."""
    forms = FormVersion.objects.filter(
        form__in={plan.form_id for plan in plans}, state=FormVersion.State.PUBLISHED
    )
    in_force = set(forms.values_list("form_id", flat=True))
    units = UnitVersion.objects.filter(
        unit_id__in={plan.unit_id for plan in plans}, valid__contains=on
    )
    paths = dict(units.values_list("unit_id", "path"))
    found = {}
    for plan in plans:
        if plan.unit_id not in paths:
            found[plan.pk] = Hindrance.CLOSED
        elif not is_below(plan, paths[plan.unit_id]):
            found[plan.pk] = Hindrance.MOVED
        elif plan.form_id not in in_force:
            found[plan.pk] = Hindrance.RETIRED
    return found


def is_below(plan: InspectionPlan, path: str) -> bool:
    """Tell whether a unit with this path is the one that inspects, or below it."""
    return str(plan.by_id) in path.split(".")


def was_in_force(plan: InspectionPlan, window: Window) -> bool:
    """Tell whether a version of the plan's checklist was in force before an occurrence fell due."""
    since = max(window.opens, plan.made_at)
    kept_on = Q(retired_at=None) | Q(retired_at__gt=since)
    return plan.form.versions.filter(kept_on, published_at__lt=window.due).exists()
