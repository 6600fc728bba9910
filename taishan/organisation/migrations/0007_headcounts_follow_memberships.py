"""The database counts heads as memberships come, change and go, by whatever way; and from the start."""

from django.db import migrations

COUNTED = """
INSERT INTO organisation_headcountchange (unit_id, day, change)
SELECT unit_id, day, sum(number) FROM ({moves}) moved
GROUP BY unit_id, day HAVING sum(number) <> 0
"""
MOVES = """
SELECT unit_id, coalesce(lower(valid), '-infinity') AS day, {sign}1 AS number
FROM {rows} WHERE NOT isempty(valid)
UNION ALL
SELECT unit_id, upper(valid), -({sign}1) FROM {rows} WHERE NOT isempty(valid) AND NOT upper_inf(valid)
"""
GAINED = MOVES.format(sign="", rows="gained")
LOST = MOVES.format(sign="-", rows="lost")

NEW, OLD = "NEW TABLE AS gained", "OLD TABLE AS lost"
EVENTS = {
    "insert": (GAINED, NEW),
    "delete": (LOST, OLD),
    "update": (f"{GAINED} UNION ALL {LOST}", f"{NEW} {OLD}"),
}

CREATE = """
CREATE FUNCTION organisation_count_heads_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{counted};
RETURN NULL;
END $$;
CREATE TRIGGER headcounts_{event} AFTER {event} ON organisation_membership
REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION organisation_count_heads_{event}();
"""
DROP = """
DROP TRIGGER headcounts_{event} ON organisation_membership;
DROP FUNCTION organisation_count_heads_{event}();
"""


class Migration(migrations.Migration):
    dependencies = [("organisation", "0006_headcountchange")]
    operations = [
        *(
            migrations.RunSQL(
                CREATE.format(event=event, counted=COUNTED.format(moves=moves), tables=tables),
                DROP.format(event=event),
            )
            for event, (moves, tables) in EVENTS.items()
        ),
        migrations.RunSQL(
            COUNTED.format(moves=MOVES.format(sign="", rows="organisation_membership")),
            "DELETE FROM organisation_headcountchange",
        ),
    ]
