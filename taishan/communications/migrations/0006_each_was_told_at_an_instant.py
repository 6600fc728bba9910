"""Nobody is told at no time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communications", "0005_when_each_was_told")]
    operations = [migrations.AlterField("delivery", "told_at", models.DateTimeField())]
