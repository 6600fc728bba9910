"""The risk register: ways of grading, points, measures and their checks."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0032_risks"),
    ]
    dependencies = [
        ("organisation", "0001_initial"),
        ("safety", "0002_red_lines_and_stops"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='RiskMethod',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60)),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('source_en', models.TextField()),
                    ('source_zh', models.TextField()),
                    ('source_url', models.CharField(max_length=400)),
                    ('note_en', models.TextField(default='')),
                    ('note_zh', models.TextField(default='')),
                    ('factors', models.JSONField()),
                    ('levels', models.JSONField()),
                    ('from_library', models.CharField(max_length=60)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('code', '='), ('valid', '&&')], name='a_risk_method_is_one_thing_on_a_day')],
                },
            ),
            migrations.CreateModel(
                name='RiskPoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='risk_points', to='organisation.unit')),
                    ('code', models.CharField(max_length=40)),
                    ('name', models.CharField(max_length=200)),
                    ('kind', models.CharField(choices=[('activity', 'activity'), ('place', 'place'), ('equipment', 'equipment')], max_length=10)),
                    ('area', models.CharField(max_length=200)),
                    ('harm', models.CharField(help_text='what may happen to whom', max_length=300)),
                    ('level', models.SmallIntegerField(choices=[(1, 'low risk'), (2, 'general risk'), (3, 'larger risk'), (4, 'major risk')])),
                    ('reassess_on', models.DateField()),
                    ('entered_at', models.DateTimeField()),
                    ('closed_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['unit', 'area'], name='risk_point_open')],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'code'), name='a_risk_point_has_its_code_in_its_unit')],
                },
            ),
            migrations.CreateModel(
                name='RiskGrading',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='gradings', to='safety.riskpoint')),
                    ('number', models.PositiveIntegerField()),
                    ('method', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='safety.riskmethod')),
                    ('scores', models.JSONField(help_text='score by factor')),
                    ('value', models.FloatField()),
                    ('level', models.SmallIntegerField(choices=[(1, 'low risk'), (2, 'general risk'), (3, 'larger risk'), (4, 'major risk')])),
                    ('reason', models.CharField(default='', max_length=1000)),
                    ('reassess_on', models.DateField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('point', 'number'), name='a_grading_is_given_once')],
                },
            ),
            migrations.CreateModel(
                name='RiskMeasure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='safety.riskpoint')),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('engineering', 'engineering'), ('administrative', 'administrative'), ('training', 'training'), ('protection', 'protective equipment'), ('emergency', 'emergency response')], max_length=15)),
                    ('text', models.CharField(max_length=500)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('rule', models.CharField(help_text='RFC 5545: the days on which a check begins', max_length=200)),
                    ('days', models.PositiveSmallIntegerField(help_text='to do it in, the first included')),
                    ('items', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('point', 'number'), name='a_measure_has_its_number'), models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='a_check_has_a_day_at_least')],
                },
            ),
            migrations.CreateModel(
                name='RiskCheck',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('measure', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='safety.riskmeasure')),
                    ('number', models.PositiveIntegerField()),
                    ('failed', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), help_text='the items that do not hold', size=None)),
                    ('note', models.CharField(default='', max_length=2000)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('measure', 'number'), name='a_check_is_done_once')],
                },
            ),
            migrations.CreateModel(
                name='RiskCheckPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('check_of', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='photo', to='safety.riskcheck')),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
