"""Reading duties: one's own, a unit's, those of a subject, and what stands beneath another."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from taishan.duties.models import Duty, Ending
from taishan.organisation import queries as organisation
from taishan.organisation.models import Post, PostHolding, UnitVersion


def get_duty(unit_id: int, duty_id: UUID) -> Duty:
    """Return one. Raises Duty.DoesNotExist."""
    return Duty.objects.get(unit_id=unit_id, id=duty_id)


def find_of_subject(kind: str, pk: object) -> QuerySet[Duty]:
    """Return what is or was owed about something."""
    return Duty.objects.filter(subject_kind=kind, subject_id=str(pk))


def find_open_about(kind: str, ids: Iterable[str]) -> QuerySet[Duty]:
    """Return what is open about things of a kind."""
    return Duty.objects.filter(subject_kind=kind, subject_id__in=list(ids), ended=None)


def find_children(duty: Duty) -> QuerySet[Duty]:
    """Return what it was taken apart into."""
    return Duty.objects.filter(parent_id=duty.id, parent_unit_id=duty.unit_id)


def count_open_children(duty: Duty) -> int:
    """Return how many of them are open."""
    return find_children(duty).filter(ended=None).count()


def find_open_of(person_id: int, unit_ids: Collection[int], on: date) -> QuerySet[Duty]:
    """Return what is open for a person on a day, by its hour: their own, that of the posts they
    hold, and that of the units (of ``unit_ids``) that they answer for and of their vacant posts.

    Cost: searches in indexes of open duties alone, whatever the number of all.
    """
    mine = _whose(person_id, find_posts(person_id, unit_ids, on), unit_ids)
    return Duty.objects.filter(mine, ended=None).order_by("due_at", "id")


def _whose(person_id: int, post_ids: Collection[int], unit_ids: Collection[int]) -> Q:
    mine = Q(person_id=person_id) | Q(unit_id__in=list(unit_ids), post=None, person=None)
    return mine | Q(post_id__in=list(post_ids)) if post_ids else mine


def find_answered_for(unit_ids: Collection[int], on: date) -> list[int]:
    """Return the units whose duties are those of whoever answers for some units: these, and those
    that closed with something open, where the nearest open unit above is one of these.

    So what a unit owes passes to the unit above on the day on which it closes, by itself.
    """
    below = Q(pk__in=[])
    for unit_id in unit_ids:
        below |= Q(path__passes_through=unit_id)
    later = UnitVersion.objects.filter(unit_id=OuterRef("unit_id")).filter(
        Q(valid__upper_inf=True) | Q(valid__endswith__gt=on)
    )
    owed = Duty.objects.filter(unit_id=OuterRef("unit_id"), ended=None)
    rows = UnitVersion.objects.filter(below, Exists(owed), ~Exists(later), valid__endswith__lte=on)
    last = {one.unit_id: one for one in rows.order_by("valid")}
    above = organisation.find_open_above(last.values(), on) if last else {}
    return [*unit_ids, *(pk for pk, one in above.items() if one.unit_id in unit_ids)]


def find_parents_of_open(rows: Collection[Duty], but: Collection[UUID] = ()) -> set[UUID]:
    """Return the ids of those of the duties that stand over an open child, some children left out.

    One query.
    """
    children = Duty.objects.filter(parent_id__in=[duty.id for duty in rows], ended=None)
    children = children.exclude(id__in=but)
    return {pk for pk in children.values_list("parent_id", flat=True) if pk}


def find_posts(person_id: int, unit_ids: Collection[int], on: date) -> list[int]:
    """Return the posts whose duties are the person's on a day: those held, and the vacant ones of
    the units that they answer for.
    """
    held = PostHolding.objects.filter(valid__contains=on)
    vacant = Post.objects.filter(unit_id__in=list(unit_ids)).exclude(
        Exists(held.filter(post_id=OuterRef("pk")))
    )
    own = held.filter(person_id=person_id).values_list("post_id", flat=True)
    return [*own, *vacant.values_list("pk", flat=True)]


def find_done_of(
    person_id: int, unit_ids: Collection[int], on: date, since: date, until: date
) -> QuerySet[Duty]:
    """Return what has ended of a person's duties that fell due in ``since <= day < until``, the
    latest first; whose they are as in ``find_open_of``.
    """
    ended = Duty.objects.filter(ended__isnull=False, due_on__gte=since, due_on__lt=until)
    mine = _whose(person_id, find_posts(person_id, unit_ids, on), unit_ids)
    return ended.filter(mine).order_by("-ended_at", "id")


def find_owed_to(unit_ids: Collection[int]) -> QuerySet[Duty]:
    """Return what others owe to units and is open, by its hour."""
    ids = list(unit_ids)
    owed = Duty.objects.filter(creditor_id__in=ids, ended=None).exclude(unit_id__in=ids)
    return owed.order_by("due_at", "id")


def find_ending(duty: Duty) -> Ending | None:
    """Return how it ended, if it has."""
    return Ending.objects.filter(unit_id=duty.unit_id, duty_id=duty.id).first()
