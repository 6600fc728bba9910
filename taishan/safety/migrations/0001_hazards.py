"""Hazards: what was found, by which criterion it is graded, what was done, said and told, and their sums."""

import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import taishan.core.hazards
from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0003_hazards"),
        ("safety", "0010_hazard_criteria_and_supervision"),
        ("safety", "0060_hazard_sums_and_thumbnails"),
    ]
    dependencies = [
        ("organisation", "0001_initial"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Hazard',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='organisation.unit')),
                    ('key', models.UUIDField(help_text='given by the phone: sent twice is reported once', unique=True)),
                    ('area', models.CharField(default='', max_length=200)),
                    ('latitude', models.FloatField(null=True)),
                    ('longitude', models.FloatField(null=True)),
                    ('text', models.TextField(max_length=4000)),
                    ('looks', models.SmallIntegerField(choices=[(1, 'somebody could be hurt a little'), (2, 'somebody could be badly hurt'), (3, 'danger to life now')])),
                    ('found_at', models.DateTimeField()),
                    ('found_on', models.DateField(help_text="the unit's own day of found_at")),
                    ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('receipt', models.CharField(max_length=64, null=True, unique=True)),
                    ('origin_kind', models.CharField(default='report', max_length=40)),
                    ('origin_id', models.CharField(default='', max_length=200)),
                    ('state', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10)),
                    ('grade', models.CharField(choices=[('general', 'general'), ('major', 'major')], max_length=10, null=True)),
                    ('cause', models.CharField(default='', help_text='a cause of the criteria library', max_length=40)),
                    ('criterion', models.CharField(default='', max_length=60)),
                    ('lister', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('measures', models.TextField(default='', max_length=4000)),
                    ('money_cny', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                    ('due_at', models.DateTimeField(null=True)),
                    ('contingency', models.TextField(default='', max_length=4000)),
                    ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='safety.hazard')),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_on', models.DateField(help_text="the unit's own day of ended_at", null=True)),
                    ('put_right_at', models.DateTimeField(help_text='when it was handed in last', null=True)),
                    ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-found_at'], name='hazard_of_unit'), models.Index(fields=['-found_at', '-id'], name='hazard_latest'), models.Index(condition=models.Q(('ended_at', None)), fields=['-found_at', '-id'], name='hazard_latest_open'), models.Index(condition=models.Q(('ended_at', None)), fields=['unit', 'state', 'due_at'], include=('grade', 'cause', 'found_at'), name='hazard_open'), models.Index(condition=models.Q(('state', taishan.core.hazards.State['CLOSED'])), fields=['ended_on'], name='hazard_closed'), models.Index(condition=models.Q(models.Q(('cause', ''), _negated=True), models.Q(('area', ''), _negated=True)), fields=['found_on'], include=('unit', 'cause', 'area', 'state'), name='hazard_repeated'), models.Index(condition=models.Q(('ended_at', None), ('grade', taishan.core.hazards.Grade['MAJOR'])), fields=['lister'], name='hazard_major_open'), models.Index(fields=['origin_kind', 'origin_id'], name='hazard_of_origin'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='hazard_words')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('reporter', None), ('receipt', None), _connector='OR'), name='anonymous_leaves_no_trace'), models.CheckConstraint(condition=models.Q(('state__in', [taishan.core.hazards.State['FOUND'], taishan.core.hazards.State['DISMISSED'], taishan.core.hazards.State['MERGED']]), models.Q(('grade__isnull', False), ('lister__isnull', False)), _connector='OR'), name='a_hazard_is_graded_before_it_goes_on'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', (taishan.core.hazards.State['ASSIGNED'], taishan.core.hazards.State['RECTIFYING'], taishan.core.hazards.State['SUBMITTED'], taishan.core.hazards.State['VERIFIED'], taishan.core.hazards.State['CLOSED'])), _negated=True), models.Q(('due_at__isnull', False), ('money_cny__gte', 0), ('post__isnull', False), models.Q(('measures', ''), _negated=True), models.Q(('contingency', ''), _negated=True)), _connector='OR'), name='an_assignment_has_its_five_parts'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', [taishan.core.hazards.State['CLOSED'], taishan.core.hazards.State['DISMISSED'], taishan.core.hazards.State['MERGED']])), models.Q(models.Q(('state__in', [taishan.core.hazards.State['CLOSED'], taishan.core.hazards.State['DISMISSED'], taishan.core.hazards.State['MERGED']]), _negated=True), ('ended_at', None)), _connector='OR'), name='an_ended_hazard_has_its_instant'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', taishan.core.hazards.State['MERGED'])), models.Q(models.Q(('state', taishan.core.hazards.State['MERGED']), _negated=True), ('merged_into', None)), _connector='OR'), name='a_merged_hazard_goes_on_in_another')],
                },
            ),
            migrations.CreateModel(
                name='HazardAct',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='safety.hazard')),
                    ('number', models.PositiveIntegerField()),
                    ('act', models.CharField(choices=[('find', 'find'), ('grade', 'grade'), ('dismiss', 'dismiss'), ('merge', 'merge'), ('assign', 'assign'), ('accept', 'accept'), ('extend', 'extend'), ('submit', 'submit'), ('verify', 'verify'), ('return', 'return'), ('close', 'close')], max_length=10)),
                    ('before', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10, null=True)),
                    ('after', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('reason', models.TextField(default='', max_length=4000)),
                    ('data', models.JSONField(default=dict)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('hazard', 'number'), name='a_step_with_a_hazard_is_taken_once')],
                },
            ),
            migrations.CreateModel(
                name='HazardPhoto',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='photos', to='safety.hazardact')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='HazardCount',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('id', models.UUIDField()),
                    ('cause', models.CharField(max_length=40)),
                    ('grade', models.CharField(max_length=10)),
                    ('span', models.SmallIntegerField(choices=[(1, 'Month'), (2, 'Year')])),
                    ('day', models.DateField()),
                    ('found', models.IntegerField()),
                    ('closed', models.IntegerField()),
                    ('late', models.IntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['span', 'cause', 'day', 'unit'], include=('grade', 'found', 'closed', 'late'), name='hazards_of_a_span')],
                },
            ),
            migrations.CreateModel(
                name='HazardThumbnail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('photo', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='thumbnail', to='safety.hazardphoto')),
                    ('hazard_id', models.BigIntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['hazard_id', 'photo'], name='thumbnails_of_a_hazard')],
                },
            ),
            migrations.CreateModel(
                name='CriteriaVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('from_library', models.CharField(max_length=60)),
                    ('number', models.PositiveIntegerField()),
                    ('title_en', models.CharField(max_length=300)),
                    ('title_zh', models.CharField(max_length=300)),
                    ('sha256', models.CharField(max_length=64)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('from_library', 'number'), name='a_criteria_version_has_its_number')],
                },
            ),
            migrations.CreateModel(
                name='Criterion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='safety.criteriaversion')),
                    ('code', models.CharField(max_length=60)),
                    ('cause', models.CharField(blank=True, choices=[('electrical', 'electrical'), ('fire', 'fire'), ('dust', 'dust'), ('chemicals', 'chemicals'), ('confined', 'confined'), ('height', 'height'), ('lifting', 'lifting'), ('machinery', 'machinery'), ('pressure', 'pressure'), ('collapse', 'collapse'), ('construction', 'construction'), ('traffic', 'traffic'), ('slips', 'slips'), ('health', 'health'), ('food', 'food'), ('epidemic', 'epidemic'), ('weather', 'weather'), ('management', 'management'), ('other', 'other')], default='', max_length=40)),
                    ('grade', models.CharField(choices=[('general', 'general'), ('major', 'major')], max_length=10)),
                    ('stops', models.BooleanField()),
                    ('words_en', models.TextField()),
                    ('words_zh', models.TextField()),
                    ('source_en', models.TextField()),
                    ('source_zh', models.TextField()),
                    ('source_url', models.CharField(default='', max_length=400)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('version', 'code'), name='a_criterion_stands_once'), models.CheckConstraint(condition=models.Q(('stops', False), ('grade', taishan.core.hazards.Grade['MAJOR']), _connector='OR'), name='only_a_major_hazard_stops_work')],
                },
            ),
            migrations.CreateModel(
                name='HazardTelling',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='safety.hazard')),
                    ('whom', models.CharField(choices=[('regulator', 'the authority that supervises work safety'), ('congress', "the workers' congress")], max_length=10)),
                    ('who', models.CharField(help_text='the office or meeting, and how', max_length=300)),
                    ('told_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='HazardTellingFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('telling', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='safety.hazardtelling')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='HazardRemark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='safety.hazard')),
                    ('text', models.TextField(max_length=4000)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
        ]),
    ]
