import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0002_endings_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Count',
            fields=[
                ('creditor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('id', models.UUIDField()),
                ('kind', models.CharField(max_length=20)),
                ('span', models.SmallIntegerField(choices=[(0, 'Day'), (1, 'Month'), (2, 'Year')])),
                ('day', models.DateField()),
                ('owed', models.IntegerField()),
                ('on_time', models.IntegerField()),
                ('late', models.IntegerField()),
                ('missed', models.IntegerField()),
                ('waived', models.IntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['span', 'day', 'unit'], include=('creditor', 'kind', 'owed', 'on_time', 'late', 'missed', 'waived'), name='duties_of_a_span')],
            },
        ),
        migrations.AddField(
            model_name='duty',
            name='due_on',
            field=models.DateField(help_text="the unit's own day of due_at; it counts on it", null=True),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(fields=['unit', 'due_on'], name='duty_of_unit_by_day'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('post__isnull', False)), fields=['post', 'due_on'], name='duty_of_post'),
        ),
        migrations.AddIndex(
            model_name='duty',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'due_on'], name='duty_of_person'),
        ),
    ]
