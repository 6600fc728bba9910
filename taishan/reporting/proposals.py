"""Storing what came for a closed period, as a correction that waits for the unit's officer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from taishan.reporting import storage
from taishan.reporting.storage import COLUMNS, Key, Row


def propose(rows: Sequence[Row]) -> list[bool]:
    """Store corrections, each key once; return in order whether each is new.

    What came before under the same number is no correction, nor are the answers in force where the
    same sender gave them: a phone repeats what it sent before the period closed. Anybody else's
    are one even if they are equal: who may not read the answers must not find them by trying.
    """
    if not rows:
        return []
    with connection.cursor() as cursor:
        arrays, columns = storage.given(rows, _COLUMNS)
        cursor.execute(PROPOSE.format(arrays=arrays), columns)
        new: set[Key] = set(cursor.fetchall())
    return [row.key in new for row in rows]


_COLUMNS = {name: kind for name, kind in COLUMNS.items() if name not in ("door", "is_late")}
_NAMES = ", ".join(_COLUMNS)

PROPOSE = f"""
INSERT INTO reporting_correction ({_NAMES})
SELECT {_NAMES} FROM unnest({{arrays}}) AS given ({_NAMES})
WHERE NOT EXISTS (
    SELECT FROM reporting_report r
    WHERE r.unit_id = given.unit_id AND r.form_id = given.form_id AND r.period = given.period
      AND r.subject_id = given.subject_id
      AND (r.client = given.client
        OR (r.answers = given.answers AND r.version = given.version
          AND r.account_id IS NOT DISTINCT FROM given.account_id)))
  AND NOT EXISTS (
    SELECT FROM reporting_earlier e
    WHERE e.unit_id = given.unit_id AND e.form_id = given.form_id AND e.period = given.period
      AND e.subject_id = given.subject_id AND e.client = given.client)
ORDER BY unit_id, form_id, period, subject_id
ON CONFLICT (unit_id, form_id, period, subject_id, client) DO NOTHING
RETURNING unit_id, form_id, period, subject_id
"""  # noqa: S608 - of names written above
