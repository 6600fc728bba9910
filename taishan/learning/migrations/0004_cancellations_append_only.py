"""A cancellation is added and read, never changed."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON learning_cancellation FROM {role}"
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0003_cancellation")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
