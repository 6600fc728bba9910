"""The library format, ``taishan-library/1``: one YAML file of regulations, checked line by line."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from taishan.core import requirements as req
from taishan.core.clauses import days_touched


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """The same words in both languages."""

    en: str
    zh: str


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
Code = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Level = Literal["low", "medium", "high"]
Kind = Literal[
    "ORD", "UTIL", "TRANSIT", "ENV", "MUNI", "EPI", "LIFE", "MARKET", "LOGI", "PROP", "KEYPROJ",
    "NATECON", "HKMO", "URGENT",
]  # fmt: skip


class Open(Strict):
    type: Literal["open"]

    def requirement(self) -> req.Requirement:
        return req.Unrestricted()


class Staggered(Strict):
    type: Literal["staggered"]

    def requirement(self) -> req.Requirement:
        return req.Staggered()


class Remote(Strict):
    type: Literal["remote"]

    def requirement(self) -> req.Requirement:
        return req.RemoteOnly()


class Suspend(Strict):
    type: Literal["suspend"]

    def requirement(self) -> req.Requirement:
        return req.Suspend()


class Holiday(Strict):
    type: Literal["holiday"]

    def requirement(self) -> req.Requirement:
        return req.PublicHoliday()


class OnSiteCap(Strict):
    """Exactly one of the three."""

    type: Literal["on_site_cap"]
    share: float | None = Field(None, ge=0, le=1)
    headcount: int | None = Field(None, ge=0)
    area_m2_per_person: float | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        self.requirement()
        return self

    def requirement(self) -> req.Requirement:
        return req.OnSiteCap(
            share=self.share,
            headcount=self.headcount,
            area_m2_per_person=self.area_m2_per_person,
        )


class GatheringCap(Strict):
    type: Literal["gathering_cap"]
    persons: int = Field(ge=0)

    def requirement(self) -> req.Requirement:
        return req.GatheringCap(persons=self.persons)


class Quarantine(Strict):
    type: Literal["quarantine"]
    days: int = Field(ge=0, le=90)
    origin: Literal["any", "low", "medium", "high", "epidemic_area", "abroad"] = "any"

    def requirement(self) -> req.Requirement:
        origin = None if self.origin == "any" else req.Origin(self.origin)
        return req.Quarantine(days=self.days, origin=origin)


class Stock(Strict):
    type: Literal["stock"]
    item: Code
    days: int = Field(ge=0)

    def requirement(self) -> req.Requirement:
        return req.StockCover(item=self.item, days=self.days)


class Attest(Strict):
    type: Literal["attest"]
    condition: Annotated[str, Field(pattern=r"^[a-z0-9_]+$", max_length=80)]

    def requirement(self) -> req.Requirement:
        return req.AttestedCondition(condition=self.condition)


class Filing(Strict):
    type: Literal["filing"]
    mode: Literal["file", "approval"]
    to: str

    def requirement(self) -> req.Requirement:
        return req.Filing(mode=self.mode, to=self.to)


class Report(Strict):
    type: Literal["report"]
    what: str
    times_per_day: float = Field(gt=0)

    def requirement(self) -> req.Requirement:
        return req.ReportingFrequency(what=self.what, times_per_day=self.times_per_day)


class Dormitory(Strict):
    type: Literal["dormitory"]
    persons_per_room: int | None = Field(None, ge=1)
    area_m2_per_person: float | None = Field(None, gt=0)

    def requirement(self) -> req.Requirement:
        return req.Dormitory(
            persons_per_room=self.persons_per_room, area_m2_per_person=self.area_m2_per_person
        )


Require = Annotated[
    Open | Staggered | Remote | Suspend | Holiday | OnSiteCap | GatheringCap | Quarantine | Stock
    | Attest | Filing | Report | Dormitory,
    Field(discriminator="type"),
]  # fmt: skip


class Covers(Strict):
    kinds: list[Kind] = []
    risk_levels: list[Level] = []
    over_headcount: int | None = None
    facilities: list[str] = []


class Exempts(Strict):
    kinds: list[Kind] = []
    risk_levels: list[Level] = []


class ClauseEntry(Strict):
    """One provision. ``from`` defaults to the issue, ``until`` (exclusive) to an open end."""

    id: str
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
            days_touched(self.starts, self.until)
        return self


class Reference(Strict):
    """What is replaced or withdrawn: all clauses of a regulation, or some."""

    regulation: Code
    clauses: list[str] | None = None
    starts: Instant | None = Field(None, alias="from")


class GapEntry(Strict):
    """A rule that could not be established."""

    about: Text
    place: str
    starts: Instant = Field(alias="from")
    until: Instant | None = None


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
        ids = [clause.id for clause in self.clauses]
        if len(ids) != len(set(ids)):
            raise ValueError(f"two clauses of {self.id} share an id")
        for clause in self.clauses:
            days_touched(clause.starts or self.issued, clause.until)
            if (clause.place or self.authority) in clause.except_places:
                raise ValueError(f"clause {clause.id} excepts the very place it covers")
        return self


class Library(Strict):
    format: Literal["taishan-library/1"]
    library: Code
    title: Text
    regulations: list[RegulationEntry]

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [regulation.id for regulation in self.regulations]
        twice = sorted(i for i, n in Counter(ids).items() if n > 1)
        if twice:
            raise ValueError(f"used twice as a regulation's id: {', '.join(twice)}")
        return self


class LibraryInvalid(ValueError):
    """A file is not a library; ``problems`` are ``(line, message)``, lines from 1."""

    def __init__(self, name: str, problems: list[tuple[int, str]]) -> None:
        super().__init__("\n".join(f"{name}:{line}: {message}" for line, message in problems))
        self.problems = problems


MAX_BYTES = 5_000_000


def parse(content: str, name: str = "library.yaml") -> Library:
    """Return the library in YAML text. Raises LibraryInvalid naming every line that is wrong."""
    if len(content) > MAX_BYTES:
        raise LibraryInvalid(name, [(1, f"larger than {MAX_BYTES:,} characters")])
    try:
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        data = yaml.load(content, Loader=_Loader)  # noqa: S506 - derived from SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise LibraryInvalid(name, [(line, f"not YAML: {error.problem}")]) from None
    except (ValueError, RecursionError) as error:
        raise LibraryInvalid(name, [(1, f"not YAML: {error}")]) from None
    _refuse_aliases(content, name)
    try:
        return Library.model_validate(data)
    except ValidationError as error:
        problems = [(_line(node, e["loc"]), _message(e)) for e in error.errors()]
        raise LibraryInvalid(name, problems) from None


class _Loader(yaml.SafeLoader):
    """SafeLoader, with days and instants left as text: YAML's own reading knows no 24:00."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _refuse_aliases(content: str, name: str) -> None:
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise LibraryInvalid(name, [(line, "aliases are not allowed: write the value out")])


def _line(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """Return the line of the deepest node on the way to ``loc``."""
    line = 1
    for step in loc:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((v for k, v in node.value if k.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = node.value[step] if step < len(node.value) else None
        if found is None:
            continue  # a tag of a union, or a missing key: stay at its parent
        node, line = found, found.start_mark.line + 1
    return line if node is not None else 1


def _message(error: Any) -> str:
    where = ".".join(str(step) for step in error["loc"])
    return f"{where}: {error['msg']}"
