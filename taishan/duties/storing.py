"""Putting many duties down at once: one statement, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from taishan.duties.models import Duty


def insert(rows: Sequence[Duty]) -> list[Duty]:
    """Store duties but for those that are owed already; return those stored."""
    # Composite keys have no column; a cast to varchar(n) would cut off in silence what is too long.
    fields = [field for field in Duty._meta.concrete_fields if field.column]  # noqa: SLF001
    columns = ", ".join(str(field.column) for field in fields)
    types = [str(field.db_type(connection)) for field in fields]
    arrays = ", ".join(f"%s::{'text' if kind.startswith('varchar') else kind}[]" for kind in types)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO duties_duty ({columns}) SELECT * FROM unnest({arrays}) "  # noqa: S608
            "ON CONFLICT DO NOTHING RETURNING id",
            [[getattr(row, field.attname) for row in rows] for field in fields],
        )
        stored = {pk for (pk,) in cursor.fetchall()}
    return [row for row in rows if row.id in stored]


def end(rows: Sequence[Duty]) -> None:
    """Store how duties ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE duties_duty d SET ended = m.ended, ended_at = m.ended_at "
            "FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::timestamptz[]) "
            "AS m (unit_id, id, ended, ended_at) WHERE (d.unit_id, d.id) = (m.unit_id, m.id)",
            [
                [row.unit_id for row in rows],
                [row.id for row in rows],
                [str(row.ended) for row in rows],
                [row.ended_at for row in rows],
            ],
        )


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """Return the day on which what falls due at the instant counts.

    What is due at midnight is owed by the end of the day before.
    """
    local = instant.astimezone(zone)
    return (local if local.time() != MIDNIGHT else local - datetime.resolution).date()


MIDNIGHT = datetime.min.time()
