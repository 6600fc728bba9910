import django.db.models.deletion
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('communications', '0001_initial'),
        ('organisation', '0001_initial'),
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Meeting',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='organisation.unit')),
                    ('kind', models.CharField(choices=[('thematic', 'thematic meeting'), ('group', 'meeting of the leadership group'), ('study', 'study session')], max_length=10)),
                    ('title_en', models.CharField(max_length=120)),
                    ('title_zh', models.CharField(max_length=120)),
                    ('starts_at', models.DateTimeField()),
                    ('place', models.CharField(max_length=200)),
                    ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('called_at', models.DateTimeField()),
                    ('called_by', models.CharField(max_length=200)),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-starts_at'], name='meetings_of_unit')],
                },
            ),
            migrations.CreateModel(
                name='Cancellation',
                fields=[
                    ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='cancelled', serialize=False, to='learning.meeting')),
                    ('reason', models.TextField(max_length=2000)),
                    ('at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='AgendaItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agenda', to='learning.meeting')),
                    ('number', models.PositiveIntegerField()),
                    ('text', models.CharField(max_length=300)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'number'), name='an_agenda_is_in_order')],
                },
            ),
            migrations.CreateModel(
                name='Invitation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='learning.meeting')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('person', None), ('post__isnull', False)), models.Q(('person__isnull', False), ('post', None)), _connector='OR'), name='a_person_or_a_post_is_invited'), models.UniqueConstraint(fields=('meeting', 'person', 'post'), name='somebody_is_invited_once', nulls_distinct=False)],
                },
            ),
            migrations.CreateModel(
                name='Presence',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='present', to='learning.meeting')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.person')),
                    ('at', models.DateTimeField()),
                    ('by_label', models.CharField(default='', max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'person'), name='somebody_comes_once')],
                },
            ),
            migrations.CreateModel(
                name='PresenceCorrection',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('presence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='learning.presence')),
                    ('came', models.BooleanField()),
                    ('reason', models.TextField(max_length=2000)),
                    ('at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                ],
            ),
            migrations.CreateModel(
                name='Material',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='learning.meeting')),
                    ('name', models.CharField(max_length=120)),
                    ('kind', models.CharField(max_length=100)),
                    ('kept_as', models.CharField(max_length=32)),
                    ('sha256', models.CharField(max_length=64)),
                    ('added_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Minutes',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='learning.meeting')),
                    ('number', models.PositiveIntegerField()),
                    ('text', models.TextField(max_length=20000)),
                    ('written_at', models.DateTimeField()),
                    ('written_by', models.CharField(max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'number'), name='minutes_are_written_once')],
                },
            ),
            migrations.CreateModel(
                name='MinutesConfirmation',
                fields=[
                    ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='confirmed', serialize=False, to='learning.meeting')),
                    ('minutes', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='learning.minutes')),
                    ('at', models.DateTimeField()),
                    ('sha256', models.CharField(help_text='of the text, in UTF-8', max_length=64)),
                ],
            ),
            migrations.CreateModel(
                name='Decision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('meeting', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='learning.meeting')),
                    ('number', models.PositiveIntegerField()),
                    ('what_en', models.CharField(max_length=300)),
                    ('what_zh', models.CharField(max_length=300)),
                    ('due_at', models.DateTimeField()),
                    ('directive', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communications.directive')),
                    ('decided_at', models.DateTimeField()),
                    ('by_label', models.CharField(max_length=200)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('meeting', 'number'), name='decisions_are_numbered')],
                },
            ),
        ]),
    ]
