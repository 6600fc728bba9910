"""Writing the ledger. Every action of every app calls ``record`` once, in its own transaction."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from taishan.kit import arrays
from taishan.kit.actor import Actor

_RECORD = "ledger_record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
"""Entries and their places in the sealer's queue stand or fall together, in one round trip."""
About = tuple[tuple[str, str], int | None, dict[str, Any]]
"""A subject, its unit, and the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one actor did, and about what; fields as ``record`` takes them."""

    actor: Actor
    now: datetime
    verb: str
    about: Sequence[About]


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
    one = Event(actor=actor, now=now, verb=verb, about=[(subject, unit_id, data or {})])
    _write([_values(one, happened_at or now)])


def record_many(
    *, actor: Actor, now: datetime, verb: str, about: Iterable[About]
) -> None:  # fmt: skip
    """Append an event for each subject, its unit and its data, in one statement; else as above."""
    record_each([Event(actor=actor, now=now, verb=verb, about=list(about))])


def record_each(events: Iterable[Event]) -> None:
    """Append events of several actors in one statement; else as above."""
    _write([_values(one, one.now) for one in events if one.about])


def _values(one: Event, happened_at: datetime) -> list[Any]:
    actor, about = one.actor, one.about
    return [
        one.verb, "" if actor.person_id else actor.label, actor.account_id, actor.person_id,
        actor.post, actor.door, happened_at, one.now,
        arrays.literal(unit_id or 0 for _subject, unit_id, _data in about),
        arrays.literal_of_texts(subject[0] for subject, _unit_id, _data in about),
        arrays.literal_of_texts(subject[1] for subject, _unit_id, _data in about),
        arrays.literal_of_texts(json.dumps(data) for _subject, _unit_id, data in about),
    ]  # fmt: skip


def _write(calls: Sequence[Sequence[Any]]) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("the ledger is written in a transaction")
    if calls:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {', '.join([_RECORD] * len(calls))}",
                [value for values in calls for value in values],
            )
