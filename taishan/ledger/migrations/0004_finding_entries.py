from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_tree'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['unit_id', 'recorded_at'], name='ledger_entry_unit'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['person_id', 'recorded_at'], name='ledger_entry_person'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(fields=['verb', 'recorded_at'], name='ledger_entry_verb'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(models.F('data__about__0'), models.F('data__about__1'), condition=models.Q(('data__has_key', 'about')), name='ledger_entry_about'),
        ),
    ]
