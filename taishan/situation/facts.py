"""What units' returns, reports and follow-ups show of the conditions of the gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from taishan.core import measuring
from taishan.core.measuring import Measured, Reported
from taishan.forms.models import Form
from taishan.kit import arrays
from taishan.organisation import headcounts
from taishan.situation import expecting
from taishan.situation.expecting import Off

ITEMS = {
    "mask": ("masks_in_stock", "masks_used_per_day"),
    "disinfectant": ("disinfectant_in_stock_litres", "disinfectant_used_per_day_litres"),
}
"""The items of the unit's return: what is in stock, and what is used a day."""
_A_DAY = timedelta(days=1)


@dataclass(slots=True)
class _Of:
    """The numbers of one unit, as they are read."""

    stock: dict[date, tuple[float | None, ...]] = field(default_factory=dict)
    received: dict[date, int] = field(default_factory=dict)
    people: list[tuple[date, int]] = field(default_factory=list)
    too_early: dict[date, int] = field(default_factory=dict)
    off: dict[date, Off] = field(default_factory=dict)


def find_measured(
    paths: Mapping[int, str], since: date, until: date, conditions: frozenset[str]
) -> dict[int, tuple[Measured, ...]]:
    """Return what is shown of ``since <= day < until`` by unit. One query, however many the units,
    and three more where a shift has hours of its own.

    ``paths``: where each unit hangs; ``conditions``: those that anybody asks for. The counters of
    the day before and of the last returns are read, and the reports of who has been in quarantine
    since an earlier day.
    """
    units: dict[int, _Of] = defaultdict(_Of)
    following: set[str] = set()
    for kind, unit_id, day, *numbers in _read(list(paths), since, until):
        if kind == "arrivals":
            following.add(str(unit_id))
        elif kind == "shifts":
            _take_off(units, paths, since - _A_DAY, until - _A_DAY)
        else:
            _take(units[unit_id], kind, day, numbers)
    found = {}
    for pk, of_unit in units.items():
        follows_arrivals = not following.isdisjoint(paths[pk].split("."))
        measured = _measured(of_unit, since, until, conditions, follows_arrivals)
        found[pk] = tuple(
            [one for one in measured if one.fact.condition in conditions and one.lasts_to(since)]
        )
    return found


def _take(of_unit: _Of, kind: str, day: date, numbers: list[float | None]) -> None:
    first = int(numbers[0] or 0)
    if kind == "stock":
        of_unit.stock[day] = tuple(numbers)
    elif kind == "people":
        of_unit.people.append((day, first))
    elif kind == "received":
        of_unit.received[day] = first
    else:
        of_unit.too_early[day] = first


def _take_off(units: dict[int, _Of], paths: Mapping[int, str], since: date, until: date) -> None:
    form = Form.objects.get(code="daily_health")
    for (unit_id, day), off in expecting.find_off(form, paths, since, until).items():
        units.setdefault(unit_id, _Of()).off[day] = off


def _off(off: Off, people: int) -> int:
    # On a day on which nobody at all owes a report, what comes is held against everybody.
    return people - off.but if off.but else off.number


def _measured(
    of_unit: _Of,
    since: date,
    until: date,
    conditions: frozenset[str],
    follows_arrivals: bool,
) -> tuple[Measured, ...]:
    found: list[Measured] = []
    for place, item in enumerate(ITEMS):
        if f"stock:{item}" not in conditions:
            continue
        returns = {
            day: (in_stock, used)
            for day, numbers in of_unit.stock.items()
            if (in_stock := numbers[2 * place]) is not None
            and (used := numbers[2 * place + 1]) is not None
        }
        found += measuring.stock_cover(item, _lasting(returns, since))
    people = measuring.running(of_unit.people, since - _A_DAY, until - _A_DAY)
    reported = {
        day: Reported(
            expected=people.get(day, 0),
            received=received,
            too_early=of_unit.too_early.get(day, 0),
            off=_off(of_unit.off.get(day, Off()), people.get(day, 0)),
        )
        for day, received in of_unit.received.items()
    }
    found += measuring.of_reports(reported, follows_arrivals=follows_arrivals)
    return tuple(found)


def _lasting(
    returns: Mapping[date, tuple[float, float]], since: date
) -> dict[date, tuple[float, float]]:
    """Return those from the last one up to the day on: it has replaced what came before it."""
    last = max((day for day in returns if day <= since), default=since)
    return {day: numbers for day, numbers in returns.items() if day >= last}


def _read(unit_ids: list[int], since: date, until: date) -> list[tuple[Any, ...]]:
    given: dict[str, Any] = {
        "units": unit_ids,
        "stand_for": arrays.literal_by_place({pk: pk for pk in unit_ids}),
        "since": since - _A_DAY,
        "until": until - _A_DAY,
        "days": _days(since - (measuring.RETURN_DAYS - 1) * _A_DAY, until),
        "days_before": _days(since - _A_DAY, until - _A_DAY),
        "last": until - 2 * _A_DAY,
    }
    with connection.cursor() as cursor:
        cursor.execute(NUMBERS, given)
        return list(cursor.fetchall())


def _days(first: date, end: date) -> list[date]:
    return [first + n * _A_DAY for n in range((end - first).days)]


_COLUMNS = ", ".join(
    "max(amount) FILTER (WHERE indicator_id ="  # noqa: S608 - of names written above
    f" (SELECT id FROM reporting_indicator WHERE name = '{name}'))::float8"
    for names in ITEMS.values()
    for name in names
)
_STOCK_NAMES = ", ".join(f"'{name}'" for names in ITEMS.values() for name in names)

# OFFSET 0 keeps the planner to the counters' key, unit by unit: otherwise it may read all counters
# of all units for these days, which is many times more.
NUMBERS = f"""
WITH daily AS (SELECT id FROM forms_form WHERE code = 'daily_health'),
given AS (SELECT unnest(%(units)s::int[]) AS unit_id)
SELECT 'stock', c.unit_id, c.period, {_COLUMNS}
FROM given CROSS JOIN LATERAL (
  SELECT c.unit_id, c.period, c.indicator_id, c.amount FROM reporting_counter c
  WHERE c.unit_id = given.unit_id
    AND c.form_id = (SELECT id FROM forms_form WHERE code = 'unit_daily')
    AND c.period = ANY(%(days)s)
    AND c.indicator_id = ANY(ARRAY(SELECT id FROM reporting_indicator
                                   WHERE name IN ({_STOCK_NAMES})))
  OFFSET 0
) AS c
GROUP BY c.unit_id, c.period
UNION ALL
SELECT 'received', c.unit_id, c.period, c.amount::float8, NULL, NULL, NULL
FROM given CROSS JOIN LATERAL (
  SELECT c.unit_id, c.period, c.amount FROM reporting_counter c
  WHERE c.unit_id = given.unit_id AND c.form_id = (SELECT id FROM daily)
    AND c.period = ANY(%(days_before)s) AND c.indicator_id = 1
  OFFSET 0
) AS c
UNION ALL
SELECT 'people', unit_id, day, number::float8, NULL, NULL, NULL
FROM ({headcounts.CHANGES}) AS changes (unit_id, day, number)
UNION ALL
SELECT 'too_early', r.unit_id, r.period, count(*)::float8, NULL, NULL, NULL
FROM reporting_step s
JOIN reporting_followup f ON f.id = s.follow_up_id
CROSS JOIN generate_series(%(since)s, %(last)s, interval '1 day') AS d (day)
JOIN organisation_membership m ON m.person_id = f.person_id AND m.valid @> d.day::date
JOIN given ON given.unit_id = m.unit_id
JOIN reporting_report r ON r.unit_id = m.unit_id AND r.form_id = (SELECT id FROM daily)
  AND r.period = d.day::date AND r.subject_id = f.person_id
JOIN reporting_tally y ON y.id = r.tally_id
WHERE s.state IN ('quarantined', 'confirmed') AND s.since < d.day
  AND (s.until IS NULL OR s.until > d.day)
  AND (SELECT id FROM reporting_indicator WHERE name = 'work_ability:on_site') = ANY(y.indicators)
GROUP BY 2, 3
UNION ALL
SELECT 'arrivals', unit_id, NULL, NULL, NULL, NULL, NULL FROM (
  SELECT DISTINCT ON (unit_id) unit_id, causes FROM reporting_followuprule ORDER BY unit_id, id DESC
) AS latest WHERE 'travel' = ANY(causes)
UNION ALL
SELECT 'shifts', NULL, NULL, NULL, NULL, NULL, NULL WHERE EXISTS (
  SELECT FROM reporting_schedule
  WHERE form_id = (SELECT id FROM daily) AND shift_id IS NOT NULL
)
"""  # noqa: S608 - of names written above
