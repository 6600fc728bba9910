"""The forms that come with Taishan: XLSForms like any other, kept as text so that a change shows.

A file holds its sheets one below the other, as pyxform's csv does: a line with the sheet's name
alone, then its rows with the first cell left empty.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import xlsxwriter

FOLDER = Path(__file__).parent


def shipped(folder: Path = FOLDER) -> list[str]:
    """Return the codes of the forms shipped in a folder."""
    return sorted(path.stem for path in folder.glob("*.csv"))


def workbook_of(code: str, folder: Path = FOLDER) -> bytes:
    """Return a shipped form as an xlsx file, the same bytes every time."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": datetime(2020, 1, 1)})
        bold = book.add_format({"bold": True, "bg_color": "#eef2f6"})
        for name, rows in _sheets(folder / f"{code}.csv"):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, 20, 24)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell:
                        sheet.write_string(number, column, cell, None if number else bold)
    return out.getvalue()


def _sheets(path: Path) -> list[tuple[str, list[list[str]]]]:
    sheets: list[tuple[str, list[list[str]]]] = []
    with path.open(encoding="utf-8", newline="") as lines:
        for name, *cells in csv.reader(lines):
            if name:
                sheets.append((name, []))
            else:
                sheets[-1][1].append(cells)
    return sheets
