"""Whether an incident was one of road traffic is put right as its numbers are, row by row."""

from django.db import migrations, models

from taishan.kit import rights

FILL = """
UPDATE safety_revision SET is_road_traffic = true FROM safety_incident AS incident
WHERE incident.id = safety_revision.incident_id AND incident.is_road_traffic
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0017_incidents_closed_again")]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="is_road_traffic",
            field=models.BooleanField(default=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        rights.only_updated(
            "safety_incident",
            "kind, is_road_traffic, deaths, serious, light, missing, loss_yuan, hospitalised,"
            " amputations, eyes_lost, grade, stage",
        ),
    ]
