"""Where people worked and where units hung on given days: many at once, for what comes in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

_PEOPLE = """
SELECT p.id, m.unit_id, v.path::text, v.time_zone, v.kind, {shift}
FROM unnest(%s::text[], %s::date[]) WITH ORDINALITY AS asked (code, day, number)
LEFT JOIN organisation_person p ON p.staff_no = asked.code
LEFT JOIN organisation_membership m ON m.person_id = p.id AND m.valid @> asked.day
LEFT JOIN organisation_unitversion v ON v.unit_id = m.unit_id AND v.valid @> asked.day
{join}
ORDER BY asked.number
"""
PEOPLE = _PEOPLE.format(shift="NULL", join="")
PEOPLE_ON_SHIFTS = _PEOPLE.format(
    shift="s.shift_id",
    join="LEFT JOIN organisation_shiftworker s ON s.person_id = p.id AND s.valid @> asked.day",
)

UNITS = """
SELECT u.id, v.unit_id, v.path::text, v.time_zone, v.kind, NULL
FROM unnest(%s::text[], %s::date[]) WITH ORDINALITY AS asked (code, day, number)
LEFT JOIN organisation_unit u ON u.code = asked.code
LEFT JOIN organisation_unitversion v ON v.unit_id = u.id AND v.valid @> asked.day
ORDER BY asked.number
"""


class Whereabouts(NamedTuple):
    """Who or what was asked for, and its unit on the day: what is unknown is None or empty.

    ``shift_id`` is the shift that the person works, None where none was asked for.
    """

    subject_id: int | None
    unit_id: int | None
    path: str
    time_zone: str
    kind: str
    shift_id: int | None


def find_people(
    asked: Sequence[tuple[str, date]], *, with_shifts: bool = True
) -> list[Whereabouts]:
    """Return for each staff number and day the person, their unit and shift, in the order asked.

    ``with_shifts`` false: without looking for shifts, where nothing depends on them.
    """
    return _find(PEOPLE_ON_SHIFTS if with_shifts else PEOPLE, asked)


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
    subject_id, unit_id, path, time_zone, kind, shift_id = row
    is_open = path is not None
    return Whereabouts(
        subject_id=subject_id,
        unit_id=unit_id if is_open else None,
        path=path or "",
        time_zone=time_zone or "",
        kind=kind or "",
        shift_id=shift_id,
    )
