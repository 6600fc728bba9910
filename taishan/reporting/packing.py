"""Answers as they are stored: by the place of their question, not by its name.

The names would be most of a stored report. A version's questions never change, so that a place
means the same question for as long as the report is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taishan.core.answers import Definition
from taishan.core.definitions import Question


def names(definition: Definition) -> tuple[str, ...]:
    """Return the names of what a report of the version may hold, in the order of its places."""
    return tuple(_names(definition.questions))


def _names(questions: Sequence[Question]) -> list[str]:
    found: list[str] = []
    for question in questions:
        if question.kind == "group":
            found += _names(question.questions)
        elif question.kind != "note":
            found.append(question.name)
    return found


def pack(places: Sequence[str], values: Mapping[str, Any]) -> list[Any]:
    """Return the values by place, without the empty end; a repeat keeps its rows as they are."""
    packed = [values.get(name) for name in places]
    while packed and packed[-1] is None:
        packed.pop()
    return packed


def unpack(places: Sequence[str], packed: Sequence[Any]) -> dict[str, Any]:
    """Return the answers by the names of their questions."""
    pairs = zip(places, packed, strict=False)
    return {name: value for name, value in pairs if value is not None}
