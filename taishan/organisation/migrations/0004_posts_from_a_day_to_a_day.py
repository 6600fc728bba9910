from datetime import date

import django.contrib.postgres.fields.ranges
from django.db import migrations
from psycopg.types.range import DateRange


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0003_invitations'),
    ]

    operations = [
        migrations.AddField(
            model_name='post',
            name='valid',
            # A post recorded before posts had days is taken to have been there before all of them.
            field=django.contrib.postgres.fields.ranges.DateRangeField(default=DateRange(date(1970, 1, 1), None)),
            preserve_default=False,
        ),
    ]
