"""What inspections come to by unit, month and item: read from sums, whatever the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection

from taishan.kit import arrays, sums
from taishan.organisation import queries as organisation
from taishan.safety.inspection_sums import WHOLE, month_of

MONTH = timedelta(days=32)
By = Literal["code", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Inspections, how many of them failed as a whole, and what became of their items."""

    inspections: int = 0
    failed_whole: int = 0
    passed: int = 0
    failed: int = 0
    excluded: int = 0
    passed_weight: int = 0
    counted_weight: int = 0

    @property
    def share(self) -> float | None:
        """The weighted share that passed, from 0 to 1; None where nothing counts."""
        return self.passed_weight / self.counted_weight if self.counted_weight else None


_NAMES = tuple(one.name for one in fields(Figures))
NONE = Figures()
Found = dict[Any, dict[date, Figures]]
"""Figures by row or item, and by the first day of a month."""


def months_to(day: date, number: int) -> list[date]:
    """Return the first days of so many months, that of the day last."""
    found = [month_of(day)]
    while len(found) < number:
        found.insert(0, month_of(found[0] - timedelta(days=1)))
    return found


def find(
    unit_ids: Collection[int], months: list[date], by: By = "", form_id: int | None = None
) -> Found:
    """Return the figures of units over months, or by item of the one checklist that is then to be
    given. Two queries, which read at most the sums of half of the units.
    """
    condition = f"code <> '{WHOLE}'" if by else f"code = '{WHOLE}'"
    condition += " AND month >= %s AND month <= %s"
    given: list[Any] = [months[0], months[-1]]
    if form_id is not None:
        condition, given = f"{condition} AND form_id = %s", [*given, form_id]
    others = organisation.find_others(unit_ids)
    parts = sums.of_units(unit_ids, others, "safety_inspectionsum", "safety_inspectiongroupsum")
    rows = sums.add_up(f"{by}, month" if by else "month", _NAMES, [
        (sign, table, condition, given) if ids is None
        else (sign, table, f"{condition} AND unit_id = ANY(%s::bigint[])",
              [*given, arrays.literal(ids)])
        for sign, table, ids in parts
    ])  # fmt: skip
    return _found(rows if by else [("", *row) for row in rows])


def find_by_row(row_of: Mapping[int, int], months: list[date], form_id: int | None = None) -> Found:
    """Return the figures of units over months, by the row in which each unit's stand. One query,
    as ``find``, added up by row where the sums are."""
    of_form, given = ("AND s.form_id = %s", [form_id]) if form_id is not None else ("", [])
    with connection.cursor() as cursor:
        cursor.execute(
            _BY_ROW.format(of_form=of_form),
            [arrays.literal(row_of), arrays.literal(row_of.values()), months, *given],
        )
        return _found(cursor.fetchall())


def _found(rows: Iterable[Sequence[Any]]) -> Found:
    found: Found = {}
    for key, month, *amounts in rows:
        figures = Figures(**dict(zip(_NAMES, map(int, amounts), strict=True)))
        found.setdefault(key, {})[month] = figures
    return found


_BY_ROW = f"""
SELECT placed.at, s.month, {", ".join(f"sum(s.{name})" for name in _NAMES)}
FROM unnest(%s::bigint[], %s::bigint[]) AS placed (unit_id, at)
JOIN safety_inspectionsum s USING (unit_id)
WHERE s.code = '{WHOLE}' AND s.month = ANY(%s) {{of_form}}
GROUP BY placed.at, s.month
"""  # noqa: S608 - of names written above


def total(figures: Iterable[Figures]) -> Figures:
    """Return the sum of figures."""
    return sums.total(figures, NONE)


def merge(parts: Iterable[Mapping[date, Figures]]) -> dict[date, Figures]:
    """Return the sum month by month."""
    by_month: dict[date, list[Figures]] = defaultdict(list)
    for part in parts:
        for month, one in part.items():
            by_month[month].append(one)
    return {month: total(found) for month, found in by_month.items()}
