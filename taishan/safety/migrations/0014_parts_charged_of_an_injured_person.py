"""For which parts of the body days are charged is kept with who was hurt, and erased with it."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0013_last_lost_time_of_a_unit")]

    operations = [
        migrations.AddField(
            model_name="injuredperson",
            name="charged_for",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list, size=None
            ),
        ),
    ]
