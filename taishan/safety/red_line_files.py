"""The format of a library of red lines, ``taishan-red-lines/1``, checked line by line."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from taishan.core.red_lines import LiftedBy
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, Source, Strict, What
from taishan.organisation.models import KindOfWork, UnitVersion
from taishan.safety.red_line_models import RedLine

_Name = Annotated[str, Field(min_length=1, max_length=40)]


class Lifter(Strict):
    """Who may lift it: a level, a unit's code, or a post's code; exactly one of them."""

    level: Literal["unit_above", "headquarters"] | None = None
    unit: _Name | None = None
    post: _Name | None = None

    @property
    def by(self) -> LiftedBy:
        if self.level:
            return LiftedBy(self.level)
        return LiftedBy.UNIT if self.unit else LiftedBy.POST

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.level, self.unit, self.post)) != 1:
            raise ValueError(_("Name who may lift it: level, unit or post, exactly one."))
        return self


class Entry(Strict):
    """One red line. ``holds_from`` and ``holds_until`` are the days of its source (half-open)."""

    code: Code
    what: What
    basis: RedLine.Basis
    source: Source
    unit_kinds: list[UnitVersion.Kind] = []
    kinds_of_work: list[str] = []
    lifted_by: Lifter
    holds_from: date
    holds_until: date | None = None

    @field_validator("kinds_of_work")
    @classmethod
    def _known(cls, kinds: list[str]) -> list[str]:
        unknown = sorted({*kinds} - {*KindOfWork.values})
        if unknown:
            named = {"kinds": ", ".join(unknown), "known": ", ".join(KindOfWork.values)}
            raise ValueError(_("no kind of work: %(kinds)s; there are %(known)s") % named)
        return kinds

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.holds_until is not None and self.holds_until <= self.holds_from:
            raise ValueError(_("It ends after it begins."))
        return self


class Library(Head):
    format: Literal["taishan-red-lines/1"]
    red_lines: list[Entry]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        """A code may come again for days after those of the one before."""
        for code in {entry.code for entry in self.red_lines}:
            same = sorted(
                (one for one in self.red_lines if one.code == code), key=lambda one: one.holds_from
            )
            for one, later in itertools.pairwise(same):
                if one.holds_until is None or later.holds_from < one.holds_until:
                    raise ValueError(_("one version of a code at a time: %s") % code)
        return self


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)
