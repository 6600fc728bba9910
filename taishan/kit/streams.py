"""Tables of any length to a file, row by row: what is written is not kept in memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain, count, islice
from typing import IO

import xlsxwriter

from taishan.kit import tables
from taishan.kit.tables import Cell

ROWS_OF_A_SHEET = 1_000_000
"""A sheet holds 1,048,576; what is more goes on in another."""


def save(
    out: IO[bytes], form: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write a table as ``xlsx`` or ``csv`` into an open file, guarded as ``tables`` does."""
    if form == "csv":
        _save_csv(out, headings, rows)
    else:
        _save_xlsx(out, headings, rows)


def _save_csv(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([tables.escaped(cell) for cell in row] for row in rows)
    text.detach()


def _save_xlsx(out: IO[bytes], headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    left = iter(rows)
    with xlsxwriter.Workbook(out, options) as book:
        quoted = book.add_format({"quote_prefix": True})
        for number in count(1):
            first = next(left, None)
            if first is None and number > 1:
                break
            sheet = book.add_worksheet(str(number))
            sheet.freeze_panes(1, 0)
            tables.write_rows(sheet, [headings], quoted, at=0)
            begun = () if first is None else (first,)
            part = chain(begun, islice(left, ROWS_OF_A_SHEET - 1))
            tables.write_rows(sheet, part, quoted)
