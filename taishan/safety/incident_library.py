"""The shipped libraries of incidents, ``taishan-incidents/1``: grades and clocks with sources."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from taishan.core import incidents
from taishan.core.incidents import MEASURES, Clock, Facts, Grade, GradeTable, Kind, Started, Starts
from taishan.kit import yaml_libraries
from taishan.kit.yaml_libraries import Code, Head, Source, Strict, Text

FOLDER = Path(__file__).parent / "libraries"
_Least = Annotated[int, Field(ge=1)]
_Floors = dict[str, _Least]


class GradeEntry(Strict):
    """A table of grades that held from a day to a day."""

    code: Code
    since: date
    until: date | None = None
    not_for: list[Kind] = []
    floors: dict[Grade, _Floors]
    source: Source

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if set(self.floors) != set(Grade):
            raise ValueError(_("each of the four grades once"))
        for floors in self.floors.values():
            _refuse_unknown(floors)
        return self

    @property
    def table(self) -> GradeTable:
        return GradeTable(
            code=self.code, since=self.since, until=self.until, not_for=frozenset(self.not_for),
            floors=self.floors,
        )  # fmt: skip


class ClockEntry(Strict):
    """Whom to tell by when. ``hour_is_ours``: the law names none, and the library chose it."""

    code: Code
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    since: date
    until: date | None = None
    is_for: Annotated[Literal["unit", "authority"], Field(alias="for")]
    starts: Starts
    within_h: Annotated[int, Field(ge=1, le=24 * 366)]
    from_occurrence: bool = False
    hour_is_ours: bool = False
    only_within_days: Annotated[int, Field(ge=1)] | None = None
    short_within_days: Annotated[int, Field(ge=1)] | None = None
    kinds: list[Kind] = []
    not_kinds: list[Kind] = []
    any_of: _Floors = {}
    not_road_traffic: bool = False
    whom: Text
    source: Source

    @model_validator(mode="after")
    def _known(self) -> Self:
        _refuse_unknown(self.any_of)
        return self

    @property
    def clock(self) -> Clock:
        return Clock(
            code=self.code, country=self.country, since=self.since, until=self.until,
            is_for_unit=self.is_for == "unit", starts=self.starts,
            within=timedelta(hours=self.within_h), from_occurrence=self.from_occurrence,
            kinds=frozenset(self.kinds),
            not_kinds=frozenset(self.not_kinds), any_of=self.any_of,
            not_road_traffic=self.not_road_traffic, only_within=_days(self.only_within_days),
            short_within=_days(self.short_within_days),
        )  # fmt: skip


def _days(number: int | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


def _refuse_unknown(floors: _Floors) -> None:
    if unknown := floors.keys() - set(MEASURES):
        raise ValueError(_("no such measure: %s") % ", ".join(sorted(unknown)))


class Library(Head):
    format: Literal["taishan-incidents/1"]
    note: Text
    grades: list[GradeEntry]
    clocks: list[ClockEntry]

    @model_validator(mode="after")
    def _once_each(self) -> Self:
        entries: list[GradeEntry | ClockEntry] = [*self.grades, *self.clocks]
        yaml_libraries.each_once(entries)
        return self


def parse(content: bytes, name: str) -> Library:
    """Return the library in a YAML file. Raises LibraryInvalid."""
    return yaml_libraries.parse(content, name, Library)


@lru_cache(maxsize=1)
def load() -> tuple[Library, ...]:
    """Return the shipped libraries."""
    files = sorted(FOLDER.glob("incidents-*.yaml"))
    return tuple(parse(file.read_bytes(), file.name) for file in files)


def find_clocks() -> dict[str, ClockEntry]:
    """Return every clock by its code, those that hold no more too: what ran by them is history."""
    return {one.code: one for library in load() for one in library.clocks}


def find_started(before: Facts | None, after: Facts) -> list[Started]:
    """Return the units' clocks that start: ``core.incidents.find_started``."""
    clocks = [one.clock for one in find_clocks().values() if one.is_for == "unit"]
    return incidents.find_started(clocks, before=before, after=after)


def find_shown(facts: Facts) -> list[ClockEntry]:
    """Return the clocks that bind authorities: shown to the unit, never owed by it."""
    return [
        one for one in find_clocks().values()
        if one.is_for == "authority" and one.clock.holds_for(facts)
    ]  # fmt: skip


def get_grades(on: date) -> GradeEntry | None:
    """Return the table of grades in force on a day; None before there was one."""
    entries = [one for library in load() for one in library.grades]
    return next((one for one in entries if incidents.is_in_force(one.table, on)), None)
