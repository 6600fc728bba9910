"""Incidents: how severe one is, whom it has to be told and by when, and when it may be closed.

The tables are data (``safety/libraries``): each of its place and its days, each with its source.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


class Kind(StrEnum):
    """What sort of incident; that it was abroad follows from the unit's place."""

    NEAR_MISS = "near_miss"
    FIRST_AID = "first_aid"
    INJURY = "injury"
    FATALITY = "fatality"
    ILLNESS = "illness"
    FIRE = "fire"
    ENVIRONMENTAL = "environmental"
    PROPERTY = "property"
    EPIDEMIC = "epidemic"


LIGHT = frozenset({Kind.NEAR_MISS, Kind.FIRST_AID})
"""What the unit looks into by itself, while nobody is dead, badly hurt or missing."""


SAYS_NOTHING_OF_PEOPLE = LIGHT | {Kind.ENVIRONMENTAL, Kind.PROPERTY}
"""Kinds that say what was harmed, or how little: none of them makes less of the dead and the badly
hurt. An illness or an epidemic is another thing than an accident, whoever dies of it.
"""


class Grade(StrEnum):
    """From the least on, as laws on production safety name them."""

    ORDINARY = "ordinary"
    LARGER = "larger"
    MAJOR = "major"
    GRAVEST = "gravest"


ORDER = (Grade.ORDINARY, Grade.LARGER, Grade.MAJOR, Grade.GRAVEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is known so far. ``serious`` counts acute industrial poisoning; ``loss_yuan`` is the
    direct loss; the last three are among the hurt.
    """

    deaths: int = 0
    serious: int = 0
    light: int = 0
    missing: int = 0
    loss_yuan: int = 0
    hospitalised: int = 0
    amputations: int = 0
    eyes_lost: int = 0

    @property
    def people(self) -> tuple[int, int, int, int]:
        """The dead, badly hurt, otherwise hurt and missing: what has to be told when it changes."""
        return self.deaths, self.serious, self.light, self.missing


MEASURES = ("deaths", "serious", "light", "missing", "loss_yuan", "hospitalised", "amputations",
            "eyes_lost")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeTable:
    """From how many on each grade begins: the number itself belongs to it. Half-open days."""

    code: str
    since: date
    until: date | None
    not_for: frozenset[Kind]
    floors: Mapping[Grade, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One measure by which an incident has its grade: ``value`` is at or above ``floor``."""

    measure: str
    value: int
    floor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """A grade with all its grounds; none where the table does not speak of such an incident."""

    grade: Grade | None
    grounds: tuple[Ground, ...] = ()


def _is_left_out(kind: Kind, kinds: frozenset[Kind], numbers: Numbers) -> bool:
    """Tell whether a rule leaves this out by its kind, which the dead and badly hurt outweigh."""
    if kind in SAYS_NOTHING_OF_PEOPLE and (numbers.deaths or numbers.serious):
        return False
    return kind in kinds


def find_grade(table: GradeTable, kind: Kind, numbers: Numbers) -> Grading:
    """Return the highest grade that any one measure reaches."""
    if _is_left_out(kind, table.not_for, numbers):
        return Grading(grade=None)
    for grade in reversed(ORDER):
        grounds = tuple(
            Ground(measure=measure, value=value, floor=floor)
            for measure, floor in table.floors[grade].items()
            if (value := getattr(numbers, measure)) >= floor
        )
        if grounds:
            return Grading(grade=grade, grounds=grounds)
    return Grading(grade=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What starts clocks: an incident at a place as it was known at an instant."""

    country: str
    time_zone: str
    kind: Kind
    is_road_traffic: bool = False
    numbers: Numbers = field(default_factory=Numbers)
    occurred_at: datetime
    known_at: datetime

    @property
    def occurred_on(self) -> date:
        return self.occurred_at.astimezone(ZoneInfo(self.time_zone)).date()

    @property
    def known_on(self) -> date:
        return self.known_at.astimezone(ZoneInfo(self.time_zone)).date()


class Starts(StrEnum):
    """What starts a clock."""

    FACTS = "facts"
    """Its conditions come to hold."""
    RISE = "rise"
    """As above, and again with every further one of what it counts."""
    CHANGE = "change"
    """The numbers of people change after they were first told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Whom to tell by when. Conditions: one of ``kinds`` (all if empty) and, where ``any_of`` is
    not empty, one measure at its number or more.

    ``is_for_unit``: the unit has to; else it binds an authority and is only shown.
    ``only_within``: how long after the incident a change of what is known must be told at all;
    ``short_within`` takes its place for fires and road traffic. A first report is told however late
    it comes: 29 CFR 1904.39(b)(6) limits when the death or the admission was, not when the employer
    learns of it, from which (b)(7) and (b)(8) count.
    ``from_occurrence``: it counts from when it happened; else from when it came to be known.
    """

    code: str
    country: str
    since: date
    until: date | None
    is_for_unit: bool
    starts: Starts
    within: timedelta
    from_occurrence: bool = False
    kinds: frozenset[Kind] = frozenset()
    not_kinds: frozenset[Kind] = frozenset()
    any_of: Mapping[str, int] = field(default_factory=dict)
    not_road_traffic: bool = False
    only_within: timedelta | None = None
    short_within: timedelta | None = None

    def holds_for(self, facts: Facts) -> bool:
        """Tell whether the conditions hold, whatever was known before."""
        if self.country != facts.country or not is_in_force(self, facts.occurred_on):
            return False
        if self.kinds and facts.kind not in self.kinds:
            return False
        if _is_left_out(facts.kind, self.not_kinds, facts.numbers):
            return False
        if self.not_road_traffic and facts.is_road_traffic:
            return False
        reached = (getattr(facts.numbers, name) >= least for name, least in self.any_of.items())
        return not self.any_of or any(reached)

    def find_due(self, facts: Facts) -> datetime:
        """Return when it will have run down; that may be past as it starts."""
        since = facts.occurred_at if self.from_occurrence else facts.known_at
        return since.astimezone(UTC) + self.within

    def is_too_late(self, facts: Facts) -> bool:
        """Tell whether a change came to be known after the time in which it must be told."""
        window = self.only_within
        if self.short_within and (facts.is_road_traffic or facts.kind is Kind.FIRE):
            window = self.short_within
        if window is None:
            return False
        if window < 2 * DAY:
            # In UTC: between two local times, the hour lost or won in spring or autumn is missed.
            return facts.known_at > facts.occurred_at.astimezone(UTC) + window
        # Days of a law are whole local days, and the first is not counted.
        return facts.known_on > facts.occurred_on + window


def is_in_force(of: Clock | GradeTable, on: date) -> bool:
    return of.since <= on and (of.until is None or on < of.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A clock that begins to run, and when it will have run down."""

    clock: Clock
    due_at: datetime


def find_started(
    clocks: Collection[Clock], *, before: Facts | None, after: Facts
) -> list[Started]:  # fmt: skip
    """Return the clocks that what is known now starts, given what was known before (None: none)."""
    return [
        Started(clock=clock, due_at=clock.find_due(after))
        for clock in clocks
        if _does_start(clock, before, after) and not (before and clock.is_too_late(after))
    ]


def _does_start(clock: Clock, before: Facts | None, after: Facts) -> bool:
    if not clock.holds_for(after):
        return False
    if before is None or not clock.holds_for(before):
        return clock.starts is not Starts.CHANGE
    if clock.starts is Starts.CHANGE:
        was = before.numbers
        was_told = any(was.people) or was.loss_yuan > 0
        return was_told and was.people != after.numbers.people
    return clock.starts is Starts.RISE and any(
        getattr(after.numbers, name) > getattr(before.numbers, name) for name in clock.any_of
    )


class Stage(StrEnum):
    """What an incident waits for."""

    REPORTED = "reported"
    """The unit deals with it; nobody has been appointed to look into it."""
    INVESTIGATED = "investigated"
    CLOSED = "closed"


class Condition(StrEnum):
    """The four that never let an incident go (四不放过)."""

    CAUSE = "cause"
    ANSWERED_FOR = "answered_for"
    MEASURES = "measures"
    TAUGHT = "taught"


class Lack(StrEnum):
    """Why an incident cannot be closed yet."""

    NO_TEAM = "no_team"
    NO_TIMELINE = "no_timeline"
    NO_ROOT_CAUSE = "no_root_cause"
    NO_MEASURE = "no_measure"
    OPEN_MEASURES = "open_measures"
    OPEN_TELLINGS = "open_tellings"
    NO_LESSON = "no_lesson"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """How far an incident has been looked into: how many there are of each."""

    is_light: bool
    members: int = 0
    moments: int = 0
    root_causes: int = 0
    measures: int = 0
    open_measures: int = 0
    open_tellings: int = 0
    lessons: int = 0
    answered: frozenset[Condition] = frozenset()


def is_light(kind: Kind, numbers: Numbers) -> bool:
    """Tell whether the unit may look into it by itself."""
    grave = (
        numbers.deaths, numbers.serious, numbers.missing, numbers.hospitalised,
        numbers.amputations, numbers.eyes_lost,
    )  # fmt: skip
    return kind in LIGHT and not any(grave)


def find_lacks(inquiry: Inquiry) -> list[Lack]:
    """Return what is missing before an incident may be closed, none where it may.

    What is light needs its cause and its measures, and neither a team from elsewhere nor lessons
    for others.
    """
    needed = {Condition.CAUSE} if inquiry.is_light else set(Condition)
    lacks: Sequence[tuple[Lack, bool]] = (
        (Lack.NO_TEAM, not inquiry.is_light and not inquiry.members),
        (Lack.NO_TIMELINE, not inquiry.is_light and not inquiry.moments),
        (Lack.NO_ROOT_CAUSE, not inquiry.root_causes),
        (Lack.NO_MEASURE, not inquiry.is_light and not inquiry.measures),
        (Lack.OPEN_MEASURES, inquiry.open_measures > 0),
        (Lack.OPEN_TELLINGS, inquiry.open_tellings > 0),
        (Lack.NO_LESSON, not inquiry.is_light and not inquiry.lessons),
        (Lack.NO_ANSWER, not needed <= inquiry.answered),
    )
    return [lack for lack, is_missing in lacks if is_missing]
