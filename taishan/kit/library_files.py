"""Libraries: YAML files of dated, sourced data, read by a model and explained by line."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import yaml
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]


class Strict(BaseModel):
    """What a file says, and nothing that its format does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Strict):
    """The same words in both languages."""

    en: _Words
    zh: _Words


class Source(Text):
    """Where something stands written."""

    url: Annotated[str, Field(max_length=400, pattern=r"^(https?://\S+)?$")] = ""


Library = TypeVar("Library", bound=BaseModel)


class LibraryInvalid(ValueError):
    """A file is no library of its format; the message names its lines."""


def parse(content: bytes, name: str, model: type[Library]) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    try:
        text = content.decode("utf-8-sig")
        node, data = yaml.compose(text, Loader=yaml.SafeLoader), yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise LibraryInvalid(f"{name}: {_('not YAML: %s') % error}") from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [f"{name}:{_line(node, one['loc'])}: {_message(one)}" for one in error.errors()]
        raise LibraryInvalid("\n".join(lines)) from None


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
