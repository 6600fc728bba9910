"""What inspections of all units come to is kept beside what those of each come to."""

from django.db import migrations, models

FILL = """
INSERT INTO safety_inspectiongroupsum (form_id, month, code, part, inspections, failed_whole,
  passed, failed, excluded, passed_weight, counted_weight)
SELECT form_id, month, code, unit_id % 8, sum(inspections), sum(failed_whole), sum(passed),
  sum(failed), sum(excluded), sum(passed_weight), sum(counted_weight)
FROM safety_inspectionsum GROUP BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0010_checks_that_are_due")]

    operations = [
        migrations.CreateModel(
            name="InspectionGroupSum",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "form_id",
                        "month",
                        "code",
                        "part",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("form_id", models.BigIntegerField()),
                ("month", models.DateField(help_text="its first day")),
                ("code", models.CharField(max_length=60)),
                (
                    "part",
                    models.PositiveSmallIntegerField(help_text="the rest of the unit's number"),
                ),
                ("inspections", models.PositiveBigIntegerField()),
                (
                    "failed_whole",
                    models.PositiveBigIntegerField(help_text="of which a critical item failed"),
                ),
                ("passed", models.PositiveBigIntegerField()),
                ("failed", models.PositiveBigIntegerField()),
                ("excluded", models.PositiveBigIntegerField()),
                ("passed_weight", models.PositiveBigIntegerField()),
                ("counted_weight", models.PositiveBigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("code", "")),
                        fields=["month"],
                        name="group_sums_of_wholes",
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="inspectionsum", name="sums_of_items"),
    ]
