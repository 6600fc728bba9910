"""The format of a country's days of rest, ``taishan-holidays/1``, checked line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Head, LibraryInvalid, Source, Strict

__all__ = ["Library", "LibraryInvalid", "parse"]
LONGEST = timedelta(days=31)
_Name = Annotated[str, Field(min_length=1, max_length=80)]


class Name(Strict):
    en: _Name
    zh: _Name


class Rest(Strict):
    """A holiday; both days belong to it."""

    name: Name
    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.first <= self.last < self.first + LONGEST:
            raise ValueError(_("A holiday ends on or after the day it begins, within a month."))
        return self


class Document(Strict):
    """What one document arranges."""

    issued: date
    source: Source
    rests: list[Rest] = []
    works: list[date] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a document says of a day; the name is of the holiday, empty for a worked day."""

    day: date
    works: bool
    name: tuple[str, str]
    source: Source


class Library(Head):
    format: Literal["taishan-holidays/1"]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    documents: Annotated[list[Document], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        issued = [one.issued for one in self.documents]
        if issued != sorted(issued):
            raise ValueError(_("The documents stand in the order in which they were issued."))
        return self

    def days(self) -> dict[date, Said]:
        """Return what holds of each day: what the last document says of it."""
        return {one.day: one for document in self.documents for one in _days(document)}


def _days(document: Document) -> Iterator[Said]:
    for rest in document.rests:
        name = rest.name.en, rest.name.zh
        for number in range((rest.last - rest.first).days + 1):
            day = rest.first + timedelta(days=number)
            yield Said(day=day, works=False, name=name, source=document.source)
    for day in document.works:
        yield Said(day=day, works=True, name=("", ""), source=document.source)


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)
