"""What few incidents have is found without walking past all others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0015_incidents_put_right")]

    operations = [
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["kind", "-occurred_at"], name="incidents_of_a_kind"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["country", "-occurred_at"], name="incidents_of_a_country"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("grade", ""), _negated=True),
                fields=["grade", "-occurred_at"],
                name="incidents_of_a_grade",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("stage", "closed"), _negated=True),
                fields=["stage", "-occurred_at"],
                name="incidents_of_a_stage",
            ),
        ),
    ]
