"""Days of rest and worked weekends of countries."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duties', '0004_look_at_what_was_waived'),
    ]

    operations = [
        migrations.CreateModel(
            name='HolidayDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(help_text='ISO 3166-1', max_length=2)),
                ('day', models.DateField()),
                ('works', models.BooleanField()),
                ('name_en', models.CharField(max_length=80)),
                ('name_zh', models.CharField(max_length=80)),
                ('source_en', models.TextField()),
                ('source_zh', models.TextField()),
                ('source_url', models.CharField(max_length=400)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('country', 'day'), name='a_country_says_of_a_day_once')],
            },
        ),
    ]
