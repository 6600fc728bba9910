"""Files that show that a duty was done: added and read, never changed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def restrict(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON duties_prooffile FROM {role}")


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0005_every_duty_counts_on_a_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProofFile',
            fields=[
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('duty_id', models.UUIDField()),
                ('kept_as', models.CharField(max_length=32)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=100)),
                ('sha256', models.CharField(max_length=64)),
            ],
        ),
        migrations.RunPython(restrict, migrations.RunPython.noop),
    ]
