"""What the tests of the ledger share."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from taishan.ledger import actions, proving
from taishan.ledger.models import Leaf
from tests import people


def happen(count: int, minutes: Sequence[int] = ()) -> None:
    """Record so many events of the records test:0, test:1 …, a minute apart or as given."""
    for at in range(count):
        now = people.NOW + timedelta(minutes=minutes[at] if minutes else at)
        with transaction.atomic():
            actions.record(
                actor=people.ACTOR, now=now, verb="tried", subject=("test", str(at)),
                unit_id=at % 3, data={"at": at},
            )  # fmt: skip


def leaf_of(number: int) -> bytes:
    """Return the leaf of an entry as docs/explanation/ledger.md describes it."""
    leaf = Leaf.objects.get(pk=number)
    text = proving.read_texts([leaf.entry_id], [leaf.unit_id])[leaf.entry_id]
    return number.to_bytes(8, "big") + hashlib.sha256(text.encode()).digest()
