"""Reading directives: which one may read, where a measure stands at every unit, who is awaited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from taishan.communications import directive_duties
from taishan.communications.directive_duties import VERSION
from taishan.communications.models import (
    Acknowledgement,
    Confirmation,
    Directive,
    DirectiveVersion,
    Measure,
    Reach,
)
from taishan.core.cascade import Part, Reply
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding, UnitVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What a unit, or a post in it, owes of a measure. ``last``: its latest confirmation."""

    duty: Duty
    version: UnitVersion
    last: Confirmation | None
    part: Part


def find_readable(viewer: Viewer) -> QuerySet[Directive]:
    """Return the directives that concern a unit which the viewer sees, and drafts of their own."""
    seen = access.unit_ids_with(viewer, Capability.SEE)
    reached = Reach.objects.filter(directive=OuterRef("pk"), unit_id__in=seen)
    issued = DirectiveVersion.objects.filter(directive=OuterRef("pk"))
    mine = access.unit_ids_with(viewer, Capability.DIRECT)
    return Directive.objects.filter(
        Q(Exists(issued)) & (Q(unit_id__in=seen) | Q(Exists(reached)))
        | Q(draft__isnull=False, unit_id__in=mine)
    )


def with_state(directives: QuerySet[Directive]) -> QuerySet[Directive]:
    """Return the directives with what a line says of each: number, latest version first, end."""
    versions = Prefetch("versions", DirectiveVersion.objects.order_by("-number"))
    joined = directives.select_related("unit", "numbered", "recall", "draft")
    return joined.prefetch_related(versions)


def find_issuers(viewer: Viewer, today: date) -> QuerySet[UnitVersion]:
    """Return the units in whose name the viewer orders, those above first."""
    roots = [int(root) for root in viewer.roots(Capability.DIRECT)]
    rows = UnitVersion.objects.filter(unit_id__in=roots, valid__contains=today)
    return rows.select_related("unit").order_by("path")


def find_names(unit_ids: Iterable[int], today: date) -> dict[int, UnitVersion]:
    """Return what each unit is today, or was last."""
    rows = UnitVersion.objects.filter(unit_id__in=set(unit_ids), valid__startswith__lte=today)
    latest = rows.order_by("unit_id", "-valid").distinct("unit_id").select_related("unit")
    return {one.unit_id: one for one in latest}


def get_version(unit_id: int, today: date) -> UnitVersion:
    """Return what a unit is today, or was last. Raises KeyError where it is yet to open."""
    return find_names([unit_id], today)[unit_id]


def find_cascade(viewer: Viewer, measure: Measure, now: datetime) -> list[Node]:
    """Return what is owed of a measure by units that the viewer sees, by their codes.

    Three queries, whatever the number of units.
    """
    duties = list(directive_duties.find_of([measure.pk]).select_related("post"))
    names = find_names((one.unit_id for one in duties), clock.day_at(now))
    last = find_last_confirmations(one.id for one in duties)
    nodes = [
        Node(
            duty=one, version=names[one.unit_id], last=last.get(one.id),
            part=as_part(one, last.get(one.id), now),
        )
        for one in duties
        if viewer.may(Capability.SEE, names[one.unit_id].path)
    ]  # fmt: skip
    return sorted(nodes, key=lambda node: (node.version.unit.code, node.duty.post_id or 0))


def find_last_confirmations(duty_ids: Iterable[UUID]) -> dict[UUID, Confirmation]:
    """Return the latest confirmation of each duty that has any, with its answer."""
    rows = Confirmation.objects.filter(duty_id__in=list(duty_ids)).select_related("answer")
    return {one.duty_id: one for one in rows.order_by("duty_id", "-number").distinct("duty_id")}


def as_part(duty: Duty, last: Confirmation | None, now: datetime) -> Part:
    """Return a duty as the core sees it."""
    reply = None
    if last is not None:
        answer = getattr(last, "answer", None)
        reply = Reply.CONFIRMED if answer is None else None
        if answer is not None and not answer.is_accepted:
            reply = Reply.RETURNED
    return Part(
        id=duty.id, parent_id=duty.parent_id, due_at=duty.due_at, state=duty.standing(now),
        reply=reply,
    )  # fmt: skip


def count_by_measure(
    viewer: Viewer, measures: Iterable[Measure], now: datetime
) -> dict[int, dict[str, int]]:
    """Return how much of each measure is owed, ended and overdue, of what the viewer sees.

    What waits for an answer is overdue by nobody's fault who owes it, and is not counted so.
    """
    waits = Confirmation.objects.filter(duty_id=OuterRef("id"), answer=None)
    rows = directive_duties.find_of(one.pk for one in measures).filter(
        unit_id__in=access.unit_ids_with(viewer, Capability.SEE)
    )
    counted: Any = rows.values("subject_id").annotate(
        total=Count("id"), done=Count("ended"),
        overdue=Count("id", filter=Q(ended=None, due_at__lte=now) & ~Q(Exists(waits))),
    )  # fmt: skip
    return {int(one["subject_id"]): one for one in counted}


def find_mine(viewer: Viewer, measures: Iterable[Measure], today: date) -> QuerySet[Duty]:
    """Return what is open of measures for the viewer: of units they answer for, posts they hold."""
    held = PostHolding.objects.filter(person_id=viewer.person_id or 0, valid__contains=today)
    units = [int(root) for root in viewer.roots(Capability.ATTEST)]
    mine = Q(unit_id__in=units, post=None, person=None)
    mine |= Q(post_id__in=held.values("post_id"))
    rows = directive_duties.find_of(one.pk for one in measures).filter(mine, ended=None)
    return rows.select_related("unit", "post").order_by("due_at", "unit_id")


def find_unanswered(viewer: Viewer, measures: Iterable[Measure]) -> QuerySet[Duty]:
    """Return what was confirmed to a unit the viewer directs, and waits for its answer."""
    units = [int(root) for root in viewer.roots(Capability.DIRECT)]
    waits = Confirmation.objects.filter(duty_id=OuterRef("id"), answer=None)
    rows = directive_duties.find_of(one.pk for one in measures).filter(
        Exists(waits), ended=None, creditor_id__in=units
    )
    return rows.select_related("unit", "post").order_by("due_at", "unit_id")


def find_acknowledgements(viewer: Viewer, version: DirectiveVersion) -> QuerySet[Duty]:
    """Return who is or was to acknowledge a version, those who have not first."""
    rows = Duty.objects.filter(
        subject_kind=VERSION, subject_id=str(version.pk),
        unit_id__in=access.unit_ids_with(viewer, Capability.SEE),
    )  # fmt: skip
    return rows.select_related("unit").order_by("-ended_at", "unit__code")


def find_signatures(version: DirectiveVersion, unit_ids: Iterable[int]) -> dict[int, Any]:
    """Return the acknowledgement of each unit that gave it."""
    rows = Acknowledgement.objects.filter(version=version, unit_id__in=list(unit_ids))
    return {one.unit_id: one for one in rows.select_related("person")}


def find_to_sign(viewer: Viewer, version: DirectiveVersion) -> list[Duty]:
    """Return what the viewer may still acknowledge, in the name of the units they answer for."""
    units = [int(root) for root in viewer.roots(Capability.ATTEST)]
    rows = Duty.objects.filter(
        subject_kind=VERSION, subject_id=str(version.pk), unit_id__in=units, ended=None
    )
    return list(rows.select_related("unit"))
