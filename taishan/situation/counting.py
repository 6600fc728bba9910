"""Summing the counters over groups of units, inside the database."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from taishan.core.situation import Counts
from taishan.kit import arrays
from taishan.reporting import queries as reporting
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

# IS TRUE keeps the indicators out of the choice of an index: to look up seven of them for each unit
# takes longer too.
_OF_DAY = """
FROM reporting_counter c
WHERE c.form_id = %(form)s AND c.period = %(period)s
  AND (%(indicators)s::int[] IS NULL OR c.indicator_id = ANY(%(indicators)s)) IS TRUE
"""
OF_DAY = f"""
SELECT (%(groups)s::int[])[c.unit_id], c.indicator_id, sum(c.amount) {_OF_DAY}
GROUP BY 1, 2
HAVING sum(c.amount) <> 0
"""
OF_DAY_EACH = f"""
SELECT (%(groups)s::int[])[c.unit_id], c.indicator_id, c.amount {_OF_DAY} AND c.amount <> 0
"""
"""The same where no two units are of one group: there is nothing to sum."""

Sums = dict[tuple[int, date], Counts]
Grouped = Sequence[tuple[Stay, int]]
"""Units, each with the number of its group."""
_Sum = tuple[int, date, int, Decimal]
_OfDay = Sequence[tuple[int, int, Decimal]]

SETTLED_KEPT = 4_000
_settled: dict[tuple[Any, ...], _OfDay] = {}
"""Sums of periods that are over, by what was asked and the revision: a trend asks the same days for
weeks, of which reports and corrections change hardly any."""


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
    now: datetime | None = None,
) -> Sums:
    """Return the counts by group of units and period, ``days[0] <= period < days[1]``.

    A unit counts into the group it belonged to on the period's own day. ``known`` are the names of
    the indicators, ``only`` those wanted. Reads the counters of these periods, in one query for few
    units and in one a day for many. With ``now``, of periods that are settled by then, what this
    process has summed before is used as long as nothing amended them.
    """
    wanted = None if only is None else set(only)
    ids = None if wanted is None else [pk for pk, name in known.items() if name in wanted]
    given: dict[str, Any] = {"form": form_id, "indicators": ids}
    grouped = [(stay, group_of(stay)) for stay in stays]
    found: dict[tuple[int, date], dict[str, Decimal]] = defaultdict(dict)
    if len(stays) <= FEW_STAYS:
        rows = _of_units(grouped, days, given)
    else:
        rows = _of_days(grouped, days, given, now)
    for group, period, indicator_id, amount in rows:
        found[group, period][known[indicator_id]] = amount
    return dict(found)


def _of_units(grouped: Grouped, days: tuple[date, date], given: dict[str, Any]) -> Iterator[_Sum]:
    given |= {
        "units": arrays.literal(stay.unit_id for stay, _group in grouped),
        "starts": arrays.literal(stay.starts for stay, _group in grouped),
        "ends": arrays.literal(stay.ends for stay, _group in grouped),
        "groups": arrays.literal(group for _stay, group in grouped),
        "since": days[0],
        "until": days[1],
    }
    with connection.cursor() as cursor:
        cursor.execute(OF_UNITS, given)
        yield from cursor.fetchall()


def _of_days(
    grouped: Grouped, days: tuple[date, date], given: dict[str, Any], now: datetime | None
) -> Iterator[_Sum]:
    """The revisions are read before the counters: sums that are newer than theirs do no harm."""
    revisions = reporting.find_revisions(given["form"], *days) if now else {}
    tree = _Tree(grouped, days)
    for n in range((days[1] - days[0]).days):
        period = days[0] + timedelta(days=n)
        statement, groups = tree.groups(period)
        asked = given | {"period": period, "groups": groups}
        is_kept = now is not None and reporting.is_settled(period, now)
        rows = (
            _kept(statement, asked, revisions.get(period)) if is_kept else _of_day(statement, asked)
        )
        for group, indicator_id, amount in rows:
            yield group, period, indicator_id, amount


def _kept(statement: str, asked: dict[str, Any], revision: int | None) -> _OfDay:
    key = (statement, *asked.values(), revision)
    key = tuple([tuple(part) if isinstance(part, list) else part for part in key])
    if key not in _settled:
        if len(_settled) >= SETTLED_KEPT:
            _settled.clear()
        _settled[key] = _of_day(statement, asked)
    return _settled[key]


def _of_day(statement: str, asked: dict[str, Any]) -> _OfDay:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [row for row in cursor.fetchall() if row[0] not in (None, arrays.NOTHING_HERE)]


class _Tree:
    """The groups of units on each day: few days change anything."""

    def __init__(self, grouped: Grouped, days: tuple[date, date]) -> None:
        self._grouped = grouped
        is_of_many = (days[1] - days[0]).days > 1
        spans = grouped if is_of_many else ()
        self._changes = sorted({day for stay, _ in spans for day in (stay.starts, stay.ends)})
        self._known: dict[int, tuple[str, str]] = {}

    def groups(self, day: date) -> tuple[str, str]:
        """Return the statement that sums them, and the array it looks into."""
        span = bisect_right(self._changes, day)
        if span not in self._known:
            self._known[span] = _groups(self._grouped, day)
        return self._known[span]


def _groups(grouped: Grouped, day: date) -> tuple[str, str]:
    groups = {stay.unit_id: group for stay, group in grouped if stay.starts <= day < stay.ends}
    is_each_alone = len(set(groups.values())) == len(groups)
    return OF_DAY_EACH if is_each_alone else OF_DAY, arrays.literal_by_place(groups)
