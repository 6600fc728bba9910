"""Opening what recurs: each occurrence of a template becomes a duty of every post that it binds.

A worker that slept opens what it slept through, too: that is missed at its own instant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from taishan.core.duty_matrix import Act
from taishan.duties import actions, matrix
from taishan.duties.actions import Owed
from taishan.duties.matrix_models import DutyTemplate, Reached
from taishan.kit.actor import Actor
from taishan.organisation.models import Post

DAY = timedelta(days=1)
PAGES = {
    Act.THEMATIC_MEETING: "meetings:meetings", Act.GROUP_MEETING: "meetings:meetings",
    Act.STUDY_MEETING: "meetings:meetings", Act.INSPECTION: "inspections:today",
}  # fmt: skip
"""Where each act is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A post on a day, with its unit's place in the tree and its time zone."""

    post_id: int
    unit_id: int
    path: str
    time_zone: str


def open_occurrences(*, actor: Actor, now: datetime) -> int:
    """Open every occurrence that has begun and was not opened yet; return how many duties are new.

    What was over before its template was recorded is owed by nobody.
    """
    templates = list(DutyTemplate.objects.order_by("pk"))
    return sum(_open(actor, now, one, templates) for one in templates)


@transaction.atomic
def _open(actor: Actor, now: datetime, one: DutyTemplate, all_of_them: list[DutyTemplate]) -> int:
    """Open one template's; a second worker waits here, and then finds nothing left to do."""
    what = f"post_duty:{one.pk}"
    reached, _is_new = Reached.objects.select_for_update().get_or_create(
        what=what, defaults={"until": one.recorded_at - (_length(one) + DAY)}
    )
    rivals = [row for row in all_of_them if row.code == one.code and row.unit_id != one.unit_id]
    opened = 0
    for day in _days(one, reached.until, now):
        found = _owed(one, day, rivals, reached.until, now)
        opened += len(actions.assign(actor=actor, now=now, owed=found))
    Reached.objects.filter(what=what).update(until=now)
    return opened


def _length(one: DutyTemplate) -> timedelta:
    return timedelta(days=one.days + (one.lapses_after_days or 0))


def _days(one: DutyTemplate, since: datetime, now: datetime) -> Iterator[date]:
    """Yield the days whose occurrence begins, somewhere on earth, between two instants."""
    first, until = since.date() - DAY, now.date() + 2 * DAY
    if one.valid.upper:
        until = min(until, one.valid.upper)
    yield from one.terms.occurrences(max(first, one.valid.lower), until)


def _owed(
    one: DutyTemplate, day: date, rivals: Sequence[DutyTemplate], since: datetime, now: datetime
) -> Iterator[Owed]:
    for place in _places(one, day):
        window = one.terms.window(day, place.time_zone)
        if since < window.opens <= now and window.due > one.recorded_at:
            if rivals and one not in _line(place, day, [one, *rivals]):
                continue
            yield Owed(
                unit_id=place.unit_id, post_id=place.post_id, creditor_id=one.unit_id,
                kind=matrix.POST_DUTY,
                subject=(matrix.POST_DUTY, f"{one.pk}:{day}:{place.post_id}"),
                what_en=one.what_en, what_zh=one.what_zh, needs_evidence=one.needs_evidence,
                address=reverse(PAGES[one.terms.done_by]) if one.terms.done_by else "",
                opened_at=window.opens, due_at=window.due,
                lapses_at=None if one.lapses_after_days is None else window.closes,
            )  # fmt: skip


def _places(one: DutyTemplate, day: date) -> list[_Place]:
    rows = Post.objects.filter(
        kind__in=one.post_kinds, valid__contains=day, unit__versions__valid__contains=day,
        unit__versions__path__passes_through=one.unit_id,
    ).order_by("pk")  # fmt: skip
    return [
        _Place(post_id=post_id, unit_id=unit_id, path=path, time_zone=zone)
        for post_id, unit_id, path, zone in rows.values_list(
            "pk", "unit_id", "unit__versions__path", "unit__versions__time_zone"
        )
    ]


def _line(place: _Place, day: date, templates: Sequence[DutyTemplate]) -> list[DutyTemplate]:
    """Return which of some templates bind a place on a day."""
    order = {int(step): number for number, step in enumerate(place.path.split("."))}
    held = [row for row in templates if row.unit_id in order and day in row.valid]
    return matrix.binding(sorted(held, key=lambda row: order[row.unit_id]), day)
