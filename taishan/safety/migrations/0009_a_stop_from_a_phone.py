"""A stop comes once however often its phone sends it, and says when it was said there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0008_stops_of_a_unit")]

    operations = [
        migrations.AddField(
            model_name="stopwork",
            name="key",
            field=models.UUIDField(
                help_text="what comes twice under it is one stop", null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="stopwork",
            name="said_at",
            field=models.DateTimeField(
                help_text="on a phone that had no network until later", null=True
            ),
        ),
    ]
