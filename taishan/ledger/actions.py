"""Writing the ledger. Every action of every app calls ``record`` once, in its own transaction."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from taishan.kit.actor import Actor
from taishan.ledger import leaves

_RECORD = f"""
WITH e AS (
  INSERT INTO ledger_entry (unit_id, id, verb, subject_kind, subject_id, actor_label, account_id,
    person_id, post, door, happened_at, recorded_at, data)
  VALUES (%s, uuidv7(), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
  RETURNING *
)
INSERT INTO ledger_unsealed (unit_id, entry_id, recorded_at, digest)
SELECT e.unit_id, e.id, e.recorded_at, {leaves.DIGEST} FROM e
"""  # noqa: S608 - of constants
"""The entry and its place in the sealer's queue stand or fall together, in one round trip."""


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
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("ledger.actions.record needs a transaction")
    label = "" if actor.person_id else actor.label
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                unit_id or 0, verb, *subject, label, actor.account_id, actor.person_id, actor.post,
                actor.door, happened_at or now, now, json.dumps(data or {}),
            ],
        )  # fmt: skip
