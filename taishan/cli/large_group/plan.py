"""How large an invented group is to be."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

Progress = Callable[[int], None]
"""Called with how many rows were written since it was called last."""

FOUNDED_BEFORE = timedelta(days=400)
MOVES_A_DAY = 1 / 3000
"""Of the people: in a month, one in a hundred changes the unit."""
COUNTERS_OF = {"daily_health": 24, "unit_daily": 14}
"""About how many counters a unit has for one day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A group: the same numbers give the same group.

    ``days`` up to ``today`` have counters; of the last ``reports_days`` of them the reports
    themselves are there. ``now`` is the instant up to which the last day has come.
    """

    people: int
    units: int
    levels: int
    days: int
    reports_days: int
    forms: tuple[str, ...]
    seed: int
    now: datetime
    today: date

    @property
    def since(self) -> date:
        """The first day with counters."""
        return self.today - timedelta(days=self.days - 1)

    @property
    def kept_since(self) -> date:
        """The first day with reports."""
        return self.today - timedelta(days=self.reports_days - 1)

    @property
    def founded(self) -> date:
        return self.since - FOUNDED_BEFORE

    @property
    def rows(self) -> int:
        """About how many rows it takes: what progress is measured by."""
        reports = self.people * self.reports_days if "daily_health" in self.forms else 0
        counters = sum(COUNTERS_OF[form] for form in self.forms) * self.units * self.days
        return self.people * 3 + reports + counters

    def chance(self, of: object) -> random.Random:
        """Return the chances of one part of the group, the same every time."""
        return random.Random(f"{self.seed} {of}")  # noqa: S311 - invented, not secret
