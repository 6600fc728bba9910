"""Reading meetings: which one may see, who came, and what became of each decision."""

from __future__ import annotations

from collections.abc import Mapping
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
from django.db.models.functions import Cast, Coalesce

from taishan.communications import directive_page, directive_presenting, directive_queries
from taishan.communications.models import Directive
from taishan.core.cascade import Stage
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.learning.decisions import DECISION
from taishan.learning.models import Decision, Invitation, Meeting, Presence, PresenceCorrection
from taishan.organisation import access, history
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding, UnitVersion

_ZONE = history.latest_first(
    UnitVersion.objects.filter(unit_id=OuterRef("meeting__unit_id")),
    OuterRef("meeting__starts_at"),
)
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


def with_standing(presences: QuerySet[Presence]) -> QuerySet[Any]:
    """Return the presences with ``came``: what the last correction says, else that they came."""
    last = PresenceCorrection.objects.filter(presence=OuterRef("pk")).order_by("-pk")
    return presences.annotate(came=Coalesce(Subquery(last.values("came")[:1]), True))


def find_present() -> QuerySet[Presence]:
    """Return the presences that stand, of all meetings."""
    return with_standing(Presence.objects.all()).filter(came=True)


def with_counts(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Return the meetings, latest first, with how many came and what was decided."""
    counted = meetings.annotate(came=_count(find_present()), decided=_count(Decision.objects.all()))
    return counted.order_by("-starts_at", "-pk")


def _count(rows: QuerySet[Any]) -> Coalesce:
    """Count for a meeting by itself: only the meetings of one page are counted, not all there are.

    A join with both would count each presence once for every decision.
    """
    of_it = rows.filter(meeting=OuterRef("pk")).values("meeting")
    return Coalesce(Subquery(of_it.annotate(n=Count("pk")).values("n")), 0)


def find_outcomes(viewer: Viewer, meeting: Meeting, now: datetime) -> list[dict[str, Any]]:
    """Return what became of each decision: how far its directive is, or where its duty stands.

    As many queries for many decisions as for one.
    """
    decisions = list(meeting.decisions.order_by("number"))
    keys = [str(one.pk) for one in decisions]
    duties = Duty.objects.filter(subject_kind=DECISION, subject_id__in=keys)
    owed = {one.subject_id: one for one in duties.select_related("post", "person")}
    names = directive_queries.find_names((one.unit_id for one in owed.values()), clock.day_at(now))
    ordered = Directive.objects.filter(pk__in=[one.directive_id for one in decisions])
    lines = directive_page.rows(viewer, directive_queries.with_state(ordered), now)
    directives = {line["directive"].pk: line for line in lines}
    return [
        {"decision": one, "line": directives.get(one.directive_id or 0)}
        | _of_duty(owed.get(str(one.pk)), names, now)
        for one in decisions
    ]


def _of_duty(duty: Duty | None, names: Mapping[int, UnitVersion], now: datetime) -> dict[str, Any]:
    if duty is None:
        return {"duty": None}
    unit = names[duty.unit_id]
    who = duty.person.name if duty.person else duty.post.title if duty.post else unit.name
    stage = directive_presenting.stage(Stage(duty.standing(now).value))
    return {"duty": duty, "unit": unit, "who": who, "stage": stage}
