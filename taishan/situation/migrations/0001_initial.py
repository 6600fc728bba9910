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
                name='SituationReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='situation_reports', to='organisation.unit')),
                    ('day', models.DateField()),
                    ('for_outside', models.BooleanField()),
                    ('corrects', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='situation.situationreport')),
                    ('drafted_at', models.DateTimeField()),
                ],
                options={
                    'indexes': [models.Index(fields=['unit', '-day'], name='situation_series')],
                },
            ),
            migrations.CreateModel(
                name='Edition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='situation.situationreport')),
                    ('number', models.PositiveIntegerField()),
                    ('as_of', models.DateTimeField()),
                    ('numbers', models.JSONField()),
                    ('epidemic', models.TextField(default='')),
                    ('resumption', models.TextField(default='')),
                    ('supplies', models.TextField(default='')),
                    ('difficulties', models.TextField(default='')),
                    ('next_steps', models.TextField(default='')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('written_at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='an_edition_is_written_once')],
                },
            ),
            migrations.CreateModel(
                name='Step',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='situation.situationreport')),
                    ('number', models.PositiveIntegerField()),
                    ('kind', models.CharField(choices=[('submitted', 'submitted for review'), ('returned', 'returned'), ('reviewed', 'reviewed')], max_length=10)),
                    ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='situation.edition')),
                    ('reason', models.TextField(default='')),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('report', 'number'), name='a_step_is_taken_once')],
                },
            ),
            migrations.CreateModel(
                name='Publication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('report', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='publication', to='situation.situationreport')),
                    ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='situation.edition')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                    ('year', models.PositiveIntegerField()),
                    ('number', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit', 'year', 'number'), name='a_number_of_a_series_is_given_once')],
                },
            ),
        ]),
    ]
