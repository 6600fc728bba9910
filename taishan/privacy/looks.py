"""That somebody looked at what others answered about their health."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import QuerySet

from taishan.core import merkle
from taishan.forms.models import Form
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.privacy.models import Look, Seen


@transaction.atomic
def record(
    *,
    viewer: Viewer,
    now: datetime,
    form: Form,
    door: Look.Door,
    person_ids: Iterable[int],
    unit_ids: Iterable[int],
    period: date | None = None,
) -> None:
    """Keep that the viewer looked at these people; to look at oneself is none.

    The ledger has one entry however many they are: how many, and the root over their salted
    numbers. It names nobody, since to stand on a list about health says something of one's own.
    """
    others = sorted(set(person_ids) - {viewer.person_id})
    if not others:
        return
    look = Look.objects.create(
        form=form, period=period, door=door, looked_at=now, by_id=viewer.account_id,
        post=viewer.actor.post[:120],
    )  # fmt: skip
    seen = Seen.objects.bulk_create([Seen(look=look, person_id=pk, salt=uuid4()) for pk in others])
    root = merkle.root([f"{row.person_id} {row.salt}".encode() for row in seen]).hex()
    units = set(unit_ids)
    ledger.record(
        actor=viewer.actor, now=now, verb="health.looked_at", subject=("look", str(look.pk)),
        unit_id=units.pop() if len(units) == 1 else None,
        data={"form": form.code, "door": door.value, "people": len(others), "root": root},
    )  # fmt: skip


def find_at(person_id: int) -> QuerySet[Look]:
    """Return the looks at a person, the latest first."""
    found = Look.objects.filter(seen__person_id=person_id)
    return found.select_related("by__person", "form").order_by("-looked_at", "-pk")


def erase(form: Form) -> None:
    """Erase the looks at answers to a form that are older than its retention."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_erase_looks(%s)", [form.pk])
