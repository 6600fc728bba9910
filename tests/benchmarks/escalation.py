"""A pass of escalation over a million open duties of 2,000 units.

One that finds nothing to do is promised in 100 ms, the floor is an empty transaction; one that has
to tell costs in proportion to what it tells: its floor is the time for a tenth of it, ten times.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from tests.benchmarks import instance
from tests.benchmarks.table import Line

UNITS, EACH = 2_000, 500
FEW, MANY = 30, 300
LIMIT_S, RATIO = 0.100, 1.5
RUNS = 5
# By the names of the columns that differ, whatever others there are.
MULTIPLY = """
INSERT INTO duties_duty SELECT made.* FROM duties_duty d CROSS JOIN generate_series(2, %s) n
CROSS JOIN LATERAL jsonb_populate_record(d, jsonb_build_object(
  'id', gen_random_uuid(), 'subject_id', n::text, 'due_at', d.due_at + n * interval '1 minute',
  'escalates_at', d.due_at + n * interval '1 minute')) made
"""
FALL_DUE = """
UPDATE duties_duty SET due_at = %s, escalates_at = %s WHERE (unit_id, id) IN (
  SELECT unit_id, id FROM duties_duty WHERE escalates_at > %s AND subject_id = '7' LIMIT %s)
"""


def run() -> list[Line]:
    with instance.fresh():
        _fill()
        nothing, floor = _median(_look), _median(_nothing)
        few, many = (median(_tell(n) for _run in range(RUNS)) for n in (FEW, MANY))
    name = f"pass over {UNITS * EACH:,} open duties"
    return [
        Line(name=f"{name}, nothing to tell", seconds=nothing, floor=floor, limit=LIMIT_S),
        Line(name=f"{name}, {MANY} to tell of", seconds=many, floor=few * MANY / FEW, ratio=RATIO),
    ]


def _fill() -> None:
    from django.db import connection

    from taishan.duties import actions
    from taishan.organisation import actions as organisation
    from taishan.organisation.models import Unit

    instance.open_group(UNITS)
    organisation.grant_role(
        actor=instance.ACTOR, now=instance.NOW, on=instance.OPENED, staff_no="D1", name="周晓晨",
        role="duty_office", unit="HQ",
    )  # fmt: skip
    head = Unit.objects.get(code="HQ")
    actions.assign(
        actor=instance.ACTOR, now=instance.NOW,
        owed=[
            actions.Owed(
                unit_id=unit.pk, creditor_id=head.pk, kind="directive", subject=("directive", "1"),
                what_en="Have masks", what_zh="备足口罩", due_at=instance.NOW + timedelta(days=20),
            )
            for unit in Unit.objects.exclude(pk=head.pk)
        ],
    )  # fmt: skip
    _look()
    with connection.cursor() as cursor:
        cursor.execute(MULTIPLY, [EACH])
    instance.settle()


def _tell(number: int) -> float:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(FALL_DUE, [instance.NOW, instance.NOW, instance.NOW, number])
    return _time(_look)


def _look() -> None:
    from taishan.duties import actions, escalating

    actions.settle(actor=instance.ACTOR, now=instance.NOW)
    escalating.look(actor=instance.ACTOR, now=instance.NOW)


def _nothing() -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _median(of: Callable[[], None]) -> float:
    return median(_time(of) for _run in range(RUNS))


def _time(of: Callable[[], None]) -> float:
    began = time.perf_counter()
    of()
    return time.perf_counter() - began
