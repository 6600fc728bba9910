"""A county's risk level from its counts of cases, by the national rule of February 2020.

Low: no confirmed case ever, or no new one for 14 days running. High: more than 50 cases in all and
a cluster within 14 days. Medium: everything between. Low is asked first: a county with thousands
of former cases became low after 14 days without a new one. Whether cases form a cluster is for
epidemiologists to say, and given. Sources: http://gansulong.com/c/122422P0612023.html,
https://yebaike.com/21/202109/3381189.html, http://uianet.net/dictionary/b638717.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

QUIET_DAYS = 14
MANY_CASES = 50


class Level(StrEnum):
    """How a territory is graded."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class UnclearCounts(ValueError):
    """Counts that contradict each other; the message says how.

    In a series ``day`` is the one in question, and ``is_twice`` says that it is counted twice;
    otherwise its cluster is the contradiction.
    """

    def __init__(self, message: str, *, day: date | None = None, is_twice: bool = False) -> None:
        super().__init__(message)
        self.day = day
        self.is_twice = is_twice


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """One county's confirmed cases at the end of a day.

    ``new`` below zero is a correction of earlier counts, no new case. ``is_cluster``: cases of
    this day were found to belong to a cluster.
    """

    day: date
    new: int
    cumulative: int
    is_cluster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedDay:
    """The level a county has from the counts at the end of ``day``."""

    day: date
    level: Level


def grade(*, cumulative: int, days_without_new: int | None, has_cluster: bool) -> Level:
    """Return the level of a county by the rule.

    ``days_without_new``: full days since that of the last new case, None where there never was
    one. ``has_cluster``: within the last 14 days. Raises UnclearCounts where the three disagree.
    """
    if (cumulative > 0) != (days_without_new is not None):
        raise UnclearCounts(f"{cumulative} cases, but the last new one {days_without_new} days ago")
    if days_without_new is None or days_without_new >= QUIET_DAYS:
        if has_cluster:
            raise UnclearCounts("a cluster within 14 days, but no new case within 14 days")
        return Level.LOW
    return Level.HIGH if cumulative > MANY_CASES and has_cluster else Level.MEDIUM


def grade_days(counts: Iterable[DayCount]) -> Iterator[GradedDay]:
    """Yield one county's level on each day counted, in order.

    A total that rose since the count before is a new case, stated or not. What came before the
    first count is unknown: where it had cases already, one counts as new on the day of that count.
    Raises UnclearCounts for two counts of a day, or a cluster on a day without a new case.
    """
    before: DayCount | None = None
    last_new: date | None = None
    last_cluster: date | None = None
    for count in sorted(counts, key=lambda c: c.day):
        if before is not None and before.day == count.day:
            raise UnclearCounts(f"two counts of {count.day}", day=count.day, is_twice=True)
        if count.new > 0 or count.cumulative > (before.cumulative if before else 0):
            last_new = count.day
        if count.is_cluster:
            if last_new != count.day:
                message = f"a cluster on {count.day}, but no new case on that day"
                raise UnclearCounts(message, day=count.day)
            last_cluster = count.day
        before = count
        yield GradedDay(day=count.day, level=_level(count, last_new, last_cluster))


def _level(count: DayCount, last_new: date | None, last_cluster: date | None) -> Level:
    if count.cumulative <= 0:
        return Level.LOW  # a total corrected to nothing: the cases were none
    return grade(
        cumulative=count.cumulative,
        days_without_new=None if last_new is None else (count.day - last_new).days,
        has_cluster=last_cluster is not None and (count.day - last_cluster).days < QUIET_DAYS,
    )
