"""How many duties were owed and what became of them: sums that every act keeps right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection

from taishan.duties.models import Count, Duty

MEASURES = ("owed", "on_time", "late", "missed", "waived")
Span = Count.Span
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
_NAMES = ", ".join(MEASURES)
_ANY = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
_KEY = "unit_id, creditor_id, kind, span, day"
FIRST_OF_FIVE = (
    "date_trunc('month', day)::date + 5 * least((extract(day FROM day)::int - 1) / 5, 5)"
)
_SPREAD = f"""
  SELECT unit_id, creditor_id, kind, span, first AS day, {_SUMS}
  FROM moved CROSS JOIN LATERAL (VALUES
    ({Span.DAY}, day), ({Span.FIVE_DAYS}, {FIRST_OF_FIVE}),
    ({Span.MONTH}, date_trunc('month', day)::date),
    ({Span.YEAR}, date_trunc('year', day)::date)) AS spans (span, first)
  GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - of names and numbers
# A sum is merged with its row of before where nobody else holds that; else a second row stands
# beside it until the next change. What is held stays where it is: it is found there at half the
# cost of looking for its key.
_ADD = f"""
WITH moved AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[],
    {", ".join("%s::int[]" for _name in MEASURES)}) AS m (unit_id, creditor_id, kind, day, {_NAMES})
), spread AS ({_SPREAD}), held AS (
  SELECT c.unit_id, c.ctid AS place FROM duties_count c JOIN spread USING ({_KEY})
  FOR UPDATE OF c SKIP LOCKED
), taken AS (
  DELETE FROM duties_count c USING held WHERE c.ctid = held.place AND c.unit_id = held.unit_id
  RETURNING c.unit_id, c.creditor_id, c.kind, c.span, c.day,
    {", ".join(f"c.{name}" for name in MEASURES)}
)
INSERT INTO duties_count (id, {_KEY}, {_NAMES})
SELECT gen_random_uuid(), {_KEY}, {_SUMS}
FROM (SELECT * FROM spread UNION ALL SELECT * FROM taken) AS both_of
GROUP BY {_KEY} HAVING {_ANY}
"""  # noqa: S608 - of names and numbers
_OF_DUTIES = """
  SELECT unit_id, creditor_id, kind, due_on AS day, count(*)::int AS owed,
    (count(*) FILTER (WHERE ended = 'on_time'))::int AS on_time,
    (count(*) FILTER (WHERE ended = 'late'))::int AS late,
    (count(*) FILTER (WHERE ended = 'missed'))::int AS missed,
    (count(*) FILTER (WHERE ended = 'waived'))::int AS waived
  FROM duties_duty GROUP BY 1, 2, 3, 4
"""
_COMPARE = f"""
WITH moved AS ({_OF_DUTIES}), spread AS ({_SPREAD}), kept AS (
  SELECT {_KEY}, {_SUMS} FROM duties_count GROUP BY {_KEY} HAVING {_ANY}
)
SELECT {_KEY}, {", ".join(f"spread.{name}" for name in MEASURES)},
  {", ".join(f"kept.{name}" for name in MEASURES)}
FROM spread FULL JOIN kept USING ({_KEY})
WHERE ({", ".join(f"spread.{name}" for name in MEASURES)})
  IS DISTINCT FROM ({", ".join(f"kept.{name}" for name in MEASURES)})
ORDER BY {_KEY}
"""  # noqa: S608 - of names
_REFILL = f"""
WITH moved AS ({_OF_DUTIES}), spread AS ({_SPREAD})
INSERT INTO duties_count (id, {_KEY}, {_NAMES})
SELECT gen_random_uuid(), {_KEY}, {_NAMES} FROM spread
ORDER BY span, day, unit_id
"""  # noqa: S608 - of names
"""As they are read, neighbours lie on one page."""

Move = tuple[Duty, date, tuple[int, int, int, int, int]]


def count_opened(rows: Iterable[Duty]) -> None:
    """Count duties as owed. One statement."""
    _add([(duty, duty.due_on, (1, 0, 0, 0, 0)) for duty in rows])


def count_ended(rows: Iterable[Duty]) -> None:
    """Count what became of duties that have just ended. One statement."""
    _add([(duty, duty.due_on, _end(duty)) for duty in rows])


def count_moved(duty: Duty, before: date) -> None:
    """Count an open duty on another day than before."""
    _add([(duty, before, (-1, 0, 0, 0, 0)), (duty, duty.due_on, (1, 0, 0, 0, 0))])


def _end(duty: Duty) -> tuple[int, int, int, int, int]:
    on_time, late, missed, waived = (int(duty.ended == name) for name in MEASURES[1:])
    return 0, on_time, late, missed, waived


def _add(moves: Sequence[Move]) -> None:
    amounts = list(zip(*(amount for _duty, _day, amount in moves), strict=True))
    if amounts:
        with connection.cursor() as cursor:
            cursor.execute(
                _ADD,
                [
                    [duty.unit_id for duty, _day, _amount in moves],
                    [duty.creditor_id for duty, _day, _amount in moves],
                    [duty.kind for duty, _day, _amount in moves],
                    [day for _duty, day, _amount in moves],
                    *map(list, amounts),
                ],
            )


def find_differences() -> list[tuple[object, ...]]:
    """Return where a full recount differs from the sums: its key, what is right, what is kept.

    Reads every duty.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        return list(cursor.fetchall())


def recount() -> None:
    """Make all sums anew from the duties; nobody opens or ends one meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE duties_duty IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM duties_count")
        cursor.execute(_REFILL)
