"""What a unit's own numbers show of the conditions of the gate, and for how long they show it.

A measured fact stands beside what the unit attests and takes nothing away from it: the gate takes
whichever serves best, and a page shows both with their day and where they are from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from taishan.core.followup import DEFAULT
from taishan.core.gate import Fact

RETURN_DAYS = 3
"""For how many days a unit's return shows its stock, its own day included; then it is unknown."""
_A_DAY = timedelta(days=1)


class Source(StrEnum):
    """Where a fact was measured."""

    RETURN = "return"
    """The unit's own daily return."""
    REPORTS = "reports"
    """The daily reports of the unit's people, and their follow-ups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A fact, and the day of the reports that it was measured by."""

    fact: Fact
    source: Source
    day: date

    def lasts_to(self, day: date) -> bool:
        """Tell whether it still shows anything on the day, or may from then on."""
        return self.fact.ends is None or self.fact.ends > day


def stock_cover(item: str, returns: Mapping[date, tuple[float, float]]) -> list[Measured]:
    """Return for how many days an item lasts, by what is in stock and what is used a day.

    Each return counts from its day until the next, RETURN_DAYS at most. One that says that nothing
    is used shows nothing.
    """
    found = []
    for day, following in pairwise([*sorted(returns), date.max]):
        in_stock, used = returns[day]
        if used > 0:
            ends = min(day + timedelta(days=RETURN_DAYS), following)
            fact = Fact(condition=f"stock:{item}", amount=in_stock / used, starts=day, ends=ends)
            found.append(Measured(fact=fact, source=Source.RETURN, day=day))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The daily reports of a unit's people for a day.

    ``off``: how many of the expected have their day off by the shift they work, and owe none.
    ``too_early``: how many of those in quarantine, or confirmed, said that they can work on site.
    """

    expected: int
    received: int
    too_early: int
    off: int = 0


def of_reports(days: Mapping[date, Reported], *, follows_arrivals: bool) -> list[Measured]:
    """Return what the reports of each day show for the day after.

    The reporting rate of those who owed one; where everybody reported, days off or not, and nobody
    is back too early, that quarantine is over for who is on site; and where the unit follows up
    every arrival, how many days each of them was apart, since nobody is released before.
    """
    found: list[Measured] = []
    for day, reported in sorted(days.items()):
        if reported.expected <= reported.off:
            continue
        found.append(_next_day("attest:reporting_rate", _rate(reported), day))
        if reported.received >= reported.expected and not reported.too_early:
            found.append(_next_day("attest:quarantine_over", 1, day))
            if follows_arrivals:
                found.append(_next_day("quarantine:any", DEFAULT.quarantine_days, day))
    return found


def _rate(reported: Reported) -> float:
    return min(reported.received / (reported.expected - reported.off), 1.0)


def _next_day(condition: str, amount: float, day: date) -> Measured:
    fact = Fact(condition=condition, amount=amount, starts=day + _A_DAY, ends=day + 2 * _A_DAY)
    return Measured(fact=fact, source=Source.REPORTS, day=day)


def on(measured: Iterable[Measured], day: date) -> tuple[Measured, ...]:
    """Return what is shown of a day."""
    return tuple([one for one in measured if one.fact.covers(day)])


def beyond(
    measured: Iterable[Measured], attested: Iterable[Fact], day: date
) -> tuple[Measured, ...]:
    """Return what is measured that shows more than anything attested of the day.

    All that is measured here is the better the more there is of it.
    """
    said: dict[str, float] = {}
    for fact in attested:
        if fact.covers(day):
            said[fact.condition] = max(fact.amount, said.get(fact.condition, fact.amount))
    return tuple([one for one in measured if one.fact.amount > said.get(one.fact.condition, -1.0)])


def running(changes: Sequence[tuple[date, int]], first: date, end: date) -> dict[date, int]:
    """Return a number that changes on some days, for each of ``first <= day < end``."""
    found: dict[date, int] = {}
    number = 0
    marks = [*sorted(changes), (end, 0)]
    for (day, change), (until, _change) in pairwise(marks):
        number += change
        start = max(day, first)
        found |= {start + n * _A_DAY: number for n in range((min(until, end) - start).days)}
    return found
