"""What was called, signed, minuted and decided is added and read, never changed."""

from django.conf import settings
from django.db import migrations

TABLES = ", ".join(
    f"learning_{name}"
    for name in (
        "meeting", "agendaitem", "invitation", "presence", "material", "minutes",
        "minutesconfirmation", "decision",
    )
)  # fmt: skip


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {TABLES} FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("learning", "0001_initial")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
