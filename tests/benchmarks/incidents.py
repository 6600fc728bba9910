"""A million incidents in 2,000 units: the list of the group and of a unit, what is narrowed to few,
searches of two characters, the statistics.

Each is timed beside the same over a tenth of them: none grows with history.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Account

UNITS, INCIDENTS = 2_000, 1_000_000
PAGE_S, UNIT_S, SEARCH_S, GROWTH = 0.100, 0.050, 0.150, 2.0
FILL = """
INSERT INTO safety_incident (unit_id, country, kind, is_road_traffic, what, place, first_measures,
  occurred_at, known_at, origin, stage, deaths, serious, light, missing, loss_yuan, hospitalised,
  amputations, eyes_lost, grade, words)
SELECT units[n %% cardinality(units) + 1], 'CN', 'injury', false, '手指划伤', '', '',
  at, at, '', 'closed', 0, 0, 1, 0, 0, 0, 0, 0, '',
  CASE WHEN n %% 1000 = 0 THEN '{坍塌,坍,塌}'::varchar[] ELSE '{手指,指划,划伤}'::varchar[] END
FROM (SELECT n, timestamptz '2020-02-11' - n * interval '2 minutes' AS at
      FROM generate_series(1, %(number)s) AS n) AS rows,
  (SELECT array_agg(id ORDER BY id) AS units FROM organisation_unit) AS of_units
"""
OLD = """
INSERT INTO safety_incident (unit_id, country, kind, is_road_traffic, what, place, first_measures,
  occurred_at, known_at, origin, stage, deaths, serious, light, missing, loss_yuan, hospitalised,
  amputations, eyes_lost, grade, words)
SELECT min(id), 'CN', 'fire', false, '船舶', '', '', at, at, '', 'closed', 0, 0, 1, 0, 0, 0, 0, 0,
  '', '{船舶,船,舶}'::varchar[]
FROM organisation_unit, generate_series(
  timestamptz '2010-01-01', timestamptz '2010-01-20', interval '1 day'
) AS at GROUP BY at
"""
SUM = """
INSERT INTO safety_incidentsum (unit_id, month, incidents, near_misses, first_aid_cases, deaths,
  away_cases, restricted_cases, other_cases, lost_days, hurt, living_cases, last_lost_on)
SELECT unit_id, date_trunc('month', occurred_at)::date, count(*), 0, 0, 0, count(*), 0, 0, 3, 1, 1,
  max(occurred_at)::date
FROM safety_incident GROUP BY 1, 2
"""


def run() -> list[Line]:
    with instance.fresh():
        instance.open_group(UNITS)
        from taishan.organisation import access

        whole = access.viewer_for(instance.duty_office(), instance.DAY)
        unit = access.viewer_for(_officer(), instance.DAY)
        _fill_old()
        pages = _pages(whole, unit)
        _fill(INCIDENTS // 10)
        tenth = {name: instance.median(ask) for name, (ask, _limit) in pages.items()}
        _fill(INCIDENTS)
        lines = []
        for name, (ask, limit) in pages.items():
            taken = instance.median(ask)
            lines += [
                Line(name=name, seconds=taken, floor=tenth[name], limit=limit),
                Line(
                    name=f"{name}, beside a tenth", seconds=taken, floor=tenth[name], ratio=GROWTH
                ),
            ]
        return lines


def _officer() -> Account:
    from taishan.organisation import actions
    from taishan.organisation.models import Unit

    return actions.grant_role(
        actor=instance.ACTOR, now=instance.NOW, on=instance.OPENED, staff_no="S1", name="周晓晨",
        role="safety_officer", unit=Unit.objects.order_by("-pk").values_list("code", flat=True)[0],
    )  # fmt: skip


def _fill_old() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(OLD)


def _fill(number: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FILL, {"number": number})
        cursor.execute("DELETE FROM safety_incidentsum")
        cursor.execute(SUM)
    instance.settle()


def _pages(whole: Viewer, unit: Viewer) -> dict[str, tuple[Callable[[], object], float]]:
    from taishan.safety import incident_lists, incident_queries
    from taishan.safety import incident_statistics as numbers

    def listed(viewer: Viewer = whole, **wanted: Any) -> Callable[[], object]:
        def ask() -> object:
            seen = incident_queries.find_visible(viewer)
            found = incident_lists.narrow(seen, incident_lists.Wanted(**wanted))
            return list(incident_lists.Pages(found, wanted.get("text", "")).get_page(1))

        return ask

    def summed() -> object:
        units = numbers.find_units(whole, "", "")
        ids = [one.unit_id for one in units]
        lines = numbers.find_lines(ids, date(2020, 1, 1), date(2020, 3, 1))
        return numbers.find_branches(units, lines)

    return {
        "list of incidents": (listed(), PAGE_S),
        "list of a unit": (listed(unit), UNIT_S),
        "twenty fires of long ago": (listed(kind="fire"), PAGE_S),
        "search of two characters": (listed(text="坍塌"), SEARCH_S),
        "search of a common word": (listed(text="手指"), SEARCH_S),
        "search of a word of long ago": (listed(text="船舶"), SEARCH_S),
        "search in a unit": (listed(unit, text="手指"), SEARCH_S),
        "statistics of the group": (summed, PAGE_S),
    }
