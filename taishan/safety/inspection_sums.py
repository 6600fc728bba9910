"""What inspections add up to, by unit, checklist, month and item: kept as they come in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from taishan.core.inspections import Item, Outcome, Verdict
from taishan.safety.inspection_models import Inspection, InspectionGroupSum

WHOLE = ""
"""The code under which an inspection as a whole is added."""
_COLUMNS = (
    "unit_id", "form_id", "month", "code", "inspections", "failed_whole", "passed", "failed",
    "excluded", "passed_weight", "counted_weight",
)  # fmt: skip
_ADDED = _COLUMNS[4:]
_NAMES = ", ".join(_COLUMNS)
_GROUP_NAMES = f"form_id, month, code, part, {', '.join(_ADDED)}"
_ADDING = ", ".join(f"{name} = s.{name} + excluded.{name}" for name in _ADDED)
_PART = f"mod(unit_id, {InspectionGroupSum.PARTS})"
ADD = f"""
WITH added AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::int[], %s::int[],
    %s::int[], %s::int[], %s::int[], %s::bigint[], %s::bigint[]) AS a ({_NAMES})
), of_unit AS (
  INSERT INTO safety_inspectionsum AS s ({_NAMES}) SELECT * FROM added
  ON CONFLICT (unit_id, form_id, month, code) DO UPDATE SET {_ADDING}
)
INSERT INTO safety_inspectiongroupsum AS s ({_GROUP_NAMES})
SELECT form_id, month, code, {_PART}, {", ".join(_ADDED)} FROM added
ON CONFLICT (form_id, month, code, part) DO UPDATE SET {_ADDING}
"""  # noqa: S608 - names of our own
_TOGETHER = f"""
SELECT form_id, month, code, {_PART} AS part, {", ".join(f"sum({n}) AS {n}" for n in _ADDED)}
FROM safety_inspectionsum GROUP BY 1, 2, 3, 4
"""  # noqa: S608
_COMPARE = f"""
SELECT form_id, month, code, part, {", ".join(f"each_of.{n}, kept.{n}" for n in _ADDED)}
FROM ({_TOGETHER}) AS each_of
FULL JOIN safety_inspectiongroupsum kept USING (form_id, month, code, part)
WHERE ({", ".join(f"each_of.{n}" for n in _ADDED)})
  IS DISTINCT FROM ({", ".join(f"kept.{n}" for n in _ADDED)})
ORDER BY form_id, month, code, part
"""  # noqa: S608


def month_of(day: date) -> date:
    return day.replace(day=1)


def add(
    inspection: Inspection, form_id: int, items: Iterable[Item], outcomes: dict[str, Outcome]
) -> None:
    """Add an inspection to its unit's month and to the group's. One statement; its rows lie in one
    order, so that two that come in at once wait for one another and never for each other.
    """
    answered = [(item, outcomes[item.code]) for item in items if item.code in outcomes]
    all_of_them = [outcome for _item, outcome in answered]
    counted = [all_of_them.count(one) for one in (Outcome.PASSED, Outcome.FAILED, Outcome.EXCLUDED)]
    whole = (
        1, int(inspection.verdict == Verdict.FAILED), *counted,
        inspection.passed_weight, inspection.counted_weight,
    )  # fmt: skip
    key = (inspection.unit_id, form_id, month_of(inspection.day))
    rows = [(*key, WHOLE, *whole), *((*key, item.code, *_of(item, one)) for item, one in answered)]
    with connection.cursor() as cursor:
        cursor.execute(ADD, [list(column) for column in zip(*sorted(rows), strict=True)])


def _of(item: Item, outcome: Outcome) -> tuple[int, ...]:
    passed, failed = outcome is Outcome.PASSED, outcome is Outcome.FAILED
    counted = item.weight * (passed or failed)
    return (
        1, int(failed and item.is_critical), int(passed), int(failed),
        int(outcome is Outcome.EXCLUDED), item.weight * passed, counted,
    )  # fmt: skip


def find_differences() -> list[tuple[object, ...]]:
    """Return where the sums of the group differ from those of its units: the key, and of each
    number what is right and what is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        return list(cursor.fetchall())


def recount() -> None:
    """Make the sums of the group anew from those of its units; nobody adds any meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE safety_inspectionsum IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM safety_inspectiongroupsum")
        cursor.execute(f"INSERT INTO safety_inspectiongroupsum ({_GROUP_NAMES}) {_TOGETHER}")
