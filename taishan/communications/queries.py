"""Reading notices: a person's own, what a unit sent, and what became of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from taishan.communications import audiences
from taishan.communications.models import Delivery, Notice, Sending
from taishan.kit import clock
from taishan.organisation import history
from taishan.organisation.models import Person, UnitVersion

UNCONFIRMED = f"""
SELECT (
  SELECT count(*) FROM communications_delivery d
  WHERE d.person_id = %(person)s AND d.confirmed_at IS NULL
) + (SELECT count(*) FROM ({audiences.UNTOLD}) untold)
"""  # noqa: S608 - of words of this app
STATES = {
    "unopened": Q(opened_at=None),
    "unconfirmed": Q(opened_at__isnull=False, confirmed_at=None),
    "confirmed": Q(confirmed_at__isnull=False),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Became:
    """What became of a notice: how many were told, have opened it, and have confirmed."""

    told: int
    opened: int
    confirmed: int

    def of(self, state: str) -> int:
        """Return how many are in one of ``STATES``."""
        numbers = {
            "unopened": self.told - self.opened,
            "unconfirmed": self.opened - self.confirmed,
            "confirmed": self.confirmed,
        }
        return numbers[state]


def find_mine(person_id: int | None) -> QuerySet[Delivery]:
    """Return what a person was told: unconfirmed first, then the latest.

    ``time_zone`` is that of the unit in whose name it was told: the hours it names are its.
    """
    rows = Delivery.objects.filter(person_id=person_id or 0).select_related("notice__unit")
    of_unit = UnitVersion.objects.filter(unit_id=OuterRef("notice__unit_id"))
    versions = history.latest_first(of_unit, OuterRef("notice__sent_at"))
    zoned = rows.annotate(time_zone=Subquery(versions.values("time_zone")[:1]))
    return zoned.order_by(F("confirmed_at").asc(nulls_first=True), "-notice_id")


def count_unconfirmed(person_id: int | None) -> int:
    """Return how many notices wait for a person, those too that no job has delivered yet.

    One statement: every page asks it.
    """
    if person_id is None:
        return 0
    with connection.cursor() as cursor:
        asked = audiences.asked_of(person_id, clock.today(), clock.now())
        cursor.execute(UNCONFIRMED, asked)
        return int(cursor.fetchone()[0])


def find_sent(unit_id: int) -> QuerySet[Notice]:
    """Return what was told in the name of a unit, latest first; nothing private."""
    return Notice.objects.filter(unit_id=unit_id, is_private=False).order_by("-pk")


def find_became(notice_ids: Collection[int]) -> dict[int, Became]:
    """Return what became of notices."""
    rows = Delivery.objects.filter(notice_id__in=notice_ids).values_list("notice_id").order_by()
    counted = rows.annotate(
        told=Count("person_id"), opened=Count("opened_at"), confirmed=Count("confirmed_at")
    )
    found = {
        pk: Became(told=told, opened=opened, confirmed=confirmed)
        for pk, told, opened, confirmed in counted
    }
    nothing = Became(told=0, opened=0, confirmed=0)
    return {pk: found.get(pk, nothing) for pk in notice_ids}


def find_people(notice: Notice, state: str) -> QuerySet[Delivery]:
    """Return who was told a notice and is in one of ``STATES``, by name."""
    rows = Delivery.objects.filter(STATES[state], notice=notice).select_related("person")
    return rows.order_by("person__sort_name", "person__staff_no")


def find_waiting(notice: Notice) -> QuerySet[Person]:
    """Return who has not confirmed a notice, by name."""
    waits = Delivery.objects.filter(notice=notice, confirmed_at=None)
    people = Person.objects.filter(pk__in=waits.values("person_id"))
    return people.order_by("sort_name", "staff_no")


def find_ways(notice: Notice) -> QuerySet[Sending, Any]:
    """Return how many messages of a notice went out, wait or failed, by channel."""
    rows = Sending.objects.filter(round__notice=notice).values("channel").order_by("channel")
    return rows.annotate(
        sent=Count("pk", filter=Q(state=Sending.State.SENT)),
        waiting=Count("pk", filter=Q(state=Sending.State.QUEUED)),
        failed=Count("pk", filter=Q(state=Sending.State.FAILED)),
    )


def find_letters(notice: Notice, person_ids: Collection[int]) -> dict[int, Sending]:
    """Return the last letter of a notice to each of these people."""
    rows = Sending.objects.filter(round__notice=notice, address__person_id__in=person_ids)
    with_address = rows.select_related("address").order_by("pk")
    return {row.address.person_id or 0: row for row in with_address}
