"""Reading hazards: which somebody may see, and how somebody stands to one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from taishan.core.hazards import Act, Grade, Position, Record
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding
from taishan.safety.hazard_models import Hazard, HazardAct


def find_visible(viewer: Viewer) -> QuerySet[Hazard]:
    """Return the hazards of the units that the viewer may see."""
    return Hazard.objects.filter(unit_id__in=access.unit_ids_with(viewer, Capability.SEE))


def find_readable(viewer: Viewer, now: datetime) -> QuerySet[Hazard]:
    """Return what the viewer may open: the visible, their own reports, and what their posts owe."""
    held = PostHolding.objects.filter(
        person_id=viewer.person_id or 0, valid__contains=clock.day_at(now)
    ).values("post_id")
    seen = Q(unit_id__in=access.unit_ids_with(viewer, Capability.SEE))
    return Hazard.objects.filter(seen | Q(reporter_id=viewer.account_id) | Q(post_id__in=held))


def find_position(viewer: Viewer, hazard: Hazard, now: datetime) -> Position:
    """Return how the viewer stands to a hazard at an instant."""
    path = organisation.get_path(hazard.unit_id)
    lister = organisation.get_path(_find_lister_id(hazard))
    return Position(
        manages=viewer.may(Capability.HANDLE_HAZARDS, path),
        is_responsible=_holds(viewer, hazard.post_id, now),
        lists=viewer.may(Capability.HANDLE_HAZARDS, lister),
        is_rectifier=_had_a_hand(viewer, hazard),
    )


def get_record(hazard: Hazard) -> Record:
    """Return a hazard as the core thinks of it, with the worst grade of those that go on in it."""
    grades = {Grade(one) for one in hazard.merged.values_list("grade", flat=True) if one}
    worst = Grade.MAJOR if Grade.MAJOR in grades else next(iter(grades), None)
    return replace(hazard.record, holds=worst)


def _find_lister_id(hazard: Hazard) -> int:
    """Return the unit that listed it; of what is ungraded, that of a major one that it holds."""
    if hazard.lister_id:
        return hazard.lister_id
    listed = hazard.merged.filter(grade=Grade.MAJOR, lister__isnull=False)
    return listed.values_list("lister_id", flat=True).first() or hazard.unit_id


def _holds(viewer: Viewer, post_id: int | None, now: datetime) -> bool:
    if post_id is None or viewer.person_id is None:
        return False
    held = PostHolding.objects.filter(post_id=post_id, valid__contains=clock.day_at(now))
    return held.filter(person_id=viewer.person_id).exists()


def _had_a_hand(viewer: Viewer, hazard: Hazard) -> bool:
    """Tell whether the viewer ever accepted it, or what goes on in it, or handed either in.

    Somebody who did so before it was graded anew or reassigned has worked on it all the same.
    """
    acts = HazardAct.objects.filter(
        hazard__in=[hazard, *hazard.merged.all()], act__in=[Act.ACCEPT, Act.SUBMIT],
        by_id=viewer.account_id,
    )  # fmt: skip
    return acts.exists()
