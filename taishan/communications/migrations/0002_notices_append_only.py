"""The application may add notices and read them: what was told is never changed."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON communications_notice FROM {role}"
    )


class Migration(migrations.Migration):
    dependencies = [("communications", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
