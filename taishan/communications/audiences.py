"""Whom a notice is for: on the day it is sent, and later whoever has joined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower, StrIndex

from taishan.communications.models import Address, Channel, Delivery, Notice
from taishan.kit import arrays
from taishan.organisation.models import Membership, PostHolding, Role, RoleGrant, UnitVersion

Audience = Notice.Audience
OFFICERS = (Role.UNIT_HEAD, Role.SAFETY_OFFICER)
ROOTS = f"""
SELECT '{Audience.EVERYBODY}' AS audience, m.unit_id, '' AS titles
FROM organisation_membership m WHERE m.person_id = %(person)s AND m.valid @> %(day)s
UNION ALL
SELECT '{Audience.OFFICERS}', g.unit_id, ''
FROM organisation_rolegrant g
WHERE g.person_id = %(person)s AND g.valid @> %(day)s AND g.role = ANY(%(officers)s)
UNION ALL
SELECT '{Audience.POSTS}', p.unit_id, lower(p.title_en || E'\\n' || p.title_zh)
FROM organisation_postholding h JOIN organisation_post p ON p.id = h.post_id
WHERE h.person_id = %(person)s AND h.valid @> %(day)s AND p.valid @> %(day)s
"""  # noqa: S608 - of words of this module
UNTOLD = f"""
SELECT DISTINCT n.id FROM ({ROOTS}) mine
JOIN organisation_unitversion v ON v.unit_id = mine.unit_id AND v.valid @> %(day)s
JOIN communications_notice n ON n.audience = mine.audience AND n.valid_until > %(now)s
  AND n.unit_id = ANY(string_to_array(v.path::text, '.')::bigint[])
  AND strpos(mine.titles, lower(n.post_title)) > 0
WHERE NOT EXISTS (
  SELECT FROM communications_delivery d WHERE d.person_id = %(person)s AND d.notice_id = n.id
) AND NOT EXISTS (
  SELECT FROM communications_round r WHERE r.notice_id = n.id AND r.ended_at IS NULL
)
"""  # noqa: S608 - of words of this module
"""The notices in force for a person, by what they are today, that nobody has told them yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How far a notice would go. ``letters`` people have an e-mail address that wants it."""

    people: int
    units: int
    letters: int
    robots: int
    webhooks: int


def find(path: str, on: date, audience: str, post_title: str = "") -> set[int]:
    """Return the ids of the people of an audience below a unit on a day."""
    return set(_rows(path, on, audience, post_title).values_list("person_id", flat=True))


def _rows(path: str, on: date, audience: str, post_title: str) -> QuerySet[Any]:
    """Return the rows by which people belong to an audience: each names its person."""
    units = units_below(path, on)
    if audience == Audience.OFFICERS:
        return RoleGrant.objects.filter(role__in=OFFICERS, unit_id__in=units, valid__contains=on)
    if audience == Audience.POSTS:
        return _holdings(units, on, post_title)
    return Membership.objects.filter(unit_id__in=units, valid__contains=on)


def _holdings(units: Any, on: date, post_title: str) -> QuerySet[Any]:
    rows = PostHolding.objects.filter(
        valid__contains=on, post__valid__contains=on, post__unit_id__in=units
    )
    if not post_title:
        return rows
    wanted = Value(post_title.lower())
    named = rows.annotate(
        in_en=StrIndex(Lower("post__title_en"), wanted),
        in_zh=StrIndex(Lower("post__title_zh"), wanted),
    )
    return named.filter(Q(in_en__gt=0) | Q(in_zh__gt=0))


def units_below(path: str, on: date) -> Any:
    """Return, for ``unit_id__in``, a unit and all below it on a day."""
    return UnitVersion.objects.filter(path__descends_from=path, valid__contains=on).values(
        "unit_id"
    )


def find_untold(notice: Notice, on: date) -> set[int]:
    """Return who has joined a notice's audience by a day and was not told of it."""
    version = UnitVersion.objects.filter(unit_id=notice.unit_id, valid__contains=on).first()
    if version is None or notice.audience == Audience.PEOPLE:
        return set()
    told = Delivery.objects.filter(notice=notice, person_id=OuterRef("person_id"))
    rows = _rows(version.path, on, notice.audience, notice.post_title).filter(~Exists(told))
    return set(rows.values_list("person_id", flat=True))


def asked_of(person_id: int, on: date, now: datetime) -> dict[str, Any]:
    """Return the parameters of ``UNTOLD``."""
    return {"person": person_id, "day": on, "now": now, "officers": list(OFFICERS)}


def find_untold_notices(person_id: int, on: date, now: datetime) -> list[int]:
    """Return the ids of the notices in force that a person should have been told of by now."""
    with connection.cursor() as cursor:
        cursor.execute(UNTOLD, asked_of(person_id, on, now))
        return [pk for (pk,) in cursor.fetchall()]


def measure(path: str, on: date, people: set[int], audience: str, news: str) -> Reach:
    """Return how far a notice to these people would go, by which ways."""
    open_ = Address.objects.filter(
        ended_at=None, verified_at__isnull=False, wanted__contains=[news]
    )
    letters = open_.filter(arrays.any_of("person_id", people), channel=Channel.EMAIL)
    units = Membership.objects.filter(arrays.any_of("person_id", people), valid__contains=on)
    others: dict[str, int] = {}
    if audience == Audience.EVERYBODY:
        below = open_.filter(unit_id__in=units_below(path, on)).order_by()
        others = dict(below.values_list("channel").annotate(n=Count("pk")))
    return Reach(
        people=len(people),
        units=units.values("unit_id").distinct().count(),
        letters=letters.values("person_id").distinct().count(),
        webhooks=others.pop(Channel.WEBHOOK, 0),
        robots=sum(others.values()),
    )
