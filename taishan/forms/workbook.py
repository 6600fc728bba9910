"""The workbook of an XLSForm: read without trust, and our own columns taken out of it.

The cells are read by pyxform's own readers, so that a cell means here what it means to every other
program of XLSForms. They stream: a lone cell in the last corner of a sheet costs nothing.
"""

from __future__ import annotations

import copy
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile

import xlrd.biffh
import xlrd.compdoc
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import DefinitionData, xls_to_dict, xlsx_to_dict

from taishan.core import inspections
from taishan.forms import checklist_rows
from taishan.kit import tables

LIMIT_BYTES = 4 * 1024 * 1024
LIMIT_ROWS = 3_000
LIMIT_CELL = 10_000
LIMIT_DEPTH = 20
OUR_COLUMNS = ("indicator", "indicator_name", *inspections.COLUMNS)
OUR_SETTINGS = ("form_title_zh", "subject", "personal_health", "retention_days", "ground")
_OLE = b"\xd0\xcf\x11\xe0"
# What the readers raise on broken files, as found by breaking some: xlrd trusts its bytes.
_UNREADABLE = (
    PyXFormError, DefusedXmlException, BadZipFile, zlib.error, struct.error, xlrd.biffh.XLRDError,
    xlrd.compdoc.CompDocError, SyntaxError, LookupError, TypeError, ValueError, OSError,
    AssertionError, AttributeError, EOFError, NotImplementedError,
)  # fmt: skip

Row = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbook:
    """``sheets`` as pyxform takes them; ``ours`` are our columns, by the name of the question."""

    sheets: dict[str, Any]
    settings: Row
    ours: dict[str, Row]
    rows: dict[str, int] = field(default_factory=dict)
    """The line of each question in the sheet ``survey``."""


def read(content: bytes) -> Workbook:
    """Return the workbook of an xlsx (or xls) file. Raises tables.TableError."""
    if len(content) > LIMIT_BYTES:
        limit = LIMIT_BYTES // 1024 // 1024
        raise tables.TableError(_("The file is larger than %d MiB. Split it.") % limit)
    return _taken_apart(_sheets(content))


def _sheets(content: bytes) -> dict[str, Any]:
    if not content.startswith((b"PK", _OLE)):
        raise tables.TableError(_("This is not an XLSForm: give an xlsx file."))
    is_xlsx = content.startswith(b"PK")
    if is_xlsx:
        tables.refuse_bombs(content)
    try:
        read_sheets: Callable[[io.BytesIO], dict[str, Any]] = (
            xlsx_to_dict if is_xlsx else xls_to_dict
        )
        book = read_sheets(io.BytesIO(content))
    except _UNREADABLE as error:
        raise tables.TableError(_("This is not a readable xlsx file: %s") % error) from None
    for name in ("survey", "choices"):
        rows = book.get(name, [])
        if len(rows) > LIMIT_ROWS:
            raise tables.TableError(
                _("The sheet “%(sheet)s” has more than %(limit)d rows.")
                % {"sheet": name, "limit": LIMIT_ROWS}
            )
        if any(len(str(cell)) > LIMIT_CELL for row in rows for cell in row.values()):
            raise tables.TableError(
                _("A cell of the sheet “%(sheet)s” has more than %(limit)d characters.")
                % {"sheet": name, "limit": LIMIT_CELL}
            )
    return book


def _taken_apart(book: dict[str, Any]) -> Workbook:
    if not book.get("survey"):
        raise tables.TableError(_("There is no sheet “survey” with questions in it."))
    _refuse_depth(book["survey"])
    ours: dict[str, Row] = {}
    lines: dict[str, int] = {}
    rows: list[Row] = []
    for line, row in enumerate(book["survey"], start=2):
        taken = {key: row.pop(key) for key in OUR_COLUMNS if key in row}
        name = row.get("name", "")
        if name:
            lines.setdefault(name, line)
            ours[name] = taken
        added = checklist_rows.asked_on_failure(row, taken)
        lines |= {one["name"]: line for one in added}
        rows += [row, *added]
    book["survey"] = rows
    columns = {key for row in rows for key in row}
    for header in book["survey_header"]:
        header.update(dict.fromkeys(sorted(columns - header.keys())))
    for header in book["survey_header"]:
        for key in OUR_COLUMNS:
            header.pop(key, None)
    settings = (book.get("settings") or [{}])[0]
    own = {key: settings.pop(key) for key in OUR_SETTINGS if key in settings}
    return Workbook(sheets=book, settings=own | settings, ours=ours, rows=lines)


def _refuse_depth(rows: list[Row]) -> None:
    """Every later step goes down the groups by recursion."""
    depth = 0
    for row in rows:
        kind = row.get("type", "").lower()
        depth += kind.startswith("begin") - kind.startswith("end")
        if depth > LIMIT_DEPTH:
            raise tables.TableError(_("Groups are nested deeper than %d.") % LIMIT_DEPTH)


def as_pyxform(sheets: dict[str, Any]) -> DefinitionData:
    """Return a copy that pyxform may change as it reads: it does so to what it is given."""
    return DefinitionData(**copy.deepcopy(sheets))
