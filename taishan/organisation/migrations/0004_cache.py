"""A table for Django's cache: what one web process counts, such as guesses, the others must see."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("organisation", "0003_shifts")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE organisation_cache (
              cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
            );
            CREATE INDEX organisation_cache_expires ON organisation_cache (expires);
            """,
            "DROP TABLE organisation_cache",
        )
    ]
