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
from taishan.safety.hazard_board_models import Span
from taishan.safety.hazard_models import Hazard

MEASURES = ("found", "closed", "late")
ALL_CAUSES = "*"
Key = tuple[int, str, str, date]
"""Unit, cause, grade, day."""
Tally = dict[tuple[Key, str], int]
"""What a hazard adds to which sums, by key and measure."""

_NAMES = ", ".join(MEASURES)
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
_ANY = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
_KEY = "unit_id, cause, grade, span, day"
_GROUP_KEY = "cause, grade, span, day"
_EACH, _GROUP = (_KEY, "safety_hazardcount"), (_GROUP_KEY, "safety_hazardgroupcount")
_SPREAD = f"""
  SELECT unit_id, one AS cause, grade, span, first AS day, {_SUMS}
  FROM moved CROSS JOIN LATERAL (VALUES
    ({Span.MONTH}, date_trunc('month', day)::date),
    ({Span.YEAR}, date_trunc('year', day)::date)) AS spans (span, first)
  CROSS JOIN LATERAL (VALUES (cause), ('{ALL_CAUSES}')) AS causes (one)
  GROUP BY 1, 2, 3, 4, 5 HAVING {_ANY}
"""  # noqa: S608 - of names and numbers


def _together(key: str, rows: str) -> str:
    return f"SELECT {key}, {_SUMS} FROM {rows} GROUP BY {key} HAVING {_ANY}"  # noqa: S608


def _merged(key: str, table: str, name: str) -> str:
    """Spell the parts of a statement that take the rows of sums and put others in their place.

    A sum is merged with its row of before where nobody else holds that; else a second row stands
    beside it until the next change.
    """
    columns = ", ".join(f"c.{one}" for one in f"{key}, {_NAMES}".split(", "))
    row = "unit_id, id" if key == _KEY else "id"
    of_c, of_held = (", ".join(f"{of}.{one}" for one in row.split(", ")) for of in ("c", "held"))
    return f"""
{name}_new AS ({_together(key, "spread")}), {name}_held AS (
  SELECT {of_c} FROM {table} c JOIN {name}_new USING ({key}) FOR UPDATE OF c SKIP LOCKED
), {name}_taken AS (
  DELETE FROM {table} c USING {name}_held held WHERE ({of_c}) = ({of_held}) RETURNING {columns}
), {name} AS (
  INSERT INTO {table} (id, {key}, {_NAMES})
  SELECT gen_random_uuid(), both_of.* FROM (
    {_together(key, f"(SELECT * FROM {name}_new UNION ALL SELECT * FROM {name}_taken) AS rows")}
  ) AS both_of
)"""  # noqa: S608 - of names


_ADD = f"""
WITH moved AS (
  SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[],
    {", ".join("%s::int[]" for _name in MEASURES)}) AS m (unit_id, cause, grade, day, {_NAMES})
), spread AS ({_SPREAD}), {_merged(*_EACH, "of_unit")}, {_merged(*_GROUP, "of_all")}
SELECT
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


def _comparing(key: str, table: str) -> str:
    right, kept = (", ".join(f"{of}.{name}" for name in MEASURES) for of in ("counted", "kept"))
    return f"""
WITH moved AS ({_OF_HAZARDS}), spread AS ({_SPREAD}),
  counted AS ({_together(key, "spread")}), kept AS ({_together(key, table)})
SELECT {key}, {right}, {kept} FROM counted FULL JOIN kept USING ({key})
WHERE ({right}) IS DISTINCT FROM ({kept}) ORDER BY {key}
"""  # noqa: S608 - of names


REFILL = f"""
WITH moved AS ({_OF_HAZARDS}), spread AS ({_SPREAD})
INSERT INTO safety_hazardcount (id, {_KEY}, {_NAMES})
SELECT gen_random_uuid(), {_KEY}, {_NAMES} FROM spread
"""  # noqa: S608 - of names
REFILL_GROUP = f"""
INSERT INTO safety_hazardgroupcount (id, {_GROUP_KEY}, {_NAMES})
SELECT gen_random_uuid(), kept.* FROM ({_together(_GROUP_KEY, "safety_hazardcount")}) AS kept
"""  # noqa: S608


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


def count_found(hazards: Iterable[Hazard]) -> None:
    """Count hazards that were just reported. One statement, or none."""
    added: Counter[tuple[Key, str]] = Counter()
    for hazard in hazards:
        added.update(tally(hazard))
    move({}, added)


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
    found: list[tuple[object, ...]] = []
    with connection.cursor() as cursor:
        for key, table in (_EACH, _GROUP):
            cursor.execute(_comparing(key, table))
            found += cursor.fetchall()
    return found


def recount() -> None:
    """Make all sums anew from the hazards; nobody reports or moves one meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE safety_hazard IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM safety_hazardcount")
        cursor.execute("DELETE FROM safety_hazardgroupcount")
        cursor.execute(REFILL)
        cursor.execute(REFILL_GROUP)
