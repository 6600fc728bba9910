"""How many hazards were found, closed, and closed late: sums that every step keeps right.

By unit, cause, grade, month and year. Days are not summed: of a unit, a cause and a day there is
hardly ever more than one hazard, so that the sums would be as many as the hazards themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from taishan.core.hazards import Act, State
from taishan.kit import clock
from taishan.organisation import queries as organisation
from taishan.safety.hazard_board_models import HazardCount
from taishan.safety.hazard_models import Hazard

MEASURES = ("found", "closed", "late")
ALL_CAUSES = "*"
Span = HazardCount.Span
Key = tuple[int, str, str, date]
"""Unit, cause, grade, day."""
Tally = dict[tuple[Key, str], int]
"""What a hazard adds to which sums, by key and measure."""

_NAMES = ", ".join(MEASURES)
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
_ANY = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
_KEY = "unit_id, cause, grade, span, day"
_SPREAD = f"""
  SELECT unit_id, one AS cause, grade, span, first AS day, {_SUMS}
  FROM moved CROSS JOIN LATERAL (VALUES
    ({Span.MONTH}, date_trunc('month', day)::date),
    ({Span.YEAR}, date_trunc('year', day)::date)) AS spans (span, first)
  CROSS JOIN LATERAL (VALUES (cause), ('{ALL_CAUSES}')) AS causes (one)
  GROUP BY 1, 2, 3, 4, 5 HAVING {_ANY}
"""  # noqa: S608 - of names and numbers
# A sum is merged with its row of before where nobody else holds that; else a second row stands
# beside it until the next change.
_ADD = f"""
WITH moved AS (
  SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[],
    {", ".join("%s::int[]" for _name in MEASURES)}) AS m (unit_id, cause, grade, day, {_NAMES})
), spread AS ({_SPREAD}), held AS (
  SELECT c.unit_id, c.id FROM safety_hazardcount c JOIN spread USING ({_KEY})
  FOR UPDATE OF c SKIP LOCKED
), taken AS (
  DELETE FROM safety_hazardcount c USING held WHERE (c.unit_id, c.id) = (held.unit_id, held.id)
  RETURNING c.unit_id, c.cause, c.grade, c.span, c.day, {", ".join(f"c.{n}" for n in MEASURES)}
)
INSERT INTO safety_hazardcount (id, {_KEY}, {_NAMES})
SELECT gen_random_uuid(), {_KEY}, {_SUMS}
FROM (SELECT {_KEY}, {_NAMES} FROM spread UNION ALL SELECT * FROM taken) AS both_of
GROUP BY {_KEY} HAVING {_ANY}
"""  # noqa: S608 - of names and numbers
_OF_HAZARDS = f"""
  SELECT unit_id, cause, coalesce(grade, '') AS grade, found_on AS day,
    count(*)::int AS found, 0 AS closed, 0 AS late
  FROM safety_hazard WHERE state NOT IN ('{State.DISMISSED}', '{State.MERGED}')
  GROUP BY 1, 2, 3, 4
  UNION ALL
  SELECT unit_id, cause, coalesce(grade, ''), ended_on, 0, count(*)::int,
    (count(*) FILTER (WHERE put_right_at > due_at))::int
  FROM safety_hazard WHERE state = '{State.CLOSED}' GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - of names
_COMPARE = f"""
WITH moved AS ({_OF_HAZARDS}), spread AS ({_SPREAD}), kept AS (
  SELECT {_KEY}, {_SUMS} FROM safety_hazardcount GROUP BY {_KEY} HAVING {_ANY}
)
SELECT {_KEY}, {", ".join(f"spread.{name}" for name in MEASURES)},
  {", ".join(f"kept.{name}" for name in MEASURES)}
FROM spread FULL JOIN kept USING ({_KEY})
WHERE ({", ".join(f"spread.{name}" for name in MEASURES)})
  IS DISTINCT FROM ({", ".join(f"kept.{name}" for name in MEASURES)})
ORDER BY {_KEY}
"""  # noqa: S608 - of names
REFILL = f"""
WITH moved AS ({_OF_HAZARDS}), spread AS ({_SPREAD})
INSERT INTO safety_hazardcount (id, {_KEY}, {_NAMES})
SELECT gen_random_uuid(), {_KEY}, {_NAMES} FROM spread
"""  # noqa: S608 - of names


def tally(hazard: Hazard) -> Tally:
    """Return what a hazard adds to the sums as it stands; nothing where it is none, or another."""
    if hazard.state in (State.DISMISSED, State.MERGED):
        return {}
    of = (hazard.unit_id, hazard.cause, hazard.grade or "")
    found: Tally = {((*of, hazard.found_on), "found"): 1}
    if hazard.state == State.CLOSED and hazard.ended_on:
        found[(*of, hazard.ended_on), "closed"] = 1
        found[(*of, hazard.ended_on), "late"] = int(is_late(hazard))
    return found


def is_late(hazard: Hazard) -> bool:
    """Tell whether it was put right after its hour: who verifies it may take their time."""
    put_right, due = hazard.put_right_at, hazard.due_at
    return put_right is not None and due is not None and put_right > due


def follow(hazard: Hazard, act: Act, now: datetime, before: Tally) -> None:
    """Note, on a hazard about to be saved, the days that are counted, and count what changed."""
    if act is Act.SUBMIT:
        hazard.put_right_at = now
    if hazard.ended_at:
        zone = organisation.get_last_version(hazard.unit_id).time_zone
        hazard.ended_on = clock.day_at(now, zone)
    move(before, tally(hazard))


def move(before: Tally, after: Tally) -> None:
    """Count what was ``before`` no longer, and what is ``after``. One statement, or none."""
    net = Counter(after)
    net.subtract(before)
    changed = {key for (key, _measure), amount in net.items() if amount}
    if changed:
        _add([(key, [net[key, name] for name in MEASURES]) for key in changed])


def _add(moves: Iterable[tuple[Key, list[int]]]) -> None:
    rows = [(*key, *amounts) for key, amounts in moves]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def find_differences() -> list[tuple[object, ...]]:
    """Return where a full recount differs from the sums: its key, what is right, what is kept.

    Reads every hazard.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        return list(cursor.fetchall())


def recount() -> None:
    """Make all sums anew from the hazards; nobody reports or moves one meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE safety_hazard IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM safety_hazardcount")
        cursor.execute(REFILL)
