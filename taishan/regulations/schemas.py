"""The library format, ``taishan-library/1``: one YAML file of regulations, checked line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self

import yaml
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from taishan.core.clauses import UnclearRegulation, days_touched
from taishan.kit import yaml_files
from taishan.kit.yaml_files import YamlInvalid
from taishan.regulations import problems
from taishan.regulations.problems import Problem
from taishan.regulations.requirement_schemas import Code, Require, Strict, Word

MAX_BYTES = 5_000_000
MAX_TEXT = 20_000
"""Characters; a cell of a workbook holds 32,767."""

Words = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class Text(Strict):
    """The same words in both languages."""

    en: Words
    zh: Words


def _instant(value: Any) -> Any:
    """Read a day, or a local instant; ``24:00`` is the first instant of the next day."""
    if isinstance(value, str) and (
        match := re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ]24:00(:00)?", value)
    ):
        return datetime.combine(date.fromisoformat(match[1]), time(0)) + timedelta(days=1)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time(0))
    return value


Instant = Annotated[datetime, BeforeValidator(_instant)]
Level = Literal["low", "medium", "high"]
Kind = Literal[
    "ORD", "UTIL", "TRANSIT", "ENV", "MUNI", "EPI", "LIFE", "MARKET", "LOGI", "PROP", "KEYPROJ",
    "NATECON", "HKMO", "URGENT",
]  # fmt: skip


class Covers(Strict):
    kinds: list[Kind] = []
    risk_levels: list[Level] = []
    over_headcount: int | None = None
    facilities: list[Word] = []


class Exempts(Strict):
    kinds: list[Kind] = []
    risk_levels: list[Level] = []


class ClauseEntry(Strict):
    """One provision. ``from`` defaults to the issue, ``until`` (exclusive) to an open end."""

    id: Word
    article: str = ""
    place: str | None = None
    except_places: list[str] = Field(
        [], description="places within the clause's own that it does not reach"
    )
    starts: Instant | None = Field(None, alias="from")
    until: Instant | None = None
    covers: Covers = Covers()
    exempts: Exempts = Exempts()
    bound: Literal["floor", "ceiling"] = "floor"
    force: Literal["required", "recommended"] = "required"
    scope: Literal["general", "targeted"] = "general"
    red_line: bool = False
    require: Require
    text: Text

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.starts is not None:
            _refuse(_backwards(("until",), self.starts, self.until))
        return self


def _refuse(wrong: Iterable[InitErrorDetails]) -> None:
    """Refuse a model for what is wrong in its parts, each at its own place in the file."""
    found = list(wrong)
    if found:
        raise ValidationError.from_exception_data("library", found)


def _wrong(loc: tuple[str | int, ...], value: object, expected: str) -> InitErrorDetails:
    # The error's own template is formatted with its context: words with braces would break it.
    kind = PydanticCustomError("value_error", "{error}", {"error": expected})
    return InitErrorDetails(type=kind, loc=loc, input=value)


def _backwards(
    loc: tuple[str | int, ...], starts: datetime, until: datetime | None
) -> Iterator[InitErrorDetails]:
    try:
        days_touched(starts, until)
    except UnclearRegulation:
        yield _wrong(loc, str(until), _("a time after %s, when it begins") % starts)


class Reference(Strict):
    """What is replaced or withdrawn: all clauses of a regulation, or some."""

    regulation: Code
    clauses: list[Word] | None = Field(None, min_length=1)
    starts: Instant | None = Field(None, alias="from")


class GapEntry(Strict):
    """A rule that could not be established."""

    about: Text
    place: str
    starts: Instant = Field(alias="from")
    until: Instant | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        _refuse(_backwards(("until",), self.starts, self.until))
        return self


class RegulationEntry(Strict):
    id: Code
    authority: str = Field(min_length=2, description="a place code, or unit:CODE")
    issuer: Text
    title: Text
    document: str = ""
    issued: Instant
    source: str = ""
    confidence: Literal["A", "B", "C"]
    note: Text | None = None
    replaces: list[Reference] = []
    withdraws: list[Reference] = []
    clauses: list[ClauseEntry] = []
    unknown: list[GapEntry] = []

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        _refuse(_repeated("clauses", [clause.id for clause in self.clauses]))
        for number, clause in enumerate(self.clauses):
            at = ("clauses", number)
            _refuse(_backwards((*at, "until"), clause.starts or self.issued, clause.until))
            place = clause.place or self.authority
            if place in clause.except_places:
                expected = _("places within %s, which would otherwise be left out whole") % place
                _refuse([_wrong((*at, "except_places"), place, expected)])
        return self


def _repeated(of: str, ids: list[str]) -> Iterator[InitErrorDetails]:
    seen: set[str] = set()
    for number, one in enumerate(ids):
        if one in seen:
            yield _wrong((of, number, "id"), one, _("each id once"))
        seen.add(one)


class Library(Strict):
    format: Literal["taishan-library/1"]
    code: Code = Field(alias="library")
    title: Text
    regulations: list[RegulationEntry]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        _refuse(_repeated("regulations", [entry.id for entry in self.regulations]))
        return self


class LibraryInvalid(ValueError):
    """A file is not a library; ``problems`` are ``(line, message)``, lines from 1."""

    def __init__(self, name: str, problems: list[tuple[int, str]]) -> None:
        super().__init__("\n".join(f"{name}:{line}: {message}" for line, message in problems))
        self.problems = problems


def parse(content: str, name: str = "library.yaml") -> Library:
    """Return the library in YAML text. Raises LibraryInvalid naming every line that is wrong."""
    if len(content) > MAX_BYTES:
        message = _("larger than %d characters") % MAX_BYTES
        raise LibraryInvalid(name, [(1, message)])
    try:
        node, data = yaml_files.read(content, may_alias=False)
    except YamlInvalid as invalid:
        raise LibraryInvalid(name, invalid.problems) from None
    try:
        return Library.model_validate(data)
    except ValidationError as error:
        found = [problems.of(one) for one in error.errors()]
        raise _placed(node, name, found) from None


def placed(content: str, name: str, found: Iterable[Problem]) -> LibraryInvalid:
    """Return what is wrong with a library that was read from YAML text, by its lines."""
    return _placed(yaml.compose(content, Loader=yaml.SafeLoader), name, found)


def _placed(node: yaml.Node | None, name: str, found: Iterable[Problem]) -> LibraryInvalid:
    return LibraryInvalid(
        name, [(yaml_files.find_line(node, one.loc), _message(one)) for one in found]
    )


def dump(library: Library) -> str:
    """Return the library as YAML text, without what is left at its default."""
    content = library.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=100)


def _message(problem: Problem) -> str:
    where = ".".join(str(step) for step in problem.loc)
    message = (
        _("%(where)s: “%(value)s”; expected: %(expected)s")
        if problem.value
        else _("%(where)s: expected: %(expected)s")
    )
    return message % {"where": where, "value": problem.value, "expected": problem.expected}
