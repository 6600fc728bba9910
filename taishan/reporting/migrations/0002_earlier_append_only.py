"""The application may add to what was replaced and read it, and nothing else."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON reporting_earlier FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
