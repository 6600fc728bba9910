"""What changed between two texts, word by word; Chinese, which has no spaces, sign by sign."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"[A-Za-z0-9'’-]+|\s+|.", re.DOTALL)


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words that stand together and share what became of them."""

    change: Change
    text: str


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Return both texts as one: the kept pieces are what they share, in order.

    Kept and removed together are ``before``, kept and added together are ``after``.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    return tuple(piece for piece in _pieces(old, new) if piece.text)


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(change=Change.KEPT, text="".join(old[old_from:old_to]))
            continue
        yield Piece(change=Change.REMOVED, text="".join(old[old_from:old_to]))
        yield Piece(change=Change.ADDED, text="".join(new[new_from:new_to]))
