"""PostgreSQL's ltree as a model field: a path of labels, asked for by what it descends from."""

from typing import Any

from django.db.models import CharField, Lookup


class PathField(CharField):  # type: ignore[type-arg]
    """A path such as ``1.5.23``; order and containment are the database's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 4000)
        super().__init__(*args, **kwargs)

    def db_type(self, connection: Any) -> str:
        return "ltree"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::ltree"


@PathField.register_lookup
class DescendsFrom(Lookup):
    """``path__descends_from="1.5"``: that node and everything below it."""

    lookup_name = "descends_from"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} <@ {right}::ltree", (*left_params, *right_params)


@PathField.register_lookup
class PassesThrough(Lookup):
    """``path__passes_through="5"``: the node 5 and everything below it, wherever it hangs."""

    lookup_name = "passes_through"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} ~ %s::lquery", (*left_params, f"*.{self.rhs}.*")
