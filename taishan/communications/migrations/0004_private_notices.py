"""Notices that only who was told may know of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("communications", "0003_kept_files")]

    operations = [
        migrations.AddField(
            model_name="notice", name="is_private",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
