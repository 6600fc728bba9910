"""Kept files in the columns of all others; of those kept so far nobody wrote down the size."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duties", "0005_holidays")]

    operations = [
        migrations.AlterField(
            model_name="prooffile", name="kind", field=models.CharField(max_length=80)
        ),
        migrations.AddField(
            model_name="prooffile", name="size_bytes", field=models.PositiveIntegerField(null=True)
        ),
    ]
