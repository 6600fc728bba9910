"""Answers beside those they differ from, question by question, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from taishan.core.answers import Definition, Question, say

_NOT_ASKED = {"group", "note", "calculate", "metadata"}
Told = tuple[Definition, Mapping[str, Any]]
"""Answers by the names of their questions, with the version of the form that asked them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question with both of its answers, in words."""

    label: str
    recorded: str
    given: str
    differs: bool


def compare(recorded: Told | None, given: Told, lang: str) -> list[Line]:
    """Return every question of both, those of the given answers first, in the form's order."""
    before, after = _questions(recorded), _questions(given)
    was: Mapping[str, Any] = recorded[1] if recorded else {}
    return [
        Line(
            label=say(one.labels, lang) or name,
            recorded=words(before.get(name, one), was.get(name), lang),
            given=words(after.get(name, one), given[1].get(name), lang),
            differs=recorded is not None and was.get(name) != given[1].get(name),
        )
        for name, one in {**after, **before, **after}.items()
    ]


def _questions(told: Told | None) -> dict[str, Question]:
    asked = told[0].walk() if told else ()
    return {one.name: one for one, _path in asked if one.kind not in _NOT_ASKED}


def words(question: Question, value: Any, lang: str) -> str:
    """Return an answer as its sender reads it; of a repeat, its rows one after the other."""
    if question.kind == "repeat":
        rows = [_row(question, row, lang) for row in value or []]
        return "; ".join(rows) or "—"
    named = {choice.name: say(choice.labels, lang) for choice in question.choices}
    parts = value if isinstance(value, list) else [value]
    told = [named.get(str(one)) or str(one) for one in parts if one not in (None, "")]
    return ", ".join(told) or "—"


def _row(repeat: Question, row: Mapping[str, Any], lang: str) -> str:
    return ", ".join(words(one, row.get(one.name), lang) for one in repeat.questions)
