"""Kept files in the columns of all others; of those kept so far nobody wrote down the size."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communications", "0002_rights")]

    operations = [
        migrations.AlterField(
            model_name="directivefile", name="kind", field=models.CharField(max_length=80)
        ),
        migrations.AddField(
            model_name="directivefile", name="size_bytes", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AlterField(
            model_name="confirmationfile", name="kind", field=models.CharField(max_length=80)
        ),
        migrations.AddField(
            model_name="confirmationfile", name="size_bytes", field=models.PositiveIntegerField(null=True)
        ),
    ]
