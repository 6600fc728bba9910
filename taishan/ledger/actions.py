"""Writing the ledger. Every action of every app calls ``record`` once, in its own transaction."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction

from taishan.kit.actor import Actor
from taishan.ledger.models import Entry


def record(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    subject: tuple[str, str],
    unit_id: int | None = None,
    happened_at: datetime | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Append one event. Personal data is referenced by id in ``data``, never copied into it.

    Raises TransactionManagementError outside a transaction: an event without its change, or a
    change without its event, must not exist.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("ledger.actions.record needs a transaction")
    Entry.objects.create(
        unit_id=unit_id or 0,
        id=uuid4(),
        verb=verb,
        subject_kind=subject[0],
        subject_id=subject[1],
        actor_label=actor.label,
        account_id=actor.account_id,
        person_id=actor.person_id,
        post=actor.post,
        door=actor.door,
        happened_at=happened_at or now,
        recorded_at=now,
        data=data or {},
    )
