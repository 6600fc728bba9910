"""The root of a Merkle tree after RFC 9162: one digest that binds many rows and their order."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree head of the leaves (RFC 9162, 2.1.1), 32 bytes.

    Leaves and nodes are hashed under different prefixes, or a node could be shown as a leaf.
    """
    if not leaves:
        return hashlib.sha256().digest()
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        joined = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = joined + level[len(joined) * 2 :]
    return level[0]
