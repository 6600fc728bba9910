"""Data files in YAML, checked against a schema and explained by line."""

from __future__ import annotations

from typing import Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, ValidationError

from taishan.kit import yaml_lines

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
        lines = [
            f"{name}:{yaml_lines.find_line(node, one['loc'])}: {_message(one)}"
            for one in error.errors()
        ]
        raise YamlInvalid("\n".join(lines)) from None


def _message(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])
