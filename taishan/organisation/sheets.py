"""What an import says back: what was created, changed and closed, and each cell that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db import transaction

from taishan.kit import days, tables

Mode = Literal["preview", "all_or_nothing", "good_rows"]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """The result of an import or of its preview; the lists hold codes or staff numbers."""

    created: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    errors: list[tables.CellError] = field(default_factory=list)
    is_applied: bool = False

    def wrong(
        self, sheet: str, row: tables.Row, column: str, expected: str, value: str | None = None
    ) -> None:
        shown = row.values.get(column, "") if value is None else value
        self.errors.append(
            tables.CellError(
                sheet=sheet, row=row.number, column=column, value=shown, expected=expected
            )
        )


def settle(outcome: Outcome, mode: Mode) -> None:
    """Keep or undo the import of this transaction: a preview never stays, errors as chosen."""
    undone = mode == "preview" or (mode == "all_or_nothing" and bool(outcome.errors))
    if undone:
        transaction.set_rollback(True)
    outcome.is_applied = not undone


def day(text: str) -> date | None:
    """Return the day in a cell, None for an empty one. Raises ValueError for anything else."""
    return days.read(text.replace("/", "-")) if text else None


def day_in(cells: Mapping[str, str], column: str) -> date | None:
    """Return the day in a cell of a row as ``day`` does; of an end None also for the day by which
    the files of personnel systems say that there is none.
    """
    text = cells.get(column, "")
    has_none = column in _ENDS and text.replace("/", "-") == "9999-12-31"
    return None if has_none else day(text)


_ENDS = frozenset({"until", "closed", "last_day"})


def template(columns: Sequence[tables.Column], name: str, *, in_chinese: bool) -> bytes:
    """Return an empty workbook with the headings of the columns and a line that explains them."""
    headings = [c.titles[0] if in_chinese and c.titles else c.key for c in columns]
    return tables.write_xlsx(name, headings, [])
