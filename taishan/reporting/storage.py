"""The one statement that stores reports: upsert, what was replaced, and the counters moved by the
difference.

Whoever stores holds the units first, in the order of their numbers: all rows that a batch changes
are of its units, so that two workers never wait for each other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import connection
from msgspec import Struct
from msgspec.structs import astuple

from taishan.kit import arrays
from taishan.reporting.tallies import RECEIVED_ID, RECEIVED_ON_TIME_ID

Key = tuple[int, int, date, int]


class Row(Struct, frozen=True, kw_only=True):
    """A report as it is stored; the columns of ``models.Report``.

    ``answers`` as JSON and ``client`` as text, as the statement and the ledger's leaf both need it.
    """

    unit_id: int
    form_id: int
    period: date
    subject_id: int
    client: str
    submitted_at: datetime
    recorded_at: datetime
    device_ahead_s: int | None
    tally_id: int
    account_id: int | None
    version: int
    door: int
    is_late: bool
    answers: str

    @property
    def key(self) -> Key:
        return self.unit_id, self.form_id, self.period, self.subject_id


class Stored(NamedTuple):
    """What became of a row that changed something."""

    is_new: bool
    is_late: bool


class Batch(Struct, frozen=True, kw_only=True):
    """Rows as the statement takes them, in the order of their keys."""

    rows: Sequence[Row]
    arrays: str
    columns: Sequence[Any]


def lay_out(rows: Sequence[Row]) -> Batch:
    """Make rows ready to be stored, each key once, before their units are held.

    In the order of their keys they find the pages of their neighbours at hand.
    """
    arrays_of, columns = given(rows, COLUMNS) if rows else ("", [])
    return Batch(rows=rows, arrays=arrays_of, columns=columns)


def store(batch: Batch) -> list[Stored | None]:
    """Store reports; return in order what became of each, None for no change.

    What says the same as the report in force, or comes again under a number that came before,
    changes nothing. Who was on time once stays on time, whatever they correct later. Needs a
    transaction.
    """
    rows = batch.rows
    if not rows:
        return []
    hold({row.unit_id for row in rows})
    with connection.cursor() as cursor:
        cursor.execute(STORE.format(arrays=batch.arrays), [*batch.columns, len(rows)])
        found = cursor.fetchall()
    if found == [_ALL_NEW]:
        return [_NEW_AND_LATE if row.is_late else _NEW for row in rows]
    became = {tuple(key): Stored(is_new, is_late) for *key, is_new, is_late in found}
    return [became.get(row.key) for row in rows]


def hold(unit_ids: Collection[int]) -> None:
    """Let nobody else store a report of these units until the transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [arrays.literal(unit_ids)])


def given(rows: Sequence[Row], columns: Mapping[str, str]) -> tuple[str, list[Any]]:
    """Return the named columns of the rows for ``unnest``, each an array of its type: the SQL and
    its parameters. What all rows have in common, as a batch has much, is spelt once."""
    expressions: list[str] = []
    params: list[Any] = []
    of_all = dict(zip(Row.__struct_fields__, zip(*map(astuple, rows), strict=True), strict=True))
    for name, kind in columns.items():
        values = of_all[name]
        if values.count(values[0]) == len(values):
            expressions.append(f"array_fill(%s::{kind}, ARRAY[{len(values)}])")
            params.append(values[0])
        else:
            expressions.append(f"%s::{kind}[]")
            params.append(_LITERALS.get(kind, arrays.literal)(values))
    return ", ".join(expressions), params


OVER_AFTER_DAYS = 1
"""So many days after its first a period is over everywhere; what moves it then is an amendment."""

_TYPES = {
    "int": ("unit_id", "subject_id", "device_ahead_s", "tally_id", "account_id"),
    "smallint": ("form_id", "version", "door"),
    "date": ("period",),
    "uuid": ("client",),
    "timestamptz": ("submitted_at", "recorded_at"),
    "boolean": ("is_late",),
    "jsonb": ("answers",),
}
COLUMNS = {
    name: next(kind for kind in _TYPES if name in _TYPES[kind]) for name in Row.__struct_fields__
}
"""The type of each column, in the order of a row."""
_LITERALS: dict[str, Callable[[Sequence[Any]], str]] = {
    "jsonb": arrays.literal_of_texts,
    "date": arrays.literal_of_repeated,
    "timestamptz": arrays.literal_of_repeated,
}
_NAMES = ", ".join(COLUMNS)
_KEY = ("unit_id", "form_id", "period", "subject_id")
_KEYS = ", ".join(_KEY)
_KEPT = [name for name in COLUMNS if name not in (*_KEY, "tally_id")]
_SET = ", ".join(
    f"{name} = excluded.{name}" for name in COLUMNS if name not in (*_KEY, "is_late", "recorded_at")
)

HOLD = """
SELECT FROM organisation_unit WHERE id = ANY(%s::int[]) ORDER BY id FOR NO KEY UPDATE
"""
"""In a statement before the one that stores: what another transaction is about to replace would not
show there, and a report sent again would come back from it."""

STORE = f"""
WITH given AS (
  SELECT * FROM unnest({{arrays}}) AS given ({_NAMES})
), stored AS (
  INSERT INTO reporting_report AS r ({_NAMES})
  SELECT {_NAMES} FROM given
  WHERE NOT EXISTS (
    SELECT FROM reporting_earlier e
    WHERE e.unit_id = given.unit_id AND e.form_id = given.form_id AND e.period = given.period
      AND e.subject_id = given.subject_id AND e.client = given.client)
  ORDER BY unit_id, form_id, period, subject_id
  ON CONFLICT (unit_id, form_id, period, subject_id) DO UPDATE SET
    {_SET},
    is_late = r.is_late AND excluded.is_late,
    recorded_at = greatest(r.recorded_at, excluded.recorded_at)
  WHERE r.client <> excluded.client
    AND (r.answers <> excluded.answers OR r.version <> excluded.version)
  RETURNING new.unit_id, new.form_id, new.period, new.subject_id,
    old.client IS NULL AS is_new, new.recorded_at AS replaced_at,
    old.tally_id AS old_tally_id, new.tally_id, new.is_late AS is_late,
    {", ".join(f"old.{name} AS old_{name}" for name in _KEPT)}
), kept AS (
  INSERT INTO reporting_earlier ({", ".join((*_KEY, *_KEPT))}, replaced_at)
  SELECT {", ".join((*_KEY, *(f"old_{name}" for name in _KEPT)))}, replaced_at
  FROM stored WHERE NOT is_new
  ON CONFLICT DO NOTHING
), tallied AS (
  SELECT unit_id, form_id, period, tally_id, count(*) AS number,
    count(*) FILTER (WHERE is_new) AS came,
    sum((NOT is_late)::int - (NOT is_new AND NOT old_is_late)::int) AS came_on_time
  FROM stored GROUP BY unit_id, form_id, period, tally_id
  UNION ALL
  SELECT unit_id, form_id, period, old_tally_id, -count(*), 0, 0
  FROM stored WHERE NOT is_new GROUP BY unit_id, form_id, period, old_tally_id
), moved AS (
  SELECT s.unit_id, s.form_id, s.period, t.indicator_id, s.number * t.amount AS amount
  FROM tallied s
  JOIN reporting_tally y ON y.id = s.tally_id
  CROSS JOIN unnest(y.indicators, y.amounts) AS t (indicator_id, amount)
  UNION ALL
  SELECT unit_id, form_id, period, {RECEIVED_ID}, came FROM tallied
  UNION ALL
  SELECT unit_id, form_id, period, {RECEIVED_ON_TIME_ID}, came_on_time FROM tallied
), amended AS (
  INSERT INTO reporting_amendment (id, unit_id, form_id, period)
  SELECT gen_random_uuid(), min(unit_id), form_id, period FROM stored
  WHERE period < (replaced_at AT TIME ZONE 'UTC')::date - {OVER_AFTER_DAYS}
  GROUP BY form_id, period
), counted AS (
  INSERT INTO reporting_counter AS c (unit_id, form_id, period, indicator_id, amount)
  SELECT unit_id, form_id, period, indicator_id, sum(amount) FROM moved
  GROUP BY unit_id, form_id, period, indicator_id
  HAVING sum(amount) <> 0 OR indicator_id = {RECEIVED_ID}
  ORDER BY unit_id, form_id, period, indicator_id
  ON CONFLICT (unit_id, form_id, period, indicator_id)
  DO UPDATE SET amount = c.amount + excluded.amount
), all_new AS (
  SELECT count(*) = %s AS it FROM stored WHERE is_new
)
SELECT NULL::int, NULL::int, NULL::date, NULL::int, true, false FROM all_new WHERE it
UNION ALL
SELECT {_KEYS}, is_new, is_late FROM stored WHERE NOT (SELECT it FROM all_new)
"""  # noqa: S608 - of names written above

_ALL_NEW = (None, None, None, None, True, False)
"""What the statement says where every row was new, as nearly always; else it names each."""
_NEW, _NEW_AND_LATE = (Stored(is_new=True, is_late=is_late) for is_late in (False, True))
