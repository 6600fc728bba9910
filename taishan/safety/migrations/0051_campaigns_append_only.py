"""What is said of campaigns is added and read; of a list's line only where it stands changes."""

from django.conf import settings
from django.db import migrations

TABLES = (
    "campaign", "campaignscope", "campaignphase", "campaignmilestone", "milestonereached",
    "campaigntarget", "campaignentry", "campaignact", "campaignactfile", "campaignreturn",
    "campaignclosing",
)  # fmt: skip


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    for table in TABLES:
        schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON safety_{table} FROM {role}")
    schema_editor.execute(
        f"GRANT UPDATE (stand, done_at, moved_at, post_id, due_on, due_at) ON safety_campaignentry TO {role}"
    )


class Migration(migrations.Migration):
    dependencies = [("safety", "0050_campaigns")]
    operations = [migrations.RunPython(restrict, migrations.RunPython.noop)]
