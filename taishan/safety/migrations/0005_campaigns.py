"""Campaigns: phases, lists, returns and their sums."""

import django.db.models.deletion
from django.db import migrations, models

import taishan.core.campaigns
from taishan.kit import schema


class Migration(migrations.Migration):
    replaces = [
        ("safety", "0050_campaigns"),
    ]
    dependencies = [
        ("organisation", "0001_initial"),
        ("safety", "0004_inspections"),
    ]
    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Campaign',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='organisation.unit')),
                    ('goal_en', models.TextField(max_length=4000)),
                    ('goal_zh', models.TextField(max_length=4000)),
                    ('starts', models.DateField()),
                    ('ends', models.DateField()),
                    ('return_day', models.PositiveSmallIntegerField()),
                    ('stalled_after_days', models.PositiveSmallIntegerField()),
                    ('formula', models.CharField(max_length=20)),
                    ('template', models.CharField(default='', max_length=60)),
                    ('source', models.CharField(default='', max_length=400)),
                    ('source_url', models.CharField(default='', max_length=400)),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='a_campaign_has_days'), models.CheckConstraint(condition=models.Q(('return_day__gte', 1), ('return_day__lte', 28)), name='a_return_is_due_on_a_day_of_any_month')],
                },
            ),
            migrations.CreateModel(
                name='CampaignScope',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scope', to='safety.campaign')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'unit'), name='a_unit_is_in_scope_once')],
                },
            ),
            migrations.CreateModel(
                name='CampaignPhase',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phases', to='safety.campaign')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('starts', models.DateField()),
                    ('ends', models.DateField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='a_phase_has_its_number'), models.CheckConstraint(condition=models.Q(('starts__lt', models.F('ends'))), name='a_phase_has_days')],
                },
            ),
            migrations.CreateModel(
                name='CampaignMilestone',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('title_en', models.CharField(max_length=200)),
                    ('title_zh', models.CharField(max_length=200)),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('phase', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='safety.campaignphase')),
                    ('due_on', models.DateField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='MilestoneReached',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('milestone', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reached', to='safety.campaignmilestone')),
                    ('text', models.TextField(max_length=2000)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='CampaignTarget',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='safety.campaign')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('measure', models.CharField(choices=[(taishan.core.campaigns.Measure['PROBLEMS_FOUND'], 'problems found'), (taishan.core.campaigns.Measure['PROBLEMS_CLOSED'], 'problems put right'), (taishan.core.campaigns.Measure['MEASURES_MADE'], 'rules and measures made'), (taishan.core.campaigns.Measure['CLOSED_ON_TIME'], 'closed on time, percent'), (taishan.core.campaigns.Measure['RETURNS_ON_TIME'], 'returns on time, percent')], max_length=20)),
                    ('amount', models.PositiveIntegerField()),
                    ('by_day', models.DateField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'unit', 'measure', 'by_day'), name='a_target_is_set_once')],
                },
            ),
            migrations.CreateModel(
                name='CampaignEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='safety.campaign')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('of', models.CharField(choices=[('problems', 'problems and hazards'), ('measures', 'rules and measures')], max_length=10)),
                    ('number', models.PositiveIntegerField(help_text="within the unit's list, from 1")),
                    ('what', models.CharField(max_length=500)),
                    ('place', models.CharField(default='', max_length=200)),
                    ('how', models.CharField(default='', help_text='what is to be done', max_length=500)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                    ('hazard', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaign_entries', to='safety.hazard')),
                    ('due_on', models.DateField()),
                    ('due_at', models.DateTimeField()),
                    ('stand', models.CharField(choices=[(taishan.core.campaigns.Stand['OPEN'], 'to be done'), (taishan.core.campaigns.Stand['DONE'], 'to be verified'), (taishan.core.campaigns.Stand['CLOSED'], 'closed, verified'), (taishan.core.campaigns.Stand['WITHDRAWN'], 'withdrawn')], default=taishan.core.campaigns.Stand['OPEN'], max_length=10)),
                    ('done_at', models.DateTimeField(null=True)),
                    ('moved_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('stand', taishan.core.campaigns.Stand['OPEN'])), fields=['campaign', 'unit', 'due_at'], name='campaign_open_entries')],
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'unit', 'of', 'number'), name='a_line_has_its_number'), models.UniqueConstraint(fields=('campaign', 'hazard'), name='a_hazard_is_listed_once_in_a_campaign')],
                },
            ),
            migrations.CreateModel(
                name='CampaignAct',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='safety.campaignentry')),
                    ('number', models.PositiveSmallIntegerField()),
                    ('act', models.CharField(choices=[(taishan.core.campaigns.Act['DONE'], 'Done'), (taishan.core.campaigns.Act['RETURNED'], 'Returned'), (taishan.core.campaigns.Act['VERIFIED'], 'Verified and closed'), (taishan.core.campaigns.Act['WITHDRAWN'], 'Withdrawn')], max_length=10)),
                    ('text', models.TextField(max_length=2000)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('entry', 'number'), name='a_step_with_a_line_is_taken_once')],
                },
            ),
            migrations.CreateModel(
                name='CampaignActFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kept_as', models.CharField(max_length=32)),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=80)),
                    ('size_bytes', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='file', to='safety.campaignact')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='CampaignReturn',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='returns', to='safety.campaign')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('month', models.DateField(help_text='its first day')),
                    ('text', models.TextField(max_length=4000)),
                    ('problems', models.PositiveIntegerField()),
                    ('problems_closed', models.PositiveIntegerField()),
                    ('measures', models.PositiveIntegerField()),
                    ('measures_closed', models.PositiveIntegerField()),
                    ('is_on_time', models.BooleanField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'unit', 'month'), name='a_month_is_returned_once')],
                },
            ),
            migrations.CreateModel(
                name='CampaignSum',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('campaign', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='sums', to='safety.campaign')),
                    ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('problems', models.IntegerField()),
                    ('problems_waiting', models.IntegerField()),
                    ('problems_closed', models.IntegerField()),
                    ('problems_on_time', models.IntegerField()),
                    ('measures', models.IntegerField()),
                    ('measures_waiting', models.IntegerField()),
                    ('measures_closed', models.IntegerField()),
                    ('measures_on_time', models.IntegerField()),
                    ('returns_owed', models.IntegerField()),
                    ('returns_on_time', models.IntegerField()),
                    ('returns_late', models.IntegerField()),
                    ('moved_at', models.DateTimeField(null=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('campaign', 'unit'), name='a_unit_has_one_sum_in_a_campaign')],
                },
            ),
            migrations.CreateModel(
                name='CampaignClosing',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('recorded_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                    ('by_person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='closing', to='safety.campaign')),
                    ('text', models.TextField(max_length=20000)),
                    ('numbers', models.JSONField()),
                    ('sha256', models.CharField(max_length=64)),
                ],
                options={
                    'abstract': False,
                },
            ),
        ]),
    ]
