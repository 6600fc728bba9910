"""Writing the ledger. Every action of every app calls ``record`` once, in its own transaction."""

from collections.abc import Iterable
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
    _refuse_outside()
    _entry(actor, now, verb, subject, unit_id, happened_at, data).save(force_insert=True)


def record_many(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    about: Iterable[tuple[tuple[str, str], int | None, dict[str, Any]]],
) -> None:
    """Append an event for each subject, its unit and its data, in one statement; else as above."""
    _refuse_outside()
    Entry.objects.bulk_create(
        [_entry(actor, now, verb, subject, unit_id, now, data) for subject, unit_id, data in about]
    )


def _refuse_outside() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is written in a transaction")


def _entry(
    actor: Actor, now: datetime, verb: str, subject: tuple[str, str], unit_id: int | None,
    happened_at: datetime | None, data: dict[str, Any] | None,
) -> Entry:  # fmt: skip
    return Entry(
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
