"""The application may add red lines and say until when one holds; it alters and deletes none."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_redline FROM {role}")
    schema_editor.execute(f"GRANT UPDATE (valid) ON safety_redline TO {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0030_red_lines")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
