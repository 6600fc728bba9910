"""Which applications somebody sees, by where they stand."""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery

from taishan.core.approvals import AFTER, State
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.resumption.models import Application, Plan, Step

_STATES = {
    "waiting": (State.SUBMITTED,),
    "approved": (State.APPROVED, State.UNLOCKED),
    "suspended": (State.SUSPENDED,),
    "returned": (State.RETURNED,),
}


def find_visible(viewer: Viewer) -> QuerySet[Application]:
    """Return the applications of the units that the viewer may see."""
    return Application.objects.filter(
        unit_id__in=access.unit_ids_with(viewer, Capability.SEE)
    ).select_related("unit")


def find_listed(viewer: Viewer, name: str) -> QuerySet[Application]:
    """Return those of one list, by what was recorded; urgent ones first, then the latest.

    Each has ``act``, its last step's, and ``starts_on``.
    """
    last = Step.objects.filter(application=OuterRef("pk")).order_by("-number")
    plan = Plan.objects.filter(application=OuterRef("pk")).order_by("-number")
    rows = find_visible(viewer).annotate(
        act=Subquery(last.values("act")[:1]), starts_on=Subquery(plan.values("starts_on")[:1])
    )
    return rows.filter(_stands(name)).order_by("-lane", "-pk")


def _stands(name: str) -> Q:
    if name == "draft":
        return Q(act=None)
    acts = [act.value for act, state in AFTER.items() if state in _STATES.get(name, ())]
    return Q(act__in=acts) if acts else Q()
