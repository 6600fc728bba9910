"""Requirements and facts → a verdict, with its reasons (DESIGN 5.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from itertools import pairwise

from taishan.core import regulations
from taishan.core.bounds import Bound, Conflict, resolve
from taishan.core.clauses import Clause
from taishan.core.regulations import Effect, Reading, Reason, Subject, Unknown
from taishan.core.requirements import CAP, GATHERING, HOLIDAY, MODE, Demand, Mode, OnSiteCap

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
class Unmet:
    """A condition not shown to be met. ``have`` None: nobody has recorded the fact."""

    demand: Demand
    clause: Clause
    have: float | None


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
    verdict = _verdict(timeline, subject, facts, day)
    changes_on = _next_change(timeline, subject, facts, verdict)
    return _dated(verdict, changes_on)


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
    cuts = {starts, ends, *_fact_bounds(facts)}
    epochs = [] if known_on else rulebook.epochs(subject)
    cuts.update(epochs)
    cuts.update(rulebook.bounds(subject))
    days = sorted(day for day in cuts if starts <= day <= ends)
    for first, end in pairwise(days):
        timeline = rulebook.timeline(subject, known_on or first)
        yield Span(starts=first, ends=end, verdict=_verdict(timeline, subject, facts, first))


def _fact_bounds(facts: Iterable[Fact]) -> set[date]:
    return {day for fact in facts for day in (fact.starts, fact.ends) if day is not None}


def _next_change(
    timeline: regulations.Timeline, subject: Subject, facts: Sequence[Fact], now: Verdict
) -> date | None:
    for day in sorted({*timeline.bounds, *_fact_bounds(facts)}):
        if day > now.day:
            then = _verdict(timeline, subject, facts, day)
            if _answer(then) != _answer(now):
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


def _verdict(
    timeline: regulations.Timeline, subject: Subject, facts: Sequence[Fact], day: date
) -> Verdict:
    shown = [fact for fact in facts if fact.covers(day)]
    outside = frozenset(
        f.condition.removeprefix(OUTSIDE)
        for f in shown
        if f.condition.startswith(OUTSIDE) and f.amount >= 1
    )
    reading = timeline.read(day, outside)
    cap = _cap(reading, subject)
    permitted = _permitted(reading, limited=cap.limit is not None)
    unmet = (*cap.unmet, *_unmet(reading, shown))
    gathering = reading.limits.get(GATHERING)
    return Verdict(
        day=day,
        permitted=permitted,
        state=_state(permitted, unmet, cap.limit),
        unknown=_unknown(reading, unmet),
        on_site_limit=cap.limit,
        gathering_limit=int(gathering.demand.amount) if gathering else None,
        reasons=reading.reasons,
        unmet=unmet,
        conflicts=(*reading.conflicts, *cap.conflicts),
        changes_on=None,
    )


def _permitted(reading: Reading, *, limited: bool) -> Permission:
    mode = reading.limits.get(MODE)
    holiday = reading.limits.get(HOLIDAY)
    return max(
        _PERMISSIONS[Mode(int(mode.demand.amount))] if mode else Permission.OPEN,
        Permission.HOLIDAY if holiday else Permission.OPEN,
        Permission.CAPPED if limited else Permission.OPEN,
    )


def _state(permitted: Permission, unmet: Sequence[Unmet], limit: int | None) -> Permission:
    if unmet or limit == 0 or permitted is Permission.HOLIDAY:
        return Permission.SHUT
    return permitted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cap:
    limit: int | None = None
    unmet: tuple[Unmet, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


_NO_CAP = _Cap()


def _cap(reading: Reading, subject: Subject) -> _Cap:
    """Compare caps of different sorts as persons on site; a missing fact leaves them unmet."""
    bounds: list[Bound] = []
    missing: list[Unmet] = []
    for reason in reading.reasons:
        requirement = reason.clause.requirement
        if not isinstance(requirement, OnSiteCap) or reason.effect not in _IN_FORCE:
            continue
        persons = requirement.persons(
            head_count=subject.head_count, floor_area_m2=subject.floor_area_m2
        )
        if isinstance(persons, int):
            demand = Demand(dimension=CAP, amount=persons, at_most=True)
            bounds.append(Bound(demand=demand, clause=reason.clause))
        elif reason.effect is Effect.BINDS:
            demand = Demand(dimension=f"fact:{persons}", amount=1)
            missing.append(Unmet(demand=demand, clause=reason.clause, have=None))
    held = resolve(bounds)
    if held is None:
        return _Cap(unmet=tuple(missing)) if missing else _NO_CAP
    return _Cap(limit=int(held.demand.amount), unmet=tuple(missing), conflicts=held.conflicts)


_IN_FORCE = frozenset({Effect.BINDS, Effect.CEILING})


def _unmet(reading: Reading, shown: Sequence[Fact]) -> Iterator[Unmet]:
    for condition in reading.conditions:
        demand = condition.demand
        if demand.amount <= 0 and not demand.at_most:
            continue
        have = _best(demand, shown)
        met = have is not None and (
            have <= demand.amount if demand.at_most else have >= demand.amount
        )
        if not met:
            yield Unmet(demand=demand, clause=condition.clause, have=have)


def _best(demand: Demand, shown: Sequence[Fact]) -> float | None:
    kind = demand.dimension.partition(":")[0]
    names = (demand.dimension, f"{kind}:any")
    amounts = [fact.amount for fact in shown if fact.condition in names]
    if not amounts:
        return None
    return min(amounts) if demand.at_most else max(amounts)


def _unknown(reading: Reading, unmet: Sequence[Unmet]) -> tuple[Unknown, ...]:
    facts = (Unknown(what="fact", about=u.demand.dimension) for u in unmet if u.have is None)
    return tuple(dict.fromkeys((*reading.unknown, *facts)))
