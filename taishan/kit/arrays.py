"""Thousands of ids in one parameter: an array, where ``__in`` would spell each of them."""

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
