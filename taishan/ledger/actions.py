"""Writing the ledger. Every action of every app calls ``record`` once, in its own transaction."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from taishan.kit import arrays
from taishan.kit.actor import Actor

_RECORD = "SELECT ledger_record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
"""Entries and their places in the sealer's queue stand or fall together, in one round trip."""


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

    ``data["about"]``, a kind and an id, names a record that the subject is about.

    Raises TransactionManagementError outside a transaction: an event without its change, or a
    change without its event, must not exist.
    """
    _write(actor, now, verb, happened_at or now, [(subject, unit_id, data or {})])


def record_many(
    *,
    actor: Actor,
    now: datetime,
    verb: str,
    about: Iterable[tuple[tuple[str, str], int | None, dict[str, Any]]],
) -> None:
    """Append an event for each subject, its unit and its data, in one statement; else as above."""
    _write(actor, now, verb, now, list(about))


def _write(
    actor: Actor, now: datetime, verb: str, happened_at: datetime,
    about: list[tuple[tuple[str, str], int | None, dict[str, Any]]],
) -> None:  # fmt: skip
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is written in a transaction")
    label = "" if actor.person_id else actor.label
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                verb, label, actor.account_id, actor.person_id, actor.post, actor.door,
                happened_at, now,
                arrays.literal(unit_id or 0 for _subject, unit_id, _data in about),
                arrays.literal_of_texts(subject[0] for subject, _unit_id, _data in about),
                arrays.literal_of_texts(subject[1] for subject, _unit_id, _data in about),
                arrays.literal_of_texts(json.dumps(data) for _subject, _unit_id, data in about),
            ],
        )  # fmt: skip
