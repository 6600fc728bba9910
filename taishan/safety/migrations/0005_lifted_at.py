"""When a stop was lifted, on the stop itself: those in force are found without reading the rest."""

from django.db import migrations, models

BACKFILL = """
UPDATE safety_stopwork AS s SET lifted_at = a.answered_at
FROM safety_liftingrequest r JOIN safety_liftinganswer a ON a.request_id = r.id
WHERE r.stop_id = s.id AND a.is_lifted
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0004_steps_append_only")]
    operations = [
        migrations.AddField(
            model_name="stopwork", name="lifted_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
