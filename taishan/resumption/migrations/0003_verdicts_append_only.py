"""The application may add to the history of verdicts and read it, and nothing else."""

from django.conf import settings
from django.db import migrations


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON resumption_recordedverdict FROM {role}"
    )


class Migration(migrations.Migration):
    dependencies = [("resumption", "0002_recorded_verdict")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
