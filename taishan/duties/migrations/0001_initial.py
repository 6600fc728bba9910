import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import taishan.core.accountability
import taishan.core.duties
from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('organisation', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Case',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='organisation.unit')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='organisation.person')),
                    ('creditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('opened_at', models.DateTimeField()),
                    ('hear_until', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='CaseLapse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lapses', to='duties.case')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('state', models.CharField(max_length=10)),
                    ('at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'duty_id'), name='a_lapse_is_answered_for_once')],
                },
            ),
            migrations.CreateModel(
                name='CaseAct',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='duties.case')),
                    ('act', models.CharField(choices=[('explained', 'explained'), ('remarked', 'remarked'), ('found', 'found'), ('measured', 'measured'), ('closed', 'closed')], max_length=10)),
                    ('finding', models.CharField(choices=[('negligent', 'negligent'), ('not_negligent', 'not_negligent')], max_length=15, null=True)),
                    ('measure', models.CharField(choices=[('none', 'none'), ('talk', 'talk'), ('criticism', 'criticism'), ('warning', 'warning'), ('removal_proposed', 'removal_proposed'), ('transferred', 'transferred')], max_length=20, null=True)),
                    ('text', models.TextField(max_length=4000)),
                    ('by_person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('by_label', models.CharField(max_length=200)),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('act', taishan.core.accountability.Act['REMARKED']), _negated=True), fields=('case', 'act'), name='a_case_is_judged_once'), models.CheckConstraint(condition=models.Q(models.Q(('act', taishan.core.accountability.Act['FOUND']), ('finding__isnull', False)), models.Q(models.Q(('act', taishan.core.accountability.Act['FOUND']), _negated=True), ('finding', None)), _connector='OR'), name='a_finding_says_which'), models.CheckConstraint(condition=models.Q(models.Q(('act', taishan.core.accountability.Act['MEASURED']), ('measure__isnull', False)), models.Q(models.Q(('act', taishan.core.accountability.Act['MEASURED']), _negated=True), ('measure', None)), _connector='OR'), name='a_measure_says_which')],
                },
            ),
            migrations.CreateModel(
                name='Escalation',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', 'person_id', 'step', 'number', 'about_due_at', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('step', models.CharField(max_length=20)),
                    ('number', models.PositiveSmallIntegerField()),
                    ('about_due_at', models.DateTimeField()),
                    ('told_as', models.CharField(choices=[('debtor', 'debtor'), ('deputy', 'deputy'), ('superior', 'superior'), ('creditor', 'creditor'), ('inspector', 'inspector')], max_length=10)),
                    ('at', models.DateTimeField(help_text='when the step was to tell')),
                    ('recorded_at', models.DateTimeField()),
                    ('round', models.UUIDField(db_index=True)),
                ],
            ),
            migrations.CreateModel(
                name='AddedStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('kind', models.CharField(max_length=20)),
                    ('offset_min', models.IntegerField(help_text='after the hour; negative before it')),
                    ('to', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('debtor', 'debtor'), ('deputy', 'deputy'), ('superior', 'superior'), ('creditor', 'creditor'), ('inspector', 'inspector')], max_length=10), size=None)),
                    ('hours', models.CharField(choices=[('at_once', 'at_once'), ('waking', 'waking'), ('working', 'working')], max_length=10)),
                    ('every_min', models.PositiveIntegerField(null=True)),
                    ('times', models.PositiveSmallIntegerField(default=1)),
                    ('added_at', models.DateTimeField()),
                    ('added_by', models.CharField(max_length=200)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('times', 1), models.Q(('every_min__gt', 0), ('times__gt', 1)), _connector='OR'), name='a_repeated_step_has_its_time_between')],
                },
            ),
            migrations.CreateModel(
                name='CalendarDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('day', models.DateField()),
                    ('works', models.BooleanField()),
                    ('name', models.CharField(default='', max_length=80)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'day'), name='a_unit_says_of_a_day_once')],
                },
            ),
            migrations.CreateModel(
                name='DutyTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('code', models.CharField(max_length=60)),
                    ('post_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('unit_head', 'head of the unit, first responsible'), ('party_secretary', 'party secretary'), ('director', 'director or general manager'), ('deputy', 'deputy in charge of a line'), ('safety_director', 'safety director'), ('safety_officer', 'safety officer'), ('workshop_head', 'head of a workshop or project'), ('team_leader', 'team leader')], max_length=20), size=None)),
                    ('what_en', models.CharField(max_length=300)),
                    ('what_zh', models.CharField(max_length=300)),
                    ('rule', models.CharField(help_text='RFC 5545: the days on which it may begin', max_length=200)),
                    ('counted_from', models.DateField(help_text='DTSTART of the rule')),
                    ('days', models.PositiveSmallIntegerField(help_text='to do it in, the first included')),
                    ('due_at', models.TimeField(help_text='local time on the last of them')),
                    ('lapses_after_days', models.PositiveSmallIntegerField(null=True)),
                    ('needs_evidence', models.BooleanField()),
                    ('source_en', models.TextField()),
                    ('source_zh', models.TextField()),
                    ('source_url', models.CharField(max_length=400)),
                    ('from_library', models.CharField(max_length=60)),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                    ('recorded_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('code', '='), ('valid', '&&')], name='a_template_of_a_unit_is_one_thing_on_a_day'), models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='a_template_gives_a_day_at_least')],
                },
            ),
            migrations.CreateModel(
                name='Reached',
                fields=[
                    ('what', models.CharField(max_length=80, primary_key=True, serialize=False)),
                    ('until', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='FeedAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('made_at', models.DateTimeField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('account',), name='an_account_has_one_feed')],
                },
            ),
            migrations.CreateModel(
                name='Duty',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('id', models.UUIDField()),
                    ('post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('creditor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('kind', models.CharField(max_length=20)),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=200)),
                    ('what_en', models.CharField(max_length=300)),
                    ('what_zh', models.CharField(max_length=300)),
                    ('address', models.CharField(default='', max_length=400)),
                    ('needs_evidence', models.BooleanField(default=False)),
                    ('opened_at', models.DateTimeField()),
                    ('due_at', models.DateTimeField()),
                    ('due_on', models.DateField(help_text="the unit's own day of due_at; it counts on it")),
                    ('lapses_at', models.DateTimeField(null=True)),
                    ('parent_unit_id', models.BigIntegerField(null=True)),
                    ('parent_id', models.UUIDField(null=True)),
                    ('ended', models.CharField(choices=[(taishan.core.duties.State['ON_TIME'], 'done on time'), (taishan.core.duties.State['LATE'], 'done late'), (taishan.core.duties.State['WAIVED'], 'waived'), (taishan.core.duties.State['MISSED'], 'missed')], max_length=10, null=True)),
                    ('ended_at', models.DateTimeField(help_text='when it was done, waived or missed', null=True)),
                    ('escalates_at', models.DateTimeField(help_text='when to look next whom to tell; first when it opens', null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('ended', None)), fields=['unit', 'due_at'], name='duty_open_of_unit'), models.Index(condition=models.Q(('ended', None), ('post__isnull', False)), fields=['post', 'due_at'], name='duty_open_of_post'), models.Index(condition=models.Q(('ended', None), ('person__isnull', False)), fields=['person', 'due_at'], name='duty_open_of_person'), models.Index(condition=models.Q(('ended', None)), fields=['creditor', 'due_at'], name='duty_open_to_unit'), models.Index(condition=models.Q(('ended', None), ('lapses_at__isnull', False)), fields=['lapses_at'], name='duty_lapses'), models.Index(fields=['unit', 'due_on'], name='duty_of_unit_by_day'), models.Index(condition=models.Q(('post__isnull', False)), fields=['post', 'due_on'], name='duty_of_post'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'due_on'], name='duty_of_person'), models.Index(condition=models.Q(('escalates_at__isnull', False), models.Q(('ended', None), ('ended__in', [taishan.core.duties.State['LATE'], taishan.core.duties.State['MISSED']]), _connector='OR')), fields=['escalates_at'], name='duty_escalates'), models.Index(fields=['subject_kind', 'subject_id'], name='duty_of_subject'), models.Index(condition=models.Q(('parent_id__isnull', False)), fields=['parent_id'], name='duty_of_parent')],
                    'constraints': [models.UniqueConstraint(fields=('unit', 'subject_kind', 'subject_id', 'kind', 'post', 'person'), name='the_same_is_owed_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('post', None), ('person', None), _connector='OR'), name='a_duty_has_one_debtor'), models.CheckConstraint(condition=models.Q(('opened_at__lte', models.F('due_at')), models.Q(('lapses_at', None), ('lapses_at__gte', models.F('due_at')), _connector='OR')), name='a_duty_opens_falls_due_and_lapses'), models.CheckConstraint(condition=models.Q(models.Q(('ended', None), ('ended_at', None)), models.Q(('ended__isnull', False), ('ended_at__isnull', False)), _connector='OR'), name='an_ended_duty_has_its_instant'), models.CheckConstraint(condition=models.Q(('parent_id', None), ('lapses_at', None), _connector='OR'), name='a_part_of_a_duty_stays_open'), models.CheckConstraint(condition=models.Q(('address', ''), ('address__regex', '^/([^/]|$)'), _connector='OR'), name='duty_leads_inside')],
                },
            ),
            migrations.CreateModel(
                name='Ending',
                fields=[
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('reason', models.TextField(default='', max_length=2000)),
                    ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[(taishan.core.duties.State['ON_TIME'], 'done on time'), (taishan.core.duties.State['LATE'], 'done late'), (taishan.core.duties.State['WAIVED'], 'waived'), (taishan.core.duties.State['MISSED'], 'missed')], max_length=10)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='ProofFile',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=100)),
                    ('sha256', models.CharField(max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Extension',
                fields=[
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('reason', models.TextField(default='', max_length=2000)),
                    ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', 'recorded_at', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('due_before', models.DateTimeField()),
                    ('due_after', models.DateTimeField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Handover',
                fields=[
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('duty_id', models.UUIDField()),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('reason', models.TextField(default='', max_length=2000)),
                    ('pk', models.CompositePrimaryKey('unit_id', 'duty_id', 'recorded_at', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('from_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('from_post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('to_person', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('to_post', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Count',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('id', models.UUIDField()),
                    ('creditor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('kind', models.CharField(max_length=20)),
                    ('span', models.SmallIntegerField(choices=[(0, 'Day'), (1, 'Month'), (2, 'Year')])),
                    ('day', models.DateField()),
                    ('owed', models.IntegerField()),
                    ('on_time', models.IntegerField()),
                    ('late', models.IntegerField()),
                    ('missed', models.IntegerField()),
                    ('waived', models.IntegerField()),
                ],
                options={
                    'indexes': [models.Index(fields=['span', 'day', 'unit'], include=('creditor', 'kind', 'owed', 'on_time', 'late', 'missed', 'waived'), name='duties_of_a_span')],
                },
            ),
        ]),
    ]
