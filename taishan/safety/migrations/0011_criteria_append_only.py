"""Criteria, tellings, remarks and stops by hazards are added and never changed."""

from django.conf import settings
from django.db import migrations

TABLES = (
    "criteriaversion", "criterion", "hazardtelling", "hazardtellingfile", "hazardremark", "stopofhazard",
)


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in TABLES:
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_{table} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0010_hazard_criteria_and_supervision")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
