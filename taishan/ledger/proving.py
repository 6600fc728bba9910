"""Proofs for outsiders: entries with their paths to a seal, as ``verifier.py`` reads them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from taishan.core import merkle
from taishan.ledger import leaves, queries, tree, verifier
from taishan.ledger.models import Entry, Seal

Proof = dict[str, Any]


def prove(entries: Iterable[Entry], seal: Seal, earlier: Seal | None = None) -> Proof:
    """Return the proof that those of the entries that the seal takes in were sealed.

    With an earlier seal it also shows that this one is its continuation. Four statements, whatever
    the number of entries. Raises TreeBroken.
    """
    numbers = queries.find_numbers(entries)
    sealed = sorted((number, id_) for id_, number in numbers.items() if number < seal.size)
    runs = [merkle.inclusion(number, seal.size) for number, _id in sealed]
    begins = merkle.consistency(earlier.size, seal.size) if earlier else []
    *paths, begin = tree.read_heads([*runs, begins])
    texts = read_texts([id_ for _number, id_ in sealed], {entry.unit_id for entry in entries})
    proof: Proof = {
        "format": verifier.FORMAT,
        "seal": seal.code,
        "entries": [
            {"number": number, "entry": texts[id_], "path": _encoded(path)}
            for (number, id_), path in zip(sealed, paths, strict=True)
        ],
    }
    if earlier:
        proof["earlier"] = {"seal": earlier.code, "path": _encoded(begin)}
    return proof


def read_texts(ids: Sequence[UUID], unit_ids: Iterable[int]) -> dict[UUID, str]:
    """Return the texts of entries, of which their digests are made, by id."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT e.id, {leaves.ENTRY} FROM ledger_entry e"  # noqa: S608 - a constant
            " WHERE e.unit_id = ANY(%s::bigint[]) AND e.id = ANY(%s::uuid[])",
            [list(unit_ids), list(ids)],
        )
        return dict(cursor)


def _encoded(path: Iterable[bytes]) -> list[str]:
    return [base64.b64encode(step).decode() for step in path]
