"""The database counts heads as memberships come, change and go, by whatever way: by day, month, year
and all days.

A sum is merged with its row of before where nobody else holds that; else a second row stands beside
it until the next change.
"""

from django.db import migrations

SPREAD = """
WITH moved AS ({moves}), spread AS (
  SELECT unit_id, span, first AS day, sum(number) AS change
  FROM moved CROSS JOIN LATERAL (VALUES
    (0, day), (1, date_trunc('month', day)::date), (2, date_trunc('year', day)::date),
    (3, '-infinity'::date)) AS spans (span, first)
  GROUP BY unit_id, span, first HAVING sum(number) <> 0
), held AS (
  SELECT h.id FROM organisation_headcountchange h JOIN spread USING (span, day, unit_id)
  FOR UPDATE OF h SKIP LOCKED
), taken AS (
  DELETE FROM organisation_headcountchange h USING held WHERE h.id = held.id
  RETURNING h.unit_id, h.span, h.day, h.change
)
INSERT INTO organisation_headcountchange (unit_id, span, day, change)
SELECT unit_id, span, day, sum(change)
FROM (SELECT * FROM spread UNION ALL SELECT unit_id, span, day, change FROM taken) both_of
GROUP BY unit_id, span, day HAVING sum(change) <> 0
"""
MOVES = """
SELECT unit_id, coalesce(lower(valid), '-infinity') AS day, {sign}1 AS number
FROM {rows} WHERE NOT isempty(valid)
UNION ALL
SELECT unit_id, upper(valid), -({sign}1) FROM {rows} WHERE NOT isempty(valid) AND NOT upper_inf(valid)
"""
GAINED = MOVES.format(sign="", rows="gained")
LOST = MOVES.format(sign="-", rows="lost")
NEW, OLD = "NEW TABLE AS gained", "OLD TABLE AS lost"
EVENTS = {
    "insert": (GAINED, NEW),
    "delete": (LOST, OLD),
    "update": (f"{GAINED} UNION ALL {LOST}", f"{NEW} {OLD}"),
}

CREATE = """
CREATE OR REPLACE FUNCTION organisation_count_heads_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{counted};
RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER headcounts_{event} AFTER {event} ON organisation_membership
REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION organisation_count_heads_{event}();
"""
DROP = """
DROP TRIGGER headcounts_{event} ON organisation_membership;
DROP FUNCTION organisation_count_heads_{event}();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0001_initial")]
    operations = [
        *(
            migrations.RunSQL(
                CREATE.format(event=event, counted=SPREAD.format(moves=moves), tables=tables),
                DROP.format(event=event),
            )
            for event, (moves, tables) in EVENTS.items()
        ),
    ]
