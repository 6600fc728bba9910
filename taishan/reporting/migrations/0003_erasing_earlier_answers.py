"""Replaced answers may go once their retention is over, and no others.

The function runs as the owner, who may delete; it looks at the retention itself, so that the
application can pass it no day of its own choosing.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION reporting_erase_earlier(erased_form bigint) RETURNS bigint
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


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_earlier_append_only")]
    operations = [
        migrations.RunSQL(CREATE, "DROP FUNCTION reporting_erase_earlier(bigint)"),
    ]
