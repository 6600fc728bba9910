"""Numbers made of few sums that are kept: some are added up, some taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

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
