"""The application may add to the steps taken with a hazard and read them, and nothing else."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_hazardact, safety_hazardphoto FROM {role}"
    )
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON safety_hazard FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_hazards")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
