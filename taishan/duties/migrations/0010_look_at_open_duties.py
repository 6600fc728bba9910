"""Duties opened before there was escalation are looked at by its first pass."""

from django.db import migrations

LOOK = "UPDATE duties_duty SET escalates_at = opened_at WHERE ended IS NULL"


class Migration(migrations.Migration):
    dependencies = [("duties", "0009_escalates_at")]
    operations = [migrations.RunSQL(LOOK, migrations.RunSQL.noop)]
