"""What is erased since consent was withdrawn: which withdrawals are done, which counters stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("privacy", "0002_only_added_to"), ("reporting", "0008_amendment")]
    operations = [
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("erased_at", models.DateTimeField()),
                ("reports", models.PositiveIntegerField()),
                ("consent", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="privacy.consent")),
            ],
        ),
        migrations.CreateModel(
            name="Frozen",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "form_id", "period", blank=True, editable=False, primary_key=True, serialize=False)),
                ("unit_id", models.IntegerField()),
                ("period", models.DateField()),
                ("form_id", models.SmallIntegerField()),
                ("reports", models.PositiveIntegerField()),
            ],
        ),
    ]
