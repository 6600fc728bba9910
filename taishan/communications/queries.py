"""Reading notices: a person's own, what a unit sent, and who has not confirmed."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from taishan.communications.models import Delivery, Notice
from taishan.organisation.models import Membership, Person, Role, RoleGrant, UnitVersion

OFFICERS = (Role.UNIT_HEAD, Role.SAFETY_OFFICER)


def find_mine(person_id: int | None) -> QuerySet[Delivery]:
    """Return what a person was told: unconfirmed first, then the latest."""
    rows = Delivery.objects.filter(person_id=person_id or 0).select_related("notice__unit")
    return rows.order_by(F("confirmed_at").asc(nulls_first=True), "-notice_id")


def count_unconfirmed(person_id: int | None) -> int:
    """Return how many notices wait for a person; an index holds just these."""
    return Delivery.objects.filter(person_id=person_id or 0, confirmed_at=None).count()


def find_people(path: str, on: date, *, officers_only: bool) -> set[int]:
    """Return the ids of the people of a unit and all below it on a day, or of its officers."""
    units = UnitVersion.objects.filter(path__descends_from=path, valid__contains=on)
    inside = {"unit_id__in": units.values("unit_id"), "valid__contains": on}
    if officers_only:
        rows = RoleGrant.objects.filter(role__in=OFFICERS, **inside)
        return set(rows.values_list("person_id", flat=True))
    return set(Membership.objects.filter(**inside).values_list("person_id", flat=True))


def find_sent(unit_id: int) -> QuerySet[Notice]:
    """Return what was told in the name of a unit, latest first, with ``told`` and ``confirmed``."""
    rows = Notice.objects.filter(unit_id=unit_id)
    return rows.annotate(
        told=Count("deliveries__person_id"), confirmed=Count("deliveries__confirmed_at")
    ).order_by("-pk")


def find_waiting(notice: Notice) -> QuerySet[Person]:
    """Return who has not confirmed a notice, by name."""
    waits = Delivery.objects.filter(notice=notice, person_id=OuterRef("pk"), confirmed_at=None)
    return Person.objects.filter(Exists(waits)).order_by("sort_name", "staff_no")
