"""The Merkle tree of RFC 9162: one digest that binds many leaves and their order.

A growing tree keeps the hashes of its leaves and, of the nodes above, only those over 16, 256,
4096 … leaves: all others are worked out from at most sixteen kept ones, and what is kept beside
the leaves is a fifteenth of them. Nothing here reads: a proof first says which kept hashes it
needs (``needed``), and is then made of them (``digest``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

STEP = 4
WIDTH = 1 << STEP
"""How many kept hashes make the next one kept."""

Place = tuple[int, int]
"""A kept hash: its level (0 the leaves, 1 the nodes over 16 of them, …) and its index there."""


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree head of the leaves (RFC 9162, 2.1.1), 32 bytes."""
    return head([leaf_hash(leaf) for leaf in leaves])


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf.

    Leaves and nodes are hashed under different prefixes, or a node could be shown as a leaf.
    """
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def head(hashes: Sequence[bytes]) -> bytes:
    """Return the head of a tree whose leaves have these hashes."""
    if not hashes:
        return hashlib.sha256().digest()
    level = list(hashes)
    while len(level) > 1:
        joined = [
            hashlib.sha256(b"\x01" + left + right).digest()
            for left, right in zip(level[::2], level[1::2], strict=False)
        ]
        level = joined + level[len(joined) * 2 :]
    return level[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frontier:
    """The growing edge of a tree of ``size`` leaves.

    ``open`` holds, for each kept level, the hashes that do not fill a block of sixteen yet.
    """

    size: int = 0
    open: tuple[tuple[bytes, ...], ...] = ()

    def extended(self, hashes: Sequence[bytes]) -> tuple[Frontier, dict[Place, bytes]]:
        """Return the edge after more leaves, and the nodes above them that are now to be kept."""
        size, new, levels = self.size + len(hashes), list(hashes), []
        kept: dict[Place, bytes] = {}
        level = 0
        while new or level < len(self.open):
            before = self.open[level] if level < len(self.open) else ()
            row = [*before, *new]
            whole = len(row) // WIDTH
            new = [head(row[at * WIDTH : (at + 1) * WIDTH]) for at in range(whole)]
            levels.append(tuple(row[whole * WIDTH :]))
            level += 1
            first = (size >> STEP * level) - whole
            kept |= {(level, first + at): found for at, found in enumerate(new)}
        return Frontier(size=size, open=tuple(levels)), kept

    def root(self) -> bytes:
        """Return the head of the tree."""
        tail: list[bytes] = []
        for row in self.open:
            part = [*row, *tail]
            tail = [head(part)] if part else []
        return head(tail)


def frontier_places(size: int) -> list[list[Place]]:
    """Return the kept hashes that make the edge of a tree of this size, level by level."""
    rows, level = [], 0
    while size >> STEP * level:
        count = size >> STEP * level
        rows.append([(level, at) for at in range(count - count % WIDTH, count)])
        level += 1
    return rows


def inclusion(number: int, size: int) -> list[range]:
    """Return the runs of leaves whose heads are the inclusion path of a leaf (2.1.3.1).

    Raises ValueError where the tree has no such leaf.
    """
    if not 0 <= number < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {number}")
    path: list[range] = []
    start, stop = 0, size
    while stop - start > 1:
        middle = start + _split(stop - start)
        if number < middle:
            path.append(range(middle, stop))
            stop = middle
        else:
            path.append(range(start, middle))
            start = middle
    return path[::-1]


def consistency(old: int, new: int) -> list[range]:
    """Return the runs of leaves whose heads prove that the old tree begins the new (2.1.4.1).

    Raises ValueError unless ``0 < old <= new``.
    """
    if not 0 < old <= new:
        raise ValueError(f"a tree of {old} leaves is not the beginning of one of {new}")
    path: list[range] = []
    start, stop = 0, new
    while stop != old:
        middle = start + _split(stop - start)
        if old <= middle:
            path.append(range(middle, stop))
            stop = middle
        else:
            path.append(range(start, middle))
            start = middle
    return [*([range(start, stop)] if start else []), *path[::-1]]


def _split(count: int) -> int:
    """Return the largest power of two below the count, at which a tree of so many is split."""
    return 1 << (count - 1).bit_length() - 1


def needed(runs: Iterable[range]) -> set[Place]:
    """Return the kept hashes of which the heads of the runs are made."""
    return {place for run in runs for place in _places(run)}


def _places(run: range) -> Iterator[Place]:
    kept = _kept(run)
    if kept is not None:
        yield kept
        return
    middle = run.start + _split(len(run))
    yield from _places(range(run.start, middle))
    yield from _places(range(middle, run.stop))


def digest(run: range, hashes: Mapping[Place, bytes]) -> bytes:
    """Return the head over a run of leaves, from the kept hashes that ``needed`` named."""
    kept = _kept(run)
    if kept is not None:
        return hashes[kept]
    middle = run.start + _split(len(run))
    left, right = range(run.start, middle), range(middle, run.stop)
    return node_hash(digest(left, hashes), digest(right, hashes))


def _kept(run: range) -> Place | None:
    """Return the place of a run that is one kept hash: 1, 16, 256 … leaves."""
    length = len(run)
    level, rest = divmod(length.bit_length() - 1, STEP)
    if rest or length & (length - 1):
        return None
    return level, run.start >> STEP * level


def is_included(*, leaf: bytes, number: int, path: Sequence[bytes], size: int, head: bytes) -> bool:
    """Tell whether the path leads from the hash of a leaf to the head (2.1.3.2)."""
    if not 0 <= number < size:
        return False
    at, last, found = number, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, step)
        at, last = at >> 1, last >> 1
    return last == 0 and found == head


def is_consistent(
    *, old: int, old_head: bytes, new: int, new_head: bytes, path: Sequence[bytes]
) -> bool:
    """Tell whether the path proves that the old tree is the beginning of the new (2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_head == new_head
    steps = [*([] if old & (old - 1) else [old_head]), *path]
    if not steps:
        return False
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            after = node_hash(after, step)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_head and after == new_head
