"""Giving entries their numbers, and the tree its next head."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from taishan.core.merkle import Place
from taishan.ledger import leaves, tree
from taishan.ledger.models import Seal

BATCH = 100_000
"""How many entries one seal takes in: some seconds of work, and a hundred bytes each in memory."""
_ONE_AT_A_TIME = 0x7461_6973_6561_6C
_NUMBER = f"""
WITH taken AS (
  DELETE FROM ledger_unsealed WHERE ctid = ANY(ARRAY(SELECT ctid FROM ledger_unsealed LIMIT %s))
  RETURNING unit_id, entry_id, recorded_at, digest
), numbered AS (
  SELECT %s - 1 + row_number() OVER (ORDER BY recorded_at, entry_id) AS number,
    unit_id, entry_id, digest
  FROM taken
), added AS (
  INSERT INTO ledger_leaf (number, unit_id, entry_id, hash)
  SELECT number, unit_id, entry_id, {leaves.leaf_hash("number", "digest")} FROM numbered
  RETURNING number, hash
)
SELECT string_agg(hash, ''::bytea ORDER BY number) FROM added
"""  # noqa: S608 - of constants
_IN_MEMORY = "SET LOCAL work_mem = '32MB'"
"""So much a batch takes: with the four that PostgreSQL gives, it is sorted on disk, twice."""


@transaction.atomic
def seal(*, now: datetime) -> Seal | None:
    """Number the entries that wait, at most ``BATCH``, and seal the tree; None where none waits.

    It leaves no entry of its own, or there would always be one more to seal. Entries are found by
    their place in the queue, which commits with them: however late that is, none is passed over.
    """
    with connection.cursor() as cursor:
        # Held to the end: two sealers would give the same numbers.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        last = Seal.objects.order_by("-size").first()
        size = last.size if last else 0
        cursor.execute(_IN_MEMORY)
        cursor.execute(_NUMBER, [BATCH, size])
        added = bytes(cursor.fetchone()[0] or b"")
    if not added:
        return None
    hashes = [added[at : at + 32] for at in range(0, len(added), 32)]
    frontier, nodes = tree.read_frontier(size).extended(hashes)
    _keep(nodes)
    return Seal.objects.create(size=frontier.size, root=frontier.root(), sealed_at=now)


def seal_all(*, now: datetime) -> list[Seal]:
    """Seal until no entry waits; return the new seals, one a batch."""
    seals = []
    while found := seal(now=now):
        seals.append(found)
    return seals


def _keep(nodes: Mapping[Place, bytes]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_node (level, number, hash)"
            " SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])",
            [[level for level, _ in nodes], [number for _, number in nodes], list(nodes.values())],
        )
