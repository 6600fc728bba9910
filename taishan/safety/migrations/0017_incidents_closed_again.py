"""An incident that turned out grave after its closing is closed once more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("safety", "0016_incidents_by_a_filter")]

    operations = [
        migrations.AlterField(
            model_name="closing",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="closings",
                to="safety.incident",
            ),
        ),
    ]
