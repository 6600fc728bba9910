"""The application may add to what became of applications and read it, and nothing else."""

from django.conf import settings
from django.db import migrations

TABLES = (
    "approvalrule", "plan", "submission", "submission_rests_on", "step", "localdecision",
    "localfile", "applicationfile",
)


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in TABLES:
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON resumption_{table} FROM {role}")
    schema_editor.execute(f"REVOKE DELETE, TRUNCATE ON resumption_application FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("resumption", "0006_applications")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
