from django.db import migrations, models

from taishan.kit import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        schema.CreateModels([
            migrations.CreateModel(
                name='AskedFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('account_id', models.BigIntegerField()),
                    ('asked_by', models.CharField(max_length=200)),
                    ('asked_at', models.DateTimeField()),
                    ('kind', models.CharField(max_length=40)),
                    ('asked', models.JSONField()),
                    ('name', models.CharField(max_length=120)),
                    ('language', models.CharField(max_length=10)),
                    ('begun_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('rows_done', models.PositiveIntegerField(default=0)),
                    ('rows_total', models.PositiveIntegerField(default=0, help_text='0 until they were counted')),
                    ('kept_as', models.CharField(default='', max_length=32)),
                    ('size_bytes', models.PositiveBigIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(fields=['account_id', '-asked_at'], name='files_of_an_account')],
                },
            ),
        ]),
    ]
