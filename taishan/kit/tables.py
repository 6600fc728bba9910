"""Tables in and out: xlsx and csv, read without trust and written without traps.

What comes in is text by column; formulas are never run (only a cell's stored value is read). What
goes out is escaped, so that a spreadsheet program runs nothing that somebody typed into a name.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

import python_calamine
import xlsxwriter
from django.utils.translation import gettext as _

Cell = str | int | float | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIMIT_BYTES = 40 * 1024 * 1024
LIMIT_INFLATED_BYTES = 400 * 1024 * 1024
LIMIT_RATIO = 200
LIMIT_CELLS = 16_000_000
"""Rows times columns of a sheet, empty ones counted: some half a gigabyte while it is read."""
_CHUNK = 1024 * 1024
_ROWS_WITH_CHOICES = 2000
_RISKY = ("=", "+", "-", "@", "\t", "\r")
# What is left of Chinese text after a program read it in the wrong code and saved it again.
_MANGLED = ("\ufffd", "锟斤拷")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_TWO_CHARACTERS_BYTES = 4
_LAST_IN_TWO_BYTES = "\u07ff"
_ZIP_HEADER_BYTES = 30
_PLACE = re.compile(rb"\br=[\"']([A-Z]{0,3})([0-9]{1,8})[\"']")
_PLACE_BYTES = 20


class TableError(ValueError):
    """A file that is not read at all; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its key; ``titles`` are other headings under which it is recognised."""

    key: str
    titles: tuple[str, ...] = ()
    is_needed: bool = False
    expected: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a sheet: its number as a spreadsheet shows it, and its text by column key."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet's name and its rows below the headings; empty lines are left out."""

    name: str
    headings: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellError:
    """What is wrong with one cell, so that whoever sent the file can find and mend it."""

    sheet: str
    row: int
    column: str
    value: str
    expected: str

    def __str__(self) -> str:
        return _(
            "%(sheet)s, row %(row)s, column %(column)s: “%(value)s”; expected: %(expected)s"
        ) % asdict(self)


def read(content: bytes, *, columns: Sequence[Column], limit_bytes: int = LIMIT_BYTES) -> Sheet:
    """Return the first sheet of an xlsx or csv file.

    Raises TableError for a file that is too large, no table, in an unknown encoding, or without
    a needed column.
    """
    _refuse_large(content, limit_bytes)
    name, lines = _xlsx(content) if content.startswith(b"PK") else _csv(content)
    return _sheet(name, lines, columns)


def read_sheets(content: bytes, *, columns: Mapping[str, Sequence[Column]]) -> dict[str, Sheet]:
    """Return those sheets of an xlsx file whose columns are given, by name; others are not read.

    Raises TableError as ``read`` does, naming the sheet.
    """
    _refuse_large(content, LIMIT_BYTES)
    book = _book(content)
    found = {}
    for name in (name for name in book.sheet_names if name in columns):
        try:
            found[name] = _sheet(name, _lines(book, name), columns[name])
        except TableError as error:
            raise TableError(f"{name}: {error}") from error
    return found


def _refuse_large(content: bytes, limit_bytes: int) -> None:
    if len(content) > limit_bytes:
        size, limit = len(content) / 1024 / 1024, limit_bytes / 1024 / 1024
        raise TableError(
            _("The file has %(size).1f MiB; at most %(limit).1f MiB are read. Split it.")
            % {"size": size, "limit": limit}
        )


def _sheet(name: str, lines: Iterator[list[str]], columns: Sequence[Column]) -> Sheet:
    headings = next(lines, [])
    rows = list(_rows(headings, lines, columns))
    return Sheet(name=name, headings=tuple(headings), rows=rows)


def write_xlsx(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a workbook of one sheet. Text stays text, whatever it begins with."""
    return write_book([NewSheet(name=name, headings=headings, rows=rows)])


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSheet:
    """A sheet to write. ``choices`` are the words that a column's cells may hold, by its place."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    choices: Mapping[int, Sequence[str]] = field(default_factory=dict)


def write_book(sheets: Iterable[NewSheet]) -> bytes:
    """Return a workbook; a cell with choices offers them. Text stays text."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#eef2f6"})
        quoted = book.add_format({"quote_prefix": True})
        for new in sheets:
            sheet = book.add_worksheet(new.name[:31])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(len(new.headings) - 1, 0), 18)
            for column, words in new.choices.items():
                rule = {"validate": "list", "source": list(words)}
                sheet.data_validation(1, column, _ROWS_WITH_CHOICES, column, rule)
            for column, heading in enumerate(new.headings):
                sheet.write_string(0, column, heading, bold)
            write_rows(sheet, new.rows, quoted)
    return out.getvalue()


def write_rows(sheet: Any, rows: Iterable[Sequence[Cell]], quoted: Any, at: int = 1) -> None:
    """Write rows from row ``at`` on; text that a program could run is written in ``quoted``."""
    for number, row in enumerate(rows, start=at):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(number, column, cell)
            elif cell not in (None, ""):
                text = str(cell)
                as_typed = quoted if text.startswith(_RISKY) else None
                sheet.write_string(number, column, text, as_typed)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return UTF-8 with a BOM (spreadsheets guess wrongly without), risky cells quoted by ``'``."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def escaped(cell: Cell) -> Cell:
    """Return the cell as csv may hold it: text that a program could run begins with ``'``."""
    if isinstance(cell, str) and cell.startswith(_RISKY):
        return f"'{cell}"
    return cell


def _rows(
    headings: list[str], lines: Iterator[list[str]], columns: Sequence[Column]
) -> Iterator[Row]:
    places = _places(headings, columns)
    for number, line in enumerate(lines, start=2):
        if any(line):
            yield Row(
                number=number,
                values={key: line[at] if at < len(line) else "" for key, at in places},
            )


def _places(heading: list[str], columns: Sequence[Column]) -> list[tuple[str, int]]:
    at = {title.strip().casefold(): index for index, title in enumerate(heading)}
    places = []
    for column in columns:
        found = [at[t.casefold()] for t in (column.key, *column.titles) if t.casefold() in at]
        if found:
            places.append((column.key, found[0]))
        elif column.is_needed:
            raise TableError(
                _("The column “%(column)s” is missing. The first line must name the columns.")
                % {"column": column.key}
            )
    return places


def _xlsx(content: bytes) -> tuple[str, Iterator[list[str]]]:
    book = _book(content)
    if not book.sheet_names:
        raise TableError(_("This is not a readable xlsx file: %s") % "no sheet")
    return book.sheet_names[0], _lines(book, book.sheet_names[0])


def _book(content: bytes) -> python_calamine.CalamineWorkbook:
    refuse_bombs(content)
    _refuse_far_cells(content)
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise TableError(_("This is not a readable xlsx file: %s") % error) from error


def _lines(book: python_calamine.CalamineWorkbook, name: str) -> Iterator[list[str]]:
    try:
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise TableError(_("This is not a readable xlsx file: %s") % error) from error
    return ([_text(cell) for cell in line] for line in cells)


def refuse_bombs(content: bytes) -> None:
    """Raise TableError for a zip that unpacks beyond bounds.

    Every part is inflated once: what the directory of a zip says of its size may be a lie.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, struct.error, NotImplementedError, EOFError) as error:
        raise TableError(_("This is not a readable xlsx file: %s") % error) from error
    limit = min(LIMIT_INFLATED_BYTES, max(len(content) * LIMIT_RATIO, 10 * _CHUNK))
    total = sum(part.file_size for part in parts)
    for part in parts if total <= limit else ():
        inflated = _inflated_bytes(content, part, limit)
        total += max(inflated - part.file_size, 0)
        if total > limit:
            break
    if total > limit:
        raise TableError(
            _("The file unpacks to more than %d MiB, as a zip bomb does; it is not opened.")
            % (limit // 1024 // 1024)
        )


def _refuse_far_cells(content: bytes) -> None:
    """Raise TableError for a lone cell far out: the reader makes room for all between."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/"):
                row, column = _farthest(archive, part)
                if row * column > LIMIT_CELLS:
                    raise TableError(
                        _("A cell stands far out, in row %(row)d or column %(column)d: delete it.")
                        % {"row": row, "column": column}
                    )


def _farthest(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, int]:
    """Return the last row and the last column that a sheet speaks of, each 1 at least."""
    row = column = 1
    rest = b""
    with archive.open(part) as sheet:
        while chunk := sheet.read(_CHUNK):
            for letters, digits in _PLACE.findall(rest + chunk):
                row = max(row, int(digits))
                column = max(column, _number(letters))
            rest = chunk[-_PLACE_BYTES:]
    return row, column


def _number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _inflated_bytes(content: bytes, part: zipfile.ZipInfo, limit: int) -> int:
    header = content[part.header_offset : part.header_offset + _ZIP_HEADER_BYTES]
    if len(header) < _ZIP_HEADER_BYTES:
        raise TableError(_("This is not a readable xlsx file: %s") % part.filename)
    name_bytes, extra_bytes = struct.unpack("<HH", header[26:30])
    start = part.header_offset + _ZIP_HEADER_BYTES + name_bytes + extra_bytes
    packed = content[start : start + part.compress_size]
    if part.compress_type != zipfile.ZIP_DEFLATED:
        return len(packed)
    inflater, total = zlib.decompressobj(-15), 0
    while packed and total <= limit and not inflater.eof:
        try:
            total += len(inflater.decompress(packed, _CHUNK))
        except zlib.error as error:
            raise TableError(_("This is not a readable xlsx file: %s") % error) from error
        packed = inflater.unconsumed_tail
    return total


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat()
    # An xlsx file can hold what no text in PostgreSQL can.
    return _unescaped(str(cell).replace("\x00", "").strip())


def _unescaped(text: str) -> str:
    return text[1:] if text[:1] == "'" and text[1:].startswith(_RISKY) else text


def _csv(content: bytes) -> tuple[str, Iterator[list[str]]]:
    text = decode(content)
    if "\x00" in text:
        raise TableError(_("This is neither an xlsx nor a csv file."))
    heading = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=heading.count)
    return "csv", _csv_lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _csv_lines(reader: Any) -> Iterator[list[str]]:
    try:
        for line in reader:
            yield [_unescaped(cell.strip()) for cell in line]
    except csv.Error as error:
        said = _("Line %s cannot be read: perhaps a quotation mark is left open.")
        raise TableError(said % reader.line_num) from error


def decode(content: bytes) -> str:
    """Return the text of UTF-8 (with or without BOM), UTF-16 with BOM, or GB 18030.

    Raises TableError for other encodings, and for text that was spoilt by a wrong one before.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    elif _looks_gb(content):
        candidates = ("gb18030",)
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(trace in text for trace in _MANGLED):
            raise TableError(
                _(
                    "Its Chinese text was lost when it was saved in a wrong encoding: "
                    "save it again from the original, as UTF-8."
                )
            )
        return text
    raise TableError(_("The encoding is unknown: save the file as UTF-8 or GB 18030."))


def _looks_gb(content: bytes) -> bool:
    """Tell GB 2312 words that happen to be valid UTF-8 too, such as 平台 (read as “ƽ̨”).

    Chinese comes in words: two characters or more, four bytes or more in a run. A lone accented
    letter of UTF-8 is a run of two.
    """
    runs = _NOT_ASCII.findall(content)
    if not runs or any(len(run) < _TWO_CHARACTERS_BYTES for run in runs):
        return False
    try:
        text = content.decode("utf-8")
        content.decode("gb2312")
    except UnicodeDecodeError:
        return False
    return max(text) <= _LAST_IN_TWO_BYTES
