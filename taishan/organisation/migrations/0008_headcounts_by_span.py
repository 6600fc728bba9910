"""Changes of headcounts gain a span, and an index by it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisation", "0007_headcounts_follow_memberships")]
    operations = [
        migrations.AddField(
            "headcountchange",
            "span",
            models.SmallIntegerField(
                choices=[(0, "Day"), (1, "Month"), (2, "Year"), (3, "All")], default=0
            ),
            preserve_default=False,
        ),
        migrations.RemoveIndex("headcountchange", "headcount_of_a_unit"),
        migrations.AddIndex(
            "headcountchange",
            models.Index(
                fields=["span", "day", "unit"], include=["change"], name="headcount_of_a_span"
            ),
        ),
    ]
