"""What inspections add up to, by unit, checklist, month and item: kept as they come in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import connection

from taishan.core.inspections import Item, Outcome, Verdict
from taishan.safety.inspection_models import Inspection

WHOLE = ""
"""The code under which an inspection as a whole is added."""
_COLUMNS = (
    "unit_id", "form_id", "month", "code", "inspections", "failed_whole", "passed", "failed",
    "excluded", "passed_weight", "counted_weight",
)  # fmt: skip
_KEY, _ADDED = _COLUMNS[:4], _COLUMNS[4:]
_NAMES = ", ".join(_COLUMNS)
_ADDING = ", ".join(f"{name} = s.{name} + excluded.{name}" for name in _ADDED)
ADD = (
    f"INSERT INTO safety_inspectionsum AS s ({_NAMES}) "  # noqa: S608 - names of our own
    "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::text[], %s::int[], %s::int[],"
    " %s::int[], %s::int[], %s::int[], %s::bigint[], %s::bigint[]) "
    f"ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET {_ADDING}"
)


def month_of(day: date) -> date:
    return day.replace(day=1)


def add(
    inspection: Inspection, form_id: int, items: Iterable[Item], outcomes: dict[str, Outcome]
) -> None:
    """Add an inspection to its month. One statement; its rows lie in one order, so that two that
    come in at once wait for one another and never for each other.
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
