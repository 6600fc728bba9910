"""Rows that may be there already, as what a phone sends twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def insert(rows: Sequence[Row], *, unless: str) -> list[Row]:
    """Store new rows but for those of which the unique field's value is there; return the stored.

    One statement, where get_or_create needs four for each. Of two at once the second waits for the
    first, and fails no more than one that comes later; of two that are given, the first is stored.
    """
    if not rows:
        return []
    meta: Any = type(rows[0])._meta  # noqa: SLF001 - Django's documented interface
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = [
        [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
        for row in rows
    ]
    places = ", ".join(_places(fields, values) for values in columns)
    quote, key = connection.ops.quote_name, meta.get_field(unless)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(meta.db_table)}"  # noqa: S608 - of names
            f" ({', '.join(quote(field.column) for field in fields)}) VALUES {places}"
            f" ON CONFLICT ({quote(key.column)}) DO NOTHING"
            f" RETURNING {quote(key.column)}, {quote(meta.pk.column)}",
            [value for values in columns for value in values],
        )
        stored = dict(cursor.fetchall())
    # What was given twice is taken from what is stored by the first.
    return [row for row in rows if _mark(row, stored.pop(getattr(row, key.attname), None))]


def _mark(row: Model, pk: Any) -> bool:
    """Give a row that is stored its number; tell whether it has one."""
    if pk is not None:
        row.pk, row._state.adding = pk, False  # noqa: SLF001 - as Django marks what it stored
    return pk is not None


def _places(fields: Sequence[Any], values: Sequence[Any]) -> str:
    return f"({', '.join(map(_place, fields, values))})"


def _place(field: Any, value: Any) -> str:
    has_own = hasattr(field, "get_placeholder")
    return field.get_placeholder(value, None, connection) if has_own else "%s"
