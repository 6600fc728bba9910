"""What a notice asks of whom, and what became of each telling."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communications', '0002_notices_append_only'),
        ('organisation', '0013_language_of_an_account'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery',
            name='confirmed_by',
            field=models.CharField(default='', max_length=10),
        ),
        migrations.AddField(
            model_name='delivery',
            name='opened_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='opened_by',
            field=models.CharField(default='', max_length=10),
        ),
        migrations.AddField(
            model_name='delivery',
            name='reminded_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='told_at',
            field=models.DateTimeField(null=True),
        ),
    ]
