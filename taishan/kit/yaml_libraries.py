"""Libraries: YAML files of dated, sourced data, read by a model and explained by line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Protocol, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from taishan.kit import yaml_files
from taishan.kit.yaml_files import YamlInvalid

Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=60)]
_Words = Annotated[str, Field(min_length=1, max_length=2000)]
_Short = Annotated[str, Field(min_length=1, max_length=300)]


class Strict(BaseModel):
    """What a file says, and nothing that its format does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Text(Strict):
    """The same words in both languages."""

    en: _Words
    zh: _Words


class What(Strict):
    """What is asked for, in a line."""

    en: _Short
    zh: _Short


class Source(Text):
    """Where something stands written."""

    url: Annotated[str, Field(max_length=400, pattern=r"^(https?://\S+)?$")] = ""


class Head(Strict):
    """What each library says of itself; each format narrows ``format`` to its own."""

    format: str
    code: Code = Field(alias="library")
    title: Text
    note: Text | None = None


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Entries = TypeVar("Entries", bound=Iterable[_Coded])


def each_once(entries: Entries) -> Entries:
    """Return entries of which no two have the same code. Raises ValueError naming those."""
    codes = [entry.code for entry in entries]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise ValueError(_("each code once: %s") % ", ".join(twice))
    return entries


Library = TypeVar("Library", bound=BaseModel)


class LibraryInvalid(ValueError):
    """A file is no library of its format; the message names its lines."""


def parse(content: bytes, name: str, model: type[Library]) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    try:
        node, data = yaml_files.read(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise LibraryInvalid(f"{name}: {_('not YAML: %s') % error}") from None
    except YamlInvalid as invalid:
        lines = [f"{name}:{line}: {message}" for line, message in invalid.problems]
        raise LibraryInvalid("\n".join(lines)) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        lines = [
            f"{name}:{yaml_files.find_line(node, one['loc'])}: {_message(one)}"
            for one in error.errors()
        ]
        raise LibraryInvalid("\n".join(lines)) from None


def _message(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    return f"{where}: {error['msg']}" if where else str(error["msg"])
