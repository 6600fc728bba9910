"""Inspections: plans, routes, what was seen, and their sums."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0020_inspections"),
    ]
    dependencies = [
        ("forms", "0001_initial"),
        ("organisation", "0001_initial"),
        ("safety", "0003_risks"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Route',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='routes', to='organisation.unit')),
                    ('name', models.CharField(max_length=120)),
                    ('made_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='RoutePoint',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('route', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='points', to='safety.route')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('code', models.CharField(max_length=12, unique=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('route', 'number'), name='points_of_a_route_in_order')],
                },
            ),
            migrations.CreateModel(
                name='InspectionPlan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.form')),
                    ('route', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='safety.route')),
                    ('is_surprise', models.BooleanField(default=False)),
                    ('rule', models.CharField(help_text='RFC 5545: the days on which it begins', max_length=200)),
                    ('starts', models.DateField(help_text='DTSTART of the rule')),
                    ('days', models.PositiveSmallIntegerField(help_text='to do it in, the first included')),
                    ('due_at', models.TimeField(help_text='local time on the last of them')),
                    ('lapses_after_days', models.PositiveSmallIntegerField(help_text='days after which it is missed and can no longer be done')),
                    ('made_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['unit', 'form'], name='plans_in_force')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_surprise', False), models.Q(('unit', models.F('by')), _negated=True), _connector='OR'), name='nobody_surprises_themselves'), models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='a_plan_gives_a_day_at_least')],
                },
            ),
            migrations.CreateModel(
                name='Inspection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(unique=True)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.formversion')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('by_unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='inspections', to='safety.inspectionplan')),
                    ('origin', models.CharField(choices=[('scheduled', 'planned'), ('surprise', 'unannounced'), ('upper', 'by a unit above'), ('own', "of the unit's own accord")], max_length=10)),
                    ('place', models.CharField(default='', max_length=200)),
                    ('started_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('day', models.DateField(help_text="the unit's own day of ended_at")),
                    ('verdict', models.CharField(choices=[('clean', 'clean'), ('findings', 'findings'), ('failed', 'failed'), ('empty', 'empty')], max_length=10)),
                    ('passed_weight', models.PositiveIntegerField()),
                    ('counted_weight', models.PositiveIntegerField()),
                    ('failed', models.PositiveSmallIntegerField()),
                    ('failed_critical', models.PositiveSmallIntegerField()),
                    ('answers', models.JSONField()),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-day', '-id'], name='inspections_of_unit'), models.Index(fields=['-day', '-id'], name='inspections_by_day')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('started_at__lte', models.F('ended_at'))), name='an_inspection_begins_and_ends')],
                },
            ),
            migrations.CreateModel(
                name='InspectionItem',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'inspection_id', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('inspection', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='safety.inspection')),
                    ('code', models.CharField(max_length=60)),
                    ('form_id', models.BigIntegerField()),
                    ('day', models.DateField()),
                    ('outcome', models.PositiveSmallIntegerField(choices=[(1, 'PASSED'), (2, 'FAILED'), (3, 'EXCLUDED')])),
                    ('weight', models.PositiveSmallIntegerField()),
                    ('cause', models.CharField(default='', max_length=40)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', 'form_id', 'code', 'day'], name='items_over_time')],
                },
            ),
            migrations.CreateModel(
                name='InspectionSum',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'month', 'code', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('form_id', models.BigIntegerField()),
                    ('month', models.DateField(help_text='its first day')),
                    ('code', models.CharField(max_length=60)),
                    ('inspections', models.PositiveIntegerField()),
                    ('failed_whole', models.PositiveIntegerField(help_text='of which a critical item failed')),
                    ('passed', models.PositiveIntegerField()),
                    ('failed', models.PositiveIntegerField()),
                    ('excluded', models.PositiveIntegerField()),
                    ('passed_weight', models.PositiveBigIntegerField()),
                    ('counted_weight', models.PositiveBigIntegerField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('code', '')), fields=['month', 'unit'], name='sums_of_wholes'), models.Index(condition=models.Q(('code', ''), _negated=True), fields=['form_id', 'month'], name='sums_of_items')],
                },
            ),
            migrations.CreateModel(
                name='InspectionPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('inspection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='safety.inspection')),
                    ('code', models.CharField(max_length=100)),
                    ('answer', models.CharField(help_text='the name by which the answer names it', max_length=255)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('inspection', 'answer'), name='a_photo_of_an_inspection_is_kept_once')],
                },
            ),
            migrations.CreateModel(
                name='PointVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='safety.routepoint')),
                    ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('inspection', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='safety.inspection')),
                ],
                options={
                    'indexes': [models.Index(fields=['by', 'at'], name='visits_of_somebody')],
                },
            ),
        ]),
    ]
