"""What posts owe again and again: the occurrences of a template, and which template is stricter.

A template binds a unit and all below it. A unit may ask more of its own posts than the units above
it, never less: its template of the same code takes the place of theirs only where whoever fulfils
it fulfils theirs too.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from taishan.core import schedules
from taishan.core.duties import State, Terms, standing
from taishan.core.schedules import Mark, Marks, Schedule, Window

HORIZON = timedelta(days=4 * 366)
"""Over how many days two rules are compared: a leap year is among them."""
NEVER = timedelta(days=36500)


class Act(StrEnum):
    """What discharges an occurrence by being done where it belongs, instead of by saying so."""

    THEMATIC_MEETING = "thematic_meeting"
    GROUP_MEETING = "group_meeting"
    STUDY_MEETING = "study_meeting"
    """A meeting of the post's unit, whose minutes the chair has confirmed."""
    INSPECTION = "inspection"
    """An inspection of the post's unit or of one below it."""

    @property
    def counts_above(self) -> bool:
        """Tell whether it is done for the posts of the units above, too."""
        return self is Act.INSPECTION


class TemplateRefused(ValueError):
    """A template that cannot be; the argument is why: ``rule``, ``hours``, ``days``, ``posts``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What posts of some kinds owe from each day of an RFC 5545 rule, within so many days.

    ``days`` counts the first day; ``due`` is the local time on the last; ``lapses_after_days``: how
    many days later it can no longer be done, None where it can be done however late. ``done_by``:
    None where whoever owes it says so.
    """

    rule: str
    counted_from: date
    days: int
    due: time
    lapses_after_days: int | None
    needs_evidence: bool
    post_kinds: frozenset[str]
    done_by: Act | None = None

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
        schedules.refuse_rule(one.rule, one.counted_from)
    except schedules.ScheduleRefused as refused:
        raise TemplateRefused(str(refused)) from refused
    if one.days < 1 or (one.days == 1 and one.due == time(0)):
        raise TemplateRefused("days")
    if not one.post_kinds:
        raise TemplateRefused("posts")


def looser(above: Template, below: Template, since: date) -> tuple[str, ...]:
    """Return in what a template asks less than the one above it, from a day on; () for nothing.

    ``often``: some occurrence above has none below that begins and falls due within its days;
    ``act``: what is done above by an act is said below, or done by another.
    """
    found = []
    if not above.post_kinds <= below.post_kinds:
        found.append("posts")
    if above.needs_evidence and not below.needs_evidence:
        found.append("evidence")
    if _lapse(below) > _lapse(above):
        found.append("lapse")
    if above.done_by not in (None, below.done_by):
        found.append("act")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """An occurrence that nothing has ended. ``of``: the post and the code of the template."""

    key: Hashable
    of: Hashable
    terms: Terms


def fulfilled(
    occurrences: Sequence[Open], *, done_at: datetime, recorded_at: datetime
) -> set[Hashable]:
    """Return the keys of the occurrences that an act ends, by when it was done and recorded.

    One of each post and template, the earliest due: one meeting is not the meeting of two quarters.
    None that began after the act, and none that had lapsed when it was recorded.
    """
    first: dict[Hashable, Hashable] = {}
    for one in sorted(occurrences, key=lambda one: one.terms.due_at):
        lapsed = standing(one.terms, None, recorded_at) is State.MISSED
        if one.terms.opened_at <= done_at and not lapsed:
            first.setdefault(one.of, one.key)
    return set(first.values())
