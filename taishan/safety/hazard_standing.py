"""How the open hazards stand: by state, age, cause and unit, in one reading of the open ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from taishan.core.hazards import State
from taishan.duties.models import Duty
from taishan.kit import arrays
from taishan.safety import hazard_duties
from taishan.safety.hazard_models import Hazard

AGES = (timedelta(days=4), timedelta(days=8), timedelta(days=31))
"""An open hazard is 0–3, 4–7, 8–30 or more than 30 whole days old."""
TO_PUT_RIGHT = (State.ASSIGNED, State.RECTIFYING)
"""Where a deadline that has passed is overdue: what is handed in waits for somebody else."""

# One pass: the database adds up four ways what it reads once.
_OPEN = f"""
SELECT grouping(state, age, cause, unit_id), state, age, cause, unit_id, grade,
  count(*)::int, (count(*) FILTER (WHERE is_overdue))::int
FROM (
  SELECT unit_id, state, coalesce(grade, '') AS grade, cause,
    CASE WHEN found_at > %(first)s THEN 0 WHEN found_at > %(second)s THEN 1
      WHEN found_at > %(third)s THEN 2 ELSE 3 END AS age,
    coalesce(due_at <= %(now)s AND state IN ('{TO_PUT_RIGHT[0]}', '{TO_PUT_RIGHT[1]}'), false)
      AS is_overdue
  FROM safety_hazard WHERE ended_at IS NULL AND unit_id = ANY(%(units)s::bigint[])
) AS of_units
GROUP BY grade, GROUPING SETS ((state), (age), (cause), (unit_id))
"""  # noqa: S608 - of names
_STATE, _AGE, _CAUSE = 0b0111, 0b1011, 0b1101
"""What ``grouping`` says: a bit for each column that is added up over, the first one highest."""

Pair = tuple[str, str]


@dataclass(slots=True, kw_only=True)
class Standing:
    """Numbers of open hazards; in each pair the second is the grade, ``""`` while there is none."""

    by_state: Counter[Pair] = field(default_factory=Counter)
    by_age: Counter[tuple[int, str]] = field(default_factory=Counter)
    by_cause: Counter[Pair] = field(default_factory=Counter)
    by_unit: Counter[tuple[int, str]] = field(default_factory=Counter)
    overdue_by_unit: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.by_state.total()

    @property
    def overdue(self) -> int:
        return self.overdue_by_unit.total()

    def of_grade(self, grade: str) -> int:
        """Return how many of a grade are open."""
        return sum(number for (_state, one), number in self.by_state.items() if one == grade)


def is_overdue(hazard: Hazard, now: datetime) -> bool:
    """Tell whether a hazard waits to be put right after its hour."""
    return hazard.state in TO_PUT_RIGHT and hazard.due_at is not None and hazard.due_at <= now


def find_standing(unit_ids: Collection[int], now: datetime) -> Standing:
    """Return how the open hazards of units stand at an instant. One query."""
    first, second, third = (now - age for age in AGES)
    given: dict[str, Any] = {
        "first": first, "second": second, "third": third, "now": now,
        "units": arrays.literal(unit_ids),
    }  # fmt: skip
    found = Standing()
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        for of, state, age, cause, unit_id, grade, number, overdue in cursor.fetchall():
            if of == _STATE:
                found.by_state[state, grade] = number
            elif of == _AGE:
                found.by_age[age, grade] = number
            elif of == _CAUSE:
                found.by_cause[cause, grade] = number
            else:
                found.by_unit[unit_id, grade] = number
                found.overdue_by_unit[unit_id] += overdue
    return found


def find_late_steps(unit_ids: Collection[int], now: datetime, limit: int) -> list[Duty]:
    """Return what units owe about hazards and have not done in time, the latest first."""
    kinds = (hazard_duties.STEP, hazard_duties.RECTIFICATION)
    late = Duty.objects.filter(
        arrays.any_of("unit_id", unit_ids), kind__in=kinds, ended=None, due_at__lte=now
    )
    return list(late.select_related("post", "person").order_by("due_at", "id")[:limit])
