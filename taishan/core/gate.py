"""Requirements and facts → a verdict, with its reasons (DESIGN 5.2)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from itertools import pairwise
from typing import cast

from taishan.core import regulations
from taishan.core.bounds import Bound, Conflict, resolve_in_order
from taishan.core.clauses import Clause
from taishan.core.readings import Asked, Effect, Reading, Reason, Unknown, Unmet
from taishan.core.regulations import Subject
from taishan.core.requirements import CAP, Demand, OnSiteCap

OUTSIDE = "outside:"
"""A fact ``outside:<clause key>`` says that a targeted clause does not reach the unit."""
STOP = "stop:"
"""A fact ``stop:<number>`` says that somebody stopped work there on safety grounds.

It is no floor: it shuts whatever floors and ceilings come to, and nothing shown outweighs it.
"""


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


_PERMISSIONS = (Permission.OPEN, Permission.STAGGERED, Permission.REMOTE, Permission.SHUT)
"""What each mode of work permits, from the loosest to the strictest."""


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
class Answer:
    """What a unit's facts come to before a part of the law. ``limit`` in persons on site."""

    limit: int | None = None
    unmet: tuple[Unmet, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one unit and one day, held together from what units and days share.

    ``law`` is what binds there; ``caps`` and ``conditions`` what the facts come to before it;
    ``stops`` are the stop-works by their numbers, which no part of the law overrides.
    """

    day: date
    permitted: Permission
    state: Permission
    law: Reading
    caps: Answer
    conditions: Answer
    stops: tuple[str, ...] = ()
    changes_on: date | None = None

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        return self.law.unknown + self.caps.unknown + self.conditions.unknown

    @property
    def on_site_limit(self) -> int | None:
        """How many persons may be on site; None: any number."""
        return self.caps.limit

    @property
    def gathering_limit(self) -> int | None:
        """How many persons may gather; None: any number."""
        return self.law.gathering_limit

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return self.law.reasons

    @property
    def unmet(self) -> tuple[Unmet, ...]:
        return self.caps.unmet + self.conditions.unmet

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return self.law.conflicts + self.caps.conflicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One verdict that holds on every day from its own until ``ends`` (half-open)."""

    ends: date
    verdict: Verdict

    @property
    def starts(self) -> date:
        return self.verdict.day


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
    return replace(verdict, changes_on=_next_change(timeline, unit, verdict))


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
    bounds = timeline.bounds
    of_law = bounds[bisect_left(bounds, starts) : bisect_right(bounds, ends)]
    of_facts = (day for day in fact_bounds if starts <= day <= ends)
    unit = _Unit(subject, facts, starts)
    for first, end in pairwise(sorted({starts, ends, *of_law, *of_facts})):
        if first in fact_bounds:
            unit.look_at(first)
        yield Span(ends=end, verdict=_verdict(timeline, unit, first))


def _fact_bounds(facts: Iterable[Fact]) -> set[date]:
    return {day for fact in facts for day in (fact.starts, fact.ends) if day is not None}


def _next_change(timeline: regulations.Timeline, unit: _Unit, now: Verdict) -> date | None:
    of_facts = {day for day in _fact_bounds(unit.facts) if day > now.day}
    of_law = timeline.bounds[bisect_right(timeline.bounds, now.day) :]
    answer = (now.permitted, now.state, now.on_site_limit)
    for day in sorted({*of_facts, *of_law}):
        if day in of_facts:
            unit.look_at(day)
        then = _verdict(timeline, unit, day)
        if (then.permitted, then.state, then.on_site_limit) != answer:
            return day
    return None


class _Unit:
    """One unit before the law: what its facts amount to on a day.

    From one span to the next mostly the mode of work changes; what the caps come to, and which
    conditions are unmet, is kept while they and the facts stay the same.
    """

    def __init__(self, subject: Subject, facts: Sequence[Fact], day: date) -> None:
        self.subject = subject
        self.facts = facts
        self._caps: tuple[Reason, ...] = ()
        self._capped = _NOTHING
        self._persons: dict[Clause, Bound | str] = {}
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
        self.stops = tuple(
            sorted(name.removeprefix(STOP) for name in self._highest if name.startswith(STOP))
        )
        self._conditions: tuple[Asked, ...] = ()
        self._answered = _NOTHING

    def capped(self, caps: tuple[Reason, ...]) -> Answer:
        """Return what the caps come to, in persons."""
        if caps != self._caps:
            self._caps, self._capped = caps, self._compare(caps)
        return self._capped

    def _compare(self, caps: Iterable[Reason]) -> Answer:
        """Compare caps of different sorts as persons on site; a missing fact leaves them unmet."""
        bounds: list[Bound] = []
        missing: dict[str, Unmet] = {}
        for reason in caps:
            persons = self._in_persons(reason.clause)
            if isinstance(persons, Bound):
                bounds.append(persons)
            elif reason.effect is Effect.BINDS:
                demand = Demand(dimension=f"fact:{persons}", amount=1)
                missing.setdefault(persons, Unmet(demand=demand, clause=reason.clause, have=None))
        resolution = resolve_in_order(bounds)
        return Answer(
            limit=int(resolution.held.demand.amount) if resolution else None,
            unmet=tuple(missing.values()),
            unknown=tuple([Unknown(what="fact", about=f"fact:{name}") for name in missing]),
            conflicts=resolution.conflicts if resolution else (),
        )

    def _in_persons(self, clause: Clause) -> Bound | str:
        """Return what a cap comes to for this unit, or the name of the fact that is missing."""
        found = self._persons.get(clause)
        if found is None:
            persons = cast(OnSiteCap, clause.requirement).persons(
                head_count=self.subject.head_count, floor_area_m2=self.subject.floor_area_m2
            )
            found = persons if isinstance(persons, str) else _at_most(persons, clause)
            self._persons[clause] = found
        return found

    def answered(self, conditions: tuple[Asked, ...]) -> Answer:
        """Return which conditions are unmet."""
        if conditions != self._conditions:
            self._conditions, self._answered = conditions, self._answer(conditions)
        return self._answered

    def _answer(self, conditions: Iterable[Asked]) -> Answer:
        unmet, unknown = [], []
        for asked in conditions:
            have = self._best(asked)
            if have is None:
                unmet.append(asked.unrecorded)
                unknown.append(asked.unknown)
            elif not asked.demand.is_met_by(have):
                unmet.append(Unmet(demand=asked.demand, clause=asked.clause, have=have))
        return Answer(unmet=tuple(unmet), unknown=tuple(unknown))

    def _best(self, asked: Asked) -> float | None:
        """Return the recorded amount that serves best."""
        at_most = asked.demand.at_most
        amounts = self._lowest if at_most else self._highest
        own, general = amounts.get(asked.demand.dimension), amounts.get(asked.general)
        if own is None or general is None:
            return general if own is None else own
        return min(own, general) if at_most else max(own, general)


def _verdict(timeline: regulations.Timeline, unit: _Unit, day: date) -> Verdict:
    law = timeline.read(day, unit.outside)
    caps, conditions = unit.capped(law.caps), unit.answered(law.conditions)
    permitted = state = _permitted(law, is_limited=caps.limit is not None)
    unmet = caps.unmet or conditions.unmet
    if unit.stops or unmet or caps.limit == 0 or permitted is Permission.HOLIDAY:
        state = Permission.SHUT
    return Verdict(
        day=day, permitted=permitted, state=state, law=law, caps=caps, conditions=conditions,
        stops=unit.stops,
    )  # fmt: skip


def _permitted(reading: Reading, *, is_limited: bool) -> Permission:
    permitted = _PERMISSIONS[reading.mode]
    if reading.is_holiday:
        permitted = max(permitted, Permission.HOLIDAY)
    return Permission.CAPPED if is_limited and permitted is Permission.OPEN else permitted


_NOTHING = Answer()


def _at_most(persons: int, clause: Clause) -> Bound:
    return Bound(demand=Demand(dimension=CAP, amount=persons, at_most=True), clause=clause)
