from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reporting", "0007_follow_up_rules_append_only")]
    operations = [
        migrations.CreateModel(
            name="Amendment",
            fields=[
                ("pk", models.CompositePrimaryKey("unit_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("id", models.UUIDField()),
                ("unit_id", models.IntegerField()),
                ("period", models.DateField()),
                ("form_id", models.SmallIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["form_id", "period"], name="amendment_of_a_period")
                ],
            },
        ),
    ]
