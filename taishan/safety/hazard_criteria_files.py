"""The format of a library of criteria for hazards, ``taishan-hazard-criteria/1``."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from taishan.core.hazards import Cause, Grade
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, LibraryInvalid, Source, Strict, Text, each_once

SHIPPED = Path(__file__).parent / "libraries" / "cn-hazard-criteria.yaml"
__all__ = ["Entry", "Library", "LibraryInvalid", "parse", "parse_shipped"]


class Entry(Strict):
    """A criterion, and the days on which it holds (half-open). Without a cause it fits any."""

    code: Code
    cause: Cause | None = None
    since: date
    until: date | None = None
    grade: Grade
    stops: bool = False
    words: Text
    source: Source

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.until is not None and self.until <= self.since:
            raise ValueError(_("it would end before its first day"))
        if self.stops and self.grade is not Grade.MAJOR:
            raise ValueError(_("only a major hazard stops work"))
        return self


class Library(Head):
    format: Literal["taishan-hazard-criteria/1"]
    criteria: Annotated[list[Entry], Field(min_length=1), AfterValidator(each_once)]


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)


def parse_shipped() -> Library:
    """Return the library that comes with Taishan."""
    return parse(SHIPPED.read_bytes(), SHIPPED.name)
