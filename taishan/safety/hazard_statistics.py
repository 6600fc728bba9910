"""How many hazards were found, closed, and in time: read from few sums. What comes again."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from taishan.core.hazards import Cause, State
from taishan.kit import arrays, sums
from taishan.organisation import queries as organisation
from taishan.safety.hazard_board_models import Span
from taishan.safety.hazard_counts import ALL_CAUSES, MEASURES
from taishan.safety.hazard_months import Months

CAUSES = ("", *(cause.value for cause in Cause))
AGAIN_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many were found and how many closed in some months; of those closed, put right late."""

    found: int = 0
    closed: int = 0
    late: int = 0

    @property
    def share_in_time(self) -> float | None:
        """Put right in time, of what was closed; None of nothing."""
        return (self.closed - self.late) / self.closed if self.closed else None


NOTHING = Totals()


def find_by_unit(
    unit_ids: Collection[int], months: Months, cause: str = "", grade: str = ""
) -> dict[int, Totals]:
    """Return each unit's own totals."""
    return _by("unit_id", _pieces(months), unit_ids, [cause or ALL_CAUSES], grade)


def find_by_cause(unit_ids: Collection[int], months: Months, grade: str = "") -> dict[str, Totals]:
    """Return the totals of the units together by cause; ``""`` for what is not graded."""
    return _by("cause", _pieces(months), unit_ids, CAUSES, grade)


def find_by_month(
    unit_ids: Collection[int], months: Months, cause: str = "", grade: str = ""
) -> dict[date, Totals]:
    """Return the totals of the units together, of each month."""
    each = [(1, Span.MONTH, list(months))]
    found = _by("day", each, unit_ids, [cause or ALL_CAUSES], grade)
    return {day: found.get(day, NOTHING) for day in months}


def _pieces(months: Months) -> list[tuple[int, Span, list[date]]]:
    """The fewest sums: of a year that is covered for the most part, the rest is taken away."""
    return [
        (1, Span.YEAR, months.years()), (1, Span.MONTH, months.months()),
        (-1, Span.MONTH, months.others()),
    ]  # fmt: skip


def _by(
    what: str, pieces: Iterable[tuple[int, Span, list[date]]], unit_ids: Collection[int],
    causes: Collection[str], grade: str,
) -> dict[Any, Totals]:  # fmt: skip
    """Every sum is named by its day: no other than those asked for is read."""
    others = unit_ids if what == "unit_id" else organisation.find_others(unit_ids)
    parts = sums.of_units(unit_ids, others, "safety_hazardcount", "safety_hazardgroupcount")
    of = "span = %s AND day = ANY(%s) AND cause = ANY(%s)" + (" AND grade = %s" if grade else "")
    narrowed = [list(causes), *([grade] if grade else [])]
    rows = sums.add_up(what, MEASURES, [
        (sign * part, table, of if ids is None else f"{of} AND unit_id = ANY(%s::bigint[])",
         [int(span), days, *narrowed, *([] if ids is None else [arrays.literal(ids)])])
        for sign, span, days in pieces if days
        for part, table, ids in parts
    ])  # fmt: skip
    return {key: Totals(found=found, closed=closed, late=late) for key, found, closed, late in rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Hazards of one cause at one place of a unit, found within 90 days."""

    unit_id: int
    cause: str
    area: str
    number: int
    first: date
    last: date


_AGAIN = f"""
SELECT unit_id, cause, area, count(*)::int AS number, min(found_on), max(found_on)
FROM safety_hazard
WHERE found_on > %s AND found_on <= %s AND cause <> '' AND area <> ''
  AND state NOT IN ('{State.DISMISSED}', '{State.MERGED}') {{of_units}}
  AND (%s = '' OR cause = %s)
GROUP BY unit_id, cause, area HAVING count(*) > 1
ORDER BY number DESC, max(found_on) DESC, unit_id, cause, area LIMIT %s
"""  # noqa: S608 - of names


def find_again(
    unit_ids: Collection[int] | None, last: date, limit: int, cause: str = ""
) -> list[Again]:
    """Return what was found again at its place in the 90 days up to a day, most often first.

    ``unit_ids`` None: of all. Whoever sees the whole group is not asked for each unit of it.
    """
    of_units = "" if unit_ids is None else "AND unit_id = ANY(%s::bigint[])"
    ids = [] if unit_ids is None else [arrays.literal(unit_ids)]
    given: list[Any] = [last - AGAIN_WITHIN, last, *ids, cause, cause, limit]
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(of_units=of_units), given)
        names = ("unit_id", "cause", "area", "number", "first", "last")
        return [Again(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
