from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0061_count_the_hazards_there_are")]

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
