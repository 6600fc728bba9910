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
                name='Form',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=60, unique=True)),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('subject', models.CharField(choices=[('person', 'a person'), ('unit', 'a unit')], max_length=10)),
                    ('is_personal_health', models.BooleanField(help_text='answers are personal health data, seen and kept by the rules for these')),
                    ('retention_days', models.PositiveIntegerField(help_text='days after which identifiable answers are erased; null: kept', null=True)),
                    ('ground', models.TextField(blank=True, help_text='the legal ground for collecting')),
                    ('is_checklist', models.BooleanField(default=False, help_text='it is filled in by inspections, and never by reports')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('subject__in', ['person', 'unit'])), name='a_form_is_about_a_person_or_a_unit'), models.CheckConstraint(condition=models.Q(('is_personal_health', False), models.Q(('ground', ''), _negated=True), _connector='OR'), name='health_data_has_a_ground')],
                },
            ),
            migrations.CreateModel(
                name='FormVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='forms.form')),
                    ('number', models.PositiveIntegerField()),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'in force'), ('retired', 'retired')], default='draft', max_length=10)),
                    ('source', models.BinaryField()),
                    ('source_name', models.CharField(max_length=200)),
                    ('digest', models.CharField(max_length=64)),
                    ('xform', models.TextField()),
                    ('definition', models.JSONField()),
                    ('settings', models.JSONField(help_text='what the file says of its form, valid once published')),
                    ('recorded_at', models.DateTimeField()),
                    ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('retired_at', models.DateTimeField(null=True)),
                    ('retired_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('form', 'number'), name='versions_are_numbered'), models.UniqueConstraint(condition=models.Q(('state', 'published')), fields=('form',), name='one_version_is_in_force'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'retired'])), name='a_version_has_a_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='a_version_in_force_was_published'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'retired'), _negated=True), ('retired_at__isnull', False), _connector='OR'), name='a_retired_version_has_its_end')],
                },
            ),
            migrations.CreateModel(
                name='FormFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='forms.formversion')),
                    ('name', models.CharField(max_length=100)),
                    ('kind', models.CharField(max_length=100)),
                    ('sha256', models.CharField(max_length=64)),
                    ('md5', models.CharField(max_length=32)),
                    ('kept_as', models.CharField(max_length=32)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'name'), name='files_of_a_version_have_names_of_their_own')],
                },
            ),
        ]),
    ]
