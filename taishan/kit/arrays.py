"""Arrays as parameters: thousands of ids in one, where ``__in`` would spell each of them, and whole
columns of rows to be stored, for ``unnest``."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Lookup


class _AnyOf(Lookup):
    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", (*params, self.rhs)


def any_of(column: str, ids: Iterable[int]) -> Lookup:
    """Return a condition for ``filter``: the column is one of the ids."""
    return _AnyOf(F(column), list(ids))


def literal(values: Iterable[object]) -> str:
    """Return PostgreSQL's text of an array of numbers, days, instants, UUIDs, booleans or texts.

    The driver would look at every value to find its type, which takes longer than storing it.
    """
    return "{" + ",".join([_element(value) for value in values]) + "}"


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
