"""Campaigns: the steps of an entry of a list, where a unit stands, and the ranking that says how.

A campaign runs through phases; each unit keeps two living lists, of problems and of measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from operator import attrgetter

DAY = timedelta(days=1)


class Stand(StrEnum):
    """Where an entry of a list stands."""

    OPEN = "open"
    """It is to be done by its deadline."""
    DONE = "done"
    """Whoever answers for it says that it is done; somebody else is to see."""
    CLOSED = "closed"
    """Somebody else has seen that it is done."""
    WITHDRAWN = "withdrawn"
    """It should not have been listed; the reason is kept."""


class Act(StrEnum):
    """What moves an entry."""

    DONE = "done"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"


STEPS: Mapping[tuple[Stand, Act], Stand] = {
    (Stand.OPEN, Act.DONE): Stand.DONE,
    (Stand.DONE, Act.RETURNED): Stand.OPEN,
    (Stand.DONE, Act.VERIFIED): Stand.CLOSED,
    (Stand.OPEN, Act.WITHDRAWN): Stand.WITHDRAWN,
}
"""The only ways from stand to stand."""


class Refusal(StrEnum):
    """Why an act on an entry cannot be."""

    NOT_DONE_YET = "not_done_yet"
    DONE_ALREADY = "done_already"
    OVER = "over"
    SAME_PERSON = "same_person"


class StepRefused(ValueError):
    """An act that cannot be; ``why`` says why."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


def step(
    stand: Stand, act: Act, *, by: int | None = None, doers: frozenset[int] = frozenset()
) -> Stand:
    """Return the stand after an act by a person. Raises StepRefused.

    ``doers``: who said that it is done, and who answers for it. None of them verifies it, nor does
    anybody who cannot be told from them.
    """
    after = STEPS.get((stand, act))
    if after is None:
        if stand in (Stand.CLOSED, Stand.WITHDRAWN):
            raise StepRefused(Refusal.OVER)
        raise StepRefused(Refusal.NOT_DONE_YET if stand is Stand.OPEN else Refusal.DONE_ALREADY)
    if act is Act.VERIFIED and (by is None or by in doers):
        raise StepRefused(Refusal.SAME_PERSON)
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A part of a campaign: ``starts <= day < ends``."""

    starts: date
    ends: date


def phases_fit(phases: Sequence[Phase]) -> bool:
    """Tell whether phases are of a day at least and follow each other without gap or overlap."""
    return (
        bool(phases)
        and all(one.starts < one.ends for one in phases)
        and all(one.ends == after.starts for one, after in pairwise(phases))
    )


def find_phase(phases: Sequence[Phase], day: date) -> int | None:
    """Return the place of the phase of a day; None before the first and after the last."""
    return next((at for at, one in enumerate(phases) if one.starts <= day < one.ends), None)


def months_owed(starts: date, ends: date, day: date) -> Iterator[date]:
    """Yield the first day of each month of ``starts <= day < ends`` that is over by a day.

    A campaign's last month is over when it is: a return is about the month as far as it ran.
    """
    month = starts.replace(day=1)
    while month < ends and next_month(month) <= day:
        yield month
        month = next_month(month)


def next_month(day: date) -> date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What units have done in a campaign. Sums add up, units to branches.

    ``overdue``: open entries of both lists past their deadline. ``returns_due``: monthly returns
    whose hour has come. ``heads``: people who work there. ``moved_on``: the day of the last
    movement, in Greenwich.
    """

    units: int = 0
    heads: int = 0
    problems: int = 0
    problems_waiting: int = 0
    problems_closed: int = 0
    problems_on_time: int = 0
    measures: int = 0
    measures_waiting: int = 0
    measures_closed: int = 0
    measures_on_time: int = 0
    overdue: int = 0
    returns_due: int = 0
    returns_on_time: int = 0
    returns_late: int = 0
    moved_on: date | None = None

    @property
    def entries(self) -> int:
        return self.problems + self.measures

    @property
    def closed(self) -> int:
        return self.problems_closed + self.measures_closed

    @property
    def open(self) -> int:
        """Entries that nobody has verified yet."""
        return self.entries - self.closed

    @property
    def on_time(self) -> int:
        return self.problems_on_time + self.measures_on_time


_ADDED = tuple(name for name in Numbers.__dataclass_fields__ if name != "moved_on")


def total(numbers: Iterable[Numbers]) -> Numbers:
    """Return the sum; the latest movement counts. One new record, however many are added up."""
    every = list(numbers)
    columns = zip(*map(attrgetter(*_ADDED), every), strict=True)
    moved = [one.moved_on for one in every if one.moved_on is not None]
    return Numbers(
        **dict(zip(_ADDED, map(sum, columns), strict=False)), moved_on=max(moved, default=None)
    )


class Standing(StrEnum):
    """How a unit is getting on."""

    NOT_BEGUN = "not_begun"
    """Nothing is listed yet, and there is still time to begin."""
    STALLED = "stalled"
    """Its lists have not moved for as long as the campaign allows, and they are not worked off."""
    OVERDUE = "overdue"
    MOVING = "moving"
    WORKED_OFF = "worked_off"
    """All that is listed is closed."""


def standing(numbers: Numbers, *, since: date, day: date, stalled_after: int) -> Standing:
    """Return how a unit stands on a day. ``since``: its first day in the campaign;
    ``stalled_after``: the days without a movement after which it counts as stalled.
    """
    moved_on = since if numbers.moved_on is None else max(numbers.moved_on, since)
    if numbers.entries and not numbers.open:
        return Standing.WORKED_OFF
    if (day - moved_on).days >= stalled_after:
        return Standing.STALLED
    if not numbers.entries:
        return Standing.NOT_BEGUN
    return Standing.OVERDUE if numbers.overdue else Standing.MOVING


class Part(StrEnum):
    """What a ranking looks at."""

    CLOSED_ON_TIME = "closed_on_time"
    """Entries closed in time, of those closed or overdue."""
    RETURNS_ON_TIME = "returns_on_time"
    """Monthly returns in time, of those whose hour has come."""
    FOUND = "found"
    """Problems found for every 100 people, up to what the formula asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """How units are ranked. The weights add up to 100 points.

    ``found_per_100``: problems found per 100 people that earn the full share: beyond it more earns
    no more, so that nobody lists trifles for points. Under ``least_heads`` people a unit is not
    ranked: one problem more or less would decide.
    """

    code: str
    weights: Mapping[Part, int]
    found_per_100: int
    least_heads: int


FORMULAS: Mapping[str, Formula] = {
    one.code: one
    for one in (
        Formula(
            code="2020-1",
            weights={Part.CLOSED_ON_TIME: 50, Part.RETURNS_ON_TIME: 20, Part.FOUND: 30},
            found_per_100=5,
            least_heads=10,
        ),
    )
}
"""By code. A formula that was ever used stays as it is; another gets another code. The weights are
the project's own choice: no public rule prescribes any."""
LATEST = "2020-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points of 100, to one decimal, and the share (0 to 1) that each part earned; None: no ground
    to say. ``points`` is None for a unit that is too small or has nothing to go by.
    """

    points: Decimal | None
    shares: Mapping[Part, Fraction | None]
    is_small: bool = False


def score(numbers: Numbers, formula: Formula) -> Score:
    """Return a unit's score. A part without ground counts for nobody: its weight falls away."""
    shares = {
        Part.CLOSED_ON_TIME: _share(numbers.on_time, numbers.closed + numbers.overdue),
        Part.RETURNS_ON_TIME: _share(numbers.returns_on_time, numbers.returns_due),
        Part.FOUND: _found(numbers, formula),
    }
    if numbers.heads < formula.least_heads:
        return Score(points=None, shares=shares, is_small=True)
    known = {part: share for part, share in shares.items() if share is not None}
    # What was found alone says nothing of what became of it.
    if set(known) <= {Part.FOUND}:
        return Score(points=None, shares=shares)
    weight = sum(formula.weights[part] for part in known)
    earned = sum((formula.weights[part] * share for part, share in known.items()), Fraction(0))
    return Score(points=_points(earned * 100 / weight), shares=shares)


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _found(numbers: Numbers, formula: Formula) -> Fraction | None:
    if not numbers.heads:
        return None
    return min(Fraction(numbers.problems * 100, numbers.heads * formula.found_per_100), Fraction(1))


def _points(exact: Fraction) -> Decimal:
    tenths = Decimal(exact.numerator) / Decimal(exact.denominator)
    return tenths.quantize(Decimal("0.1"), ROUND_HALF_UP)


def rank(scores: Sequence[Score]) -> list[int | None]:
    """Return the place of each, the highest first; equal points share a place, and the next is as
    far down as there are units above it. None for who is not ranked.
    """
    points = sorted((one.points for one in scores if one.points is not None), reverse=True)
    return [None if one.points is None else points.index(one.points) + 1 for one in scores]


class Measure(StrEnum):
    """What a target is about."""

    PROBLEMS_FOUND = "problems_found"
    PROBLEMS_CLOSED = "problems_closed"
    MEASURES_MADE = "measures_made"
    CLOSED_ON_TIME = "closed_on_time"
    """Percent."""
    RETURNS_ON_TIME = "returns_on_time"
    """Percent."""


PERCENT = frozenset({Measure.CLOSED_ON_TIME, Measure.RETURNS_ON_TIME})


def reached(numbers: Numbers, measure: Measure) -> int | None:
    """Return how far units are with what a target is about; percent is cut, never rounded up."""
    match measure:
        case Measure.PROBLEMS_FOUND:
            return numbers.problems
        case Measure.PROBLEMS_CLOSED:
            return numbers.problems_closed
        case Measure.MEASURES_MADE:
            return numbers.measures_closed
        case Measure.CLOSED_ON_TIME:
            return _percent(_share(numbers.on_time, numbers.closed + numbers.overdue))
        case Measure.RETURNS_ON_TIME:
            return _percent(_share(numbers.returns_on_time, numbers.returns_due))


def _percent(share: Fraction | None) -> int | None:
    return None if share is None else int(share * 100)
