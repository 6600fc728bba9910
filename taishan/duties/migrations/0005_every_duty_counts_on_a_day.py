"""Every duty counts on a day."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0004_count_what_is_there'),
    ]

    operations = [
        migrations.AlterField(
            model_name='duty',
            name='due_on',
            field=models.DateField(help_text="the unit's own day of due_at; it counts on it"),
        ),
    ]
