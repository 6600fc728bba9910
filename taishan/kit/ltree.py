"""PostgreSQL's ltree as a model field: a path of labels, with ``descends_from``."""

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
