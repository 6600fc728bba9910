"""The questions of a form, from what pyxform made of its sheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyxform.question import Question as Asked
from pyxform.section import GroupedSection, RepeatingSection

from taishan.core import inspections
from taishan.core.answers import Choice, Question, Refusal, Words
from taishan.forms.workbook import Workbook

_KINDS = {
    "string": "text", "int": "integer", "decimal": "decimal", "date": "date", "time": "time",
    "dateTime": "datetime", "geopoint": "geopoint", "geotrace": "geotrace", "geoshape": "geoshape",
    "binary": "file", "barcode": "text",
}  # fmt: skip
_BY_TAG = {
    "select1": "select_one",
    "select": "select_multiple",
    "odk:rank": "rank",
    "range": "range",
    "trigger": "acknowledge",
}
_FILLED_BY_DEVICES = {"audit", "background-audio", "background-geopoint", "start-geopoint"}
_LANGUAGE_CODE = re.compile(r"\(([A-Za-z]{2,3})(?:[-_][A-Za-z]+)*\)\s*$")
_LANGUAGE_NAMES = {
    "english": "en", "chinese": "zh", "中文": "zh", "简体中文": "zh", "en": "en", "zh": "zh",
}  # fmt: skip
_LABELS_ONLY = "label"


class Unsupported(ValueError):
    """A question cannot be asked here; ``refusal`` says which and why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.template % refusal.parts)
        self.refusal = refusal


def define(
    survey: Any, lists: Mapping[str, list[dict[str, Any]]], book: Workbook
) -> tuple[Question, ...]:
    """Return the survey's questions. Raises Unsupported."""
    return tuple(_questions(survey.children, lists, book))


def languages(questions: Iterable[Question]) -> tuple[str, ...]:
    """Return the languages in which something is asked, in order of appearance."""
    found: dict[str, None] = {}
    for question in questions:
        for words in (question.labels, *(choice.labels for choice in question.choices)):
            found |= dict.fromkeys(words)
        found |= dict.fromkeys(languages(question.questions))
    return tuple(found)


def _questions(
    elements: Iterable[Any], lists: Mapping[str, list[dict[str, Any]]], book: Workbook
) -> Iterator[Question]:
    for element in elements or ():
        if isinstance(element, GroupedSection | RepeatingSection):
            if element.name == "meta":
                continue
            yield _container(element, lists, book)
        elif isinstance(element, Asked):
            yield _question(element, lists, book)
        else:
            raise _unsupported(element, book)


def _container(element: Any, lists: Mapping[str, list[dict[str, Any]]], book: Workbook) -> Question:
    is_repeat = isinstance(element, RepeatingSection)
    control = element.control or {}
    row = book.rows.get(element.name, 0)
    if is_repeat and "jr:count" in control:
        template = "a fixed number of rows is not supported"
        given = str(control["jr:count"])
        raise Unsupported(Refusal(row=row, column="repeat_count", value=given, template=template))
    return Question(
        name=element.name,
        kind="repeat" if is_repeat else "group",
        row=row,
        labels=_words(element.label),
        relevant=str((element.bind or {}).get("relevant", "")),
        appearance=str(control.get("appearance", "")),
        questions=tuple(_questions(element.children, lists, book)),
    )


def _question(element: Any, lists: Mapping[str, list[dict[str, Any]]], book: Workbook) -> Question:
    bind, control = element.bind or {}, element.control or {}
    ours = book.ours.get(element.name, {})
    itemset = getattr(element, "itemset", None) or ""
    kind = _kind(element, bind, control)
    if kind is None or (itemset and itemset not in lists):
        raise _unsupported(element, book)
    return Question(
        name=element.name,
        kind=kind,
        row=book.rows.get(element.name, 0),
        labels=_words(element.label),
        hints=_words(element.hint),
        choices=tuple(_choice(one) for one in lists.get(itemset, ())),
        choice_filter=getattr(element, "choice_filter", None) or "",
        required=str(bind.get("required", "")),
        required_messages=_words(bind.get("jr:requiredMsg")),
        relevant=str(bind.get("relevant", "")),
        constraint=str(bind.get("constraint", "")),
        constraint_messages=_words(bind.get("jr:constraintMsg")),
        calculate=str(bind.get("calculate", "")),
        default=str(getattr(element, "default", None) or ""),
        is_read_only=str(bind.get("readonly", "")).lower() in {"yes", "true", "true()"},
        appearance=str(control.get("appearance", "")),
        media=str(control.get("mediatype", "")).partition("/")[0],
        parameters=_parameters(getattr(element, "parameters", None)),
        indicator=ours.get("indicator", ""),
        indicator_name=ours.get("indicator_name", ""),
        check=_check(ours),
    )


def _parameters(given: Any) -> Words:
    """Those of a range are told apart by pyxform, those of a photo are left as they are written."""
    if isinstance(given, str):
        given = dict(part.split("=", 1) for part in given.split() if "=" in part)
    return {key: str(value) for key, value in (given or {}).items()}


def _check(ours: Mapping[str, str]) -> Words:
    return {key: ours[key].strip() for key in inspections.COLUMNS if ours.get(key, "").strip()}


def _kind(element: Any, bind: Mapping[str, Any], control: Mapping[str, Any]) -> str | None:
    tag, asked = control.get("tag"), str(element.type)
    if "note" in asked or control.get("appearance") == _LABELS_ONLY:
        return "note"
    if "jr:preload" in bind or asked in _FILLED_BY_DEVICES:
        return "metadata"
    if "external" in asked or asked == "osm":
        return None
    if tag is None:
        return "calculate" if bind.get("calculate") else "metadata"
    return _BY_TAG.get(tag) or _KINDS.get(str(bind.get("type", "")))


def _unsupported(element: Any, book: Workbook) -> Unsupported:
    return Unsupported(
        Refusal(
            row=book.rows.get(element.name, 0),
            column="type",
            value=str(element.type or ""),
            template="this type of question is not supported",
        )
    )


def _choice(plain: Mapping[str, Any]) -> Choice:
    columns = {k: str(v) for k, v in plain.items() if k not in {"name", "label", "media"}}
    return Choice(name=str(plain["name"]), labels=_words(plain.get("label")), columns=columns)


def _words(said: Any) -> Words:
    if not said:
        return {}
    if isinstance(said, str):
        return {"default": said}
    return {_language(name): str(text) for name, text in said.items() if text}


def _language(name: str) -> str:
    """Return the code in the brackets of “English (en)”, else the name's own where it is known."""
    code = _LANGUAGE_CODE.search(name)
    plain = name.strip().lower()
    return code[1].lower() if code else _LANGUAGE_NAMES.get(plain, plain)
