"""The group and its cast for a test: founded by the actions once in each process, and from then on
written as the rows that these wrote, in a tenth of the time."""

from __future__ import annotations

from django.db import connection

from taishan.organisation.models import Account
from tests import people

WRITTEN_BY_TRIGGERS = {"organisation_headcountchange", "procrastinate_events"}
INSERT = "INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)"

_rows: dict[str, str] = {}
_accounts: dict[str, int] = {}


def found_group() -> dict[str, Account]:
    """Return the accounts of the cast by role, in a group as ``people.found_group`` founds it."""
    if not _rows:
        before = _read_all()
        _accounts.update({role: one.pk for role, one in people.found_group().items()})
        new = {table: rows - before[table] for table, rows in _read_all().items()}
        _rows.update({table: f"[{','.join(rows)}]" for table, rows in new.items() if rows})
    else:
        with connection.cursor() as cursor:
            for table, rows in _rows.items():
                cursor.execute(INSERT.format(table=table), [rows])
    found = Account.objects.select_related("person").in_bulk(_accounts.values())
    return {role: found[pk] for role, pk in _accounts.items()}


def _read_all() -> dict[str, set[str]]:
    """Return the rows, as JSON, of every table that is written by statements."""
    found = {}
    with connection.cursor() as cursor:
        for table in set(connection.introspection.table_names()) - WRITTEN_BY_TRIGGERS:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")  # noqa: S608 - of the catalog
            found[table] = {row for (row,) in cursor.fetchall()}
    return found
