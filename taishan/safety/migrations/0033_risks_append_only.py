"""The application may add gradings and checks and read them; of points and measures it may say how
they stand and when they end."""

from django.conf import settings
from django.db import migrations

APPEND_ONLY = ("riskgrading", "riskcheck", "riskcheckphoto")
ENDING = {
    "riskmethod": "valid",
    "riskmeasure": "valid",
    "riskpoint": "level, reassess_on, closed_at",
}


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in (*APPEND_ONLY, *ENDING):
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_{table} FROM {role}")
    for table, columns in ENDING.items():
        schema_editor.execute(f"GRANT UPDATE ({columns}) ON safety_{table} TO {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0032_risks")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
