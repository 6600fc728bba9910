"""The two indicators of every form: that a report came, and that it came on time.

Received has the lowest number: its counter is the first that any batch locks of a unit's period.
"""

from django.db import migrations

CREATE = """
INSERT INTO reporting_indicator (id, name) OVERRIDING SYSTEM VALUE
VALUES (1, 'received'), (2, 'received_on_time') ON CONFLICT DO NOTHING;
SELECT setval(pg_get_serial_sequence('reporting_indicator', 'id'), greatest(2, (SELECT max(id) FROM reporting_indicator)));
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_rights")]
    operations = [migrations.RunSQL(CREATE, migrations.RunSQL.noop)]
