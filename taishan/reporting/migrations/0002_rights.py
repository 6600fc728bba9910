"""What was replaced, and what a unit asked, is added and read; replaced answers go once their
retention is over, or where the person has withdrawn their consent, and no others.

The functions run as the owner, who may delete. They look themselves at the retention, and whether the
person's latest word is a withdrawal and from which day on: the application can make neither up.
"""

from django.db import migrations

from taishan.kit import rights

ERASE_EARLIER = """
CREATE OR REPLACE FUNCTION reporting_erase_earlier(erased_form bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  WITH gone AS (
    DELETE FROM reporting_earlier e
    USING forms_form f
    WHERE f.id = erased_form AND e.form_id = f.id
      AND e.period < (SELECT max(until) FROM reporting_erasure WHERE form_id = f.id)
      AND e.period < current_date - f.retention_days
    RETURNING 1
  )
  SELECT count(*) FROM gone
$$
"""
ERASE_WITHDRAWN = """
CREATE OR REPLACE FUNCTION reporting_erase_withdrawn(withdrawn bigint, units int[], periods date[])
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
    dependencies = [("reporting", "0001_initial")]
    operations = [
        rights.only_added("reporting_earlier", "reporting_followuprule"),
        migrations.RunSQL(ERASE_EARLIER, "DROP FUNCTION reporting_erase_earlier(bigint)"),
        migrations.RunSQL(
            ERASE_WITHDRAWN, "DROP FUNCTION reporting_erase_withdrawn(bigint, int[], date[])"
        ),
    ]
