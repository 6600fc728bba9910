"""Note the days of the hazards on record, and count them."""

from django.db import migrations

NOTE = """
UPDATE safety_hazard h SET
  ended_on = (h.ended_at AT TIME ZONE coalesce((
    SELECT v.time_zone FROM organisation_unitversion v WHERE v.unit_id = h.unit_id
    ORDER BY v.valid DESC LIMIT 1), 'UTC'))::date,
  put_right_at = (SELECT max(a.at) FROM safety_hazardact a
    WHERE a.hazard_id = h.id AND a.act = 'submit')
"""
COUNT = """
WITH moved AS (
  SELECT unit_id, cause, coalesce(grade, '') AS grade, found_on AS day, 1 AS found, 0 AS closed,
    0 AS late
  FROM safety_hazard WHERE state NOT IN ('dismissed', 'merged')
  UNION ALL
  SELECT unit_id, cause, coalesce(grade, ''), ended_on, 0, 1, (put_right_at > due_at)::int
  FROM safety_hazard WHERE state = 'closed'
)
INSERT INTO safety_hazardcount (unit_id, id, cause, grade, span, day, found, closed, late)
SELECT unit_id, gen_random_uuid(), one, grade, span, first, sum(found), sum(closed),
  coalesce(sum(late), 0)
FROM moved CROSS JOIN LATERAL (VALUES
  (1, date_trunc('month', day)::date), (2, date_trunc('year', day)::date)) AS spans (span, first)
CROSS JOIN LATERAL (VALUES (cause), ('*')) AS causes (one)
GROUP BY unit_id, one, grade, span, first
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0060_hazard_sums_and_thumbnails")]
    operations = [
        migrations.RunSQL(NOTE, migrations.RunSQL.noop),
        migrations.RunSQL(COUNT, "DELETE FROM safety_hazardcount"),
    ]
