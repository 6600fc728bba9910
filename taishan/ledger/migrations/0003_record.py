"""Entries are written by a function of the database, which keeps its plan from one to the next: to be
read and planned anew takes the statement twice as long as to be run.

It runs with the rights of who calls it, and can do no more.
"""

from django.db import migrations

from taishan.ledger import leaves

RECORD = f"""
CREATE OR REPLACE FUNCTION ledger_record(
  verb text, actor_label text, account_id bigint, person_id bigint, post text, door text,
  happened_at timestamptz, recorded_at timestamptz,
  unit_ids bigint[], subject_kinds text[], subject_ids text[], data jsonb[]
) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  WITH e AS (
    INSERT INTO ledger_entry (unit_id, id, verb, subject_kind, subject_id, actor_label, account_id,
      person_id, post, door, happened_at, recorded_at, data)
    SELECT about.unit_id, uuidv7(), $1, about.kind, about.id, $2, $3, $4, $5, $6, $7, $8, about.data
    FROM unnest($9, $10, $11, $12) AS about (unit_id, kind, id, data)
    RETURNING *
  )
  INSERT INTO ledger_unsealed (unit_id, entry_id, recorded_at, digest)
  SELECT e.unit_id, e.id, e.recorded_at, {leaves.DIGEST} FROM e;
END
$$
"""  # noqa: S608 - of constants


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rights")]
    operations = [migrations.RunSQL(RECORD, "DROP FUNCTION ledger_record")]
