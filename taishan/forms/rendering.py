"""A version of a form as fields to answer on a page, and what came back from such a page.

Plain HTML that works without JavaScript: then every question shows, with its condition in words,
rows are added by a round to the server, and the server leaves out what is not relevant. The module
``live-form`` hides what is not relevant as one answers. Conditions travel as the parsed tree of
core/expressions, so the browser parses nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from taishan.core import expressions
from taishan.core.answers import Definition, Problem, Question, say
from taishan.forms import queries, words
from taishan.forms.models import FormVersion
from taishan.kit import attachments

PREFIX = "q."
ADD_ROW, REMOVE_ROW = "row_add", "row_remove"
MANY_CHOICES = 12
KEPT_MEDIA = ("", "image")
"""What a question may ask a file of for a page to take it."""
_SILENT = {"calculate", "metadata"}
_REFERENCE = re.compile(r"\$\{\s*([^\s{}]+)\s*\}")
_ROW = re.compile(r"q\.([^\[\]]+)\[(\d{1,4})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice as it is offered."""

    value: str
    word: str
    columns: str = ""
    is_chosen: bool = False


@dataclass(slots=True, kw_only=True)
class Field:
    """One question, group or repeat as a page shows it; ``widget`` says by which control."""

    name: str
    id: str
    widget: str
    label: str
    hint: str = ""
    is_required: bool = False
    value: Any = ""
    accept: str = ""
    href: str = ""
    options: list[Option] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    condition: str = ""
    relevant: str = ""
    choice_filter: str = ""
    fields: list[Field] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def described_by(self) -> str:
        """The ids of what explains the control."""
        said = (("help", self.hint), ("errors", self.errors))
        return " ".join(f"{self.id}_{part}" for part, given in said if given)


@dataclass(slots=True, kw_only=True)
class Row:
    """One row of a repeat."""

    name: str
    number: int
    fields: list[Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What came back. ``is_final`` is False where a row was only added or removed: ask again."""

    answers: dict[str, Any]
    is_final: bool


def render(
    version: FormVersion,
    values: Mapping[str, Any] | None = None,
    problems: Sequence[Problem] = (),
    lang: str = "en",
    files: Mapping[str, str] | None = None,
) -> SafeString:
    """Return the fields of the version, filled in; the <form>, token and button are the page's.

    ``values`` are answers as posted, or typed values; None fills in the form's own defaults.
    ``files`` are the addresses of the files that the report has, by their names; None where the
    page takes no files.
    """
    definition = queries.get_definition(version)
    return _Page(definition, values, problems, lang, files).html()


def read(version: FormVersion, data: QueryDict) -> Posted:
    """Return the answers of a posted page, as the checker takes them."""
    definition = queries.get_definition(version)
    answers = _read(definition.questions, data, PREFIX)
    changed = {ADD_ROW, REMOVE_ROW} & data.keys()
    repeat = data.get(ADD_ROW, "")
    if any(q.name == repeat and q.kind == "repeat" for q, _path in definition.walk()):
        answers.setdefault(repeat, []).append({})
    removed = _ROW.fullmatch(data.get(REMOVE_ROW, ""))
    if removed:
        rows = answers.get(removed[1], [])
        del rows[int(removed[2]) - 1 : int(removed[2])]
    if not changed:
        _drop_empty_rows(answers)
    return Posted(answers=answers, is_final=not changed)


def _drop_empty_rows(answers: dict[str, Any]) -> None:
    """A page offers one row of each repeat, whether or not there is something to say in it."""
    for name, value in list(answers.items()):
        if isinstance(value, list) and not any(value):
            del answers[name]
        elif isinstance(value, list):
            answers[name] = [one for one in value if one]


def _read(questions: Iterable[Question], data: QueryDict, prefix: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for question in questions:
        name = prefix + question.name
        if question.kind == "group":
            answers |= _read(question.questions, data, prefix)
        elif question.kind == "repeat":
            found = [one for one in map(_ROW.fullmatch, data) if one is not None]
            marks = {int(one[2]) for one in found if one[1] == question.name}
            rows = [_read(question.questions, data, f"{name}[{mark}].") for mark in sorted(marks)]
            answers |= {question.name: rows} if rows else {}
        elif question.kind in {"select_multiple", "rank"}:
            chosen = [value for value in data.getlist(name) if value]
            answers |= {question.name: chosen} if chosen else {}
        elif question.kind not in _SILENT and data.get(name):
            answers[question.name] = data[name]
    return answers


class _Page:
    def __init__(
        self,
        definition: Definition,
        values: Mapping[str, Any] | None,
        problems: Sequence[Problem],
        lang: str,
        files: Mapping[str, str] | None,
    ) -> None:
        self.definition = definition
        self.files = files
        self.is_fresh = values is None
        self.values = values or {}
        self.lang = lang
        self.questions = words.by_name(definition)
        self.errors: dict[tuple[str, int | None], list[str]] = {}
        for problem in problems:
            said = say(problem.message, lang)
            self.errors.setdefault((problem.question, problem.row), []).append(said)

    def html(self) -> SafeString:
        fields = self.fields(self.definition.questions, self.values, PREFIX, None)
        calculations = {
            question.name: expressions.parse(question.calculate)
            for question, _path in self.definition.walk()
            if question.calculate
        }
        context = {
            "fields": fields,
            "calculations": json.dumps(calculations, ensure_ascii=False) if calculations else "",
            "summary": list(self.summary(fields)),
            "add_row": ADD_ROW,
            "remove_row": REMOVE_ROW,
        }
        return render_to_string("forms/_fields.html", context)

    def summary(self, fields: Iterable[Field]) -> Iterable[Field]:
        """Yield the fields with errors, so that the page can name them first and lead to them."""
        for one in fields:
            if one.errors:
                yield one
            yield from self.summary(one.fields)
            for row in one.rows:
                yield from self.summary(row.fields)

    def fields(
        self,
        questions: Iterable[Question],
        values: Mapping[str, Any],
        prefix: str,
        row: int | None,
    ) -> list[Field]:
        shown = (q for q in questions if q.kind not in _SILENT)
        return [self.field(question, values, prefix, row) for question in shown]

    def field(
        self, question: Question, values: Mapping[str, Any], prefix: str, row: int | None
    ) -> Field:
        name = prefix + question.name
        value = values.get(question.name)
        if value is None and self.is_fresh and not _REFERENCE.search(question.default):
            value = question.default
        one = Field(
            name=name,
            id=re.sub(r"[^\w-]", "_", name),
            widget=_widget(question),
            label=self.text(question.labels, values) or question.name,
            hint=self.text(question.hints, values),
            is_required=question.required.lower() in {"yes", "true", "true()"},
            value=_shown(question, value),
            errors=self.errors.get((question.name, row), []),
            condition=words.rule(question.relevant, self.questions, self.lang, question.name),
            relevant=_tree(question.relevant),
            choice_filter=_tree(question.choice_filter),
            options=self.options(question, value),
        )
        if question.kind == "file" and question.media not in KEPT_MEDIA:
            one.widget = "not_taken"
        elif question.kind == "file" and self.files is not None:
            self.offer_upload(one, question)
        if question.kind == "group":
            one.fields = self.fields(question.questions, values, prefix, row)
        elif question.kind == "repeat":
            one.rows = self.rows(question, value, name)
        return one

    def offer_upload(self, one: Field, question: Question) -> None:
        """Let a file be chosen; a name that no file of this report goes by is another report's."""
        kinds = [kind for kind in attachments.ENDINGS if kind.startswith(question.media)]
        one.widget = "photo" if question.media else "upload"
        one.accept = ",".join(kinds)
        one.href = (self.files or {}).get(str(one.value), "")
        one.value = one.value if one.href else ""

    def rows(self, question: Question, value: Any, name: str) -> list[Row]:
        given = value if isinstance(value, list) and value else [{}]
        return [
            Row(
                name=f"{name}[{number}]",
                number=number,
                fields=self.fields(question.questions, row, f"{name}[{number}].", number),
            )
            for number, row in enumerate(given, start=1)
            if isinstance(row, Mapping)
        ]

    def options(self, question: Question, value: Any) -> list[Option]:
        chosen = value.split() if isinstance(value, str) and "select_m" in question.kind else value
        picked = {str(one) for one in (chosen if isinstance(chosen, list) else [chosen])}
        return [
            Option(
                value=choice.name,
                word=say(choice.labels, self.lang) or choice.name,
                columns=json.dumps(dict(choice.columns)) if question.choice_filter else "",
                is_chosen=choice.name in picked,
            )
            for choice in question.choices
        ]

    def text(self, said: Mapping[str, str], values: Mapping[str, Any]) -> str:
        """Return a text with the answers it quotes put in."""
        return _REFERENCE.sub(lambda found: self.quoted(found[1], values), say(said, self.lang))

    def quoted(self, name: str, values: Mapping[str, Any]) -> str:
        value = values.get(name, self.values.get(name))
        asked = self.questions.get(name)
        named = {c.name: say(c.labels, self.lang) for c in asked.choices} if asked else {}
        parts = value if isinstance(value, list) else [value]
        return ", ".join(named.get(str(one), str(one)) for one in parts if one not in (None, ""))


def _tree(written: str) -> str:
    return json.dumps(expressions.parse(written), ensure_ascii=False) if written else ""


def _shown(question: Question, value: Any) -> Any:
    """Return the value as its control takes it: a rank, one for each of its places."""
    if question.kind == "rank":
        given = value if isinstance(value, list) else []
        return [*given, *[""] * len(question.choices)][: len(question.choices)]
    return "" if value is None else value


_WIDGETS = {
    "integer": "number", "decimal": "number", "range": "number", "date": "date", "time": "time",
    "datetime": "datetime-local", "geopoint": "text", "geotrace": "text", "geoshape": "text",
}  # fmt: skip


def _widget(question: Question) -> str:
    if question.kind == "select_one":
        is_long = len(question.choices) > MANY_CHOICES or "minimal" in question.appearance
        return "select" if is_long else "radios"
    if question.kind == "text" and "multiline" in question.appearance:
        return "textarea"
    return _WIDGETS.get(question.kind, question.kind)
