"""Reading meetings: which one may see, who came, and what became of each decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast

from taishan.communications import directive_presenting, directive_queries
from taishan.communications.models import Directive
from taishan.core.cascade import Stage
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.learning.decisions import DECISION
from taishan.learning.models import Invitation, Meeting
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding, UnitVersion

_ZONE = UnitVersion.objects.filter(unit_id=OuterRef("meeting__unit_id")).order_by("-valid")
_LOCAL = Func(
    Subquery(_ZONE.values("time_zone")[:1]), F("meeting__starts_at"), function="timezone",
    output_field=DateTimeField(),
)  # fmt: skip
_DAY = Cast(_LOCAL, DateField())
"""The day of an invitation's meeting, the unit's own."""


def find_visible(viewer: Viewer) -> QuerySet[Meeting]:
    """Return the meetings of units whose people the viewer sees, and those they are called to."""
    held = PostHolding.objects.filter(
        person_id=viewer.person_id or 0, valid__contains=OuterRef("day")
    )
    mine = Invitation.objects.annotate(day=_DAY).filter(
        Q(person_id=viewer.person_id or 0) | Q(post__in=held.values("post")),
        meeting=OuterRef("pk"),
    )
    seen = access.unit_ids_with(viewer, Capability.SEE_PEOPLE)
    return Meeting.objects.filter(
        Q(unit_id__in=seen) | Q(chair_id=viewer.person_id or 0) | Q(Exists(mine))
    )


def with_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Return the meetings, latest first, with how many came and what was decided."""
    return meetings.annotate(
        came=Count("present", distinct=True), decided=Count("decisions", distinct=True)
    ).order_by("-starts_at", "-pk")


def find_outcomes(viewer: Viewer, meeting: Meeting, now: datetime) -> list[dict[str, Any]]:
    """Return what became of each decision: how far its directive is, or where its duty stands."""
    decisions = list(meeting.decisions.order_by("number").select_related("directive"))
    keys = [str(one.pk) for one in decisions]
    duties = Duty.objects.filter(subject_kind=DECISION, subject_id__in=keys)
    owed = {one.subject_id: one for one in duties.select_related("post", "person")}
    names = directive_queries.find_names((one.unit_id for one in owed.values()), clock.day_at(now))
    outcomes = []
    for one in decisions:
        duty = owed.get(str(one.pk))
        outcome = _of_directive(viewer, one.directive, now) if one.directive else {}
        if duty is not None:
            outcome = _of_duty(duty, names[duty.unit_id].name, now)
        outcomes.append({"decision": one, "duty": duty} | outcome)
    return outcomes


def _of_duty(duty: Duty, unit: str, now: datetime) -> dict[str, Any]:
    who = duty.person.name if duty.person else duty.post.title if duty.post else unit
    return {"who": who, "stage": directive_presenting.stage(Stage(duty.standing(now).value))}


def _of_directive(viewer: Viewer, directive: Directive, now: datetime) -> dict[str, Any]:
    version = directive.versions.order_by("-number").first()
    counts = directive_queries.count_by_measure(viewer, directive.measures.all(), now).values()
    return {
        "is_recalled": hasattr(directive, "recall"),
        "is_draft": version is None and hasattr(directive, "draft"),
        "is_issued": version is not None,
        "done": sum(one["done"] for one in counts),
        "total": sum(one["total"] for one in counts),
    }
