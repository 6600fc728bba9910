"""Shipped templates from which a campaign is opened, ``taishan-campaign/1``, checked by line.

A template only fills the form in; who opens the campaign may change any of it.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from taishan.core import campaigns as core
from taishan.core.campaigns import Phase
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Strict
from taishan.organisation.models import is_chinese

FOLDER = Path(__file__).parent / "libraries" / "campaigns"


class Text(yaml_libraries.Text):
    def __str__(self) -> str:
        return self.zh if is_chinese() else self.en


class Title(Text):
    en: Annotated[str, Field(min_length=1, max_length=200)]
    zh: Annotated[str, Field(min_length=1, max_length=200)]


class Source(Text):
    url: Annotated[str, Field(max_length=400, pattern=r"^https?://\S+$")]


class PhaseOfTemplate(Strict):
    """A phase from a day to its ``last`` day, and what is to be reached by then."""

    title: Title
    starts: date
    last: date
    milestones: list[Title] = []


class Template(Strict):
    format: Literal["taishan-campaign/1"]
    code: Code = Field(alias="template")
    title: Title
    goal: Text
    source: Source
    phases: Annotated[list[PhaseOfTemplate], Field(min_length=1)]

    @model_validator(mode="after")
    def _follow(self) -> Self:
        spans = [Phase(starts=one.starts, ends=one.last + core.DAY) for one in self.phases]
        if not core.phases_fit(spans):
            raise ValueError(
                _("Phases follow each other without gap or overlap, each of a day at least.")
            )
        return self


@cache
def find_all() -> dict[str, Template]:
    """Return the shipped templates by code. Raises yaml_libraries.LibraryInvalid."""
    files = sorted(FOLDER.glob("*.yaml"))
    found = [yaml_libraries.parse(file.read_bytes(), file.name, Template) for file in files]
    return {one.code: one for one in found}
