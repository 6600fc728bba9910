"""How many people each unit had on each day: as changes, since most days change nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection

from taishan.kit import arrays
from taishan.organisation.models import HeadcountChange

Span = HeadcountChange.Span

Changes = list[tuple[date, int]]
"""Days in order, and by how much the number changes on each."""

# The number on a day is that of all days less what came later: of most days asked, that is little.
CHANGES = f"""
WITH next AS (
  SELECT (date_trunc('month', %(since)s::date) + interval '1 month')::date AS month,
    (date_trunc('year', %(since)s::date) + interval '1 year')::date AS year
)
SELECT (%(stand_for)s::int[])[unit_id], from_day, sum(change) FROM (
  SELECT unit_id, %(since)s::date AS from_day, change
  FROM organisation_headcountchange WHERE span = {Span.ALL}
  UNION ALL
  SELECT unit_id, %(since)s, -change
  FROM organisation_headcountchange WHERE span = {Span.YEAR} AND day >= (SELECT year FROM next)
  UNION ALL
  SELECT unit_id, %(since)s, -change
  FROM organisation_headcountchange
  WHERE span = {Span.MONTH} AND day >= (SELECT month FROM next)
    AND day < (SELECT year FROM next)
  UNION ALL
  SELECT unit_id, %(since)s, -change
  FROM organisation_headcountchange
  WHERE span = {Span.DAY} AND day > %(since)s AND day < (SELECT month FROM next)
  UNION ALL
  SELECT unit_id, day, change
  FROM organisation_headcountchange
  WHERE span = {Span.DAY} AND day > %(since)s AND day < %(until)s
) changes
WHERE (%(stand_for)s::int[])[unit_id] <> {arrays.NOTHING_HERE}
GROUP BY 1, from_day HAVING sum(change) <> 0 ORDER BY from_day
"""  # noqa: S608 - of numbers


def find_changes(
    unit_ids: Iterable[int], since: date, until: date, together: Mapping[int, int] | None = None
) -> dict[int, Changes]:
    """Return for each unit how its number of people changes in ``since <= day < until``.

    The change on ``since`` is the number on that day. ``together`` names for each unit the one to
    whose changes its own are added. One query, which reads the changes that the database keeps as
    memberships come and go, and no membership: as many for a group of many years as for a young
    one.
    """
    found: dict[int, Changes] = defaultdict(list)
    given: dict[str, Any] = {
        "stand_for": arrays.literal_by_place(
            {pk: together[pk] if together else pk for pk in unit_ids}
        ),
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHANGES, given)
        for unit_id, day, number in cursor.fetchall():
            found[unit_id].append((day, number))
    return dict(found)
