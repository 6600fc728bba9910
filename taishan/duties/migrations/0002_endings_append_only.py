"""How a duty ended, was extended or passed on is added and read, never changed."""

from django.conf import settings
from django.db import migrations

TABLES = "duties_ending, duties_extension, duties_handover"


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM {role}")
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON duties_duty FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
