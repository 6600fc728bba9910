"""Who is told that something is owed, when, over and over until it is done (DESIGN 5.4).

All of it follows from the duty's instants and the hour it is now: a worker that slept tells what is
still true, once. Being told changes nothing about a duty: escalation never ends one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from taishan.core.duties import Terms

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WAKES, SLEEPS = time(7), time(22)
WEEKEND = frozenset({5, 6})


class To(StrEnum):
    """Who is told, seen from the duty."""

    DEBTOR = "debtor"
    DEPUTY = "deputy"
    SUPERIOR = "superior"
    CREDITOR = "creditor"
    INSPECTOR = "inspector"


class Hours(StrEnum):
    """At which hours somebody may be told, by the clock of the unit that owes."""

    AT_ONCE = "at_once"
    """Urgent: at any hour of any day."""
    WAKING = "waking"
    """From 07:00 to 22:00 of any day; else the next morning."""
    WORKING = "working"
    """From 07:00 to 22:00 of a working day; else the next such morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``offset``: how long after the duty's hour, negative before it. With ``every`` it is repeated
    up to ``times`` in all. ``code`` is unique within a kind's table.
    """

    code: str
    offset: timedelta
    to: frozenset[To]
    hours: Hours = Hours.WAKING
    every: timedelta | None = None
    times: int = 1

    def __post_init__(self) -> None:
        if not self.to:
            raise ValueError("a step tells somebody")
        if self.times < 1 or (self.times > 1 and (self.every is None or self.every <= 0 * DAY)):
            raise ValueError("what is repeated has its time between")


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A unit's clock and working days: Monday to Friday, but for the days in ``works``."""

    time_zone: str
    works: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        return self.works.get(day, day.weekday() not in WEEKEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One time at which a step tells; ``number`` counts from 0. ``warns``: of an hour to come."""

    step: Step
    number: int
    at: datetime
    warns: bool = False


_LOW = frozenset({To.DEBTOR})
_LINE = frozenset({To.DEBTOR, To.DEPUTY, To.SUPERIOR})
_OWED = frozenset({To.SUPERIOR, To.CREDITOR})
LAPSE = Step(code="lapse", offset=0 * DAY, to=frozenset({To.DEBTOR, To.SUPERIOR}))
"""Told once a duty is missed, whatever its kind; its offset counts from the lapse."""


def _soon(offset: timedelta, hours: Hours = Hours.WAKING) -> Step:
    return Step(code="soon", offset=-offset, to=_LOW, hours=hours)


def _due(hours: Hours = Hours.WAKING) -> Step:
    return Step(code="due", offset=0 * DAY, to=_LOW, hours=hours)


TABLE: Mapping[str, tuple[Step, ...]] = {
    "acknowledgement": (
        _soon(4 * HOUR),
        _due(),
        Step(code="again", offset=12 * HOUR, to=_LINE, every=DAY, times=5),
        Step(code="owed", offset=DAY, to=_OWED),
    ),
    "directive": (
        _soon(2 * DAY),
        _due(Hours.AT_ONCE),
        Step(code="again", offset=DAY, to=_LINE, every=DAY, times=7),
        Step(code="owed", offset=2 * DAY, to=_OWED),
        Step(code="inspected", offset=3 * DAY, to=frozenset({To.INSPECTOR})),
    ),
    "decision": (
        _soon(2 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=DAY, times=5),
        Step(code="owed", offset=3 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
    "post_duty": (
        _soon(3 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=2 * DAY, times=3),
    ),
    "approval": (
        _soon(8 * HOUR, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=DAY, times=5),
        Step(code="owed", offset=2 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
    "unit_return": (
        _soon(2 * HOUR),
        _due(Hours.AT_ONCE),
        Step(code="again", offset=2 * HOUR, to=_LINE, every=4 * HOUR, times=3),
        Step(code="owed", offset=4 * HOUR, to=_OWED),
    ),
    "explanation": (
        _soon(DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LOW, hours=Hours.WORKING, every=DAY, times=3),
        Step(code="owed", offset=DAY, to=frozenset({To.CREDITOR}), hours=Hours.WORKING),
    ),
    "campaign_return": (
        _soon(2 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=2 * DAY, times=3),
        Step(code="owed", offset=3 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
    "campaign_entry": (
        _soon(3 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=3 * DAY, times=5),
        Step(code="owed", offset=7 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
    "campaign_milestone": (
        _soon(7 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=7 * DAY, times=4),
    ),
    "hazard_step": (
        _soon(4 * HOUR),
        _due(),
        Step(code="again", offset=12 * HOUR, to=_LINE, every=DAY, times=5),
        Step(code="owed", offset=DAY, to=_OWED),
    ),
    "rectification": (
        _soon(2 * DAY),
        _due(Hours.AT_ONCE),
        Step(code="again", offset=DAY, to=_LINE, every=DAY, times=7),
        Step(code="owed", offset=DAY, to=_OWED),
        Step(code="inspected", offset=3 * DAY, to=frozenset({To.INSPECTOR})),
    ),
    "hazard_telling": (
        _soon(8 * HOUR),
        _due(Hours.AT_ONCE),
        Step(code="again", offset=12 * HOUR, to=_LINE, every=DAY, times=5),
        Step(code="owed", offset=DAY, to=_OWED),
        Step(code="inspected", offset=2 * DAY, to=frozenset({To.INSPECTOR})),
    ),
    "telling": (
        Step(code="open", offset=-3 * DAY, to=_LOW, hours=Hours.AT_ONCE),
        _soon(HOUR / 2, Hours.AT_ONCE),
        _due(Hours.AT_ONCE),
        Step(code="again", offset=HOUR / 2, to=_LINE, hours=Hours.AT_ONCE, every=HOUR, times=5),
        Step(code="owed", offset=HOUR, to=_OWED, hours=Hours.AT_ONCE),
    ),
    "incident_measure": (
        _soon(3 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=DAY, times=5),
        Step(code="owed", offset=2 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
    "inspection": (
        _soon(DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=DAY, times=3),
    ),
    "risk_check": (
        _soon(4 * HOUR),
        _due(),
    ),
    "risk_review": (
        _soon(7 * DAY, Hours.WORKING),
        _due(Hours.WORKING),
        Step(code="again", offset=DAY, to=_LINE, hours=Hours.WORKING, every=7 * DAY, times=4),
        Step(code="owed", offset=7 * DAY, to=_OWED, hours=Hours.WORKING),
    ),
}
"""Per kind of ``duty_kinds``. A group adds to it, for itself or a unit; it never takes from it."""


def find_occurrences(
    table: Sequence[Step], terms: Terms, calendar: Calendar
) -> Iterator[Occurrence]:
    """Yield each time at which somebody is told, until the duty lapses, and that it has."""
    for step in table:
        for number in range(step.times):
            one = _find_occurrence(step, number, terms, calendar)
            is_over = one.warns and one.at >= terms.due_at
            if not is_over and (terms.lapses_at is None or one.at < terms.lapses_at):
                yield one
    if terms.lapses_at is not None:
        yield Occurrence(step=LAPSE, number=0, at=_tell_at(LAPSE, terms.lapses_at, calendar))


def _find_occurrence(step: Step, number: int, terms: Terms, calendar: Calendar) -> Occurrence:
    offset = step.offset + number * (step.every or 0 * DAY)
    meant = max(_after(terms.due_at, offset, calendar), terms.opened_at)
    at, warns = _tell_at(step, meant, calendar), offset < 0 * DAY
    if warns and at >= terms.due_at:
        # Politeness would have the warning come when there is nothing left to warn of.
        at = meant
    return Occurrence(step=step, number=number, at=at, warns=warns)


def find_told(
    occurrences: Collection[Occurrence], terms: Terms, *, since: datetime, now: datetime
) -> dict[To, Occurrence]:
    """Return whom to tell of what in ``since <= at <= now``: each the latest that is still true.

    A warning is true until the hour it warns of, that something is overdue until it is missed.
    """
    told: dict[To, Occurrence] = {}
    for one in sorted(occurrences, key=lambda one: one.at):
        if since <= one.at <= now and _is_true(one, terms, now):
            told |= dict.fromkeys(one.step.to, one)
    return told


def find_next(
    occurrences: Collection[Occurrence], terms: Terms, grace: timedelta | None, now: datetime
) -> datetime | None:
    """Return the first instant after ``now`` at which an open duty is to be looked at again."""
    instants = [one.at for one in occurrences]
    instants += [at for at in (terms.lapses_at, answers_at(terms, grace)) if at is not None]
    return min((at for at in instants if at > now), default=None)


def answers_at(terms: Terms, grace: timedelta | None) -> datetime | None:
    """Return from when somebody has to answer for a duty that is not done: its lapse, or the end of
    the grace of its kind, whichever comes first; None where lateness alone has none to answer.
    """
    instants = [terms.lapses_at] if terms.lapses_at is not None else []
    if grace is not None:
        instants.append(terms.due_at + grace)
    return min(instants, default=None)


def get_evening(after: datetime, days: int, calendar: Calendar) -> datetime:
    """Return 18:00 of the unit's so many-th working day after the day of an instant."""
    zone = ZoneInfo(calendar.time_zone)
    day = after.astimezone(zone).date()
    while days:
        day += DAY
        days -= calendar.is_working(day)
    return datetime.combine(day, time(18), zone).astimezone(UTC)


def _is_true(one: Occurrence, terms: Terms, now: datetime) -> bool:
    if terms.lapses_at is not None and now >= terms.lapses_at:
        return one.step is LAPSE
    return not one.warns or now < terms.due_at


def _after(due_at: datetime, offset: timedelta, calendar: Calendar) -> datetime:
    """Return the instant; days are days of the local clock, also where one has 23 or 25 hours."""
    days = int(offset / DAY) * DAY
    local = due_at.astimezone(ZoneInfo(calendar.time_zone)) + days
    return local.astimezone(UTC) + (offset - days)


def _tell_at(step: Step, at: datetime, calendar: Calendar) -> datetime:
    """Return the instant itself, or the morning of the first hours at which it may be told."""
    if step.hours is Hours.AT_ONCE:
        return at
    zone = ZoneInfo(calendar.time_zone)
    local = at.astimezone(zone)
    day = local.date() if local.time() < SLEEPS else local.date() + DAY
    while step.hours is Hours.WORKING and not calendar.is_working(day):
        day += DAY
    morning = datetime.combine(day, WAKES, zone).astimezone(UTC)
    return max(at, morning)
