import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import taishan.reporting.models
from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('forms', '0001_initial'),
        ('organisation', '0001_initial'),
        ('privacy', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='FollowUpRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('temperature_c', models.DecimalField(decimal_places=1, max_digits=3, null=True)),
                    ('quarantine_days', models.PositiveSmallIntegerField(null=True)),
                    ('checks_per_day', models.PositiveSmallIntegerField(null=True)),
                    ('causes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), null=True, size=None)),
                    ('set_at', models.DateTimeField()),
                    ('set_by', models.CharField(max_length=120)),
                ],
            ),
            migrations.CreateModel(
                name='FollowUp',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='organisation.person')),
                    ('state', models.CharField(max_length=12)),
                    ('steps_taken', models.PositiveSmallIntegerField(default=1)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['back', 'released']), _negated=True), fields=('person',), name='a_person_is_followed_up_once_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='reporting.followup')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('state', models.CharField(max_length=12)),
                    ('since', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('given_by', models.CharField(blank=True, max_length=120)),
                    ('manner', models.CharField(blank=True, choices=[('verbal', 'verbally'), ('written', 'in writing')], max_length=10)),
                    ('text', models.TextField(blank=True)),
                    ('starts', models.DateField(null=True)),
                    ('ends', models.DateField(null=True)),
                    ('place', models.CharField(blank=True, max_length=200)),
                    ('checks_per_day', models.PositiveSmallIntegerField(null=True)),
                    ('recorded_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('until', None), ('state__in', ['confirmed', 'quarantined'])), fields=['state'], name='reporting_step_apart')],
                    'constraints': [models.UniqueConstraint(fields=('follow_up', 'number'), name='the_steps_of_a_follow_up_are_numbered'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('follow_up',), name='one_step_is_the_last'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='a_step_ends_after_it'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'quarantined'), _negated=True), models.Q(('checks_per_day__isnull', False), ('ends__isnull', False), ('starts__isnull', False), ('checks_per_day__gt', 0), ('ends__gt', models.F('starts')), models.Q(('manner', ''), _negated=True)), _connector='OR'), name='a_quarantine_says_from_until_and_how_it_was_ordered')],
                },
            ),
            migrations.CreateModel(
                name='Cause',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='reporting.followup')),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('period', models.DateField()),
                    ('client', models.UUIDField()),
                    ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                    ('noticed_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('person', 'period', 'client'), name='a_report_gives_cause_once')],
                },
            ),
            migrations.CreateModel(
                name='Check',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='reporting.followup')),
                    ('day', models.DateField()),
                    ('recorded_at', models.DateTimeField()),
                    ('is_report', models.BooleanField(default=False)),
                    ('temperature_c', models.DecimalField(decimal_places=1, max_digits=3, null=True)),
                    ('text', models.CharField(blank=True, max_length=500)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('is_report', True)), fields=('follow_up', 'day'), name='the_report_of_a_day_is_one_check')],
                },
            ),
            migrations.CreateModel(
                name='Schedule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='forms.form')),
                    ('unit', models.ForeignKey(help_text='with all below it', on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('owed_by', models.CharField(choices=[('people', 'every employee'), ('units', 'each unit'), ('sites', 'each project site')], max_length=10)),
                    ('rule', models.CharField(help_text='RFC 5545', max_length=200)),
                    ('starts', models.DateField()),
                    ('until', models.DateField(help_text='the first day on which it no longer holds', null=True)),
                    ('skipped', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), default=list, help_text='holidays', size=None)),
                    ('opens_day', models.SmallIntegerField(default=0)),
                    ('opens_at', models.TimeField()),
                    ('due_day', models.SmallIntegerField(default=0)),
                    ('due_at', models.TimeField()),
                    ('late_day', models.SmallIntegerField(default=0)),
                    ('late_at', models.TimeField()),
                    ('closes_day', models.SmallIntegerField(default=0)),
                    ('closes_at', models.TimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('owed_by__in', ['people', 'units', 'sites'])), name='a_report_is_owed_by_people_units_or_sites'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('starts')), _connector='OR'), name='a_schedule_ends_after_it_starts')],
                },
            ),
            migrations.CreateModel(
                name='Indicator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=200, unique=True)),
                ],
            ),
            migrations.CreateModel(
                name='Tally',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.UUIDField(unique=True)),
                    ('indicators', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
                    ('amounts', django.contrib.postgres.fields.ArrayField(base_field=taishan.reporting.models.ExactField(), size=None)),
                ],
            ),
            migrations.CreateModel(
                name='Report',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'period', 'subject_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('client', models.UUIDField()),
                    ('submitted_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('unit_id', models.IntegerField()),
                    ('subject_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('device_ahead_s', models.IntegerField(null=True)),
                    ('tally_id', models.IntegerField()),
                    ('account_id', models.IntegerField(null=True)),
                    ('form_id', models.SmallIntegerField()),
                    ('version', models.SmallIntegerField()),
                    ('door', models.SmallIntegerField(choices=[(1, 'page'), (2, 'phone'), (3, 'OpenRosa client'), (4, 'API'), (5, 'file'), (6, 'link of the unit'), (7, 'correction')])),
                    ('is_late', models.BooleanField()),
                    ('answers', models.JSONField()),
                ],
            ),
            migrations.CreateModel(
                name='Earlier',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'period', 'subject_id', 'client', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('client', models.UUIDField()),
                    ('submitted_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('replaced_at', models.DateTimeField()),
                    ('unit_id', models.IntegerField()),
                    ('subject_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('device_ahead_s', models.IntegerField(null=True)),
                    ('account_id', models.IntegerField(null=True)),
                    ('form_id', models.SmallIntegerField()),
                    ('version', models.SmallIntegerField()),
                    ('door', models.SmallIntegerField(choices=[(1, 'page'), (2, 'phone'), (3, 'OpenRosa client'), (4, 'API'), (5, 'file'), (6, 'link of the unit'), (7, 'correction')])),
                    ('is_late', models.BooleanField()),
                    ('answers', models.JSONField()),
                ],
            ),
            migrations.CreateModel(
                name='ReportFile',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'period', 'subject_id', 'client', 'name', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('client', models.UUIDField()),
                    ('kept_as', models.UUIDField()),
                    ('recorded_at', models.DateTimeField()),
                    ('unit_id', models.IntegerField()),
                    ('subject_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('account_id', models.IntegerField(null=True)),
                    ('form_id', models.SmallIntegerField()),
                    ('name', models.CharField(max_length=250)),
                    ('kind', models.CharField(max_length=100)),
                    ('sha256', models.CharField(max_length=64)),
                ],
                options={
                    'indexes': [models.Index(fields=['kept_as'], name='reporting_file_kept_as')],
                },
            ),
            migrations.CreateModel(
                name='Counter',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'period', 'indicator_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.IntegerField()),
                    ('indicator_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('form_id', models.SmallIntegerField()),
                    ('amount', taishan.reporting.models.ExactField()),
                ],
                options={
                    'indexes': [models.Index(fields=['form_id', 'period'], name='reporting_counter_day')],
                },
            ),
            migrations.CreateModel(
                name='Amendment',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('id', models.UUIDField()),
                    ('unit_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('form_id', models.SmallIntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['form_id', 'period'], name='amendment_of_a_period')],
                },
            ),
            migrations.CreateModel(
                name='Correction',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('client', models.UUIDField()),
                    ('submitted_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('unit_id', models.IntegerField()),
                    ('subject_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('device_ahead_s', models.IntegerField(null=True)),
                    ('tally_id', models.IntegerField()),
                    ('account_id', models.IntegerField(null=True)),
                    ('form_id', models.SmallIntegerField()),
                    ('version', models.SmallIntegerField()),
                    ('answers', models.JSONField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit_id', 'form_id', 'period', 'subject_id', 'client'), name='a_correction_is_proposed_once')],
                },
            ),
            migrations.CreateModel(
                name='Ruling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('correction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ruling', to='reporting.correction')),
                    ('outcome', models.CharField(choices=[('accepted', 'accepted'), ('refused', 'refused')], max_length=10)),
                    ('reason', models.TextField(blank=True)),
                    ('ruled_at', models.DateTimeField()),
                    ('ruled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('outcome', 'accepted'), models.Q(('outcome', 'refused'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='a_refusal_says_why')],
                },
            ),
            migrations.CreateModel(
                name='Erasure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='erasures', to='forms.form')),
                    ('until', models.DateField()),
                    ('erased_at', models.DateTimeField()),
                    ('reports', models.PositiveIntegerField(help_text='how many were erased')),
                ],
            ),
            migrations.CreateModel(
                name='Withdrawal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('consent', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='privacy.consent')),
                    ('erased_at', models.DateTimeField()),
                    ('reports', models.PositiveIntegerField()),
                ],
            ),
            migrations.CreateModel(
                name='Frozen',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'form_id', 'period', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.IntegerField()),
                    ('period', models.DateField()),
                    ('form_id', models.SmallIntegerField()),
                    ('reports', models.PositiveIntegerField()),
                ],
            ),
        ]),
    ]
