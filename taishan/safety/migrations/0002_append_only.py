"""The application may add to what became of a stop-work and read it, and nothing else."""

from django.conf import settings
from django.db import migrations

TABLES = ("stopwork", "liftingrequest", "liftinganswer", "stopphoto", "liftingfile")


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in TABLES:
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_{table} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
