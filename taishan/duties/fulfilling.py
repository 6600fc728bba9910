"""What posts owe and an act discharges: a meeting held, an inspection made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from taishan.core import duty_matrix
from taishan.core.duty_matrix import Act, Open
from taishan.duties import actions, matrix, opening, queries
from taishan.duties.matrix_models import DutyTemplate
from taishan.duties.models import Duty, Ending
from taishan.kit.actor import Actor
from taishan.organisation import history
from taishan.organisation.models import PostHolding, UnitVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """An act that was done by people in a unit at an instant, and recorded at another.

    ``subject`` is what shows it, as kind and id.
    """

    act: Act
    subject: tuple[str, str]
    unit_id: int
    person_ids: Collection[int]
    done_at: datetime
    recorded_at: datetime

    @property
    def day(self) -> date:
        """The unit's own day on which it was done."""
        return history.day_of(self.unit_id, self.done_at)


@transaction.atomic
def fulfil(*, actor: Actor, now: datetime, deed: Deed) -> int:
    """Discharge what those people's posts owe that is done by such an act, and what was handed over
    to them; return how many.

    What the act has discharged already it discharges once: told of it again this does nothing.
    """
    # The act may come before the worker has opened what it discharges.
    opening.open_occurrences(actor=actor, now=now)
    codes = dict(DutyTemplate.objects.filter(done_by=deed.act).values_list("pk", "code"))
    rows = [one for one in _find_owed(deed) if matrix.template_of(one) in codes]
    of = {one.id: (one.post_id, one.person_id, codes[matrix.template_of(one)]) for one in rows}
    shows = ":".join(deed.subject)
    told = Ending.objects.filter(duty_id__in=of, reason=shows).values_list("duty_id", flat=True)
    done_already = {of[pk] for pk in told}
    ends = duty_matrix.fulfilled(
        [
            Open(key=one.id, of=of[one.id], terms=one.terms)
            for one in rows if one.ended is None and of[one.id] not in done_already
        ],
        done_at=deed.done_at, recorded_at=deed.recorded_at,
    )  # fmt: skip
    done = {(one.unit_id, one.subject_id): deed.done_at for one in rows if one.id in ends}
    return actions.discharge_many(
        actor=actor, now=now, kind=matrix.POST_DUTY, about=matrix.POST_DUTY, done=done,
        evidence=shows,
    )  # fmt: skip


def _find_owed(deed: Deed) -> QuerySet[Duty]:
    """Return what those people, or the posts that they held on the day of the act, owe or owed,
    locked."""
    at = UnitVersion.objects.filter(unit_id=deed.unit_id, valid__contains=deed.day)
    path = at.values_list("path", flat=True).first() or str(deed.unit_id)
    units = path.split(".") if deed.act.counts_above else [deed.unit_id]
    held = PostHolding.objects.filter(person_id__in=deed.person_ids, valid__contains=deed.day)
    posts = list(held.values_list("post_id", flat=True))
    rows = Duty.objects.select_for_update().filter(
        Q(post_id__in=posts) | Q(person_id__in=deed.person_ids),
        unit_id__in=units, subject_kind=matrix.POST_DUTY, opened_at__lte=deed.done_at,
    )  # fmt: skip
    return rows.filter(Q(ended=None) | Q(ended_at=deed.done_at)).order_by("unit_id", "id")


def find_owing_units(act: Act, person_id: int, post_ids: Collection[int], at: datetime) -> set[int]:
    """Return the units in which somebody, or some posts, owed something done by an act at an
    instant."""
    codes = set(DutyTemplate.objects.filter(done_by=act).values_list("pk", flat=True))
    owed = queries.find_borne(person_id, post_ids, at, subject_kind=matrix.POST_DUTY)
    return {duty.unit_id for duty in owed if matrix.template_of(duty) in codes}
