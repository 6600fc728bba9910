from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("resumption", "0004_evidence_file")]
    operations = [
        migrations.AddField(
            model_name="recordedverdict",
            name="stops",
            field=models.JSONField(default=list),
        )
    ]
