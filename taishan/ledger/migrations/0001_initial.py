import django.db.models.deletion
from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='Entry',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.BigIntegerField()),
                    ('id', models.UUIDField()),
                    ('verb', models.CharField(max_length=80)),
                    ('subject_kind', models.CharField(max_length=40)),
                    ('subject_id', models.CharField(max_length=200)),
                    ('actor_label', models.CharField(max_length=200)),
                    ('account_id', models.BigIntegerField(null=True)),
                    ('person_id', models.BigIntegerField(null=True)),
                    ('post', models.CharField(blank=True, max_length=120)),
                    ('door', models.CharField(max_length=10)),
                    ('happened_at', models.DateTimeField()),
                    ('recorded_at', models.DateTimeField()),
                    ('data', models.JSONField(default=dict)),
                ],
                options={
                    'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='ledger_entry_subject'), models.Index(fields=['recorded_at'], name='ledger_entry_recorded'), models.Index(fields=['unit_id', 'recorded_at'], name='ledger_entry_unit'), models.Index(fields=['person_id', 'recorded_at'], name='ledger_entry_person'), models.Index(fields=['verb', 'recorded_at'], name='ledger_entry_verb'), models.Index(models.F('data__about__0'), models.F('data__about__1'), condition=models.Q(('data__has_key', 'about')), name='ledger_entry_about')],
                },
            ),
            migrations.CreateModel(
                name='Unsealed',
                fields=[
                    ('pk', models.CompositePrimaryKey('unit_id', 'entry_id', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('unit_id', models.BigIntegerField()),
                    ('entry_id', models.UUIDField()),
                    ('recorded_at', models.DateTimeField()),
                    ('digest', models.BinaryField()),
                ],
            ),
            migrations.CreateModel(
                name='Leaf',
                fields=[
                    ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('unit_id', models.BigIntegerField()),
                    ('entry_id', models.UUIDField()),
                    ('hash', models.BinaryField()),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('unit_id', 'entry_id'), name='ledger_leaf_once')],
                },
            ),
            migrations.CreateModel(
                name='Node',
                fields=[
                    ('pk', models.CompositePrimaryKey('level', 'number', blank=True, editable=False, primary_key=True, serialize=False)),
                    ('level', models.SmallIntegerField()),
                    ('number', models.BigIntegerField()),
                    ('hash', models.BinaryField()),
                ],
            ),
            migrations.CreateModel(
                name='Seal',
                fields=[
                    ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                    ('root', models.BinaryField()),
                    ('sealed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='Publication',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('seal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='ledger.seal')),
                    ('channel', models.CharField(choices=[('file', 'file'), ('webhook', 'webhook')], max_length=10)),
                    ('published_at', models.DateTimeField()),
                ],
            ),
        ]),
    ]
