"""Incidents: numbers as they changed, tellings, who was hurt, what was found, and hours worked."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0040_incidents"),
    ]
    dependencies = [
        ("organisation", "0001_initial"),
        ("safety", "0005_campaigns"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Incident',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('deaths', models.PositiveIntegerField(default=0)),
                    ('serious', models.PositiveIntegerField(default=0)),
                    ('light', models.PositiveIntegerField(default=0)),
                    ('missing', models.PositiveIntegerField(default=0)),
                    ('loss_yuan', models.PositiveBigIntegerField(default=0)),
                    ('hospitalised', models.PositiveIntegerField(default=0)),
                    ('amputations', models.PositiveIntegerField(default=0)),
                    ('eyes_lost', models.PositiveIntegerField(default=0)),
                    ('grade', models.CharField(blank=True, default='', max_length=10)),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='organisation.unit')),
                    ('country', models.CharField(max_length=2)),
                    ('kind', models.CharField(choices=[('near_miss', 'near miss'), ('first_aid', 'first aid'), ('injury', 'injury'), ('fatality', 'fatality'), ('illness', 'occupational illness'), ('fire', 'fire'), ('environmental', 'harm to the environment'), ('property', 'damage to property'), ('epidemic', 'epidemic at a site')], max_length=20)),
                    ('is_road_traffic', models.BooleanField(default=False)),
                    ('what', models.TextField(max_length=2000)),
                    ('place', models.CharField(blank=True, default='', max_length=200)),
                    ('first_measures', models.TextField(blank=True, default='', max_length=2000)),
                    ('occurred_at', models.DateTimeField()),
                    ('known_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                    ('origin', models.CharField(blank=True, default='', max_length=60)),
                    ('stage', models.CharField(choices=[('reported', 'reported'), ('investigated', 'being looked into'), ('closed', 'incident closed')], default='reported', max_length=20)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-occurred_at'], name='incidents_of_a_unit'), models.Index(fields=['-occurred_at'], name='incidents_latest_first'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='incident_words')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('origin',), name='an_incident_comes_in_once')],
                },
            ),
            migrations.CreateModel(
                name='Revision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('deaths', models.PositiveIntegerField(default=0)),
                    ('serious', models.PositiveIntegerField(default=0)),
                    ('light', models.PositiveIntegerField(default=0)),
                    ('missing', models.PositiveIntegerField(default=0)),
                    ('loss_yuan', models.PositiveBigIntegerField(default=0)),
                    ('hospitalised', models.PositiveIntegerField(default=0)),
                    ('amputations', models.PositiveIntegerField(default=0)),
                    ('eyes_lost', models.PositiveIntegerField(default=0)),
                    ('grade', models.CharField(blank=True, default='', max_length=10)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='safety.incident')),
                    ('number', models.PositiveIntegerField()),
                    ('note', models.TextField(blank=True, default='', max_length=2000)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='numbers_revised_in_order')],
                },
            ),
            migrations.CreateModel(
                name='IncidentPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='safety.incident')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Telling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='safety.incident')),
                    ('revision', models.PositiveIntegerField()),
                    ('code', models.CharField(max_length=60)),
                    ('began_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'revision', 'code'), name='a_clock_begins_once')],
                },
            ),
            migrations.CreateModel(
                name='TellingProof',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('telling', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='proof', to='safety.telling')),
                    ('whom', models.CharField(max_length=200)),
                    ('how', models.CharField(max_length=100)),
                    ('receipt', models.CharField(blank=True, default='', max_length=120)),
                    ('told_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='TellingFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('proof', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='safety.tellingproof')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Injury',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='injuries', to='safety.incident')),
                    ('number', models.PositiveIntegerField()),
                    ('revision', models.PositiveIntegerField()),
                    ('outcome', models.CharField(choices=[('death', 'death'), ('away', 'days away from work'), ('restricted', 'other or restricted work'), ('other', 'treated by a doctor, back at work'), ('first_aid', 'first aid only')], max_length=20)),
                    ('ailment', models.CharField(choices=[('injury', 'injury'), ('skin', 'skin disorder'), ('respiratory', 'respiratory condition'), ('poisoning', 'poisoning'), ('hearing', 'hearing loss'), ('other_illness', 'another illness')], max_length=20)),
                    ('days_away', models.PositiveIntegerField(default=0)),
                    ('days_restricted', models.PositiveIntegerField(default=0)),
                    ('charged_days', models.PositiveIntegerField(default=0)),
                    ('is_privacy_case', models.BooleanField(default=False)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'number', 'revision'), name='an_injury_is_revised_in_order')],
                },
            ),
            migrations.CreateModel(
                name='InjuredPerson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='safety.incident')),
                    ('number', models.PositiveIntegerField()),
                    ('name', models.CharField(max_length=120)),
                    ('job_title', models.CharField(blank=True, default='', max_length=120)),
                    ('address', models.CharField(blank=True, default='', max_length=300)),
                    ('born_on', models.DateField(null=True)),
                    ('hired_on', models.DateField(null=True)),
                    ('sex', models.CharField(blank=True, choices=[('male', 'male'), ('female', 'female')], default='', max_length=10)),
                    ('doctor', models.CharField(blank=True, default='', max_length=200)),
                    ('was_in_emergency_room', models.BooleanField(default=False)),
                    ('was_in_patient', models.BooleanField(default=False)),
                    ('began_work', models.TimeField(null=True)),
                    ('was_doing', models.TextField(blank=True, default='', max_length=1000)),
                    ('injury', models.TextField(blank=True, default='', max_length=1000)),
                    ('by_what', models.CharField(blank=True, default='', max_length=300)),
                    ('died_on', models.DateField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'number'), name='an_injured_person_is_one')],
                },
            ),
            migrations.CreateModel(
                name='WorkedHours',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('month', models.DateField()),
                    ('hours', models.PositiveBigIntegerField()),
                    ('workers', models.PositiveIntegerField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'month'), name='a_month_is_worked_once')],
                },
            ),
            migrations.CreateModel(
                name='IncidentSum',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('month', models.DateField()),
                    ('incidents', models.PositiveIntegerField()),
                    ('near_misses', models.PositiveIntegerField()),
                    ('first_aid_cases', models.PositiveIntegerField()),
                    ('deaths', models.PositiveIntegerField()),
                    ('away_cases', models.PositiveIntegerField()),
                    ('restricted_cases', models.PositiveIntegerField()),
                    ('other_cases', models.PositiveIntegerField()),
                    ('lost_days', models.PositiveIntegerField()),
                    ('hurt', models.PositiveIntegerField()),
                    ('living_cases', models.PositiveIntegerField()),
                    ('last_lost_on', models.DateField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'month'), name='a_month_is_summed_once')],
                },
            ),
            migrations.CreateModel(
                name='Investigator',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='investigators', to='safety.incident')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('leads', models.BooleanField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'person'), name='appointed_once'), models.UniqueConstraint(condition=models.Q(('leads', True)), fields=('incident',), name='one_leads_the_team')],
                },
            ),
            migrations.CreateModel(
                name='Moment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moments', to='safety.incident')),
                    ('happened_at', models.DateTimeField()),
                    ('text', models.TextField(max_length=1000)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Why',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='whys', to='safety.incident')),
                    ('chain', models.PositiveIntegerField()),
                    ('step', models.PositiveIntegerField()),
                    ('text', models.TextField(max_length=1000)),
                    ('is_root', models.BooleanField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('incident', 'chain', 'step'), name='why_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Barrier',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='barriers', to='safety.incident')),
                    ('name', models.CharField(max_length=200)),
                    ('state', models.CharField(choices=[('held', 'held'), ('weak', 'did not suffice'), ('failed', 'failed'), ('missing', 'was not there')], max_length=10)),
                    ('text', models.TextField(blank=True, default='', max_length=1000)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='IncidentMeasure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='measures', to='safety.incident')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('text', models.CharField(max_length=280)),
                    ('due_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ConditionAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='safety.incident')),
                    ('condition', models.CharField(choices=[('cause', 'The cause is found'), ('answered_for', 'Whoever is responsible has answered for it'), ('measures', 'The measures are carried out'), ('taught', 'Those concerned have learnt from it')], max_length=20)),
                    ('text', models.TextField(max_length=2000)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Lesson',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lessons', to='safety.incident')),
                    ('within', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('kind_of_work', models.CharField(blank=True, default='', max_length=20)),
                    ('text', models.TextField(max_length=2000)),
                    ('notice_id', models.BigIntegerField()),
                    ('units', models.PositiveIntegerField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Closing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                    ('incident', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='safety.incident')),
                    ('text', models.TextField(max_length=2000)),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
