"""Situation reports are added and read, never changed."""

from django.db import migrations

from taishan.kit import rights


class Migration(migrations.Migration):
    dependencies = [("situation", "0001_initial")]
    operations = [
        rights.only_added(
            "situation_situationreport", "situation_edition", "situation_step",
            "situation_publication",
        ),
    ]
