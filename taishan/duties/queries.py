"""Reading duties: one's own, a unit's, those of a subject, and what stands beneath another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from taishan.duties.models import Duty, Ending
from taishan.kit import arrays
from taishan.organisation import queries as organisation
from taishan.organisation.models import UnitVersion

YEAR = timedelta(days=365)


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
    """Return what is open of what is a person's on a day, by its hour."""
    return find_open(of_person(person_id, unit_ids, on))


def find_open(mine: Q) -> QuerySet[Duty]:
    """Return what is open of somebody's, by its hour.

    Cost: searches in indexes of open duties alone, whatever the number of all.
    """
    return Duty.objects.filter(mine, ended=None).order_by("due_at", "id")


def find_borne(
    person_id: int, post_ids: Collection[int], at: datetime, **of: str
) -> Iterator[Duty]:
    """Return what was somebody's or some posts' to do at an instant, of a kind: what is open, and
    what has ended since, unless it was due a year before.

    Two searches: in the index of open duties, and in that of days.
    """
    borne = Duty.objects.filter(Q(post_id__in=post_ids) | Q(person_id=person_id), **of)
    yield from borne.filter(ended=None)
    yield from borne.filter(ended_at__gte=at, due_on__gte=at.date() - YEAR)


def of_person(person_id: int, unit_ids: Collection[int], on: date) -> Q:
    """Return which duties are a person's on a day: their own, those of the posts they hold, and
    those of the units (of ``unit_ids``) that they answer for and of their vacant posts.

    One query.
    """
    mine = Q(person_id=person_id) | Q(unit_id__in=list(unit_ids), post=None, person=None)
    post_ids = find_posts(person_id, unit_ids, on)
    return mine | Q(post_id__in=post_ids) if post_ids else mine


def find_answered_for(unit_ids: Collection[int], on: date) -> list[int]:
    """Return the units whose duties are those of whoever answers for some units: these, and those
    that closed with something open, where the nearest open unit above is one of these.

    So what a unit owes passes to the unit above on the day on which it closes, by itself.
    """
    through = [f"*.{unit_id}.*" for unit_id in unit_ids]
    last = {one.unit_id: one for one in UnitVersion.objects.raw(_CLOSED, [through, on, on])}
    above = organisation.find_open_above(last.values(), on) if last else {}
    return [*unit_ids, *(pk for pk, one in above.items() if one.unit_id in unit_ids)]


_CLOSED = """
WITH closed AS MATERIALIZED (
  SELECT v.* FROM organisation_unitversion v
  WHERE v.path ~ ANY(%s::lquery[]) AND upper(v.valid) <= %s
    AND NOT EXISTS (SELECT FROM organisation_unitversion later WHERE later.unit_id = v.unit_id
      AND (upper_inf(later.valid) OR upper(later.valid) > %s))
)
SELECT * FROM closed
WHERE (SELECT true FROM duties_duty d WHERE d.unit_id = closed.unit_id AND d.ended IS NULL LIMIT 1)
ORDER BY valid
"""
"""Few units are closed: each is asked for what it owes. Were that a join, PostgreSQL could begin it
with all that is open, and does where its statistics are old."""


def find_parents_of_open(rows: Collection[Duty], but: Collection[UUID] = ()) -> set[UUID]:
    """Return the ids of those of the duties that stand over an open child, some children left out.

    One query.
    """
    children = Duty.objects.filter(parent_id__in=[duty.id for duty in rows], ended=None)
    children = children.exclude(id__in=but)
    return {pk for pk in children.values_list("parent_id", flat=True) if pk}


def find_posts(person_id: int, unit_ids: Collection[int], on: date) -> list[int]:
    """Return the posts whose duties are the person's on a day: those held, and the vacant ones of
    the units that they answer for. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, [person_id, on, arrays.literal(unit_ids), on])
        return [pk for (pk,) in cursor.fetchall()]


_POSTS = """
SELECT post_id FROM organisation_postholding WHERE person_id = %s AND valid @> %s::date
UNION ALL
SELECT id FROM organisation_post p WHERE unit_id = ANY(%s::bigint[]) AND NOT EXISTS (
  SELECT FROM organisation_postholding h WHERE h.post_id = p.id AND h.valid @> %s::date)
"""


def find_done(mine: Q, since: date, until: date) -> QuerySet[Duty]:
    """Return what has ended of somebody's that fell due in ``since <= day < until``, the latest
    first.
    """
    ended = Duty.objects.filter(ended__isnull=False, due_on__gte=since, due_on__lt=until)
    return ended.filter(mine).order_by("-ended_at", "id")


def find_owed_to(unit_ids: Collection[int]) -> QuerySet[Duty]:
    """Return what others owe to units and is open, by its hour."""
    ids = list(unit_ids)
    owed = Duty.objects.filter(creditor_id__in=ids, ended=None).exclude(unit_id__in=ids)
    return owed.order_by("due_at", "id")


def find_ending(duty: Duty) -> Ending | None:
    """Return how it ended, if it has."""
    return Ending.objects.filter(unit_id=duty.unit_id, duty_id=duty.id).first()
