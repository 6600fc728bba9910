"""Whoever was told of a notice so far was told when it was sent."""

from django.db import migrations

FILL = """
UPDATE communications_delivery d SET told_at = n.sent_at
FROM communications_notice n WHERE n.id = d.notice_id AND d.told_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("communications", "0004_addresses_and_sendings")]
    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
