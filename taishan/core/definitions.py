"""What a version of a form asks: questions in order, in groups and repeats, with their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

Words = Mapping[str, str]
"""A text by language: ``en``, ``zh``, … or ``default`` where the form names no language."""

CONTAINERS = frozenset({"group", "repeat"})
SILENT = frozenset({"note", "group", "repeat"})
"""Kinds of which a report holds no value of their own (a repeat holds its rows)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer offered. ``columns`` are the further columns of its row, for choice filters."""

    name: str
    labels: Words = field(default_factory=dict)
    columns: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, or a group or repeat with the questions in it.

    ``kind`` is one of text, integer, decimal, select_one, select_multiple, rank, range, date, time,
    datetime, geopoint, geotrace, geoshape, file, acknowledge, note, calculate, metadata, group and
    repeat. ``required``, ``relevant``, ``constraint``, ``calculate`` and ``choice_filter`` are
    expressions (core/expressions.py), empty where there is none. ``row`` is its line in the sheet.
    ``indicator`` is ``count``, ``sum`` or an expression; the last is counted under
    ``indicator_name``. ``check`` makes it an item of a checklist (core/inspections.py), by column;
    it is empty for any other question. ``media`` says of a file what it is of: ``image``,
    ``audio``, ``video``, or empty for any.
    """

    name: str
    kind: str
    row: int = 0
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    choice_filter: str = ""
    required: str = ""
    required_messages: Words = field(default_factory=dict)
    relevant: str = ""
    constraint: str = ""
    constraint_messages: Words = field(default_factory=dict)
    calculate: str = ""
    default: str = ""
    is_read_only: bool = False
    appearance: str = ""
    media: str = ""
    parameters: Words = field(default_factory=dict)
    indicator: str = ""
    indicator_name: str = ""
    check: Words = field(default_factory=dict)
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A number that reports add to: of a question, and of one choice of it where it is counted."""

    name: str
    question: str
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One version of one form."""

    code: str
    version: int
    titles: Words = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()

    def walk(self) -> Iterator[tuple[Question, tuple[str, ...]]]:
        """Yield every question, group and repeat in order, with the names of those around it."""
        return _walk(self.questions, ())

    def indicators(self) -> tuple[Indicator, ...]:
        """Return what reports of this version add to counters, in the order of the questions."""
        return tuple(
            indicator for question, _path in self.walk() for indicator in _indicators(question)
        )

    def files(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """Return the names of the files that answers speak of, in every row of a repeat too, each
        with its question."""
        return dict(_files(self.questions, answers))


def _walk(
    questions: tuple[Question, ...], path: tuple[str, ...]
) -> Iterator[tuple[Question, tuple[str, ...]]]:
    for question in questions:
        yield question, path
        yield from _walk(question.questions, (*path, question.name))


def _files(
    questions: tuple[Question, ...], answers: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    for question in questions:
        given = answers.get(question.name)
        if question.kind == "group":
            yield from _files(question.questions, answers)
        elif question.kind == "repeat":
            for row in given or ():
                yield from _files(question.questions, row)
        elif question.kind == "file" and given:
            yield given, question.name


def _indicators(question: Question) -> Iterator[Indicator]:
    if question.indicator == "count":
        for choice in question.choices:
            name = f"{question.name}:{choice.name}"
            yield Indicator(name=name, question=question.name, choice=choice.name)
    elif question.indicator == "sum":
        yield Indicator(name=question.name, question=question.name)
    elif question.indicator:
        yield Indicator(name=question.indicator_name, question=question.name)


def say(words: Words, lang: str) -> str:
    """Return the text in the language, else in English, else in whichever there is."""
    return words.get(lang) or words.get("en") or next(iter(words.values()), "")


def to_json(definition: Definition) -> dict[str, Any]:
    """Return the definition as plain JSON, what is empty left out."""
    plain: dict[str, Any] = _plain(definition)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Definition | Question | Choice):
        given = ((one.name, getattr(value, one.name)) for one in fields(value))
        return {name: _plain(part) for name, part in given if part not in ("", (), {}, False, 0)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def from_json(plain: Mapping[str, Any]) -> Definition:
    """Return the definition that ``to_json`` wrote."""
    given = dict(plain)
    given["languages"] = tuple(given.get("languages", ()))
    given["questions"] = tuple(_question(one) for one in given.get("questions", ()))
    return Definition(**given)


def _question(plain: Mapping[str, Any]) -> Question:
    given = dict(plain)
    given["choices"] = tuple(Choice(**one) for one in given.get("choices", ()))
    given["questions"] = tuple(_question(one) for one in given.get("questions", ()))
    return Question(**given)
