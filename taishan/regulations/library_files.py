"""A library from a file, YAML or workbook: read, and checked against what is recorded."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from taishan.kit.tables import TableError
from taishan.regulations import actions, schemas, workbook
from taishan.regulations.problems import Problem
from taishan.regulations.schemas import LibraryInvalid
from taishan.regulations.workbook import WorkbookInvalid

Unreadable = (LibraryInvalid, WorkbookInvalid, TableError)
"""What ``read`` and ``check`` raise."""


def read(content: bytes, name: str) -> schemas.Library:
    """Return the library in a file, which need not be true here.

    Raises LibraryInvalid naming lines, WorkbookInvalid naming cells, or TableError for a workbook
    that is not read at all.
    """
    if _is_workbook(content):
        return workbook.parse(content)
    return schemas.parse(_text(content, name), name)


def check(content: bytes, name: str) -> schemas.Library:
    """Return the library in a file that could be recorded here.

    Raises as ``read`` does; also where it names places, units or regulations that are not there.
    """
    library = read(content, name)
    found = actions.check_library(library)
    if found:
        raise _placed(content, name, found)
    return library


def _placed(content: bytes, name: str, found: Iterable[Problem]) -> ValueError:
    if _is_workbook(content):
        return workbook.placed(content, found)
    return schemas.placed(_text(content, name), name, found)


def _is_workbook(content: bytes) -> bool:
    return content.startswith(b"PK")


def _text(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _("not UTF-8 text: save the file as UTF-8")
        raise LibraryInvalid(name, [(line, message)]) from None
