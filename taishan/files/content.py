"""What a file holds, before it is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taishan.kit.tables import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A table whose rows are read while they are written, once; ``total`` is how many they are."""

    headings: Sequence[str]
    total: int
    rows: Iterable[Sequence[Cell]]
