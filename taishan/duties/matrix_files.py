"""The format of a library of duty templates, ``taishan-duties/1``, checked line by line."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from taishan.core import duty_matrix
from taishan.core.duty_matrix import Act, Template, TemplateRefused
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, LibraryInvalid, Source, Strict, What, each_once
from taishan.organisation.models import PostKind

__all__ = ["Library", "LibraryInvalid", "parse"]
_KINDS = ", ".join(PostKind.values)


class Entry(Strict):
    """One template: what posts of some kinds owe from each day of a rule."""

    code: Code
    posts: Annotated[list[PostKind], Field(min_length=1)]
    what: What
    rule: Annotated[str, Field(max_length=200)]
    counted_from: date
    days: Annotated[int, Field(ge=1, le=3660)]
    due: time
    lapses_after_days: Annotated[int, Field(ge=0, le=3660)] | None = None
    evidence: bool = False
    done_by: Act | None = None
    source: Source

    @property
    def terms(self) -> Template:
        """The template as the core thinks of it."""
        return Template(
            rule=self.rule, counted_from=self.counted_from, days=self.days, due=self.due,
            lapses_after_days=self.lapses_after_days, needs_evidence=self.evidence,
            post_kinds=frozenset(kind.value for kind in self.posts), done_by=self.done_by,
        )  # fmt: skip

    @model_validator(mode="after")
    def _possible(self) -> Self:
        try:
            duty_matrix.refuse(self.terms)
        except TemplateRefused as refused:
            raise ValueError(why(refused)) from None
        return self


class Library(Head):
    format: Literal["taishan-duties/1"]
    templates: Annotated[list[Entry], AfterValidator(each_once)]


def why(refused: TemplateRefused) -> str:
    """Say why the core refuses a template."""
    return {
        "rule": _("This is no rule such as FREQ=WEEKLY;BYDAY=MO, or has no day from its first."),
        "hours": _("The rule names days; the hours are said apart."),
        "days": _("There must be time to do it in."),
        "posts": _("Name a kind of post at least: %s") % _KINDS,
    }[str(refused)]


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)
