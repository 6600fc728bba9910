"""What kind an incident is may be put right, it comes in once, a telling may be waived, and lessons
say which units had nobody to be told."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from taishan.kit import rights

FILL = """
UPDATE safety_revision SET kind = incident.kind FROM safety_incident AS incident
WHERE incident.id = safety_revision.incident_id
"""
KINDS = [
    ("near_miss", "near miss"), ("first_aid", "first aid"), ("injury", "injury"),
    ("fatality", "fatality"), ("illness", "occupational illness"), ("fire", "fire"),
    ("environmental", "harm to the environment"), ("property", "damage to property"),
    ("epidemic", "epidemic at a site"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("safety", "0014_parts_charged_of_an_injured_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="incident",
            name="key",
            field=models.UUIDField(
                help_text="what comes twice under it is one incident", null=True, unique=True
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="kind",
            field=models.CharField(choices=KINDS, default="", max_length=20),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="lesson",
            name="unled",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
        ),
        migrations.CreateModel(
            name="TellingWaiver",
            fields=[
                ("id", models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    )),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(max_length=2000)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "telling",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="waiver",
                        to="safety.telling",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        rights.only_added("safety_tellingwaiver"),
        rights.only_updated(
            "safety_incident",
            "kind, deaths, serious, light, missing, loss_yuan, hospitalised, amputations, eyes_lost, grade, stage",
        ),
    ]  # fmt: skip
