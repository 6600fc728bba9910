"""Clauses → what binds this unit, this work, this day (DESIGN 5.1).

Everything here counts in days of the unit's own local calendar: a clause in force at any instant
of a day binds that day. A clause counts from the day it is issued, and what is *known* on a day
is what had been issued by its end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from taishan.core.bounds import Bound, Conflict, Resolution, resolve
from taishan.core.clauses import Clause, Gap, Replacement, RiskLevel
from taishan.core.requirements import LIMITS

ORDINARY = "ORD"
"""The kind of work of a unit that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The unit a question is about. ``chain``: places, country first; ``line``: units."""

    code: str
    chain: tuple[str, ...]
    line: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    head_count: int | None = None
    floor_area_m2: float | None = None
    facilities: frozenset[str] = frozenset()


class Effect(StrEnum):
    """What a clause does to a unit on a day."""

    BINDS = "binds"
    CEILING = "ceiling"
    EXEMPT = "exempt"
    RECOMMENDS = "recommends"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    clause: Clause
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """Something nobody has recorded; ``what``: rule, rules, risk_level, head_count, scope, fact."""

    what: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What binds one subject on a run of days, before its facts."""

    reasons: tuple[Reason, ...]
    unknown: tuple[Unknown, ...]
    limits: Mapping[str, Resolution]
    conditions: tuple[Resolution, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(slots=True)
class Timeline:
    """One subject's law as known on one day: bounds between which nothing changes by itself."""

    rulebook: Rulebook
    subject: Subject
    spans: list[tuple[Clause, date, date]]
    bounds: list[date]
    readings: dict[tuple[int, frozenset[str]], Reading] = field(default_factory=dict)

    def read(self, day: date, outside: frozenset[str] = frozenset()) -> Reading:
        """Return the reading of ``day``; ``outside``: targeted clauses that do not reach here."""
        at = (bisect_right(self.bounds, day), outside)
        if at not in self.readings:
            clauses = [c for c, starts, ends in self.spans if starts <= day < ends]
            self.readings[at] = _read(self.rulebook, self.subject, clauses, day, outside)
        return self.readings[at]

    def targeted(self) -> frozenset[str]:
        return frozenset(clause.key for clause, _, _ in self.spans if clause.targeted)


class Rulebook:
    """All clauses of a group, indexed so that one unit costs only its own places and superiors.

    Subjects that the law cannot tell apart share their timelines, which are kept for the life of
    the rulebook: a group of thousands of units in hundreds of places is read in hundreds of steps.
    """

    def __init__(
        self,
        clauses: Iterable[Clause],
        replacements: Iterable[Replacement] = (),
        gaps: Iterable[Gap] = (),
        risk_levels: Iterable[RiskLevel] = (),
    ) -> None:
        self._at: dict[str, list[Clause]] = defaultdict(list)
        for clause in clauses:
            where = f"place {clause.place}" if clause.place else f"unit {clause.unit}"
            self._at[where].append(clause)
        sizes = {c.over_headcount for found in self._at.values() for c in found}
        self._sizes = sorted(size for size in sizes if size is not None)
        self._gone: dict[str, list[Replacement]] = defaultdict(list)
        for replacement in replacements:
            for key in replacement.clauses:
                self._gone[key].append(replacement)
        self.gaps: dict[str, list[Gap]] = defaultdict(list)
        for gap in gaps:
            self.gaps[gap.place].append(gap)
        self._levels: dict[str, list[RiskLevel]] = defaultdict(list)
        for level in risk_levels:
            self._levels[level.place].append(level)
        self._timelines: dict[object, Timeline] = {}
        self._relevant: dict[object, list[Clause]] = {}
        self._epochs: dict[object, list[date]] = {}
        self._bounds: dict[object, list[date]] = {}

    def covers(self, country: str) -> bool:
        """Tell whether any rule of the country is recorded."""
        return bool(self._at.get(f"place {country}"))

    def clauses_for(self, subject: Subject) -> list[Clause]:
        """Return the clauses of the subject's places and superiors that its own facts let in."""
        key = self._profile(subject)
        if key not in self._relevant:
            found = [c for place in subject.chain for c in self._at.get(f"place {place}", ())]
            found += [c for unit in subject.line for c in self._at.get(f"unit {unit}", ())]
            self._relevant[key] = [c for c in found if _lets_in(c, subject)]
        return self._relevant[key]

    def epochs(self, subject: Subject) -> list[date]:
        """Return the days on which what is known of the subject's law changes, in order."""
        key = self._profile(subject)
        if key not in self._epochs:
            days: set[date] = set()
            for clause in self.clauses_for(subject):
                days |= {clause.issued, *(r.issued for r in self._gone.get(clause.key, ()))}
            self._epochs[key] = sorted(days)
        return self._epochs[key]

    def bounds(self, subject: Subject) -> list[date]:
        """Return the days on which the subject's law can change, whatever is known, in order."""
        key = self._profile(subject)
        if key not in self._bounds:
            days = set(self._dated(subject.chain))
            for clause in self.clauses_for(subject):
                gone = (r.starts for r in self._gone.get(clause.key, ()))
                days |= {clause.starts, clause.ends or date.max, *gone}
            self._bounds[key] = sorted(days)
        return self._bounds[key]

    def timeline(self, subject: Subject, known_on: date) -> Timeline:
        """Return the law over the subject with what had been issued by the end of ``known_on``."""
        profile = self._profile(subject)
        key = (profile, bisect_right(self.epochs(subject), known_on))
        if key not in self._timelines:
            self._timelines[key] = self._draw(subject, known_on)
        return self._timelines[key]

    def risk_level(self, chain: Sequence[str], day: date) -> str | None:
        """Return the level of the nearest territory that has one on that day."""
        for place in reversed(chain):
            for level in self._levels.get(place, ()):
                if level.starts <= day and (level.ends is None or day < level.ends):
                    return level.level
        return None

    def _profile(self, subject: Subject) -> object:
        units = tuple(u for u in subject.line if f"unit {u}" in self._at)
        heads = subject.head_count
        over = None if heads is None else bisect_left(self._sizes, heads)
        return subject.chain, units, subject.kinds, subject.facilities, over

    def _dated(self, chain: Sequence[str]) -> set[date]:
        found = (d for p in chain for d in (*self.gaps.get(p, ()), *self._levels.get(p, ())))
        return {day for dated in found for day in (dated.starts, dated.ends or date.max)}

    def _draw(self, subject: Subject, known_on: date) -> Timeline:
        spans, bounds = [], set()
        for clause in self.clauses_for(subject):
            if clause.issued > known_on:
                continue
            gone = [r.starts for r in self._gone.get(clause.key, ()) if r.issued <= known_on]
            ends = min([clause.ends or date.max, *gone])
            if clause.starts < ends:
                spans.append((clause, clause.starts, ends))
                bounds |= {clause.starts, ends}
        bounds |= self._dated(subject.chain)
        return Timeline(
            rulebook=self, subject=subject, spans=spans, bounds=sorted(bounds - {date.max})
        )


def _lets_in(clause: Clause, subject: Subject) -> bool:
    if clause.except_places and not clause.except_places.isdisjoint(subject.chain):
        return False
    if clause.facilities and not clause.facilities & subject.facilities:
        return False
    if clause.kinds and not clause.kinds & (subject.kinds or {ORDINARY}):
        return False
    if clause.over_headcount is None or subject.head_count is None:
        return True
    return subject.head_count > clause.over_headcount


def _effect(clause: Clause, subject: Subject, level: str | None, outside: frozenset[str]) -> Effect:
    """Say what the clause does; a doubt about its reach binds when strict, and never relaxes."""
    kinds = subject.kinds or frozenset({ORDINARY})
    bound = (kinds & clause.kinds if clause.kinds else kinds) - clause.exempt_kinds
    if clause.recommended:
        return Effect.RECOMMENDS
    if clause.key in outside:
        return Effect.OUTSIDE
    if not bound or level in clause.exempt_risk_levels:
        return Effect.EXEMPT
    if not clause.ceiling:
        return Effect.BINDS
    in_doubt = clause.targeted or (level is None and clause.exempt_risk_levels)
    unsized = clause.over_headcount is not None and subject.head_count is None
    return Effect.OUTSIDE if bound != kinds or in_doubt or unsized else Effect.CEILING


def _doubts(clause: Clause, subject: Subject, level: str | None) -> Iterable[Unknown]:
    if level is None and (clause.risk_levels or clause.exempt_risk_levels):
        yield Unknown(what="risk_level", about=subject.chain[-1])
    if clause.targeted:
        yield Unknown(what="scope", about=clause.key)
    if clause.over_headcount is not None and subject.head_count is None:
        yield Unknown(what="head_count", about=subject.code)


def _read(
    rulebook: Rulebook,
    subject: Subject,
    clauses: Sequence[Clause],
    day: date,
    outside: frozenset[str],
) -> Reading:
    level = rulebook.risk_level(subject.chain, day)
    reasons: list[Reason] = []
    unknown = _gaps(rulebook, subject, day)
    for clause in clauses:
        if clause.risk_levels and level is not None and level not in clause.risk_levels:
            continue
        if clause.risk_levels and level is None and clause.ceiling:
            unknown.extend(_doubts(clause, subject, level))
            continue
        effect = _effect(clause, subject, level, outside)
        reasons.append(Reason(clause=clause, effect=effect))
        if effect in (Effect.BINDS, Effect.CEILING):
            unknown.extend(_doubts(clause, subject, level))
    return _combine(reasons, unknown)


def _gaps(rulebook: Rulebook, subject: Subject, day: date) -> list[Unknown]:
    found = [
        Unknown(what="rule", about=gap.key)
        for place in subject.chain
        for gap in rulebook.gaps.get(place, ())
        if gap.starts <= day and (gap.ends is None or day < gap.ends)
    ]
    if subject.chain and not rulebook.covers(subject.chain[0]):
        found.append(Unknown(what="rules", about=subject.chain[0]))
    return found


def _combine(reasons: Sequence[Reason], unknown: Iterable[Unknown]) -> Reading:
    by_dimension: dict[str, set[Bound]] = defaultdict(set)
    for reason in reasons:
        if reason.effect in (Effect.BINDS, Effect.CEILING):
            for demand in reason.clause.requirement.demands():
                bound = Bound(demand=demand, clause=reason.clause)
                by_dimension[demand.dimension].add(bound)
    resolved = {d: r for d in sorted(by_dimension) if (r := resolve(by_dimension[d])) is not None}
    return Reading(
        reasons=tuple(reasons),
        unknown=tuple(dict.fromkeys(unknown)),
        limits={d: r for d, r in resolved.items() if d in LIMITS},
        conditions=tuple(r for d, r in resolved.items() if d not in LIMITS),
        conflicts=tuple(c for r in resolved.values() for c in r.conflicts),
    )
