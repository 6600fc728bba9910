"""What the libraries of dated, sourced data have in common; ``yaml_files`` reads them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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
