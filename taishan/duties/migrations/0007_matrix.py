import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0006_proof_files'),
        ('organisation', '0012_post_kind'),
    ]

    operations = [
        migrations.CreateModel(
            name='DutyTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('library', models.CharField(max_length=60)),
                ('valid', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('days__gt', 0)), name='a_template_gives_a_day_at_least')],
            },
        ),
        migrations.CreateModel(
            name='Reached',
            fields=[
                ('what', models.CharField(max_length=80, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='dutytemplate',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit'),
        ),
        migrations.AddConstraint(
            model_name='dutytemplate',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('unit', '='), ('code', '='), ('valid', '&&')], name='a_template_of_a_unit_is_one_thing_on_a_day'),
        ),
    ]
