"""What was ordered, acknowledged, confirmed and answered is added and read, never changed."""

from django.conf import settings
from django.db import migrations

TABLES = ", ".join(
    f"communications_{name}"
    for name in (
        "directive", "directivenumber", "directivefile", "measure", "directiveversion",
        "directiveversion_measures", "directiveversion_units", "directiveversion_files", "recall",
        "reach", "acknowledgement", "confirmation", "confirmationfile", "answer",
    )
)  # fmt: skip


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("communications", "0007_directives")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
