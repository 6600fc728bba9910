"""Clauses → what binds this unit, this work, this day (DESIGN 5.1).

Everything here counts in days of the unit's own local calendar: a clause in force at any instant
of a day binds that day. A clause counts from the day it is issued, and what is *known* on a day
is what had been issued by its end.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from taishan.core.clauses import Clause, Gap, Replacement, RiskLevel
from taishan.core.readings import (
    Asked,
    Effect,
    Part,
    Reading,
    Reason,
    Standing,
    Unknown,
    asks,
    combine,
    read_out,
)

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


@dataclass(slots=True)
class Timeline:
    """One subject's law: clauses in order of their keys, and bounds between which none changes."""

    rulebook: Rulebook
    subject: Subject
    spans: list[tuple[Clause, date, date]]
    gaps: list[tuple[date, date, Unknown]]
    bounds: list[date]
    _law: dict[tuple[str | None, frozenset[str]], list[_Entry]] = field(default_factory=dict)
    _readings: dict[frozenset[str], list[Reading | None]] = field(default_factory=dict)

    def read(self, day: date, outside: frozenset[str] = frozenset()) -> Reading:
        """Return the reading of ``day``; ``outside``: targeted clauses that do not reach here."""
        readings = self._readings.get(outside)
        if readings is None:
            readings = self._readings[outside] = [None] * (len(self.bounds) + 1)
        at = bisect_right(self.bounds, day)
        reading = readings[at]
        if reading is None:
            reading = readings[at] = self._read(day, outside)
        return reading

    def _read(self, day: date, outside: frozenset[str]) -> Reading:
        level = self.rulebook.risk_level(self.subject.chain, day)
        law = self._law.get((level, outside))
        if law is None:
            law = self._law[level, outside] = list(self._entries(level, outside))
        unknown = [gap for starts, ends, gap in self.gaps if starts <= day < ends]
        standings: list[Standing] = []
        for starts, ends, standing, doubts in law:
            if starts <= day < ends:
                if standing is not None:
                    standings.append(standing)
                if doubts:
                    unknown.extend(doubts)
        return combine(self.rulebook.part, standings, tuple(dict.fromkeys(unknown)))

    def _entries(self, level: str | None, outside: frozenset[str]) -> Iterator[_Entry]:
        for clause, starts, ends in self.spans:
            if clause.risk_levels and level is not None and level not in clause.risk_levels:
                continue
            doubts = tuple(_doubts(clause, self.subject, level))
            if clause.risk_levels and level is None and clause.ceiling:
                yield starts, ends, None, doubts
                continue
            is_outside = clause.key in outside
            standing = self.rulebook.standing(clause, self.subject, level, is_outside=is_outside)
            yield starts, ends, standing, doubts if standing.family else ()


_Entry = tuple[date, date, Standing | None, tuple[Unknown, ...]]
"""From, until, how the clause stands (None: nobody can tell), and what is in doubt about it."""


def _conditions(clauses: Iterable[Clause]) -> frozenset[str]:
    """Return what any clause asks to be shown, and the general facts that serve it."""
    asked = {d.dimension for clause in clauses for d in clause.requirement.demands()}
    return frozenset({*asked, *(f"{name.partition(':')[0]}:any" for name in asked)})


class Rulebook:
    """All clauses of a group, indexed so that one unit costs only its own places and superiors.

    Subjects that the law cannot tell apart share their timelines, and equal sets of bounds their
    resolution, for the life of the rulebook: a group of thousands of units in hundreds of places is
    read in hundreds of steps.
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
        self.conditions = _conditions(c for found in self._at.values() for c in found)
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
        self._asks: dict[Clause, tuple[Asked, ...]] = {}
        self._standings: dict[object, Standing] = {}
        self._parts: dict[tuple[Standing, ...], Part] = {}

    def covers(self, country: str) -> bool:
        """Tell whether any rule of the country is recorded."""
        return bool(self._at.get(f"place {country}"))

    def timeline(self, subject: Subject, known_on: date) -> Timeline:
        """Return the law over the subject with what had been issued by the end of ``known_on``."""
        profile = self._profile(subject)
        epochs = self._epochs.get(profile)
        if epochs is None:
            epochs = self._epochs[profile] = self._draw_epochs(subject)
        key = (profile, bisect_right(epochs, known_on))
        if key not in self._timelines:
            self._timelines[key] = self._draw(subject, known_on)
        return self._timelines[key]

    def lived(self, subject: Subject) -> Timeline:
        """Return the law as each day saw it: a clause counts from the day it is issued on."""
        key = (self._profile(subject), None)
        if key not in self._timelines:
            self._timelines[key] = self._draw(subject, None)
        return self._timelines[key]

    def standing(
        self, clause: Clause, subject: Subject, level: str | None, *, is_outside: bool
    ) -> Standing:
        """Return how the clause stands to units of the subject's work at that level of risk."""
        key = (clause, subject.kinds, subject.head_count is None, level, is_outside)
        found = self._standings.get(key)
        if found is None:
            effect = _effect(clause, subject, level, is_outside=is_outside)
            is_in_force = effect in (Effect.BINDS, Effect.CEILING)
            found = self._standings[key] = Standing(
                reason=Reason(clause=clause, effect=effect),
                family=clause.requirement.family if is_in_force else None,
                asks=self._asks_of(clause) if is_in_force else (),
            )
        return found

    def _asks_of(self, clause: Clause) -> tuple[Asked, ...]:
        """Return what the clause asks, always the same objects."""
        if clause not in self._asks:
            self._asks[clause] = asks(clause)
        return self._asks[clause]

    def part(self, standings: tuple[Standing, ...]) -> Part:
        """Read out one family; each set of its standings, in the order of their keys, once."""
        found = self._parts.get(standings)
        if found is None:
            found = self._parts[standings] = read_out(standings)
        return found

    def risk_level(self, chain: Sequence[str], day: date) -> str | None:
        """Return the level of the nearest territory that has one on that day."""
        for place in reversed(chain):
            for level in self._levels.get(place, ()):
                if level.starts <= day and (level.ends is None or day < level.ends):
                    return level.level
        return None

    def _profile(self, subject: Subject) -> object:
        units = tuple([u for u in subject.line if f"unit {u}" in self._at])
        heads = subject.head_count
        # A unit of unknown size shares with nobody: the doubt is about this unit by name.
        size = subject.code if heads is None else bisect_left(self._sizes, heads)
        return subject.chain, units, subject.kinds, subject.facilities, size

    def _clauses_for(self, subject: Subject) -> list[Clause]:
        """Return the clauses of the subject's places and superiors that its own facts let in."""
        key = self._profile(subject)
        if key not in self._relevant:
            found = [c for place in subject.chain for c in self._at.get(f"place {place}", ())]
            found += [c for unit in subject.line for c in self._at.get(f"unit {unit}", ())]
            let_in = (c for c in found if _lets_in(c, subject))
            self._relevant[key] = sorted(let_in, key=lambda clause: clause.key)
        return self._relevant[key]

    def _draw_epochs(self, subject: Subject) -> list[date]:
        """Return the days on which what is known of the subject's law changes, in order."""
        days: set[date] = set()
        for clause in self._clauses_for(subject):
            days |= {clause.issued, *(r.issued for r in self._gone.get(clause.key, ()))}
        return sorted(days)

    def _draw(self, subject: Subject, known_on: date | None) -> Timeline:
        """Draw the law as known on a day, or as each day saw it."""
        spans = []
        for clause in self._clauses_for(subject):
            gone = self._gone.get(clause.key, ())
            if known_on is None:
                starts = max(clause.issued, clause.starts)
                ends = min([clause.ends or date.max, *(max(r.issued, r.starts) for r in gone)])
            elif clause.issued <= known_on:
                starts = clause.starts
                known = (r.starts for r in gone if r.issued <= known_on)
                ends = min([clause.ends or date.max, *known])
            else:
                continue
            if starts < ends:
                spans.append((clause, starts, ends))
        bounds = {day for _clause, starts, ends in spans for day in (starts, ends)}
        bounds |= self._dated(subject.chain)
        return Timeline(
            rulebook=self,
            subject=subject,
            spans=spans,
            gaps=list(self._gaps(subject.chain)),
            bounds=sorted(bounds - {date.max}),
        )

    def _gaps(self, chain: Sequence[str]) -> Iterator[tuple[date, date, Unknown]]:
        for place in chain:
            for gap in self.gaps.get(place, ()):
                yield gap.starts, gap.ends or date.max, Unknown(what="rule", about=gap.key)
        if chain and not self.covers(chain[0]):
            yield date.min, date.max, Unknown(what="rules", about=chain[0])

    def _dated(self, chain: Sequence[str]) -> set[date]:
        found = (d for p in chain for d in (*self.gaps.get(p, ()), *self._levels.get(p, ())))
        return {day for dated in found for day in (dated.starts, dated.ends or date.max)}


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


def _effect(clause: Clause, subject: Subject, level: str | None, *, is_outside: bool) -> Effect:
    """Say what the clause does; a doubt about its reach binds when strict, and never relaxes."""
    kinds = subject.kinds or frozenset({ORDINARY})
    bound = (kinds & clause.kinds if clause.kinds else kinds) - clause.exempt_kinds
    if clause.recommended:
        return Effect.RECOMMENDS
    if is_outside:
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
