"""A library as a workbook, for those who do not write YAML: five sheets, one entry a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError

from taishan.kit import tables
from taishan.kit.tables import CellError, Row, TableError
from taishan.regulations import problems
from taishan.regulations.problems import Problem
from taishan.regulations.schemas import Library
from taishan.regulations.workbook_fields import HELP, REPLACES, SHEETS, WITHDRAWS, Field, columns

_PARTS = {"clauses": "clauses", "replaces": "replacements", "withdraws": "replacements",
          "unknown": "gaps"}  # fmt: skip
"""Lists of a regulation's entry → the sheet that holds their rows."""
_SEPARATORS = re.compile(r"[\s,，、;；]+")


class WorkbookInvalid(ValueError):
    """A workbook is not a library; ``errors`` name each cell that is wrong."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = errors


def parse(content: bytes) -> Library:
    """Return the library in a workbook.

    Raises WorkbookInvalid naming every cell that is wrong, or tables.TableError for a file that is
    no such workbook.
    """
    book = _Book(content)
    try:
        library = Library.model_validate(book.data)
    except ValidationError as error:
        found = [problems.of(one) for one in error.errors()]
        raise WorkbookInvalid([*book.errors, *map(book.cell, found)]) from None
    if book.errors:
        raise WorkbookInvalid(book.errors)
    return library


def placed(content: bytes, found: Iterable[Problem]) -> WorkbookInvalid:
    """Return what is wrong with a library that was read from a workbook, by its cells."""
    book = _Book(content)
    return WorkbookInvalid([book.cell(problem) for problem in found])


class _Book:
    """The rows of a workbook as a library's fields, and the way back from a field to its cell."""

    def __init__(self, content: bytes) -> None:
        self.errors: list[CellError] = []
        self._rows: dict[tuple[int | str, ...], tuple[str, Row]] = {}
        self._sheets = tables.read_sheets(
            content, columns={k: columns(v) for k, v in SHEETS.items()}
        )
        for name in ("library", "regulations"):
            if name not in self._sheets:
                raise TableError(_("The sheet “%s” is missing.") % name)
        self._refuse_unknown_headings()
        self.data = self._read()

    def _refuse_unknown_headings(self) -> None:
        for name, sheet in self._sheets.items():
            known = {word.casefold() for field in SHEETS[name] for word in (field.key, field.zh)}
            for heading in sheet.headings:
                if heading and heading.strip().casefold() not in known:
                    expected = _("one of: %s") % ", ".join(field.key for field in SHEETS[name])
                    self._wrong(name, 1, heading, heading, expected)

    def _read(self) -> dict[str, Any]:
        about = self._sheets["library"].rows
        if not about:
            raise TableError(_("The sheet “%s” has no row.") % "library")
        self._rows[()] = ("library", about[0])
        for row in about[1:]:
            self._wrong("library", row.number, "library", row.values["library"], _("one row only"))
        entries: dict[str, tuple[int, dict[str, Any]]] = {}
        regulations = []
        for number, row in enumerate(self._sheets["regulations"].rows):
            entry = _entry(SHEETS["regulations"], row)
            self._rows["regulations", number] = ("regulations", row)
            entries.setdefault(row.values["id"], (number, entry))
            regulations.append(entry)
        for name in ("clauses", "replacements", "gaps"):
            self._hang(name, entries)
        return _entry(SHEETS["library"], about[0]) | {"regulations": regulations}

    def _hang(self, name: str, entries: Mapping[str, tuple[int, dict[str, Any]]]) -> None:
        """Put each row of a sheet into the entry of the regulation it names."""
        for row in self._sheets[name].rows if name in self._sheets else ():
            regulation = row.values["regulation"]
            if regulation not in entries:
                expected = _("an id that stands on the sheet “regulations”")
                self._wrong(name, row.number, "regulation", regulation, expected)
                continue
            number, entry = entries[regulation]
            part = self._part(name, row)
            if part:
                rows = entry.setdefault(part, [])
                self._rows["regulations", number, part, len(rows)] = (name, row)
                rows.append(_entry(SHEETS[name], row))

    def _part(self, name: str, row: Row) -> str:
        if name != "replacements":
            return {"clauses": "clauses", "gaps": "unknown"}[name]
        how = row.values["how"]
        if how in (REPLACES, WITHDRAWS):
            return how
        self._wrong(name, row.number, "how", how, _("one of: %s") % f"{REPLACES}, {WITHDRAWS}")
        return ""

    def _wrong(self, sheet: str, row: int, column: str, value: str, expected: str) -> None:
        self.errors.append(
            CellError(sheet=sheet, row=row, column=column, value=value, expected=expected)
        )

    def cell(self, problem: Problem) -> CellError:
        """Return a problem as that of a cell: of the nearest row and column that hold it."""
        loc = problem.loc
        at = next(loc[:n] for n in (4, 2, 0) if loc[:n] in self._rows)
        sheet, row = self._rows[at]
        field = _column(SHEETS[sheet], [str(step) for step in loc[len(at) :]])
        text = row.values.get(field.key, "")
        value = problem.value if field.is_list and problem.value else text
        return CellError(
            sheet=sheet, row=row.number, column=field.key, value=value, expected=problem.expected
        )  # fmt: skip


def _entry(fields: Sequence[Field], row: Row) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for field in fields:
        text = row.values.get(field.key, "")
        if not text or not field.path:
            continue
        inside = entry
        for step in field.path[:-1]:
            inside = inside.setdefault(step, {})
        inside[field.path[-1]] = _SEPARATORS.split(text) if field.is_list else text
    return entry


def _column(fields: Sequence[Field], way: list[str]) -> Field:
    """Return the column of a field, of what holds it, or of the first part of it."""
    if way[:1] == ["require"]:
        way = ["require", *way[2:]]  # the type that was chosen stands between
    own = [field for field in fields if field.path]
    for length in range(len(way), 0, -1):
        for field in own:
            if list(field.path[:length]) == way[:length]:
                return field
    return own[0]


def write(library: Library, *, in_chinese: bool = False) -> bytes:
    """Return the library as a workbook; reading it gives the same library."""
    content = library.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    rows: dict[str, list[list[tables.Cell]]] = {name: [] for name in SHEETS}
    rows["library"].append(_cells(SHEETS["library"], content, {}))
    for entry in content["regulations"]:
        rows["regulations"].append(_cells(SHEETS["regulations"], entry, {}))
        for part, sheet in _PARTS.items():
            outside = {"regulation": entry["id"], "how": part}
            rows[sheet] += [_cells(SHEETS[sheet], one, outside) for one in entry.get(part, ())]
    return tables.write_book(_sheets(rows, in_chinese=in_chinese))


def template(*, in_chinese: bool = False) -> bytes:
    """Return a workbook to fill in, with a sheet that explains every column."""
    rows: dict[str, list[list[tables.Cell]]] = {name: [] for name in SHEETS}
    rows["library"].append(["taishan-library/1"])
    return tables.write_book(_sheets(rows, in_chinese=in_chinese))


def _sheets(
    rows: Mapping[str, list[list[tables.Cell]]], *, in_chinese: bool
) -> Iterator[tables.NewSheet]:
    for name, fields in SHEETS.items():
        yield tables.NewSheet(
            name=name,
            headings=[field.zh if in_chinese else field.key for field in fields],
            rows=rows[name],
            choices={n: field.choices for n, field in enumerate(fields) if field.choices},
        )
    yield tables.NewSheet(
        name=HELP,
        headings=[_("Sheet"), _("Column"), _("Needed"), _("Meaning"), _("Choices")],
        rows=[
            [name, field.zh if in_chinese else field.key, _("yes") if field.is_needed else "",
             str(field.help), ", ".join(field.choices)]
            for name, fields in SHEETS.items() for field in fields
        ],
    )  # fmt: skip


def _cells(
    fields: Sequence[Field], entry: Mapping[str, Any], outside: Mapping[str, str]
) -> list[tables.Cell]:
    return [_cell(_found(entry, field.path)) if field.path else outside[field.key]
            for field in fields]  # fmt: skip


def _found(entry: Mapping[str, Any], path: Sequence[str]) -> Any:
    value: Any = entry
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _cell(value: Any) -> tables.Cell:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(value)
    if isinstance(value, str):
        return value.removesuffix("T00:00:00")
    cell: tables.Cell = value
    return cell
