"""Count the duties that are on record."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0003_sums'),
        ('organisation', '0009_headcounts_sum_by_span'),
    ]

    operations = [
        migrations.RunSQL(
            """
UPDATE duties_duty d SET due_on =
  ((d.due_at - interval '1 microsecond') AT TIME ZONE coalesce((
    SELECT v.time_zone FROM organisation_unitversion v WHERE v.unit_id = d.unit_id
    ORDER BY v.valid DESC LIMIT 1), 'UTC'))::date
""",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
INSERT INTO duties_count
  (unit_id, id, creditor_id, kind, span, day, owed, on_time, late, missed, waived)
SELECT unit_id, gen_random_uuid(), creditor_id, kind, span, first, count(*),
  count(*) FILTER (WHERE ended = 'on_time'), count(*) FILTER (WHERE ended = 'late'),
  count(*) FILTER (WHERE ended = 'missed'), count(*) FILTER (WHERE ended = 'waived')
FROM duties_duty CROSS JOIN LATERAL (VALUES
  (0, due_on), (1, date_trunc('month', due_on)::date), (2, date_trunc('year', due_on)::date)
) AS spans (span, first)
GROUP BY unit_id, creditor_id, kind, span, first
""",
            "DELETE FROM duties_count",
        ),
    ]
