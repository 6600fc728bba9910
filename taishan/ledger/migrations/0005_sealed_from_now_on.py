"""The tree may be added to and read; the queue emptied. What is recorded already waits in it."""

from django.conf import settings
from django.db import migrations

from taishan.ledger import leaves

ADDED_TO = ("leaf", "node", "seal", "publication")
QUEUE = f"""
INSERT INTO ledger_unsealed (unit_id, entry_id, recorded_at, digest)
SELECT e.unit_id, e.id, e.recorded_at, {leaves.DIGEST} FROM ledger_entry e
"""


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in ADDED_TO:
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON ledger_{table} FROM {role}")
    schema_editor.execute(f"REVOKE UPDATE, TRUNCATE ON ledger_unsealed FROM {role}")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_finding_entries")]
    operations = [
        migrations.RunPython(restrict, migrations.RunPython.noop),
        migrations.RunSQL(QUEUE, migrations.RunSQL.noop),
    ]
