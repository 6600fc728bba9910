"""How many people each unit had on each day: as changes, since most days change nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db import connection

Changes = list[tuple[date, int]]
"""Days in order, and by how much the number changes on each."""

CHANGES = """
SELECT unit_id, greatest(day, %(since)s) AS from_day, sum(change)
FROM organisation_headcountchange WHERE unit_id = ANY(%(units)s) AND day < %(until)s
GROUP BY unit_id, from_day HAVING sum(change) <> 0 ORDER BY from_day
"""


def find_changes(unit_ids: Iterable[int], since: date, until: date) -> dict[int, Changes]:
    """Return for each unit how its number of people changes in ``since <= day < until``.

    The change on ``since`` is the number on that day. One query, which reads the changes that the
    database keeps as memberships come and go, and no membership.
    """
    found: dict[int, Changes] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, {"units": list(unit_ids), "since": since, "until": until})
        for unit_id, day, number in cursor.fetchall():
            found[unit_id].append((day, number))
    return dict(found)
