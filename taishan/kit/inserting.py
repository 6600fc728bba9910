"""Rows that may be there already, as what a phone sends twice."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model


def insert(row: Model, *, unless: str) -> bool:
    """Store a new row, unless there is one with the same value of a unique field; tell whether.

    One statement, where get_or_create needs four. Of two at once the second waits for the first,
    and fails no more than one that comes later.
    """
    meta: Any = row._meta  # noqa: SLF001 - Django's documented interface
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    places = [_place(field, value) for field, value in zip(fields, values, strict=True)]
    quote, key = connection.ops.quote_name, meta.get_field(unless).column
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)}"  # noqa: S608 - of names
            f" ({', '.join(quote(field.column) for field in fields)}) VALUES ({', '.join(places)})"
            f" ON CONFLICT ({quote(key)}) DO NOTHING RETURNING {quote(meta.pk.column)}",
            values,
        )
        stored = cursor.fetchone()
    if stored is None:
        return False
    (row.pk,), row._state.adding = stored, False  # noqa: SLF001 - as Django marks what it stored
    return True


def _place(field: Any, value: Any) -> str:
    has_own = hasattr(field, "get_placeholder")
    return field.get_placeholder(value, None, connection) if has_own else "%s"
