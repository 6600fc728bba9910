"""Let a counter change where it stands: a morning moves each of them hundreds of times.

Where its page has room for another version, no index is written and the one before is cleared up by
whoever comes next; without, the day's counters take twice as many pages in the end.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reporting", "0004_schedules_of_shifts")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE reporting_counter SET (fillfactor = 50)",
            "ALTER TABLE reporting_counter RESET (fillfactor)",
        )
    ]
