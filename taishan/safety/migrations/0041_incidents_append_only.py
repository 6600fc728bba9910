"""What was reported, said and told of incidents is added to and read; what one amounts to now,
beside those rows, may change; who was hurt may be erased."""

from django.conf import settings
from django.db import migrations

ADDED_TO = (
    "revision", "incidentphoto", "telling", "tellingproof", "tellingfile", "injury",
    "investigator", "moment", "why", "barrier", "incidentmeasure", "conditionanswer", "lesson",
    "closing",
)
NOW = (
    "deaths, serious, light, missing, loss_yuan, hospitalised, amputations, eyes_lost, grade, stage"
)


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in (*ADDED_TO, "incident"):
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_{table} FROM {role}")
    schema_editor.execute(f"GRANT UPDATE ({NOW}) ON safety_incident TO {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0040_incidents")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
