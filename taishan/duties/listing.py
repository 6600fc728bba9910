"""The list of a unit's duties, narrowed as its address says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from taishan.core.duties import State
from taishan.duties import periods, presenting, words
from taishan.duties.models import Duty
from taishan.duties.periods import Period
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Post, PostHolding, UnitVersion

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``period`` None: whenever it falls due."""

    state: str
    kind: str
    period: Period | None


def ask(request: HttpRequest) -> Asked:
    """Return how an address narrows the list: what is open, where it says nothing."""
    state, kind = request.GET.get("state", OPEN), request.GET.get("kind", "")
    has_period = "since" in request.GET
    return Asked(
        state=state if state in dict(_states()) else OPEN,
        kind=kind if kind in words.KINDS else "",
        period=periods.asked(request, date.min) if has_period else None,
    )


def find(viewer: Viewer, version: UnitVersion, asked: Asked, now: datetime) -> QuerySet[Duty]:
    """Return a unit's duties that the viewer may see: people's own for who may see people."""
    found = Duty.objects.filter(_stands(asked.state, now), unit_id=version.unit_id)
    if not viewer.may(Capability.SEE_PEOPLE, version.path):
        found = found.filter(Q(person=None) | Q(person_id=viewer.person_id))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.period:
        found = found.filter(due_on__gte=asked.period.since, due_on__lt=asked.period.until)
    is_open = asked.state in (OPEN, State.OVERDUE)
    order = ("due_at", "id") if is_open else ("-due_at", "id")
    return found.order_by(*order)


def _stands(state: str, now: datetime) -> Q:
    lapsed = Q(ended=None, lapses_at__lte=now)
    if state == OPEN:
        return Q(ended=None) & ~lapsed
    if state == State.OVERDUE:
        return Q(ended=None, due_at__lte=now) & ~lapsed
    if state == State.MISSED:
        return Q(ended=State.MISSED) | lapsed
    return Q(ended=state) if state else Q()


def _states() -> list[tuple[str, str]]:
    ends = (State.OVERDUE, State.ON_TIME, State.LATE, State.MISSED, State.WAIVED)
    named = [(state.value, str(words.STATES[state])) for state in ends]
    return [(OPEN, pgettext("duties", "open")), *named, ("", _("all"))]


def filters(asked: Asked) -> list[dict[str, Any]]:
    """Return the filters of the list for its page."""
    kinds = [("", _("all kinds")), *((code, str(word)) for code, word in words.KINDS.items())]
    found: list[dict[str, Any]] = [
        {"name": "state", "word": _("State"), "value": asked.state, "options": _states()},
        {"name": "kind", "word": _("Kind"), "value": asked.kind, "options": kinds},
    ]
    return found


def lines(
    rows: Sequence[Duty], code: str, on: date, now: datetime, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """Return a unit's duties as lines of a list, each with who owes it within the unit."""
    by, stem = owners(rows, on), presenting.stem(code)
    return [presenting.line(duty, stem, now, zone, by[str(duty.id)]) for duty in rows]


def owners(rows: Sequence[Duty], on: date) -> dict[str, str]:
    """Return who owes each duty within the unit, by the duty's id; "" for the unit itself.

    They are looked up afterwards: to join them, everybody would be read for a list of fifty.
    """
    people = Person.objects.filter(pk__in={duty.person_id for duty in rows if duty.person_id})
    names: dict[int | None, str] = dict(people.values_list("pk", "name"))
    posts = Post.objects.in_bulk({duty.post_id for duty in rows if duty.post_id})
    held = PostHolding.objects.filter(post_id__in=posts, valid__contains=on)
    holders = dict(held.values_list("post_id", "person__name"))
    titles: dict[int | None, str] = {
        pk: f"{post.title} · {holders.get(pk) or _('vacant')}" for pk, post in posts.items()
    }
    return {
        str(duty.id): names.get(duty.person_id) or titles.get(duty.post_id, "") for duty in rows
    }
