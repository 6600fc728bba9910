"""Replaced answers may go too where the person has withdrawn their consent, and no others.

The function runs as the owner, who may delete; it looks itself whether the person's latest word is
a withdrawal, and from which day on, so that the application cannot make one up.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION reporting_erase_withdrawn(withdrawn bigint, units int[], periods date[])
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  WITH said AS (
    SELECT c.form_id, c.person_id, c.from_day FROM privacy_consent c
    WHERE c.id = withdrawn AND c.state = 'withdrawn' AND NOT EXISTS (
      SELECT FROM privacy_consent later
      WHERE later.form_id = c.form_id AND later.person_id = c.person_id AND later.id > c.id)
  ), gone AS (
    DELETE FROM reporting_earlier e
    USING said s, unnest(units, periods) AS at (unit_id, period)
    WHERE e.unit_id = at.unit_id AND e.form_id = s.form_id AND e.period = at.period
      AND e.subject_id = s.person_id AND e.period < s.from_day
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0009_withdrawn_answers")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION reporting_erase_withdrawn(bigint, int[], date[])"),
    ]
