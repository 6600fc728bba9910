"""What the application's role may not do with a table: migrations take it from it, as the owner.

The role may read and write every table as it is created (``postgres.grant_application``); what
proves something is added to and never changed, whatever the application's code says.
"""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.db.migrations import RunSQL


def only_added(*tables: str) -> RunSQL:
    """Rows are added and read, nothing else."""
    return _run(f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(tables)} FROM {_role()}")


def never_deleted(*tables: str) -> RunSQL:
    """Rows are added, read and changed; none goes."""
    return _run(f"REVOKE DELETE, TRUNCATE ON {', '.join(tables)} FROM {_role()}")


def never_changed(*tables: str) -> RunSQL:
    """Rows are added, read and deleted; none is altered."""
    return _run(f"REVOKE UPDATE, TRUNCATE ON {', '.join(tables)} FROM {_role()}")


def only_updated(table: str, columns: str) -> RunSQL:
    """Rows are added and read, and of each these columns alone may change."""
    return _run(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {_role()};"
        f" GRANT UPDATE ({columns}) ON {table} TO {_role()}"
    )


def _run(statement: str) -> RunSQL:
    return RunSQL(statement, RunSQL.noop)


def _role() -> str:
    return connection.ops.quote_name(settings.DATABASES["default"]["USER"])
