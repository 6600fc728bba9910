"""The application may add to situation reports and read them, and nothing else."""

from django.conf import settings
from django.db import migrations

TABLES = "situation_situationreport, situation_edition, situation_step, situation_publication"


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("situation", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
