"""Whoever was told of a notice so far was told when it was sent, in its first round."""

from django.db import migrations

FILL = """
UPDATE communications_delivery d SET told_at = n.sent_at
FROM communications_notice n WHERE n.id = d.notice_id AND d.told_at IS NULL
"""

FIRST = """
INSERT INTO communications_round (notice_id, kind, asked_at, asked_by, person_ids, people,
  people_done, goes_outside, ended_at)
SELECT n.id, 'first', n.sent_at, n.sent_by, '{}', told.people, told.people, false, n.sent_at
FROM communications_notice n
CROSS JOIN LATERAL (
  SELECT count(*) AS people FROM communications_delivery d WHERE d.notice_id = n.id
) told
WHERE NOT EXISTS (SELECT FROM communications_round r WHERE r.notice_id = n.id)
"""


class Migration(migrations.Migration):
    dependencies = [("communications", "0004_addresses_and_sendings")]
    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
    ]
