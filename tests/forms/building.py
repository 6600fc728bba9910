"""XLSForms for tests: sheets as lists of rows, written as xlsx files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

Rows = Sequence[Sequence[object]]

SURVEY: Rows = (
    ("type", "name", "label::English (en)", "label::中文 (zh)", "required", "relevant"),
    ("select_one yes_no", "well", "Are you well?", "身体好吗？", "yes", ""),
    ("decimal", "temperature", "Temperature", "体温", "", "${well} = 'no'"),
)
CHOICES: Rows = (
    ("list_name", "name", "label::English (en)", "label::中文 (zh)"),
    ("yes_no", "yes", "Yes", "是"),
    ("yes_no", "no", "No", "否"),
)
SETTINGS: Rows = (
    ("form_title", "form_title_zh", "form_id", "subject"),
    ("Check", "检查", "check", "person"),
)


def xlsform(
    survey: Rows = SURVEY, choices: Rows = CHOICES, settings: Rows = SETTINGS, **more: Rows
) -> bytes:
    """Return the workbook."""
    out = io.BytesIO()
    sheets = {"survey": survey, "choices": choices, "settings": settings, **more}
    with xlsxwriter.Workbook(out) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return out.getvalue()


def with_setting(**given: str) -> bytes:
    """Return the plain form with other settings."""
    values = dict(zip(*SETTINGS, strict=True)) | given
    return xlsform(settings=(tuple(values), tuple(values.values())))


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return the workbook with parts of its zip replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            new.writestr(part.filename, parts.get(part.filename, old.read(part)))
    return out.getvalue()
