"""Red lines, and work that was stopped: by whom, over what, and who let it go on."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0001_initial"),
        ("safety", "0030_red_lines"),
    ]
    dependencies = [
        ("organisation", "0001_initial"),
        ("safety", "0001_hazards"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='RedLine',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='red_lines', to='organisation.unit')),
                    ('code', models.CharField(max_length=60)),
                    ('what_en', models.CharField(max_length=300)),
                    ('what_zh', models.CharField(max_length=300)),
                    ('basis', models.CharField(choices=[('law', 'public law'), ('standard', 'published standard'), ('group', "the group's own rule")], max_length=10)),
                    ('source_en', models.TextField()),
                    ('source_zh', models.TextField()),
                    ('source_url', models.CharField(max_length=400)),
                    ('unit_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('headquarters', 'headquarters'), ('company', 'company'), ('institute', 'institute'), ('site', 'project site'), ('office', 'office')], max_length=20), size=None)),
                    ('kinds_of_work', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('ORD', 'ordinary work'), ('UTIL', 'water, power, gas, heat, telecoms'), ('TRANSIT', 'public transport'), ('ENV', 'environmental protection'), ('MUNI', 'municipal services and sanitation'), ('EPI', 'epidemic control supplies'), ('LIFE', 'daily necessities'), ('MARKET', 'farm-produce markets'), ('LOGI', 'logistics and delivery'), ('PROP', 'property management'), ('KEYPROJ', 'key projects'), ('NATECON', 'vital to the national economy'), ('HKMO', 'supply of Hong Kong and Macao'), ('URGENT', 'urgent work')], max_length=20), size=None)),
                    ('lifted_by', models.CharField(choices=[('unit_above', 'the unit above'), ('headquarters', 'headquarters'), ('unit', 'a named unit'), ('post', 'a named post')], max_length=20)),
                    ('lifter_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('lifter_post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('from_library', models.CharField(max_length=60)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('code', '='), ('valid', '&&')], name='a_red_line_is_one_thing_on_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', 'unit'), ('lifter_unit__isnull', False)), models.Q(models.Q(('lifted_by', 'unit'), _negated=True), ('lifter_unit', None)), _connector='OR'), name='a_red_line_names_its_unit'), models.CheckConstraint(condition=models.Q(models.Q(('lifted_by', 'post'), ('lifter_post__isnull', False)), models.Q(models.Q(('lifted_by', 'post'), _negated=True), ('lifter_post', None)), _connector='OR'), name='a_red_line_names_its_post')],
                },
            ),
            migrations.CreateModel(
                name='StopWork',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='organisation.unit')),
                    ('with_below', models.BooleanField(help_text='it holds for all units below it too')),
                    ('ground', models.TextField(max_length=2000)),
                    ('place', models.CharField(default='', max_length=200)),
                    ('shown_to', models.CharField(choices=[('authority', 'whoever may lift it, and the discipline office'), ('everybody', 'everybody'), ('nobody', 'nobody: it is not even kept')], max_length=10)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('red_line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='safety.redline')),
                    ('stopped_at', models.DateTimeField()),
                    ('lifted_at', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(fields=['lifted_at'], name='stops_by_their_lifting')],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('shown_to', 'nobody'), _negated=True), ('by', None), _connector='OR'), name='a_name_for_nobody_is_not_kept')],
                },
            ),
            migrations.CreateModel(
                name='StopOfHazard',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stops', to='safety.hazard')),
                    ('stop', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='safety.stopwork')),
                ],
            ),
            migrations.CreateModel(
                name='LiftingRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('stop', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='safety.stopwork')),
                    ('number', models.PositiveIntegerField()),
                    ('evidence', models.TextField(max_length=4000)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('asked_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('stop', 'number'), name='a_lifting_is_asked_once')],
                },
            ),
            migrations.CreateModel(
                name='LiftingAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='answer', to='safety.liftingrequest')),
                    ('is_lifted', models.BooleanField()),
                    ('reason', models.TextField(max_length=4000)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('answered_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='StopPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('stop', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='photo', to='safety.stopwork')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='LiftingFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('request', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='safety.liftingrequest')),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
