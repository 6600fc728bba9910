"""Data files in YAML, checked against a schema and explained by line."""

from __future__ import annotations

from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

Schema = TypeVar("Schema", bound=BaseModel)


class YamlInvalid(ValueError):
    """A file is not what it should be; the message names its lines."""


def parse(content: bytes, name: str, schema: type[Schema]) -> Schema:
    """Return what a file says. Raises YamlInvalid with one line for each error."""
    try:
        text = content.decode("utf-8-sig")
        node, data = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise YamlInvalid(f"{name}: {_('not YAML: %s') % error}") from None
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        lines = [f"{name}:{_line(node, one['loc'])}: {_message(one)}" for one in error.errors()]
        raise YamlInvalid("\n".join(lines)) from None


def _message(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Return the line of a value, or of the nearest thing around it that the file has."""
    line = 1 if node is None else node.start_mark.line + 1
    for step in loc:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step] if step < len(node.value) else None
        if found is None:
            return line
        node, line = found, found.start_mark.line + 1
    return line
