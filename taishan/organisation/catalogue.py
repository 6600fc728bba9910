"""The tables that go in and out as files, for the browser and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from taishan.kit import tables
from taishan.organisation import place_sheet, post_sheet, roster, unit_sheet
from taishan.organisation.sheets import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What a file may hold: its columns, how it is read, and how it is written."""

    word: Any
    columns: tuple[tables.Column, ...]
    bring_in: Callable[..., Outcome]
    take_out: Callable[..., Iterator[list[tables.Cell]]]
    has_people: bool = False
    """Then an export is limited to the units whose people one may see."""

    def file(self, name: str, form: str, **limits: Any) -> bytes:
        """Return an export as xlsx or csv; ``limits`` are those of ``take_out``."""
        keys, rows = [column.key for column in self.columns], self.take_out(**limits)
        return (
            tables.write_csv(keys, rows) if form == "csv" else tables.write_xlsx(name, keys, rows)
        )


TABLES = {
    "units": Table(
        word=gettext_lazy("units"),
        columns=unit_sheet.COLUMNS,
        bring_in=unit_sheet.import_units,
        take_out=unit_sheet.export_units,
    ),
    "people": Table(
        word=gettext_lazy("people"),
        columns=roster.COLUMNS,
        bring_in=roster.import_people,
        take_out=roster.export_people,
        has_people=True,
    ),
    "posts": Table(
        word=gettext_lazy("posts"),
        columns=post_sheet.COLUMNS,
        bring_in=post_sheet.import_posts,
        take_out=post_sheet.export_posts,
        has_people=True,
    ),
    "places": Table(
        word=gettext_lazy("places"),
        columns=place_sheet.COLUMNS,
        bring_in=place_sheet.import_places,
        take_out=lambda **_limits: place_sheet.export_places(),
    ),
}
