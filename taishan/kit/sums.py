"""Sums of records that are made of numbers, such as what became of the duties of each unit; and of
few sums that a table keeps, some added up and some taken away again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connection

from taishan.kit import arrays

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


Piece = tuple[int, str, str, Sequence[Any]]
"""1 to add or -1 to take away; of which table; of which rows, as a condition; its parameters."""


def add_up(
    of: str,
    measures: Sequence[str],
    pieces: Sequence[Piece],
    row_of: Mapping[int, int] | None = None,
) -> list[tuple[Any, ...]]:
    """Return for each value of the column, or the columns, ``of`` the measures, over all pieces.
    One query.

    With ``row_of`` they are added up by the row that it names for the value; what it names none
    for is left out.
    """
    if not pieces:
        return []
    union = " UNION ALL ".join(
        f"SELECT {of}, {', '.join(f'{_SIGNS[sign]}{name} AS {name}' for name in measures)} "  # noqa: S608 - of names
        f"FROM {table} WHERE {condition}"
        for sign, table, condition, _params in pieces
    )
    by, places = of, []
    if row_of is not None:
        by, places = f"(%s::int[])[{of}]", [arrays.literal_by_place(row_of)]
    added = ", ".join(f"sum({name})::bigint" for name in measures)
    keys = ", ".join(map(str, range(1, by.count(",") + 2)))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by}, {added} FROM ({union}) AS pieces GROUP BY {keys}",  # noqa: S608
            [*places, *(one for *_piece, params in pieces for one in params)],
        )
        found = cursor.fetchall()
    return found if row_of is None else [row for row in found if row[0] not in _NOWHERE]


_NOWHERE = (None, arrays.NOTHING_HERE)
_SIGNS = {1: "", -1: "-"}


def of_units(
    unit_ids: Collection[int], others: Collection[int], each: str, together: str
) -> list[tuple[int, str, Collection[int] | None]]:
    """Return which sums make up those of units: 1 or -1, the table, and of which units in it.

    ``each`` is a table of sums by unit; ``together`` one of sums of all units, which are not asked
    for by unit (None). Where the units are most of all there are, the ``others`` are taken away
    from these: at most half of the sums by unit are read, and none for a whole group.
    """
    if len(others) >= len(unit_ids):
        return [(1, each, unit_ids)]
    return [(1, together, None), *([(-1, each, others)] if others else [])]
