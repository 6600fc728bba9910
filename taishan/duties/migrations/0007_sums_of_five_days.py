"""Duties are also summed over five days, made here of the sums of days that are kept already."""

from django.db import migrations, models

FILL = """
INSERT INTO duties_count
  (id, unit_id, creditor_id, kind, span, day, owed, on_time, late, missed, waived)
SELECT gen_random_uuid(), unit_id, creditor_id, kind, 3,
  date_trunc('month', day)::date + 5 * least((extract(day FROM day)::int - 1) / 5, 5) AS first,
  sum(owed), sum(on_time), sum(late), sum(missed), sum(waived)
FROM duties_count WHERE span = 0 GROUP BY unit_id, creditor_id, kind, first
ORDER BY first, unit_id
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0006_kept_files")]
    operations = [
        migrations.AlterField(
            model_name="count",
            name="span",
            field=models.SmallIntegerField(
                choices=[(0, "Day"), (1, "Month"), (2, "Year"), (3, "Five Days")]
            ),
        ),
        migrations.RunSQL(FILL, "DELETE FROM duties_count WHERE span = 3"),
    ]
