"""Requirements and facts → a verdict, with its reasons (DESIGN 5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import pairwise
from typing import cast

from taishan.core import regulations
from taishan.core.bounds import Bound, Conflict, resolve
from taishan.core.readings import Asked, Effect, Reading, Reason, Unknown, Unmet
from taishan.core.regulations import Subject
from taishan.core.requirements import CAP, Demand, Mode, OnSiteCap

OUTSIDE = "outside:"
"""A fact ``outside:<clause key>`` says that a targeted clause does not reach the unit."""


class Permission(IntEnum):
    """What may go on, from the loosest to the strictest."""

    OPEN = 0
    CAPPED = 1
    STAGGERED = 2
    REMOTE = 3
    HOLIDAY = 4
    SHUT = 5

    @property
    def word(self) -> str:
        return self.name.lower()


_PERMISSIONS = {
    Mode.OPEN: Permission.OPEN,
    Mode.STAGGERED: Permission.STAGGERED,
    Mode.REMOTE: Permission.REMOTE,
    Mode.SUSPENDED: Permission.SHUT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """What a unit has shown of one condition, for a run of days (``ends`` None: an open end)."""

    condition: str
    amount: float
    starts: date
    ends: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one unit and one day. ``on_site_limit`` and ``gathering_limit`` in persons."""

    day: date
    permitted: Permission
    state: Permission
    unknown: tuple[Unknown, ...]
    on_site_limit: int | None
    gathering_limit: int | None
    reasons: tuple[Reason, ...]
    unmet: tuple[Unmet, ...]
    conflicts: tuple[Conflict, ...]
    changes_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One verdict that holds on every day of ``starts <= day < ends``."""

    starts: date
    ends: date
    verdict: Verdict


def evaluate(
    rulebook: regulations.Rulebook,
    subject: Subject,
    facts: Sequence[Fact],
    day: date,
    *,
    known_on: date | None = None,
) -> Verdict:
    """Return the verdict of ``day`` with what had been issued by the end of ``known_on`` (the day).

    Costs the unit's own clauses and facts, whatever the size of the group or its history.
    """
    timeline = rulebook.timeline(subject, known_on or day)
    unit = _Unit(subject, facts, day)
    verdict = _verdict(timeline, unit, day)
    return _dated(verdict, _next_change(timeline, unit, verdict))


def evaluate_spans(
    rulebook: regulations.Rulebook,
    subject: Subject,
    facts: Sequence[Fact],
    starts: date,
    ends: date,
    *,
    known_on: date | None = None,
) -> Iterator[Span]:
    """Yield the verdicts of ``starts <= day < ends`` as runs of days on which nothing changes.

    ``changes_on`` is left None: the next span says when; ``evaluate`` says what is foreseen.
    """
    timeline = rulebook.timeline(subject, known_on) if known_on else rulebook.lived(subject)
    fact_bounds = _fact_bounds(facts)
    cuts = {starts, ends, *fact_bounds, *timeline.bounds}
    unit = _Unit(subject, facts, starts)
    for first, end in pairwise(sorted(day for day in cuts if starts <= day <= ends)):
        if first in fact_bounds:
            unit.look_at(first)
        yield Span(starts=first, ends=end, verdict=_verdict(timeline, unit, first))


def _fact_bounds(facts: Iterable[Fact]) -> set[date]:
    return {day for fact in facts for day in (fact.starts, fact.ends) if day is not None}


def _next_change(timeline: regulations.Timeline, unit: _Unit, now: Verdict) -> date | None:
    for day in sorted({*timeline.bounds, *_fact_bounds(unit.facts)}):
        if day > now.day:
            unit.look_at(day)
            if _answer(_verdict(timeline, unit, day)) != _answer(now):
                return day
    return None


def _answer(verdict: Verdict) -> tuple[Permission, Permission, int | None]:
    return verdict.permitted, verdict.state, verdict.on_site_limit


def _dated(verdict: Verdict, changes_on: date | None) -> Verdict:
    return Verdict(
        day=verdict.day,
        permitted=verdict.permitted,
        state=verdict.state,
        unknown=verdict.unknown,
        on_site_limit=verdict.on_site_limit,
        gathering_limit=verdict.gathering_limit,
        reasons=verdict.reasons,
        unmet=verdict.unmet,
        conflicts=verdict.conflicts,
        changes_on=changes_on,
    )


class _Unit:
    """One unit before the law: what its facts amount to on a day.

    From one span to the next mostly the mode of work changes; what the caps come to, and which
    conditions are unmet, is kept while they and the facts stay the same.
    """

    def __init__(self, subject: Subject, facts: Sequence[Fact], day: date) -> None:
        self.subject = subject
        self.facts = facts
        self._caps: tuple[Reason, ...] = ()
        self._capped = _Answer()
        self.look_at(day)

    def look_at(self, day: date) -> None:
        """Take the facts of the day."""
        self._highest: dict[str, float] = {}
        self._lowest: dict[str, float] = {}
        for fact in self.facts:
            if fact.covers(day):
                name, amount = fact.condition, fact.amount
                self._highest[name] = max(amount, self._highest.get(name, amount))
                self._lowest[name] = min(amount, self._lowest.get(name, amount))
        self.outside = frozenset(
            name.removeprefix(OUTSIDE)
            for name, amount in self._highest.items()
            if name.startswith(OUTSIDE) and amount >= 1
        )
        self._conditions: tuple[Asked, ...] = ()
        self._answered = _Answer()

    def capped(self, caps: tuple[Reason, ...]) -> _Answer:
        """Return what the caps come to, in persons."""
        if caps != self._caps:
            self._caps, self._capped = caps, _compare(caps, self.subject)
        return self._capped

    def answered(self, conditions: tuple[Asked, ...]) -> _Answer:
        """Return which conditions are unmet."""
        if conditions != self._conditions:
            self._conditions, self._answered = conditions, self._answer(conditions)
        return self._answered

    def _answer(self, conditions: Iterable[Asked]) -> _Answer:
        unmet, unknown = [], []
        for asked in conditions:
            have = self._best(asked)
            if have is None:
                unmet.append(asked.unrecorded)
                unknown.append(asked.unknown)
            elif not asked.demand.is_met_by(have):
                unmet.append(Unmet(demand=asked.demand, clause=asked.clause, have=have))
        return _Answer(unmet=tuple(unmet), unknown=tuple(unknown))

    def _best(self, asked: Asked) -> float | None:
        """Return the recorded amount that serves best."""
        at_most = asked.demand.at_most
        amounts = self._lowest if at_most else self._highest
        own, general = amounts.get(asked.demand.dimension), amounts.get(asked.general)
        if own is None or general is None:
            return general if own is None else own
        return min(own, general) if at_most else max(own, general)


def _verdict(timeline: regulations.Timeline, unit: _Unit, day: date) -> Verdict:
    reading = timeline.read(day, unit.outside)
    capped = unit.capped(reading.caps)
    answered = unit.answered(reading.conditions)
    unmet = capped.unmet + answered.unmet
    permitted = _permitted(reading, is_limited=capped.limit is not None)
    return Verdict(
        day=day,
        permitted=permitted,
        state=_state(permitted, is_unmet=bool(unmet), limit=capped.limit),
        unknown=reading.unknown + capped.unknown + answered.unknown,
        on_site_limit=capped.limit,
        gathering_limit=reading.gathering_limit,
        reasons=reading.reasons,
        unmet=unmet,
        conflicts=reading.conflicts + capped.conflicts,
        changes_on=None,
    )


def _permitted(reading: Reading, *, is_limited: bool) -> Permission:
    permitted = _PERMISSIONS[reading.mode]
    if reading.is_holiday:
        permitted = max(permitted, Permission.HOLIDAY)
    return max(permitted, Permission.CAPPED) if is_limited else permitted


def _state(permitted: Permission, *, is_unmet: bool, limit: int | None) -> Permission:
    if is_unmet or limit == 0 or permitted is Permission.HOLIDAY:
        return Permission.SHUT
    return permitted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a unit's facts come to before a part of the law."""

    limit: int | None = None
    unmet: tuple[Unmet, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


def _compare(caps: Iterable[Reason], subject: Subject) -> _Answer:
    """Compare caps of different sorts as persons on site; a missing fact leaves them unmet."""
    bounds: list[Bound] = []
    missing: dict[str, Unmet] = {}
    for reason in caps:
        requirement = cast(OnSiteCap, reason.clause.requirement)
        persons = requirement.persons(
            head_count=subject.head_count, floor_area_m2=subject.floor_area_m2
        )
        if isinstance(persons, int):
            demand = Demand(dimension=CAP, amount=persons, at_most=True)
            bounds.append(Bound(demand=demand, clause=reason.clause))
        elif reason.effect is Effect.BINDS:
            demand = Demand(dimension=f"fact:{persons}", amount=1)
            missing.setdefault(persons, Unmet(demand=demand, clause=reason.clause, have=None))
    held = resolve(bounds)
    return _Answer(
        limit=int(held.demand.amount) if held else None,
        unmet=tuple(missing.values()),
        unknown=tuple([Unknown(what="fact", about=f"fact:{name}") for name in missing]),
        conflicts=held.conflicts if held else (),
    )
