"""The format of a library of grading methods, ``taishan-risk-methods/1``, checked line by line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from taishan.core import risk_points
from taishan.core.risk_points import Bound, Edge, Level, Method, MethodRefused
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, Source, Strict, Text, each_once

_Short = Annotated[str, Field(min_length=1, max_length=200)]
_Factor = Annotated[str, Field(pattern=r"^[A-Z]$")]
LEVELS = {level.word: level for level in Level}


class Score(Strict):
    """A score that may be given, and what it means."""

    value: Annotated[float, Field(gt=0)]
    en: _Short
    zh: _Short


class Factor(Strict):
    code: _Factor
    en: _Short
    zh: _Short
    scores: Annotated[list[Score], Field(min_length=2)]


class Starts(Strict):
    """From which value on a level holds, and to which side the very number belongs."""

    level: Literal["major", "larger", "general"]
    starts: float
    edges: Edge


class Entry(Strict):
    """One edition of a method."""

    code: Code
    title: Text
    source: Source
    note: Text | None = None
    holds_from: date
    factors: Annotated[list[Factor], Field(min_length=1)]
    levels: Annotated[list[Starts], Field(min_length=1)]

    @property
    def method(self) -> Method:
        """The method as the core thinks of it."""
        return as_method(
            {factor.code: [score.value for score in factor.scores] for factor in self.factors},
            [(one.level, one.starts, one.edges) for one in self.levels],
        )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        try:
            risk_points.refuse(self.method)
        except MethodRefused as refused:
            raise ValueError(
                {
                    "factors": _("Scores are greater than zero."),
                    "bounds": _("The worst level first, each from a lower value than the last."),
                }[str(refused)]
            ) from None
        return self


class Library(Head):
    format: Literal["taishan-risk-methods/1"]
    methods: Annotated[list[Entry], AfterValidator(each_once)]


def as_method(factors: dict[str, list[float]], levels: list[tuple[str, float, str]]) -> Method:
    """Return a method from what is kept of it."""
    return Method(
        factors={code: frozenset(values) for code, values in factors.items()},
        bounds=[
            Bound(level=LEVELS[level], starts=starts, edge=Edge(edge))
            for level, starts, edge in levels
        ],
    )


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)
