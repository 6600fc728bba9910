"""Summing the counters over groups of units, inside the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from taishan.core.situation import Counts
from taishan.kit import arrays
from taishan.reporting.models import Indicator
from taishan.situation.branches import Stay

FEW_STAYS = 100
"""Up to so many units, each one's own counters are looked up; of more, the whole day is read."""

OF_UNITS = """
SELECT g.number, c.period, c.indicator_id, sum(c.amount)
FROM unnest(%(units)s::int[], %(starts)s::date[], %(ends)s::date[], %(groups)s::int[])
  AS g (unit_id, starts, ends, number)
JOIN reporting_counter c ON c.unit_id = g.unit_id AND c.form_id = %(form)s
  AND c.period >= g.starts AND c.period < g.ends
WHERE c.period >= %(since)s AND c.period < %(until)s
  AND (%(indicators)s::int[] IS NULL OR c.indicator_id = ANY(%(indicators)s))
GROUP BY 1, 2, 3
HAVING sum(c.amount) <> 0
"""

# The group of a unit stands in an array at the place of its id: to join thousands of units to their
# counters takes twice as long as to add these up. IS TRUE keeps the indicators out of the choice of
# an index: to look up seven of them for each unit takes longer too.
OF_DAY = """
SELECT (%(groups)s::int[])[c.unit_id], c.indicator_id, sum(c.amount)
FROM reporting_counter c
WHERE c.form_id = %(form)s AND c.period = %(period)s
  AND (%(indicators)s::int[] IS NULL OR c.indicator_id = ANY(%(indicators)s)) IS TRUE
GROUP BY 1, 2
HAVING sum(c.amount) <> 0
"""
NO_GROUP = -1

Sums = dict[tuple[int, date], Counts]
_Sum = tuple[int, date, int, Decimal]


def names() -> dict[int, str]:
    """Return the names of all indicators by id."""
    return dict(Indicator.objects.values_list("pk", "name"))


def sums(
    form_id: int,
    stays: Sequence[Stay],
    days: tuple[date, date],
    group_of: Callable[[Stay], int],
    known: dict[int, str],
    only: Iterable[str] | None = None,
) -> Sums:
    """Return the counts by group of units and period, ``days[0] <= period < days[1]``.

    A unit counts into the group it belonged to on the period's own day. ``known`` are the names of
    the indicators, ``only`` those wanted. Reads the counters of these periods, in one query for few
    units and in one a day for many.
    """
    wanted = None if only is None else set(only)
    ids = None if wanted is None else [pk for pk, name in known.items() if name in wanted]
    given: dict[str, Any] = {"form": form_id, "indicators": ids}
    found: dict[tuple[int, date], dict[str, Decimal]] = defaultdict(dict)
    read = _of_units if len(stays) <= FEW_STAYS else _of_days
    for group, period, indicator_id, amount in read(stays, days, group_of, given):
        found[group, period][known[indicator_id]] = amount
    return dict(found)


def _of_units(
    stays: Sequence[Stay], days: tuple[date, date], group_of: Callable[[Stay], int],
    given: dict[str, Any],
) -> Iterator[_Sum]:  # fmt: skip
    given |= {
        "units": arrays.literal(stay.unit_id for stay in stays),
        "starts": arrays.literal(stay.starts for stay in stays),
        "ends": arrays.literal(stay.ends for stay in stays),
        "groups": arrays.literal(group_of(stay) for stay in stays),
        "since": days[0],
        "until": days[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_UNITS, given)
        yield from cursor.fetchall()


def _of_days(
    stays: Sequence[Stay], days: tuple[date, date], group_of: Callable[[Stay], int],
    given: dict[str, Any],
) -> Iterator[_Sum]:  # fmt: skip
    grouped = [(stay, group_of(stay)) for stay in stays]
    with connection.cursor() as cursor:
        for n in range((days[1] - days[0]).days):
            period = days[0] + timedelta(days=n)
            cursor.execute(OF_DAY, given | {"period": period, "groups": _groups(grouped, period)})
            for group, indicator_id, amount in cursor.fetchall():
                if group not in (None, NO_GROUP):
                    yield group, period, indicator_id, amount


def _groups(grouped: Sequence[tuple[Stay, int]], day: date) -> str:
    """Return the array of groups by unit id. Without a NULL: with one, each look would count."""
    size = max(stay.unit_id for stay, _group in grouped) + 1
    groups = [NO_GROUP] * size
    for stay, group in grouped:
        if stay.starts <= day < stay.ends:
            groups[stay.unit_id] = group
    return f"[0:{size - 1}]={arrays.literal(groups)}"
