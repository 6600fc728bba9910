"""The statements of the import and the export of people; see ``roster``."""

STAGE = """
DROP TABLE IF EXISTS pg_temp.roster_staging;
CREATE TEMP TABLE roster_staging (
  number int, staff_no text, name text, sort_name text, unit text, starts date, ends date,
  person_id bigint, unit_id bigint, membership_id bigint, old_valid daterange,
  is_new boolean, is_renamed boolean, is_wrong boolean NOT NULL DEFAULT false
) ON COMMIT DROP
"""

COPY = "COPY roster_staging (number, staff_no, name, sort_name, unit, starts, ends) FROM STDIN"

# A row means the membership on record of the same person and unit that begins on the same day;
# without a first day, the one that holds on the day of the import, or a new one from that day.
RESOLVE = """
UPDATE roster_staging s SET
  person_id = r.person_id, unit_id = r.unit_id, starts = r.starts,
  membership_id = r.membership_id, old_valid = r.valid,
  is_new = r.person_id IS NULL, is_renamed = r.person_id IS NOT NULL AND r.name <> s.name
FROM (
  SELECT DISTINCT ON (s.number) s.number, p.id AS person_id, p.name, u.id AS unit_id,
    m.id AS membership_id, m.valid, coalesce(s.starts, lower(m.valid), %(on)s::date) AS starts
  FROM roster_staging s
  LEFT JOIN organisation_person p ON p.staff_no = s.staff_no
  LEFT JOIN organisation_unit u ON u.code = s.unit
  LEFT JOIN organisation_membership m ON m.person_id = p.id AND m.unit_id = u.id
    AND CASE WHEN s.starts IS NULL THEN m.valid @> %(on)s::date ELSE lower(m.valid) = s.starts END
  ORDER BY s.number
) r WHERE r.number = s.number
"""

FIND_ERRORS = """
WITH periods AS (
  SELECT s.*, lag(s.unit) OVER w AS before, max(coalesce(s.ends, 'infinity')) OVER (
      PARTITION BY s.staff_no ORDER BY s.starts, s.number ROWS BETWEEN UNBOUNDED PRECEDING
      AND 1 PRECEDING) AS before_ends
  FROM roster_staging s
  WINDOW w AS (PARTITION BY s.staff_no ORDER BY s.starts, s.number)
), wrong AS (
  SELECT number, 'unknown_unit' AS kind, unit AS value, NULL AS other FROM roster_staging s
  WHERE NOT EXISTS (SELECT 1 FROM organisation_unitversion v
    WHERE v.unit_id = s.unit_id AND v.valid @> s.starts)
  UNION ALL
  SELECT number, 'period', ends::text, NULL FROM roster_staging WHERE ends <= starts
  UNION ALL
  SELECT number, 'twice', unit, before FROM periods WHERE starts < before_ends
  UNION ALL
  SELECT s.number, 'elsewhere', s.unit, u.code FROM roster_staging s
  JOIN organisation_membership m ON m.person_id = s.person_id
    AND m.valid && CASE WHEN s.ends <= s.starts THEN 'empty' ELSE daterange(s.starts, s.ends) END
    AND m.id IS DISTINCT FROM s.membership_id
  JOIN organisation_unit u ON u.id = m.unit_id
  WHERE m.id NOT IN (SELECT membership_id FROM roster_staging WHERE membership_id IS NOT NULL)
), marked AS (
  UPDATE roster_staging SET is_wrong = true WHERE number IN (SELECT number FROM wrong)
)
SELECT number, kind, value, other FROM wrong ORDER BY number
"""

# A person of whom one row is wrong is left alone altogether: half a history would be a false one.
DROP_WRONG = """
DELETE FROM roster_staging
WHERE staff_no IN (SELECT staff_no FROM roster_staging WHERE is_wrong)
"""

COUNT = """
SELECT count(DISTINCT staff_no) FILTER (WHERE is_new),
  count(*) FILTER (WHERE NOT is_new AND (is_renamed OR membership_id IS NULL)),
  count(*) FILTER (WHERE membership_id IS NOT NULL AND upper_inf(old_valid) AND ends IS NOT NULL),
  count(*) FILTER (WHERE membership_id IS NOT NULL AND NOT is_renamed
    AND upper(old_valid) IS NOT DISTINCT FROM ends)
FROM roster_staging
"""

CHANGES = (
    """
    INSERT INTO organisation_person (staff_no, name, sort_name)
    SELECT DISTINCT ON (staff_no) staff_no, name, sort_name FROM roster_staging
    WHERE is_new ORDER BY staff_no, starts DESC
    """,
    """
    UPDATE organisation_person p SET name = s.name, sort_name = s.sort_name
    FROM (SELECT DISTINCT ON (person_id) * FROM roster_staging
      WHERE person_id IS NOT NULL ORDER BY person_id, starts DESC) s
    WHERE p.id = s.person_id AND p.name <> s.name
    """,
    """
    UPDATE roster_staging s SET person_id = p.id FROM organisation_person p
    WHERE s.is_new AND p.staff_no = s.staff_no
    """,
    # Changed periods go before they come: one may grow into the days that another gives up.
    """
    DELETE FROM organisation_membership m USING roster_staging s
    WHERE m.id = s.membership_id AND upper(m.valid) IS DISTINCT FROM s.ends
    """,
    """
    INSERT INTO organisation_membership (person_id, unit_id, valid)
    SELECT person_id, unit_id, daterange(starts, ends) FROM roster_staging
    WHERE membership_id IS NULL OR upper(old_valid) IS DISTINCT FROM ends
    ORDER BY person_id, starts
    """,
)

# Within, all rows are planned for. A cursor is planned for its first tenth, which in a database
# that was never analysed means to go through all memberships again for each unit, for minutes.
EXPORT = """
WITH found AS MATERIALIZED (
  SELECT p.staff_no, p.name, u.code, lower(m.valid), upper(m.valid)
  FROM organisation_membership m
  JOIN organisation_person p ON p.id = m.person_id
  JOIN organisation_unit u ON u.id = m.unit_id
  WHERE m.valid @> %(on)s::date
    AND (%(units)s::int[] IS NULL OR m.unit_id = ANY(%(units)s))
  ORDER BY u.code, p.sort_name, p.staff_no
)
SELECT * FROM found
"""
