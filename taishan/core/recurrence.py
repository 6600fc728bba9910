"""The recurrences that people choose by plain words, as RFC 5545 rules and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKING_DAYS = frozenset(WEEKDAYS[:5])
LAST_DAY = -1
MONTH_DAYS = (*range(1, 29), LAST_DAY)
"""The days that every month has; RFC 5545 skips the months without a 30th."""


MOST_IN_TURN = 60
"""The longest that a turn's days on, and its days off, are chosen by words."""


class Often(StrEnum):
    """How often, as people say it."""

    DAILY = "daily"
    WORKING_DAYS = "working_days"
    """Monday to Friday, as published calendars begin; holidays are said apart."""
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TURNS = "turns"
    """So many days on, so many off, whatever days of the week they are."""
    RULE = "rule"
    """Anything else, as a rule of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """How often something recurs. ``weekdays`` are a week's, ``month_day`` a month's, ``days_off``
    those of turns, ``rule`` only given where no word fits. ``days_on``: each time on so many days,
    one after the other.
    """

    often: Often
    weekdays: frozenset[str] = frozenset()
    month_day: int | None = None
    rule: str = ""
    days_on: int = 1
    days_off: int | None = None


def daily() -> Recurrence:
    return Recurrence(often=Often.DAILY)


def on_working_days() -> Recurrence:
    return Recurrence(often=Often.WORKING_DAYS)


def weekly(weekdays: Iterable[str]) -> Recurrence:
    return Recurrence(often=Often.WEEKLY, weekdays=frozenset(weekdays))


def monthly(day: int) -> Recurrence:
    return Recurrence(often=Often.MONTHLY, month_day=day)


def in_turns(days_on: int, days_off: int) -> Recurrence:
    return Recurrence(often=Often.TURNS, days_on=days_on, days_off=days_off)


def as_rule(recurrence: Recurrence) -> str:
    """Return the RFC 5545 rule; each recurrence of it lasts ``days_on``."""
    match recurrence.often:
        case Often.DAILY:
            return "FREQ=DAILY"
        case Often.WORKING_DAYS:
            return _on(WORKING_DAYS)
        case Often.WEEKLY:
            return _on(recurrence.weekdays)
        case Often.MONTHLY:
            return f"FREQ=MONTHLY;BYMONTHDAY={recurrence.month_day}"
        case Often.TURNS:
            return f"FREQ=DAILY;INTERVAL={recurrence.days_on + (recurrence.days_off or 0)}"
        case Often.RULE:
            return recurrence.rule


def _on(weekdays: frozenset[str]) -> str:
    return f"FREQ=WEEKLY;BYDAY={','.join(day for day in WEEKDAYS if day in weekdays)}"


def in_words(rule: str, days_on: int | None = None) -> Recurrence:
    """Return the recurrence by which people would choose the rule.

    ``days_on`` is how long each recurrence lasts, where turns can be chosen.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    every = parts.get("INTERVAL", "")
    is_every = every.isdigit() and rule == f"FREQ=DAILY;INTERVAL={int(every)}"
    if is_every and days_on:
        days_off = int(every) - days_on
        if 0 < days_off <= MOST_IN_TURN and days_on <= MOST_IN_TURN:
            return in_turns(days_on, days_off)
    days = frozenset(parts.get("BYDAY", "").split(",")) & frozenset(WEEKDAYS)
    offered = [daily(), on_working_days(), weekly(days)]
    offered += [monthly(day) for day in MONTH_DAYS]
    found = (one for one in offered if as_rule(one) == rule and (one != weekly(()) or days))
    return next(found, Recurrence(often=Often.RULE, rule=rule))
