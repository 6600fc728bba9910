"""What posts owe again and again: the occurrences of a template, and which template is stricter.

A template binds a unit and all below it. A unit may ask more of its own posts than the units above
it, never less: its template of the same code takes the place of theirs only where whoever fulfils
it fulfils theirs too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import TypeVar

from taishan.core import schedules
from taishan.core.schedules import Mark, Marks, Schedule, Window

HORIZON = timedelta(days=4 * 366)
"""Over how many days two rules are compared: a leap year is among them."""
NEVER = timedelta(days=36500)


class TemplateRefused(ValueError):
    """A template that cannot be; the argument is why: ``rule``, ``hours``, ``days``, ``posts``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What posts of some kinds owe from each day of an RFC 5545 rule, within so many days.

    ``days`` counts the first day; ``due`` is the local time on the last; ``lapses_after_days``: how
    many days later it can no longer be done, None where it can be done however late.
    """

    rule: str
    counted_from: date
    days: int
    due: time
    lapses_after_days: int | None
    needs_evidence: bool
    post_kinds: frozenset[str]

    def occurrences(self, since: date, until: date) -> Iterator[date]:
        """Yield the days of ``since <= day < until`` on which it begins."""
        return self._schedule().between(since, until)

    def window(self, day: date, zone: str) -> Window:
        """Return the instants of the occurrence that begins on a day: opens, due, and closes, from
        which on it is missed.
        """
        return self._schedule().window(day, zone)

    def _schedule(self) -> Schedule:
        return _schedule(self)


@lru_cache(maxsize=1024)
def _schedule(one: Template) -> Schedule:
    due = Mark(day=one.days - 1, at=one.due)
    lapses = one.days - 1 + (one.lapses_after_days or 0)
    return Schedule(
        rule=one.rule,
        starts=one.counted_from,
        marks=Marks(opens=Mark(at=time(0)), due=due, late=due, closes=Mark(day=lapses, at=one.due)),
    )


def refuse(one: Template) -> None:
    """Raise TemplateRefused for a template that cannot be."""
    try:
        schedules.refuse_rule(one.rule)
    except schedules.ScheduleRefused as refused:
        raise TemplateRefused(str(refused)) from refused
    if one.days < 1 or (one.days == 1 and one.due == time(0)):
        raise TemplateRefused("days")
    if not one.post_kinds:
        raise TemplateRefused("posts")


def looser(above: Template, below: Template, since: date) -> tuple[str, ...]:
    """Return in what a template asks less than the one above it, from a day on; () for nothing.

    ``often``: some occurrence above has none below that begins and falls due within its days.
    """
    found = []
    if not above.post_kinds <= below.post_kinds:
        found.append("posts")
    if above.needs_evidence and not below.needs_evidence:
        found.append("evidence")
    if _lapse(below) > _lapse(above):
        found.append("lapse")
    if not _is_as_often(above, below, since):
        found.append("often")
    return tuple(found)


def _lapse(one: Template) -> timedelta:
    return NEVER if one.lapses_after_days is None else timedelta(days=one.lapses_after_days)


@lru_cache(maxsize=1024)
def _is_as_often(above: Template, below: Template, since: date) -> bool:
    until = since + HORIZON
    offered = [(day, _last(below, day)) for day in below.occurrences(since, until)]
    at = 0
    for day in above.occurrences(since, until):
        ends = _last(above, day)
        if ends[0] >= until:
            return True
        while at < len(offered) and offered[at][0] < day:
            at += 1
        if at == len(offered) or offered[at][1] > ends:
            return False
    return True


def _last(one: Template, day: date) -> tuple[date, time]:
    return day + timedelta(days=one.days - 1), one.due


Key = TypeVar("Key", bound=Hashable)


def effective(line: Sequence[tuple[Key, str, Template]], day: date) -> list[Key]:
    """Return which templates bind a unit on a day, of those of its line in force on it.

    ``line``: key, code and template, the highest unit's first. Of one code the lowest binds that
    asks no less than the one it takes the place of; one that asks less binds nobody.
    """
    chosen: dict[str, tuple[Key, Template]] = {}
    for key, code, one in line:
        above = chosen.get(code)
        if above is None or not looser(above[1], one, day):
            chosen[code] = key, one
    return [key for key, _one in chosen.values()]
