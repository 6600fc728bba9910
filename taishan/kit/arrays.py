"""Arrays as parameters: thousands of ids in one, where ``__in`` would spell each of them, and whole
columns of rows to be stored, for ``unnest``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F, Lookup


class _AnyOf(Lookup):
    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", (*params, self.rhs)


def any_of(column: str, ids: Iterable[int]) -> Lookup:
    """Return a condition for ``filter``: the column is one of the ids.

    They are spelt as of the column's own type: of any other, PostgreSQL would look for each row's
    id through all of them, one after the other, where it could look it up in a table.
    """
    return _AnyOf(F(column), literal(ids))


def literal(values: Iterable[object]) -> str:
    """Return PostgreSQL's text of an array of numbers, days, instants, UUIDs or booleans.

    The driver would look at every value to find its type, which takes longer than storing it.
    """
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def literal_of_repeated(values: Sequence[object]) -> str:
    """Return the same for days or instants, which the rows of a batch share: each is spelt once."""
    spelt = {value: str(value) for value in set(values)}
    return "{" + ",".join([spelt[value] for value in values]) + "}"


NOTHING_HERE = -1


def literal_by_place(values: Mapping[int, int]) -> str:
    """Return PostgreSQL's text of an array in which each number stands at the place of its key.

    To look there takes half as long as to join thousands of rows. Where no key is, stands
    NOTHING_HERE: with a NULL in it, each look would count through the array.
    """
    places = [NOTHING_HERE] * (max(values, default=0) + 1)
    for place, value in values.items():
        places[place] = value
    return f"[0:{len(places) - 1}]={literal(places)}"


def literal_of_texts(values: Iterable[str]) -> str:
    """Return PostgreSQL's text of an array of texts, none of which holds NUL: it could not."""
    listed = list(values)
    quoted = "\x00".join(listed).replace("\\", "\\\\").replace('"', '\\"').replace("\x00", '","')
    return f'{{"{quoted}"}}' if listed else "{}"
