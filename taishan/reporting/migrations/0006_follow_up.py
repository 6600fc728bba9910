import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0007_headcounts_follow_memberships'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('reporting', '0005_report_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(max_length=12)),
                ('steps_taken', models.PositiveSmallIntegerField(default=1)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follow_ups', to='organisation.person')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['back', 'released']), _negated=True), fields=('person',), name='a_person_is_followed_up_once_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('is_report', models.BooleanField(default=False)),
                ('temperature_c', models.DecimalField(decimal_places=1, max_digits=3, null=True)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='reporting.followup')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_report', True)), fields=('follow_up', 'day'), name='the_report_of_a_day_is_one_check')],
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('period', models.DateField()),
                ('client', models.UUIDField()),
                ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('noticed_at', models.DateTimeField()),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='reporting.followup')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('person', 'period', 'client'), name='a_report_gives_cause_once')],
            },
        ),
        migrations.CreateModel(
            name='FollowUpRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('temperature_c', models.DecimalField(decimal_places=1, max_digits=3, null=True)),
                ('quarantine_days', models.PositiveSmallIntegerField(null=True)),
                ('checks_per_day', models.PositiveSmallIntegerField(null=True)),
                ('causes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), null=True, size=None)),
                ('set_at', models.DateTimeField()),
                ('set_by', models.CharField(max_length=120)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('follow_up', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='reporting.followup')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until', None), ('state__in', ['confirmed', 'quarantined'])), fields=['state'], name='reporting_step_apart')],
                'constraints': [models.UniqueConstraint(fields=('follow_up', 'number'), name='the_steps_of_a_follow_up_are_numbered'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('follow_up',), name='one_step_is_the_last'), models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='a_step_ends_after_it'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'quarantined'), _negated=True), models.Q(('checks_per_day__isnull', False), ('ends__isnull', False), ('starts__isnull', False), ('checks_per_day__gt', 0), ('ends__gt', models.F('starts')), models.Q(('manner', ''), _negated=True)), _connector='OR'), name='a_quarantine_says_from_until_and_how_it_was_ordered')],
            },
        ),
    ]
