"""A correction of presence is added and read, never changed."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON learning_presencecorrection FROM {role}"
    )


class Migration(migrations.Migration):
    dependencies = [("learning", "0005_presencecorrection")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
