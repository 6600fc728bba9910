"""Summing the counters over groups of units, inside the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from taishan.core.situation import Counts
from taishan.reporting.models import Indicator
from taishan.situation.branches import Stay

SUMS = """
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
) -> dict[tuple[int, date], Counts]:
    """Return the counts by group of units and period, ``days[0] <= period < days[1]``.

    A unit counts into the group it belonged to on the period's own day. ``known`` are the names of
    the indicators, ``only`` those wanted. One query, which reads the counters of these periods.
    """
    wanted = None if only is None else set(only)
    ids = None if wanted is None else [pk for pk, name in known.items() if name in wanted]
    given: dict[str, Any] = {
        "units": _array(stay.unit_id for stay in stays),
        "starts": _array(stay.starts for stay in stays),
        "ends": _array(stay.ends for stay in stays),
        "groups": _array(group_of(stay) for stay in stays),
        "form": form_id,
        "since": days[0],
        "until": days[1],
        "indicators": ids,
    }
    found: dict[tuple[int, date], dict[str, Decimal]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(SUMS, given)
        for group, period, indicator_id, amount in cursor.fetchall():
            found[group, period][known[indicator_id]] = amount
    return dict(found)


def _array(values: Iterable[int | date]) -> str:
    """Return an array as PostgreSQL reads it: the driver would look at each value by itself."""
    return "{" + ",".join(map(str, values)) + "}"
