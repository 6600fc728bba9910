"""Who was told of what, and what was done in a case, is added and read, never changed."""

from django.conf import settings
from django.db import migrations

TABLES = "duties_escalation, duties_case, duties_caselapse, duties_caseact"


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM {role}")
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON duties_addedstep FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("duties", "0012_cases")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
