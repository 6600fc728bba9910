import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
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
                name='ApprovalRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('starts', models.DateField()),
                    ('parent_up_to', models.PositiveIntegerField()),
                    ('days', models.PositiveIntegerField()),
                    ('set_at', models.DateTimeField()),
                    ('set_by', models.CharField(max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='Application',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='organisation.unit')),
                    ('lane', models.CharField(choices=[('ordinary', 'level by level'), ('urgent', 'urgent: directly to headquarters')], max_length=10)),
                    ('kind_of_work', models.CharField(choices=[('ORD', 'ordinary work'), ('UTIL', 'water, power, gas, heat, telecoms'), ('TRANSIT', 'public transport'), ('ENV', 'environmental protection'), ('MUNI', 'municipal services and sanitation'), ('EPI', 'epidemic control supplies'), ('LIFE', 'daily necessities'), ('MARKET', 'farm-produce markets'), ('LOGI', 'logistics and delivery'), ('PROP', 'property management'), ('KEYPROJ', 'key projects'), ('NATECON', 'vital to the national economy'), ('HKMO', 'supply of Hong Kong and Macao'), ('URGENT', 'urgent work')], default='', max_length=20)),
                    ('ground', models.TextField(default='', max_length=2000)),
                    ('opened_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('lane', 'ordinary'), models.Q(models.Q(('ground', ''), _negated=True), models.Q(('kind_of_work', ''), _negated=True)), _connector='OR'), name='what_is_urgent_has_its_ground')],
                },
            ),
            migrations.CreateModel(
                name='Plan',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='resumption.application')),
                    ('number', models.PositiveIntegerField()),
                    ('starts_on', models.DateField()),
                    ('until', models.DateField(null=True)),
                    ('principle', models.TextField(max_length=4000)),
                    ('phases', models.JSONField()),
                    ('pace', models.TextField(max_length=2000)),
                    ('who_first', models.TextField(max_length=2000)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('application', 'number'), name='a_plan_is_written_once')],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='resumption.application')),
                    ('number', models.PositiveIntegerField()),
                    ('act', models.CharField(choices=[('submit', 'submit'), ('forward', 'forward'), ('return', 'return'), ('approve', 'approve'), ('suspend', 'suspend'), ('confirm', 'confirm'), ('unlock', 'unlock')], max_length=10)),
                    ('round', models.PositiveIntegerField()),
                    ('level', models.PositiveIntegerField(help_text="in the submission's line; whose turn it is next")),
                    ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('reason', models.TextField(default='', max_length=4000)),
                    ('breaches', models.JSONField(default=list)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('application', 'number'), name='an_application_takes_a_step_once')],
                },
            ),
            migrations.CreateModel(
                name='ApplicationFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='resumption.application')),
                    ('added_at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Attestation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organisation.unit')),
                    ('condition', models.CharField(max_length=200)),
                    ('amount', models.FloatField()),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('evidence', models.TextField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', 'condition'], name='attestation_of_unit')],
                },
            ),
            migrations.CreateModel(
                name='Submission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='resumption.application')),
                    ('round', models.PositiveIntegerField()),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resumption.plan')),
                    ('verdict', models.JSONField()),
                    ('line', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ('last', models.PositiveIntegerField()),
                    ('days', models.PositiveIntegerField(help_text='within which each level decides')),
                    ('rests_on', models.ManyToManyField(related_name='+', to='resumption.attestation')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('application', 'round'), name='a_round_is_submitted_once')],
                },
            ),
            migrations.CreateModel(
                name='LocalDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='local_decisions', to='resumption.application')),
                    ('kind', models.CharField(choices=[('filed', 'filed with the authority'), ('approved', 'approved by the authority')], max_length=10)),
                    ('authority', models.CharField(max_length=200)),
                    ('number', models.CharField(max_length=100)),
                    ('on', models.DateField()),
                    ('attestation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='resumption.attestation')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='LocalFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='resumption.localdecision')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='EvidenceFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('attestation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='resumption.attestation')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Refutation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('attestation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='resumption.attestation')),
                    ('reason', models.TextField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                    ('recorded_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='RecordedVerdict',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='organisation.unit')),
                    ('number', models.PositiveIntegerField(help_text="1 for the unit's first")),
                    ('day', models.DateField()),
                    ('computed_at', models.DateTimeField()),
                    ('permitted', models.CharField(max_length=10)),
                    ('state', models.CharField(max_length=10)),
                    ('on_site_limit', models.PositiveIntegerField(null=True)),
                    ('reasons', models.JSONField()),
                    ('unmet', models.JSONField()),
                    ('stops', models.JSONField(default=list)),
                ],
            ),
        ]),
    ]
