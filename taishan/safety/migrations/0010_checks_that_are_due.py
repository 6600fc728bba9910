"""When the next check of a measure begins stands beside it, so that only what is due is looked at."""

from django.db import migrations, models

from taishan.kit import rights

FILL = """
UPDATE safety_riskmeasure m SET opens_at = coalesce(
  (SELECT until FROM duties_reached WHERE what = 'risk_check:all'), m.recorded_at
)
FROM safety_riskpoint p WHERE p.id = m.point_id AND p.closed_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_holidays"), ("safety", "0009_a_stop_from_a_phone")]

    operations = [
        migrations.AddField(
            model_name="riskmeasure",
            name="opens_at",
            field=models.DateTimeField(
                help_text="when the next check begins; null: none will", null=True
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(
            "DELETE FROM duties_reached WHERE what = 'risk_check:all'", migrations.RunSQL.noop
        ),
        migrations.AddIndex(
            model_name="riskmeasure",
            index=models.Index(
                condition=models.Q(opens_at__isnull=False),
                fields=["opens_at"],
                name="risk_measure_due",
            ),
        ),
        rights.only_updated("safety_riskmeasure", "valid, opens_at"),
    ]
