import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0013_language_of_an_account'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('safety', '0002_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='Hazard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(help_text='given by the phone: sent twice is reported once', unique=True)),
                ('area', models.CharField(default='', max_length=200)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('text', models.TextField(max_length=4000)),
                ('looks', models.SmallIntegerField(choices=[(1, 'somebody could be hurt a little'), (2, 'somebody could be badly hurt'), (3, 'danger to life now')])),
                ('found_at', models.DateTimeField()),
                ('found_on', models.DateField(help_text="the unit's own day of found_at")),
                ('receipt', models.CharField(max_length=64, null=True, unique=True)),
                ('origin_kind', models.CharField(default='report', max_length=40)),
                ('origin_id', models.CharField(default='', max_length=200)),
                ('state', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10)),
                ('grade', models.CharField(choices=[('general', 'general'), ('major', 'major')], max_length=10, null=True)),
                ('cause', models.CharField(default='', help_text='a cause of the criteria library', max_length=40)),
                ('criterion', models.CharField(default='', max_length=60)),
                ('measures', models.TextField(default='', max_length=4000)),
                ('money_cny', models.DecimalField(decimal_places=2, max_digits=14, null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('contingency', models.TextField(default='', max_length=4000)),
                ('ended_at', models.DateTimeField(null=True)),
                ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('lister', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('merged_into', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='safety.hazard')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.post')),
                ('reporter', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='organisation.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', '-found_at'], name='hazard_of_unit'), models.Index(condition=models.Q(('ended_at', None)), fields=['unit', 'state', 'due_at'], name='hazard_open'), models.Index(condition=models.Q(('ended_at', None), ('grade', 'major')), fields=['lister'], name='hazard_major_open'), models.Index(fields=['origin_kind', 'origin_id'], name='hazard_of_origin'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='hazard_words')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reporter', None), ('receipt', None), _connector='OR'), name='anonymous_leaves_no_trace'), models.CheckConstraint(condition=models.Q(('state__in', ['found', 'dismissed', 'merged']), models.Q(('grade__isnull', False), ('lister__isnull', False)), _connector='OR'), name='a_hazard_is_graded_before_it_goes_on'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('assigned', 'rectifying', 'submitted', 'verified', 'closed')), _negated=True), models.Q(('due_at__isnull', False), ('money_cny__gte', 0), ('post__isnull', False), models.Q(('measures', ''), _negated=True), models.Q(('contingency', ''), _negated=True)), _connector='OR'), name='an_assignment_has_its_five_parts'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('state__in', ['closed', 'dismissed', 'merged'])), models.Q(models.Q(('state__in', ['closed', 'dismissed', 'merged']), _negated=True), ('ended_at', None)), _connector='OR'), name='an_ended_hazard_has_its_instant'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into', None)), _connector='OR'), name='a_merged_hazard_goes_on_in_another')],
            },
        ),
        migrations.CreateModel(
            name='HazardAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('act', models.CharField(choices=[('find', 'find'), ('grade', 'grade'), ('dismiss', 'dismiss'), ('merge', 'merge'), ('assign', 'assign'), ('accept', 'accept'), ('extend', 'extend'), ('submit', 'submit'), ('verify', 'verify'), ('return', 'return'), ('close', 'close')], max_length=10)),
                ('before', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10, null=True)),
                ('after', models.CharField(choices=[('found', 'found'), ('graded', 'graded'), ('assigned', 'assigned'), ('rectifying', 'rectifying'), ('submitted', 'submitted'), ('verified', 'verified'), ('closed', 'closed'), ('dismissed', 'dismissed'), ('merged', 'merged')], max_length=10)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField(default='', max_length=4000)),
                ('data', models.JSONField(default=dict)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('hazard', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='safety.hazard')),
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
    ]
