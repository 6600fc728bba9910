"""The tree as it is kept: its hashes read by place, its proofs, its edge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from taishan.core import merkle
from taishan.core.merkle import Frontier, Place


class TreeBroken(RuntimeError):
    """A kept hash is missing: ``taishan ledger verify`` says more."""


def read(places: Iterable[Place]) -> dict[Place, bytes]:
    """Return the kept hashes at these places, in two statements. Raises TreeBroken."""
    wanted = set(places)
    leaves = [number for level, number in wanted if level == 0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 0, number, hash FROM ledger_leaf WHERE number = ANY(%s::bigint[])", [leaves]
        )
        found = {(level, number): bytes(hash_) for level, number, hash_ in cursor}
    found |= read_nodes(place for place in wanted if place[0] > 0)
    if len(found) < len(wanted):
        raise TreeBroken(f"{len(wanted) - len(found)} hashes of the tree are missing")
    return found


def read_nodes(places: Iterable[Place]) -> dict[Place, bytes]:
    """Return those of the hashes above the leaves that are kept."""
    wanted = list(places)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, number, hash FROM ledger_node"
            " JOIN unnest(%s::smallint[], %s::bigint[]) AS wanted (level, number)"
            " USING (level, number)",
            [[level for level, _number in wanted], [number for _level, number in wanted]],
        )
        return {(level, number): bytes(hash_) for level, number, hash_ in cursor}


def read_frontier(size: int) -> Frontier:
    """Return the growing edge of the tree of this size. Raises TreeBroken."""
    rows = merkle.frontier_places(size)
    found = read(place for row in rows for place in row)
    return Frontier(size=size, open=tuple(tuple(found[place] for place in row) for row in rows))


def read_heads(paths: Sequence[Sequence[range]]) -> list[list[bytes]]:
    """Return the heads over the runs of each path, all read at once. Raises TreeBroken."""
    found = read(merkle.needed(run for path in paths for run in path))
    return [[merkle.digest(run, found) for run in path] for path in paths]
