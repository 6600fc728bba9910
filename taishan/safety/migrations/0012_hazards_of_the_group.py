"""How many hazards of all units were found and closed is kept beside how many of each."""

from django.db import migrations, models

FILL = """
INSERT INTO safety_hazardgroupcount (id, cause, grade, span, day, found, closed, late)
SELECT gen_random_uuid(), cause, grade, span, day, sum(found), sum(closed), sum(late)
FROM safety_hazardcount GROUP BY cause, grade, span, day
"""


class Migration(migrations.Migration):
    dependencies = [("safety", "0011_inspections_of_the_group")]

    operations = [
        migrations.CreateModel(
            name="HazardGroupCount",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("cause", models.CharField(max_length=40)),
                ("grade", models.CharField(max_length=10)),
                ("span", models.SmallIntegerField(choices=[(1, "Month"), (2, "Year")])),
                ("day", models.DateField()),
                ("found", models.IntegerField()),
                ("closed", models.IntegerField()),
                ("late", models.IntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["span", "day", "cause", "grade"], name="hazards_of_all_in_a_span"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
