"""The stops of one unit are found by the unit and their lifting, not among all of the group."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0007_rights")]
    operations = [
        migrations.AlterField(
            model_name="stopwork",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="stops",
                to="organisation.unit",
            ),
        ),
        migrations.AddIndex(
            model_name="stopwork",
            index=models.Index(fields=["unit", "lifted_at"], name="stops_of_unit_by_lifting"),
        ),
    ]
