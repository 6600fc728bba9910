"""From an XLSForm to a form: pyxform validates it and writes the XForm, ours is the definition.

Every error names its sheet, row and column where pyxform tells or we know.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _
from pyxform.builder import create_survey_element_from_dict
from pyxform.errors import PyXFormError
from pyxform.xls2json import workbook_to_json

from taishan.core import answers, inspections
from taishan.core.answers import Definition, DefinitionRefused, Refusal
from taishan.forms import pyxform_words, questions, workbook
from taishan.forms.workbook import Workbook
from taishan.kit.tables import CellError, TableError

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_DAYS = re.compile(r"[0-9]{1,5}")
_ROW = re.compile(r"\[row : (\d+)\]\s*")
_QUOTED = re.compile(r"[‘'“\"]([^‘’'“”\"]+)[’'”\"]")
_YES, _NO = {"yes", "true", "1"}, {"", "no", "false", "0"}
HEALTH_RETENTION_DAYS = 90


class FormRefused(ValueError):
    """The file is no form that can be answered here; ``errors`` say where and why."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the sheet ``settings`` says of a form. ``retention_days`` is None: answers are kept.

    ``is_checklist``: some of its questions are items to be inspected.
    """

    code: str
    title_en: str
    title_zh: str
    subject: str
    is_personal_health: bool
    retention_days: int | None
    ground: str
    is_checklist: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """A form as its file has it. ``digest`` is of the cells: the same cells, the same digest."""

    settings: Settings
    definition: Definition
    xform: str
    digest: str
    warnings: tuple[str, ...]


def compile_form(content: bytes, *, name: str = "", number: int = 1) -> Compiled:
    """Return the form of an xlsx file. Raises FormRefused.

    The ``name`` of the file gives the code where the settings give none; ``number`` is the version
    that the XForm and the definition carry.
    """
    try:
        book = workbook.read(content)
    except TableError as error:
        raise FormRefused([_error(row=0, value=name, expected=str(error))]) from None
    settings = _settings(book, PurePath(name).stem)
    cells = json.dumps([book.sheets, book.ours, book.settings], sort_keys=True)
    digest = hashlib.sha256(cells.encode()).hexdigest()
    definition, xform, warnings = _converted(book, settings, number)
    try:
        answers.compile(definition)
        inspections.refuse_wrong(definition)
    except DefinitionRefused as refused:
        raise FormRefused([_of_refusal(refusal) for refusal in refused.refusals]) from None
    settings = replace(settings, is_checklist=bool(inspections.find_items(definition)))
    if settings.is_checklist and settings.subject != "unit":
        expected = _("unit, since a checklist is about a unit")
        raise FormRefused([_setting_error("subject", settings.subject, expected)])
    return Compiled(
        settings=settings, definition=definition, xform=xform, digest=digest, warnings=warnings
    )


def _converted(
    book: Workbook, settings: Settings, number: int
) -> tuple[Definition, str, tuple[str, ...]]:
    """Return the definition, the XForm, and what pyxform warns of."""
    warnings: list[str] = []
    try:
        plain = workbook_to_json(
            workbook_dict=workbook.as_pyxform(_carrying(book, settings, number)),
            form_name="data",
            warnings=warnings,
        )
        survey = create_survey_element_from_dict(plain)  # type: ignore[no-untyped-call]
        xform = survey.to_xml(validate=False, pretty_print=False, warnings=warnings)
    except PyXFormError as error:
        raise FormRefused([_of_pyxform(error, book)]) from None
    try:
        asked = questions.define(survey, plain.get("choices", {}), book)
    except questions.Unsupported as refused:
        raise FormRefused([_of_refusal(refused.refusal)]) from None
    titles = {"en": settings.title_en, "zh": settings.title_zh}
    definition = Definition(
        code=settings.code,
        version=number,
        titles={lang: title for lang, title in titles.items() if title},
        languages=questions.languages(asked),
        questions=asked,
    )
    return definition, str(xform), tuple(warnings)


def _carrying(book: Workbook, settings: Settings, number: int) -> dict[str, Any]:
    """Return the sheets with the settings that the XForm is to carry, and without ours."""
    carried = {"form_id": settings.code, "form_title": settings.title_en, "version": str(number)}
    given = {key: value for key, value in book.settings.items() if key not in workbook.OUR_SETTINGS}
    return book.sheets | {
        "settings": [given | carried],
        "settings_header": [dict.fromkeys({**given, **carried})],
    }


def _settings(book: Workbook, stem: str) -> Settings:
    given = {key: value.strip() for key, value in book.settings.items() if isinstance(value, str)}
    code = given.get("form_id") or re.sub(r"[^A-Za-z0-9_-]+", "_", stem) or "form"
    title = given.get("form_title") or code
    is_health = _yes_or_no(given, "personal_health")
    subject = given.get("subject", "person")
    if not _CODE.fullmatch(code):
        expected = _("a letter, then at most 59 letters, digits, - and _")
        raise FormRefused([_setting_error("form_id", code, expected)])
    if subject not in {"person", "unit"}:
        raise FormRefused([_setting_error("subject", subject, _("person or unit"))])
    if is_health and not given.get("ground"):
        expected = _("the legal ground for collecting personal health data")
        raise FormRefused([_setting_error("ground", "", expected)])
    return Settings(
        code=code,
        title_en=title[:200],
        title_zh=given.get("form_title_zh", title)[:200],
        subject=subject,
        is_personal_health=is_health,
        retention_days=_retention(given, is_health=is_health),
        ground=given.get("ground", ""),
    )


def _yes_or_no(given: Mapping[str, str], key: str) -> bool:
    value = given.get(key, "").lower()
    if value not in _YES | _NO:
        raise FormRefused([_setting_error(key, value, _("yes or no"))])
    return value in _YES


def _retention(given: Mapping[str, str], *, is_health: bool) -> int | None:
    written = given.get("retention_days", "")
    if not written:
        return HEALTH_RETENTION_DAYS if is_health else None
    if not _DAYS.fullmatch(written) or not 1 <= int(written) <= 36_500:
        raise FormRefused([_setting_error("retention_days", written, _("a number of days"))])
    return int(written)


def _error(*, row: int, value: str, expected: str, sheet: str = "", column: str = "") -> CellError:
    return CellError(sheet=sheet, row=row, column=column, value=value[:200], expected=expected)


def _setting_error(column: str, value: str, expected: str) -> CellError:
    return _error(sheet="settings", row=2, column=column, value=value, expected=expected)


def _of_refusal(refusal: Refusal) -> CellError:
    return _error(
        sheet="survey",
        row=refusal.row,
        column=refusal.column,
        value=refusal.value,
        expected=_(refusal.template) % refusal.parts,
    )


def _of_pyxform(error: PyXFormError, book: Workbook) -> CellError:
    """Place pyxform's message: by what it tells, else by the first word it quotes of a cell."""
    said = str(error)
    told = _ROW.search(said)
    quoted = _QUOTED.findall(said)
    sheet = next((word for word in quoted if word in {"survey", "choices", "settings"}), "")
    row = int(told[1]) if told else 0
    column = next((word for word in quoted if word in _columns(book, sheet or "survey")), "")
    if not row:
        sheet, row, column = (sheet, 1, column) if column else _found(book, quoted)
    cells = book.sheets.get(sheet or "survey", [])[row - 2] if row > 1 else {}
    column = column or next((key for key, cell in cells.items() if _is_named(cell, said)), "")
    value = str(cells.get(column, ""))
    return _error(
        sheet=sheet or "survey", row=row, column=column, value=value,
        expected=pyxform_words.say(_ROW.sub("", said).strip()),
    )  # fmt: skip


def _is_named(cell: str, said: str) -> bool:
    return any(word in said for word in str(cell).split())


def _columns(book: Workbook, sheet: str) -> set[str]:
    return {column for header in book.sheets.get(f"{sheet}_header", []) for column in header}


def _found(book: Workbook, words: Sequence[str]) -> tuple[str, int, str]:
    for sheet in ("survey", "choices"):
        for line, row in enumerate(book.sheets.get(sheet, []), start=2):
            for column, cell in row.items():
                if cell in words:
                    return sheet, line, column
    return "", 0, ""
