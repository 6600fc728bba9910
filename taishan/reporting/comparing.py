"""Answers beside those they differ from, question by question, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from taishan.core.answers import Definition, Question, say
from taishan.forms import words

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
            recorded=words.answer(before.get(name, one), was.get(name), lang),
            given=words.answer(after.get(name, one), given[1].get(name), lang),
            differs=recorded is not None and was.get(name) != given[1].get(name),
        )
        for name, one in {**after, **before, **after}.items()
    ]


def _questions(told: Told | None) -> dict[str, Question]:
    asked = told[0].walk() if told else ()
    return {one.name: one for one, _path in asked if one.kind not in _NOT_ASKED}
