"""Sums of records that are made of numbers, such as what became of the duties of each unit; and of
few sums that a table keeps, some added up and some taken away again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)
else:
    Record = TypeVar("Record")


def total(records: Iterable[Record], nothing: Record) -> Record:
    """Return the sum of records, field by field; ``nothing``, all zeros, is the sum of none.

    One new record, whatever their number: thousands of units are added up for a page.
    """
    names = [one.name for one in fields(nothing)]
    columns = zip(*map(attrgetter(*names), records), strict=True)
    return replace(nothing, **dict(zip(names, map(sum, columns), strict=False)))


Piece = tuple[int, str, Sequence[Any]]
"""1 to add or -1 to take away; of which rows, as a condition; its parameters."""


def add_up(
    table: str, of: str, measures: Sequence[str], pieces: Sequence[Piece]
) -> list[tuple[Any, ...]]:
    """Return for each value of the column ``of`` the measures, over all pieces. One query."""
    if not pieces:
        return []
    union = " UNION ALL ".join(
        f"SELECT {of}, {', '.join(f'{sign} * sum({name}) AS {name}' for name in measures)} "  # noqa: S608 - of names and numbers
        f"FROM {table} WHERE {condition} GROUP BY {of}"
        for sign, condition, _params in pieces
    )
    sums = ", ".join(f"sum({name})::int" for name in measures)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {of}, {sums} FROM ({union}) AS pieces GROUP BY {of}",  # noqa: S608
            [one for _sign, _condition, params in pieces for one in params],
        )
        return list(cursor.fetchall())
