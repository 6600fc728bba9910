import django.db.models.deletion
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Revision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=80)),
                    ('library', models.CharField(max_length=80)),
                    ('number', models.PositiveIntegerField()),
                    ('authority', models.CharField(max_length=60)),
                    ('issued', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_until', models.DateTimeField(null=True)),
                    ('historical', models.BooleanField(help_text='the recorded instant was stated by an import of history')),
                    ('content', models.JSONField()),
                ],
                options={
                    'indexes': [models.Index(fields=['recorded_until', 'recorded_at'], name='revision_known')],
                    'constraints': [models.UniqueConstraint(fields=('key', 'number'), name='revisions_are_numbered'), models.UniqueConstraint(condition=models.Q(('recorded_until', None)), fields=('key',), name='one_revision_is_current'), models.CheckConstraint(condition=models.Q(('recorded_until', None), ('recorded_until__gte', models.F('recorded_at')), _connector='OR'), name='a_revision_ends_after_it_begins')],
                },
            ),
            migrations.CreateModel(
                name='TerritoryRisk',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisation.place')),
                    ('level', models.CharField(choices=[('low', 'low risk'), ('medium', 'medium risk'), ('high', 'high risk')], max_length=10)),
                    ('starts', models.DateField()),
                    ('ends', models.DateField(null=True)),
                    ('source', models.TextField(blank=True)),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_until', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('recorded_until', None)), fields=('place', 'starts'), name='one_level_a_territory_a_day'), models.CheckConstraint(condition=models.Q(('level__in', ['low', 'medium', 'high'])), name='a_level_is_known'), models.CheckConstraint(condition=models.Q(('ends', None), ('ends__gt', models.F('starts')), _connector='OR'), name='a_level_ends_after_it_begins')],
                },
            ),
        ]),
    ]
