"""What a file holds, before it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO

from taishan.kit.tables import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A table whose rows are read while they are written, once; ``total`` is how many they are."""

    headings: Sequence[str]
    total: int
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A file of several parts. ``save`` writes it into an open file and says meanwhile how many of
    ``total`` rows are done.
    """

    total: int
    save: Callable[[IO[bytes], Callable[[int], None]], None]
