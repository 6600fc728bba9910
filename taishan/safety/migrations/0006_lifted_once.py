"""The application may say once when a stop was lifted, and change nothing else of it."""

from django.conf import settings
from django.db import migrations, models


def permit(apps, schema_editor):
    role = schema_editor.quote_name(settings.DATABASES["default"]["USER"])
    schema_editor.execute(f"GRANT UPDATE (lifted_at) ON safety_stopwork TO {role}")


class Migration(migrations.Migration):
    dependencies = [("safety", "0005_lifted_at")]
    operations = [
        migrations.RunPython(permit, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="stopwork",
            index=models.Index(fields=["lifted_at"], name="stops_by_their_lifting"),
        ),
    ]
