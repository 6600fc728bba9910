"""Going through all of the ledger: whether what is there is what was sealed, to the last byte."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from taishan.core import merkle
from taishan.core.merkle import Frontier
from taishan.ledger import leaves, tree
from taishan.ledger.models import Seal

LATE = timedelta(hours=1)
"""No transaction lasts longer: what says it was recorded so long before the last seal was not."""
_CHUNK = merkle.WIDTH**4
_COMPARED = 1000
"""Among how many wrong entries it is looked which were exchanged: each with each other."""
_LEAVES = f"""
SELECT l.number, l.hash, e.recorded_at, CASE WHEN e.id IS NOT NULL THEN {leaves.DIGEST} END
FROM ledger_leaf l LEFT JOIN ledger_entry e ON e.unit_id = l.unit_id AND e.id = l.entry_id
WHERE l.number >= %s AND l.number < %s ORDER BY l.number
"""  # noqa: S608 - of constants
_PAST_THE_SEALER = """
SELECT e.id, e.verb FROM ledger_entry e
WHERE NOT EXISTS (SELECT FROM ledger_leaf l WHERE l.unit_id = e.unit_id AND l.entry_id = e.id)
AND NOT EXISTS (SELECT FROM ledger_unsealed u WHERE u.unit_id = e.unit_id AND u.entry_id = e.id)
"""
"""One statement sees one instant, and an entry and its place in the queue commit together."""
_CHANGED_BEFORE_THE_SEALER = f"""
SELECT u.entry_id, e.id IS NULL
FROM ledger_unsealed u LEFT JOIN ledger_entry e ON e.unit_id = u.unit_id AND e.id = u.entry_id
WHERE e.id IS NULL OR u.digest <> {leaves.DIGEST}
"""  # noqa: S608 - of constants


class Kind(StrEnum):
    ALTERED = auto()
    DELETED = auto()
    INSERTED = auto()
    REORDERED = auto()
    TREE = auto()
    SEAL = auto()
    PUBLISHED = auto()
    LATE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is not as it was sealed, in words. A remark breaks nothing, but somebody should know."""

    kind: Kind
    text: str
    is_remark: bool = False


class _Leaf(NamedTuple):
    number: int
    hash: bytes
    recorded_at: datetime | None
    digest: bytes | None


@dataclass(slots=True, kw_only=True)
class _Run:
    """How far the ledger has been gone through."""

    sealed: Sequence[tuple[int, bytes, datetime]]
    sizes: Sequence[int]
    published: dict[int, set[bytes]]
    frontier: Frontier = field(default_factory=Frontier)
    is_tree_broken: bool = False
    wrong: list[_Leaf] = field(default_factory=list)


def verify(published: Iterable[str] = ()) -> Iterator[Finding]:
    """Yield all that is wrong, as it is found. ``published`` are seals as ``SIZE:ROOT``.

    Rows of the ledger do not change, so it may be written to meanwhile. Raises ValueError for a
    published seal that is none.
    """
    seals = Seal.objects.order_by("size").values_list("size", "root", "sealed_at")
    sealed = [(size, bytes(root), at) for size, root, at in seals]
    sizes = [size for size, _root, _at in sealed]
    run = _Run(sealed=sealed, sizes=sizes, published=_read_published(published))
    yield from _go_through(run, sorted({*sizes, *run.published}), sizes[-1] if sizes else 0)
    yield from _name(run.wrong)
    yield from _unsealed()


def _read_published(codes: Iterable[str]) -> dict[int, set[bytes]]:
    found: dict[int, set[bytes]] = {}
    for code in codes:
        size, _colon, root = code.partition(":")
        found.setdefault(int(size), set()).add(bytes.fromhex(root))
    return found


def _go_through(run: _Run, stops: Sequence[int], size: int) -> Iterator[Finding]:
    for start in range(0, size, _CHUNK):
        until = min(start + _CHUNK, size)
        rows = yield from _read_leaves(run, start, until)
        yield from _find_late(run, rows)
        hashes = [row.hash for row in rows]
        for stop in [*stops[bisect_right(stops, start) : bisect_right(stops, until)], until]:
            yield from _grow(run, hashes[run.frontier.size - start : stop - start])
            yield from _compare_heads(run)
    for beyond in (stop for stop in run.published if stop > size):
        yield _finding(Kind.PUBLISHED, _(
            "A seal of %(beyond)d entries was published, and only %(size)d are sealed here: "
            "those at the end were deleted."
        ) % {"beyond": beyond, "size": size})  # fmt: skip
    yield from _behind_the_last_seal()


def _finding(kind: Kind, text: str) -> Finding:
    return Finding(kind=kind, text=text)


def _read_leaves(run: _Run, start: int, stop: int) -> Generator[Finding, None, list[_Leaf]]:
    """Yield what is wrong with single entries; return a leaf for every number, known or not."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [start, stop])
        found = {
            number: _Leaf(number, bytes(hash_), at, digest and bytes(digest))
            for number, hash_, at, digest in cursor
        }
    rows = []
    for number in range(start, stop):
        row = found.get(number) or _Leaf(number, b"", None, None)
        rows.append(row)
        if not row.hash:
            yield _finding(Kind.DELETED, _("Entry %d: its leaf was deleted.") % number)
        elif row.digest is None:
            yield _finding(Kind.DELETED, _("Entry %d was deleted.") % number)
        elif _leaf_hash(number, row.digest) != row.hash:
            run.wrong.append(row)
    return rows


def _leaf_hash(number: int, digest: bytes) -> bytes:
    return merkle.leaf_hash(number.to_bytes(8, "big") + digest)


def _name(wrong: Sequence[_Leaf]) -> Iterator[Finding]:
    """Yield what became of entries that are not what was sealed: moved from elsewhere, or altered.

    One that was sealed at the place of another such entry was exchanged with it.
    """
    sealed, numbers = {row.hash for row in wrong}, [row.number for row in wrong]
    for row in wrong:
        is_elsewhere = len(wrong) <= _COMPARED and any(
            _leaf_hash(number, row.digest or b"") in sealed for number in numbers
        )
        if is_elsewhere:
            text = _("Entry %d was reordered: what stands there was sealed at another place.")
            yield _finding(Kind.REORDERED, text % row.number)
        else:
            yield _finding(Kind.ALTERED, _("Entry %d was altered.") % row.number)


def _find_late(run: _Run, rows: Sequence[_Leaf]) -> Iterator[Finding]:
    late: dict[int, int] = {}
    for row in rows:
        at = bisect_right(run.sizes, row.number)
        if at and row.recorded_at and row.recorded_at < run.sealed[at - 1][2] - LATE:
            late[run.sizes[at]] = late.get(run.sizes[at], 0) + 1
    for size, count in late.items():
        text = _(
            "Seal of %(size)d: %(count)d of its entries say that they were recorded more than an "
            "hour before the seal before it. Either history was imported, or they were inserted."
        ) % {"size": size, "count": count}
        yield Finding(kind=Kind.LATE, text=text, is_remark=True)


def _grow(run: _Run, hashes: Sequence[bytes]) -> Iterator[Finding]:
    run.frontier, nodes = run.frontier.extended(hashes)
    kept = tree.read_nodes(nodes)
    for (level, number), hash_ in nodes.items():
        if kept.get((level, number)) == hash_ or run.is_tree_broken:
            continue
        run.is_tree_broken = True
        width = merkle.WIDTH**level
        yield _finding(Kind.TREE, _(
            "Entries %(first)d to %(last)d: together they are not what was sealed; one was "
            "altered, deleted, inserted or reordered with its leaf. What follows cannot be "
            "compared."
        ) % {"first": number * width, "last": (number + 1) * width - 1})  # fmt: skip


def _compare_heads(run: _Run) -> Iterator[Finding]:
    size = run.frontier.size
    root = run.frontier.root()
    at = bisect_right(run.sizes, size) - 1
    is_sealed = at >= 0 and run.sizes[at] == size
    if is_sealed and run.sealed[at][1] != root and not run.is_tree_broken:
        run.is_tree_broken = True
        first = run.sizes[at - 1] if at else 0
        yield _finding(Kind.SEAL, _(
            "Seal of %(size)d: the entries are not those it sealed; the difference is among "
            "%(first)d to %(last)d, or the seal was altered."
        ) % {"size": size, "first": first, "last": size - 1})  # fmt: skip
    for told in run.published.pop(size, set()) - {root}:
        yield _finding(Kind.PUBLISHED, _(
            "The published seal %(code)s is not that of the first %(size)d entries here: the "
            "ledger was rewritten."
        ) % {"code": f"{size}:{told.hex()}", "size": size})  # fmt: skip


def _behind_the_last_seal() -> Iterator[Finding]:
    """Yield whether leaves lie there: the sealer writes both at once, so somebody else did."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM ledger_leaf WHERE number < 0"
            " OR number >= (SELECT coalesce(max(size), 0) FROM ledger_seal)"
        )
        (count,) = cursor.fetchone()
    if count:
        yield _finding(Kind.SEAL, _(
            "%d entries are numbered behind the last seal: its successor was deleted, or they "
            "were inserted."
        ) % count)  # fmt: skip


def _unsealed() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_PAST_THE_SEALER)
        inserted = cursor.fetchall()
        cursor.execute(_CHANGED_BEFORE_THE_SEALER)
        changed = cursor.fetchall()
    for id_, verb in inserted:
        yield _finding(Kind.INSERTED, _(
            "Entry %(id)s (%(verb)s) was inserted: it has no number and does not wait for one."
        ) % {"id": id_, "verb": verb})  # fmt: skip
    for id_, is_gone in changed:
        kind = Kind.DELETED if is_gone else Kind.ALTERED
        words = (
            _("Entry %s was deleted before it was sealed.")
            if is_gone
            else _("Entry %s was altered before it was sealed.")
        )
        yield _finding(kind, words % id_)
