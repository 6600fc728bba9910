"""What a unit asked stays on record: the application may add to it and read it, nothing else."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON reporting_followuprule FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0006_follow_up")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
