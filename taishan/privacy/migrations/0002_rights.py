"""What was decided, said and looked at stays on record; looks go after their form's retention.

The function runs as the owner, who may delete; it looks at the retention itself, so that the
application can pass it no day of its own choosing.
"""

from django.db import migrations

from taishan.kit import rights

ERASE_LOOKS = """
CREATE OR REPLACE FUNCTION privacy_erase_looks(erased_form bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  WITH old AS (
    SELECT l.id FROM privacy_look l JOIN forms_form f ON f.id = l.form_id
    WHERE f.id = erased_form AND l.looked_at < current_date - f.retention_days - 1
  ), names AS (
    DELETE FROM privacy_seen WHERE look_id IN (SELECT id FROM old)
  ), gone AS (
    DELETE FROM privacy_look WHERE id IN (SELECT id FROM old) RETURNING 1
  )
  SELECT count(*) FROM gone
$$
"""


class Migration(migrations.Migration):
    dependencies = [("privacy", "0001_initial")]
    operations = [
        rights.only_added(
            "privacy_disclosurerule", "privacy_disclosureend", "privacy_look", "privacy_seen",
            "privacy_ground", "privacy_consent",
        ),
        migrations.RunSQL(ERASE_LOOKS, "DROP FUNCTION privacy_erase_looks(bigint)"),
    ]
