import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0013_language_of_an_account'),
        ('safety', '0051_campaigns_append_only'),
    ]

    operations = [
        migrations.CreateModel(
            name='HazardCount',
            fields=[
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
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
                ('hazard_id', models.BigIntegerField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='hazard',
            name='hazard_open',
        ),
        migrations.AddField(
            model_name='hazard',
            name='ended_on',
            field=models.DateField(help_text="the unit's own day of ended_at", null=True),
        ),
        migrations.AddField(
            model_name='hazard',
            name='put_right_at',
            field=models.DateTimeField(help_text='when it was handed in last', null=True),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(fields=['-found_at', '-id'], name='hazard_latest'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['-found_at', '-id'], name='hazard_latest_open'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['unit', 'state', 'due_at'], include=('grade', 'cause', 'found_at'), name='hazard_open'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['ended_on'], name='hazard_closed'),
        ),
        migrations.AddIndex(
            model_name='hazard',
            index=models.Index(condition=models.Q(models.Q(('cause', ''), _negated=True), models.Q(('area', ''), _negated=True)), fields=['found_on'], include=('unit', 'cause', 'area', 'state'), name='hazard_repeated'),
        ),
        migrations.AddField(
            model_name='hazardthumbnail',
            name='photo',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='thumbnail', to='safety.hazardphoto'),
        ),
        migrations.AddIndex(
            model_name='hazardthumbnail',
            index=models.Index(fields=['hazard_id', 'photo'], name='thumbnails_of_a_hazard'),
        ),
    ]
