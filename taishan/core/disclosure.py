"""Who may read what people answered about their health, besides the officer of their own unit.

Nobody further up reads by rank. A rule opens a unit's answers to another unit's officers, for a
time. Within a country it is an ordinary rule; across a border only one made for that serves, since
the law of the country that the data leaves decides (China: PIPL, articles 38 to 40; the European
Union: GDPR, chapter V).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Reach(StrEnum):
    """Which readers a rule is made for."""

    WITHIN = "within"
    """In the country of those who are read about."""
    CROSSING = "crossing"
    """In another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A unit as it stands in the tree and on the map: ids from the root down, ISO 3166 country."""

    path: str
    country: str

    @property
    def unit(self) -> str:
        return self.path.rpartition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """People of ``unit`` and all below it may be read about at ``reader``, in
    ``starts <= day < until``."""

    unit: str
    reader: str
    reach: Reach
    starts: date
    until: date | None


def country(place: str) -> str:
    """Return the country of a place's code: CN of CN-330300."""
    return place.partition("-")[0]


def reach(reader: Place, about: Place) -> Reach:
    """Return what a rule must be made for, that one may read about the other."""
    return Reach.WITHIN if reader.country == about.country else Reach.CROSSING


def is_open(reader: Place, about: Place, rules: Iterable[Rule], day: date) -> bool:
    """Tell whether a rule lets readers at one place read about people of another on the day."""
    needed, above = reach(reader, about), set(about.path.split("."))
    return any(
        rule.reader == reader.unit
        and rule.unit in above
        and rule.reach is needed
        and rule.starts <= day
        and (rule.until is None or day < rule.until)
        for rule in rules
    )
