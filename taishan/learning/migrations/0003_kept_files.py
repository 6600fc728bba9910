"""Kept files in the columns of all others; of those kept so far nobody wrote down the size."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("learning", "0002_rights")]

    operations = [
        migrations.AlterField(
            model_name="material", name="kind", field=models.CharField(max_length=80)
        ),
        migrations.AddField(
            model_name="material", name="size_bytes", field=models.PositiveIntegerField(null=True)
        ),
    ]
