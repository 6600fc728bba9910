"""The ledger: what an entry costs its action, sealing, and the proof of one of ten million.

The floors: the same reports whose entries are not written; a bare COPY of as many leaves into their
table; the read of as many single rows by key as a proof has blocks.
"""

from __future__ import annotations

import contextlib
import functools
import random
import statistics
import time
from collections.abc import Callable
from typing import Any
from unittest import mock

from tests.benchmarks import instance, reports
from tests.benchmarks.table import Line

REPORTS = 2_000
SEALED = 300_000
TREE = 10_000_000
PROOFS = 200
APPEND_RATIO, SEAL_RATIO, ENTRIES_PER_SECOND = 1.15, 2.0, 100_000
PROOF_LIMIT_S, PROOF_LIMIT_BYTES = 0.010, 2048
_UNITS = 2_000
_FILL_ENTRIES = """
INSERT INTO ledger_entry (unit_id, id, verb, subject_kind, subject_id, actor_label, account_id,
  person_id, post, door, happened_at, recorded_at, data)
SELECT i %% %s, uuidv7(), 'condition.attested', 'attestation', i::text, '', i %% 1000, i %% 1000,
  'safety_officer', 'page', now(), now() + i * interval '1 ms',
  jsonb_build_object('condition', 'attest:plan', 'amount', i)
FROM generate_series(1, %s) i
"""


def run() -> list[Line]:
    with instance.fresh():
        return [_append(), _seal(), _prove()]


def _append() -> Line:
    """Take in reports that come one by one, with and without their entries, in turns."""
    from taishan.ledger import actions as ledger

    taken: dict[bool, list[float]] = {True: [], False: []}
    for at, ready in enumerate(_single_reports()):
        is_entered = at % 2 == 0
        with contextlib.nullcontext() if is_entered else mock.patch.object(ledger, "record"):
            taken[is_entered].append(_timed(functools.partial(_take, ready)))
    seconds, floor = (statistics.median(taken[one]) * len(taken[one]) for one in (True, False))
    name = f"{REPORTS // 2:,} single reports with their entries"
    return Line(name=name, seconds=seconds, floor=floor, ratio=APPEND_RATIO)


def _single_reports() -> list[Any]:
    """Return reports that are parsed and checked, each a batch of its own."""
    from taishan.reporting import intake

    with mock.patch.multiple(reports, PEOPLE=REPORTS, UNITS=20, BATCH=1):
        reports._set_up()
        return [intake.examine(instance.NOW, one, None) for one in reports._batches(instance.NOW)]


def _take(ready: Any) -> None:
    from taishan.reporting import actions

    who = instance.ACTOR, instance.NOW
    actions._take(*who, actions._prepare(*who, ready))


def _seal() -> Line:
    from django.db import connection

    from taishan.kit import clock
    from taishan.ledger import leaves, sealing

    sealing.seal_all(now=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_FILL_ENTRIES, [_UNITS, SEALED])
        cursor.execute(
            "INSERT INTO ledger_unsealed SELECT e.unit_id, e.id, e.recorded_at,"  # noqa: S608
            f" {leaves.DIGEST} FROM ledger_entry e WHERE verb = 'condition.attested'"
            " AND NOT EXISTS (SELECT FROM ledger_leaf l"
            " WHERE l.unit_id = e.unit_id AND l.entry_id = e.id)"
        )
    took = _timed(lambda: sealing.seal_all(now=clock.now()))
    floor = _bare_copy()
    limit = SEALED / ENTRIES_PER_SECOND
    return Line(
        name=f"{SEALED:,} entries sealed", seconds=took, floor=floor, limit=limit, ratio=SEAL_RATIO
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _bare_copy() -> float:
    """Return the seconds of a COPY of the sealed leaves under other numbers; nothing stays."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, unit_id, entry_id, hash FROM ledger_leaf ORDER BY number DESC"
        )
        rows = [(-number - 1, unit + _UNITS, *rest) for number, unit, *rest in cursor][:SEALED]
        began = time.perf_counter()
        with cursor.copy("COPY ledger_leaf (number, unit_id, entry_id, hash) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


def _prove() -> Line:
    """Prove entries of a tree that is grown to ten million by leaves that stand for others."""
    from taishan.ledger import proving, queries, verifier
    from taishan.ledger.models import Entry

    _grow()
    seal = queries.find_seal()
    assert seal is not None
    entries = list(Entry.objects.order_by("-recorded_at")[: PROOFS * 50])
    chosen = random.Random(7).sample(entries, PROOFS)
    sizes: list[int] = []

    def prove(entry: Entry) -> None:
        sizes.append(len(verifier.write(proving.prove([entry], seal)).encode()))

    took = statistics.median(_timed(functools.partial(prove, entry)) for entry in chosen)
    if max(sizes) > PROOF_LIMIT_BYTES:
        raise AssertionError(f"{max(sizes)} bytes a proof, more than {PROOF_LIMIT_BYTES}")
    name = f"a proof of one of {TREE:,}, {max(sizes):,} bytes"
    return Line(name=name, seconds=took, floor=_single_reads(), limit=PROOF_LIMIT_S)


def _grow() -> None:
    """Seal leaves without entries of their own up to ``TREE``: only their hashes matter here."""
    from django.db import connection, transaction

    from taishan.kit import clock
    from taishan.ledger import queries, sealing, tree
    from taishan.ledger.models import Seal

    last = queries.find_seal()
    size = last.size if last else 0
    while size < TREE:
        count = min(500_000, TREE - size)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ledger_leaf SELECT i, i %% %s, uuidv7(), sha256(int8send(i))"
                " FROM generate_series(%s::bigint, %s::bigint) i RETURNING hash",
                [_UNITS, size, size + count - 1],
            )
            hashes = [bytes(row[0]) for row in cursor]
            frontier, nodes = tree.read_frontier(size).extended(hashes)
            sealing._keep(nodes)
            size = frontier.size
            Seal.objects.create(size=size, root=frontier.root(), sealed_at=clock.now())


def _single_reads() -> float:
    """Return the seconds of reading one leaf by its number, once for each sixteen of the tree."""
    from taishan.ledger.models import Leaf

    numbers: list[Any] = [TREE // 3 + at * 1000 for at in range(6)]
    return statistics.median(
        _timed(lambda: [Leaf.objects.get(pk=number) for number in numbers]) for _ in range(20)
    )
