"""What inspections come to by unit, month and item: read from sums, whatever the history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any, Literal

from django.db.models import Q, Sum

from taishan.kit import sums
from taishan.safety.inspection_models import InspectionSum
from taishan.safety.inspection_sums import WHOLE, month_of

MONTH = timedelta(days=32)
By = Literal["unit_id", "code", ""]


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
"""Figures by unit or item, and by the first day of a month."""


def months_to(day: date, number: int) -> list[date]:
    """Return the first days of so many months, that of the day last."""
    found = [month_of(day)]
    while len(found) < number:
        found.insert(0, month_of(found[0] - timedelta(days=1)))
    return found


def find(
    unit_ids: Collection[int], months: list[date], by: By = "", form_id: int | None = None
) -> Found:
    """Return the figures of units over months, by unit, by item, or under "" as a whole.

    One query, which reads one row a unit, checklist and month; by item, one an item of the one
    checklist that is then to be given.
    """
    of = Q(code=WHOLE) if by != "code" else ~Q(code=WHOLE)
    rows = InspectionSum.objects.filter(
        of, unit_id__in=list(unit_ids), month__gte=months[0], month__lte=months[-1]
    )
    if form_id is not None:
        rows = rows.filter(form_id=form_id)
    keys = [by, "month"] if by else ["month"]
    added = rows.values(*keys).annotate(**{f"sum_{name}": Sum(name) for name in _NAMES})
    found: Found = {}
    for row in added.order_by():
        figures = Figures(**{name: int(row[f"sum_{name}"]) for name in _NAMES})
        found.setdefault(row[by] if by else "", {})[row["month"]] = figures
    return found


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
