"""Counting all reports again: the counters must say the same (DESIGN 5.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection, transaction

from taishan.reporting.tallies import RECEIVED_ID, RECEIVED_ON_TIME_ID


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A counter that is not the sum of its reports."""

    unit: str
    form: str
    period: date
    indicator: str
    counter: Decimal
    reports: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Recount:
    """``reports`` and ``counters`` are how many were looked at."""

    reports: int
    counters: int
    differences: tuple[Difference, ...]


def recount(
    form_code: str | None = None, since: date | None = None, until: date | None = None
) -> Recount:
    """Count the reports with ``since <= period < until`` again and compare with the counters.

    Periods whose answers are erased are left out, and units of which some are since consent was
    withdrawn: their counters are frozen. All is read as of one
    instant, since reports go on coming in.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:
            # Within somebody else's transaction its level is theirs, and cannot change any more.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        given = {"form": form_code, "since": since, "until": until}
        cursor.execute(COUNT, given)
        reports, counters = cursor.fetchone()
        cursor.execute(COMPARE, given)
        found = tuple(
            Difference(
                unit=unit, form=form, period=period, indicator=indicator, counter=counter,
                reports=counted,
            )
            for unit, form, period, indicator, counter, counted in cursor.fetchall()
        )  # fmt: skip
    return Recount(reports=reports, counters=counters, differences=found)


_ASKED = """
asked AS (
  SELECT f.id, f.code, greatest(%(since)s::date, max(e.until)) AS since
  FROM forms_form f LEFT JOIN reporting_erasure e ON e.form_id = f.id
  WHERE %(form)s::text IS NULL OR f.code = %(form)s
  GROUP BY f.id
), reports AS (
  SELECT r.unit_id, r.form_id, r.period, r.tally_id, r.is_late
  FROM reporting_report r JOIN asked a ON a.id = r.form_id
  WHERE (a.since IS NULL OR r.period >= a.since)
    AND (%(until)s::date IS NULL OR r.period < %(until)s)
    AND NOT EXISTS (
      SELECT FROM reporting_frozen z
      WHERE z.unit_id = r.unit_id AND z.form_id = r.form_id AND z.period = r.period)
), counters AS (
  SELECT c.unit_id, c.form_id, c.period, c.indicator_id, c.amount
  FROM reporting_counter c JOIN asked a ON a.id = c.form_id
  WHERE (a.since IS NULL OR c.period >= a.since)
    AND (%(until)s::date IS NULL OR c.period < %(until)s)
    AND NOT EXISTS (
      SELECT FROM reporting_frozen z
      WHERE z.unit_id = c.unit_id AND z.form_id = c.form_id AND z.period = c.period)
)
"""

COUNT = f"""
WITH {_ASKED}
SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM counters)
"""  # noqa: S608 - of texts written here

COMPARE = f"""
WITH {_ASKED}, tallied AS (
  SELECT unit_id, form_id, period, tally_id, count(*) AS number FROM reports
  GROUP BY unit_id, form_id, period, tally_id
), counted AS (
  SELECT unit_id, form_id, period, indicator_id, sum(amount) AS amount FROM (
    SELECT s.unit_id, s.form_id, s.period, t.indicator_id, t.amount * s.number AS amount
    FROM tallied s JOIN reporting_tally y ON y.id = s.tally_id
    CROSS JOIN unnest(y.indicators, y.amounts) AS t (indicator_id, amount)
    UNION ALL
    SELECT unit_id, form_id, period, {RECEIVED_ID}, 1 FROM reports
    UNION ALL
    SELECT unit_id, form_id, period, {RECEIVED_ON_TIME_ID}, 1 FROM reports WHERE NOT is_late
  ) added
  GROUP BY unit_id, form_id, period, indicator_id
)
SELECT coalesce(u.code, unit_id::text), f.code, period, i.name,
  coalesce(c.amount, 0), coalesce(n.amount, 0)
FROM counters c
FULL JOIN counted n USING (unit_id, form_id, period, indicator_id)
JOIN forms_form f ON f.id = form_id
JOIN reporting_indicator i ON i.id = indicator_id
LEFT JOIN organisation_unit u ON u.id = unit_id
WHERE coalesce(c.amount, 0) <> coalesce(n.amount, 0)
ORDER BY f.code, period, 1, i.name
"""  # noqa: S608 - of texts written here
