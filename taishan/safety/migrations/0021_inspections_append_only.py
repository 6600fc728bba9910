"""The application may add to what was inspected and read it, and nothing else."""

from django.conf import settings
from django.db import migrations

WRITTEN_ONCE = (
    "safety_inspection", "safety_inspectionitem", "safety_inspectionphoto", "safety_pointvisit",
    "safety_routepoint",
)  # fmt: skip
ENDED = ("safety_inspectionplan", "safety_route", "safety_inspectionsum")


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(WRITTEN_ONCE)} FROM {role}")
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON {', '.join(ENDED)} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0020_inspections")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
