"""When reports are owed: recurring periods, and where a period stands at an instant.

A period is named by its first day. Its instants are the local time of the unit: the same period
opens in Phnom Penh an hour after it opened in Taiyuan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rruleset, rrulestr

MIDNIGHT = time(0)


class ScheduleRefused(ValueError):
    """A schedule that cannot be; the argument is why: ``rule``, ``hours`` or ``order``."""


class Stage(StrEnum):
    """Where a period stands at an instant, for who owes its report."""

    NOT_OPEN = "not_open"
    """It cannot be reported yet."""
    OPEN = "open"
    DUE = "due"
    """The hour has come; a report is still on time."""
    LATE = "late"
    """A report is still taken, as a late one."""
    CLOSED = "closed"
    """What has not come is missed; what comes now is a correction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A local time, so many days after the period's first day (or before it, below 0)."""

    day: int = 0
    at: time

    @property
    def order(self) -> tuple[int, time]:
        return self.day, self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The instants of a period; in this order."""

    opens: Mark
    due: Mark
    late: Mark
    closes: Mark

    def refuse_disorder(self) -> None:
        """Raise ScheduleRefused unless the marks follow one another."""
        if not self.opens.order < self.due.order <= self.late.order <= self.closes.order:
            raise ScheduleRefused("order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Periods that recur by an RFC 5545 rule from a day to a day (half-open), but for some days.

    ``starts`` is the rule's DTSTART; ``skipped`` are holidays, as EXDATE are. Each recurrence
    begins ``days_on`` periods on days that follow one another, as an event's DURATION in days
    would have it: four days on and two off are four days, every six.
    """

    rule: str
    starts: date
    until: date | None = None
    days_on: int = 1
    skipped: frozenset[date] = frozenset()
    marks: Marks

    def occurs(self, day: date) -> bool:
        """Tell whether a period begins on the day."""
        return next(self.between(day, day + timedelta(days=1)), None) is not None

    def between(self, since: date, until: date) -> Iterator[date]:
        """Yield the first days of the periods with ``since <= day < until``."""
        last = min(until, self.until) if self.until else until
        if since < last:
            days = _days(self.rule, self.starts, since, last, self.days_on)
            yield from (day for day in days if day not in self.skipped)

    def window(self, period: date, zone: str) -> Window:
        """Return the instants of a period for a unit in a time zone."""
        return _window(self.marks, period, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The instants of one period in one time zone, in UTC."""

    opens: datetime
    due: datetime
    late: datetime
    closes: datetime

    def stage(self, now: datetime) -> Stage:
        """Return where the period stands at the instant; each instant begins its stage."""
        if now < self.opens:
            return Stage.NOT_OPEN
        if now < self.due:
            return Stage.OPEN
        if now < self.late:
            return Stage.DUE
        return Stage.LATE if now < self.closes else Stage.CLOSED


def refuse_rule(rule: str, starts: date) -> None:
    """Raise ScheduleRefused for what is no RFC 5545 rule of days, weeks, months or years, or has
    no day from its first on."""
    parts = dict(_PART.findall(rule))
    is_rule = ";".join(f"{key}={value}" for key, value in parts.items()) == rule
    # An interval of 0, however it is written, would be counted through for ever.
    is_counted = all(_COUNT.fullmatch(parts.get(key, "1")) for key in ("INTERVAL", "COUNT"))
    if not is_rule or not is_counted or parts.get("FREQ") not in _DAYS_AT_LEAST:
        raise ScheduleRefused("rule")
    if not parts.keys().isdisjoint({"BYHOUR", "BYMINUTE", "BYSECOND"}):
        raise ScheduleRefused("hours")
    if not parts.keys() <= _OF_DAYS:
        raise ScheduleRefused("rule")
    try:
        # What is wrong with some rules shows only once their days are counted; and one that has
        # none (30 February) would be counted through to the end of the calendar at each look.
        if next(iter(_parse(rule, starts)), None) is None:
            raise ScheduleRefused("rule")
    except (ValueError, TypeError, AttributeError, IndexError) as error:
        raise ScheduleRefused("rule") from error


_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
_COUNT = re.compile(r"[1-9][0-9]{0,3}")
_OF_DAYS = frozenset({
    "FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO",
    "BYDAY", "BYSETPOS",
})  # fmt: skip
_DAYS_AT_LEAST = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


@lru_cache(maxsize=256)
def _parse(rule: str, starts: date) -> rrule | rruleset:
    return rrulestr(rule, dtstart=datetime.combine(starts, MIDNIGHT), cache=True)


@lru_cache(maxsize=4096)
def _days(rule: str, starts: date, since: date, until: date, days_on: int) -> tuple[date, ...]:
    """Every day is the commonest rule, and would be counted through from its start each time."""
    if days_on > 1:
        ahead = timedelta(days=days_on - 1)
        begun = _days(rule, starts, max(since, starts + ahead) - ahead, until, 1)
        found = {day + timedelta(days=n) for day in begun for n in range(days_on)}
        return tuple(sorted(day for day in found if since <= day < until))
    first = max(since, starts)
    if rule == "FREQ=DAILY":
        return tuple(first + timedelta(days=n) for n in range(max((until - first).days, 0)))
    begins, ends = datetime.combine(first, MIDNIGHT), datetime.combine(until, MIDNIGHT)
    instants = _parse(rule, starts).between(begins, ends, inc=True)
    return tuple(instant.date() for instant in instants if instant < ends)


@lru_cache(maxsize=4096)
def _window(marks: Marks, period: date, zone: str) -> Window:
    def instant(mark: Mark) -> datetime:
        local = datetime.combine(period + timedelta(days=mark.day), mark.at, ZoneInfo(zone))
        return local.astimezone(UTC)

    return Window(
        opens=instant(marks.opens),
        due=instant(marks.due),
        late=instant(marks.late),
        closes=instant(marks.closes),
    )
