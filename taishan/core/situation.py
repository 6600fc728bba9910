"""What reports add up to: counts that combine in any order, and how complete they are (DESIGN 5.3).

A count is the sum of what single reports add. Sums are exact: amounts are whole numbers or
decimals, never floats, so that taking away what was added leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact

Counts = Mapping[str, Decimal]
"""Amounts by indicator. An indicator that is not named has the amount 0."""

NOTHING: Counts = {}

_EXACT = Context(prec=2_000, traps=[Inexact])
"""Enough digits for any sum of doubles: one that had to be rounded would be a wrong counter."""

RECEIVED = "received"
RECEIVED_ON_TIME = "received_on_time"


def exact(amount: float) -> Decimal:
    """Return a report's amount as the number that was typed: 36.6, not its binary neighbour."""
    return Decimal(str(amount))


def combine(*parts: Counts) -> Counts:
    """Return the sum of the counts; associative and commutative, with NOTHING as neutral."""
    total: dict[str, Decimal] = {}
    for part in parts:
        for indicator, amount in part.items():
            total[indicator] = _EXACT.add(total.get(indicator, Decimal(0)), amount)
    return _without_zeros(total)


def difference(later: Counts, earlier: Counts) -> Counts:
    """Return what has to be added to ``earlier`` to come to ``later``."""
    return combine(
        later, {indicator: amount.copy_negate() for indicator, amount in earlier.items()}
    )


def _without_zeros(counts: Counts) -> Counts:
    return {indicator: amount for indicator, amount in counts.items() if amount}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """How many reports were expected, came, and came on time, over any units and periods.

    The five metrics of DHIS2's data set report: expected reports, actual reports, actual reports on
    time, reporting rate, reporting rate on time
    (docs.dhis2.org, "Using data visualizer", "Reporting rates").
    """

    expected: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def rate(self) -> float | None:
        """Received over expected, None where nothing was expected.

        Above 1 where more reported than the roster knows: that is a finding, and not cut off.
        """
        return self.received / self.expected if self.expected else None

    @property
    def rate_on_time(self) -> float | None:
        """Received on time over expected, None where nothing was expected."""
        return self.on_time / self.expected if self.expected else None

    @property
    def missing(self) -> int:
        """How many reports are still owed, at least 0."""
        return max(self.expected - self.received, 0)

    @property
    def is_complete(self) -> bool:
        return self.received >= self.expected


def reporting(expected: int, counts: Counts) -> Reporting:
    """Return the metrics of units and periods of which the counts are given."""
    return Reporting(
        expected=expected,
        received=int(counts.get(RECEIVED, 0)),
        on_time=int(counts.get(RECEIVED_ON_TIME, 0)),
    )


def sum_up(parts: Iterable[Reporting]) -> Reporting:
    """Return the metrics of several units or periods together."""
    found = list(parts)
    return Reporting(
        expected=sum(part.expected for part in found),
        received=sum(part.received for part in found),
        on_time=sum(part.on_time for part in found),
    )
