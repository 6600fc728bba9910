"""Where people worked and where units hung on given days: many at once, for what comes in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

PEOPLE = """
SELECT p.id, m.unit_id, v.path::text, v.time_zone, v.kind
FROM unnest(%s::text[], %s::date[]) WITH ORDINALITY AS asked (code, day, number)
LEFT JOIN organisation_person p ON p.staff_no = asked.code
LEFT JOIN organisation_membership m ON m.person_id = p.id AND m.valid @> asked.day
LEFT JOIN organisation_unitversion v ON v.unit_id = m.unit_id AND v.valid @> asked.day
ORDER BY asked.number
"""

UNITS = """
SELECT u.id, v.unit_id, v.path::text, v.time_zone, v.kind
FROM unnest(%s::text[], %s::date[]) WITH ORDINALITY AS asked (code, day, number)
LEFT JOIN organisation_unit u ON u.code = asked.code
LEFT JOIN organisation_unitversion v ON v.unit_id = u.id AND v.valid @> asked.day
ORDER BY asked.number
"""


class Whereabouts(NamedTuple):
    """Who or what was asked for, and its unit on the day: what is unknown is None or empty."""

    subject_id: int | None
    unit_id: int | None
    path: str
    time_zone: str
    kind: str


def find_people(asked: Sequence[tuple[str, date]]) -> list[Whereabouts]:
    """Return for each staff number and day the person and their unit, in the order asked."""
    return _find(PEOPLE, asked)


def find_units(asked: Sequence[tuple[str, date]]) -> list[Whereabouts]:
    """Return for each code and day the unit as it was, in the order asked."""
    return _find(UNITS, asked)


def _find(statement: str, asked: Sequence[tuple[str, date]]) -> list[Whereabouts]:
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement, [[code for code, _day in asked], [day for _code, day in asked]])
        return [_whereabouts(row) for row in cursor.fetchall()]


def _whereabouts(row: tuple[Any, ...]) -> Whereabouts:
    subject_id, unit_id, path, time_zone, kind = row
    is_open = path is not None
    return Whereabouts(
        subject_id=subject_id,
        unit_id=unit_id if is_open else None,
        path=path or "",
        time_zone=time_zone or "",
        kind=kind or "",
    )
