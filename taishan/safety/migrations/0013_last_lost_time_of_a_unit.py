"""The last lost-time incident of a unit is found without going through its months."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0012_hazards_of_the_group")]

    operations = [
        migrations.AddIndex(
            model_name="incidentsum",
            index=models.Index(
                condition=models.Q(("last_lost_on__isnull", False)),
                fields=["unit", "-last_lost_on"],
                name="last_lost_time_of_a_unit",
            ),
        ),
    ]
