"""A leaver's duties pass to the unit, visibly; what a post owes follows its holder by itself."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from taishan.core.duties import OPEN
from taishan.duties import actions
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.organisation.models import Membership


def pass_on(*, actor: Actor, now: datetime, on: date, person_id: int | None = None) -> int:
    """Let units owe what people owed who were theirs and are no more on the day; return how many.

    All people, unless ``person_id`` names one. What lapsed stays with whoever missed it.
    """
    found = _find_left(on)
    if person_id is not None:
        found = found.filter(person_id=person_id)
    ready = [duty for duty in found if duty.standing(now) in OPEN]
    for duty in ready:
        actions.hand_over(
            actor=actor, now=now, duty=duty,
            reason=f"No longer in the unit on {on} · {on}已不在本单位",
        )  # fmt: skip
    return len(ready)


def _find_left(on: date) -> QuerySet[Duty]:
    """Return what is owed by people who left its unit, or the group, by the day.

    Whoever never was a member of it owes by another right, such as a role, and keeps it.
    """
    of_person = Membership.objects.filter(person_id=OuterRef("person_id"))
    here, ended = Q(unit_id=OuterRef("unit_id")), Q(valid__endswith__lte=on)
    today = Q(valid__contains=on)
    return Duty.objects.filter(
        Exists(of_person.filter(here & ended)) & ~Exists(of_person.filter(here & today))
        | Exists(of_person.filter(ended)) & ~Exists(of_person.filter(today)),
        ended=None,
        person__isnull=False,
    ).order_by("due_at", "id")
