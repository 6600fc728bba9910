"""Five million inspected items over 2,000 units: the group's page, a unit's list, and one more.

The floor of a read is the bare query of the same sums or rows; that of recording, the bare insert
of as many items. Fewer inspections, to see that it works: BENCHMARK_INSPECTIONS=5000.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.forms.models import FormVersion
    from taishan.organisation.models import Account

UNITS = 2_000
INSPECTIONS = int(os.environ.get("BENCHMARK_INSPECTIONS", "208334"))
GROUP_S, UNIT_S, RATIO = 0.100, 0.050, 20.0
FORM = "check_site"
MADE = """
INSERT INTO safety_inspection (key, unit_id, version_id, by_id, by_unit_id, origin, place,
  started_at, ended_at, recorded_at, day, verdict, passed_weight, counted_weight, failed,
  failed_critical, answers)
SELECT gen_random_uuid(), units[n %% cardinality(units) + 1], %(version)s, %(by)s,
  units[n %% cardinality(units) + 1], 'own', '', at, at, at, at::date, 'findings', 70, 76, 2, 0,
  '{}'
FROM (
  SELECT n, units,
    timestamptz '2019-03-01' + (n::bigint * 7919 %% 500000) * interval '1 minute' AS at
  FROM generate_series(1, %(number)s) AS n,
    (SELECT array_agg(id ORDER BY id) AS units FROM organisation_unit) AS of_units
) AS made
"""
ITEMS = """
INSERT INTO safety_inspectionitem
  (unit_id, inspection_id, code, form_id, day, outcome, weight, cause)
SELECT unit_id, id, code, %(form)s, day,
  CASE WHEN (id + nth) %% 12 = 0 THEN 2 ELSE 1 END, 3, ''
FROM safety_inspection, unnest(%(codes)s::text[]) WITH ORDINALITY AS items (code, nth)
"""
SUMS = """
INSERT INTO safety_inspectionsum (unit_id, form_id, month, code, inspections, failed_whole, passed,
  failed, excluded, passed_weight, counted_weight)
SELECT unit_id, form_id, date_trunc('month', day)::date, coalesce(code, ''),
  count(DISTINCT inspection_id), 0, sum((outcome = 1)::int), sum((outcome = 2)::int), 0,
  sum(weight * (outcome = 1)::int), sum(weight)
FROM safety_inspectionitem GROUP BY GROUPING SETS ((1, 2, 3, code), (1, 2, 3))
"""
BARE = """
SELECT unit_id, month, sum(inspections), sum(passed_weight), sum(counted_weight)
FROM safety_inspectionsum WHERE code = '' AND month >= '2019-12-01' GROUP BY 1, 2
"""


def run() -> list[Line]:
    with instance.fresh():
        from taishan.forms import queries

        instance.open_group(UNITS)
        office, version = instance.duty_office(), queries.get_version(FORM)
        _fill(office, version)
        return [*_pages(), _recording(office, version)]


def _fill(office: Account, version: FormVersion) -> None:
    from django.db import connection, transaction

    from taishan.core import inspections
    from taishan.forms import queries
    from taishan.safety import inspection_sums

    codes = [item.code for item in inspections.find_items(queries.get_definition(version))]
    with connection.cursor() as cursor:
        cursor.execute(MADE, {"version": version.pk, "by": office.pk, "number": INSPECTIONS})
        cursor.execute(ITEMS, {"form": version.form_id, "codes": codes})
        cursor.execute(SUMS)
    with transaction.atomic():
        inspection_sums.recount()
    instance.settle()


def _pages() -> list[Line]:
    client, day = instance.client(), f"day={instance.DAY}"
    pages = (
        ("the group's inspections", f"?{day}", GROUP_S),
        ("the same by item", f"?{day}&form={FORM}", GROUP_S),
        ("the list of the group", f"all/?{day}", GROUP_S),
        ("a unit's list", f"all/?{day}&unit=U0007", UNIT_S),
    )
    floor = instance.median(lambda: instance.bare(BARE))
    lines = []
    for name, path, limit in pages:
        visit = instance.page(client, f"/safety/inspections/{path}")
        lines.append(Line(name=name, seconds=instance.median(visit), floor=floor, limit=limit))
    return lines


def _recording(office: Account, version: FormVersion) -> Line:
    from taishan.core import inspections as core
    from taishan.forms import queries
    from taishan.organisation import access, history
    from taishan.safety import inspections
    from taishan.safety.inspections import Filled

    viewer = access.viewer_for(office, instance.DAY)
    unit = history.get_version("U0007", instance.DAY)
    items = core.find_items(queries.get_definition(version))
    filled = Filled(version=version, answers={item.code: "pass" for item in items})
    seconds = instance.median(
        lambda: inspections.record(
            viewer=viewer, now=instance.NOW, key=uuid4(), unit=unit, filled=filled
        )
    )
    floor = instance.median(lambda: _insert(version, [item.code for item in items]))
    return Line(name="recording an inspection", seconds=seconds, floor=floor, ratio=RATIO)


def _insert(version: FormVersion, codes: list[str]) -> None:
    """Insert as many items of a later inspection as one has, and nothing else."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO safety_inspectionitem SELECT unit_id, id, code, %s, day, 1, 3, '' "
            "FROM safety_inspection, unnest(%s::text[]) AS code "
            "WHERE id = (SELECT max(id) FROM safety_inspection)",
            [version.form_id, [f"bare-{code}" for code in codes]],
        )
        transaction.set_rollback(True)
