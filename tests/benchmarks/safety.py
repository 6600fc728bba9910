"""A million hazards in 2,000 units: a unit's board, the group's pages, the words of their texts.

The floor of each is a bare query in the same run: the same numbers, counted from the rows that they
are about and no others. Fewer rows, to see that it works: BENCHMARK_HAZARDS=20000. The group is
written into the folder that BENCHMARK_DATA names, and kept, or into one that is thrown away.
"""

from __future__ import annotations

import contextlib
import os
import random
import statistics
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from django.test import Client

UNITS, YEARS = 2_000, 3
HAZARDS = int(os.environ.get("BENCHMARK_HAZARDS", "1000000"))
RUNS, SEARCHES = 9, 60
BOARD_S, GROUP_S, SEARCH_S = 0.050, 0.100, 0.150
NOW = datetime(2020, 2, 12, tzinfo=UTC)
COLUMNS = (
    "unit_id", "key", "area", "text", "looks", "found_at", "found_on", "origin_kind", "origin_id",
    "state", "grade", "cause", "criterion", "lister_id", "post_id", "measures", "money_cny",
    "due_at", "contingency", "ended_at", "ended_on", "put_right_at", "words",
)  # fmt: skip
THINGS = (
    "电缆", "配电箱", "灭火器", "脚手架", "安全出口", "防护罩", "氧气瓶", "吊钩", "压力表", "护栏",
    "疏散指示灯", "接地线", "安全带", "排风机", "燃气报警器", "应急灯", "楼梯扶手", "叉车", "井盖",
    "防火门", "消火栓", "临时用电", "气瓶柜", "货架", "传送带", "安全阀", "梯子", "危化品柜",
)  # fmt: skip
FAULTS = (
    "破损", "未上锁", "压力不足", "缺失", "被堵塞", "过期", "松动", "锈蚀", "无标识", "泄漏",
    "超载", "私自改装", "未接地", "失灵", "积尘严重",
)  # fmt: skip
ENGLISH = ("bare cable", "blocked exit", "missing guard", "no earthing", "loose railing")
AREAS = tuple(f"{number}号车间{side}侧" for number in range(1, 9) for side in "东南西北")
STATES = (
    *["closed"] * 92, "dismissed", "dismissed", "found", "graded", "assigned", "rectifying",
    "rectifying", "submitted",
)  # fmt: skip


def run() -> list[Line]:
    with _instance():
        client, unit = instance.client(), "U0300"
        return [
            *_boards(client, unit), *_groups(client), _searches(client)
        ]  # fmt: skip


@contextlib.contextmanager
def _instance() -> Iterator[None]:
    folder = os.environ.get("BENCHMARK_DATA")
    if folder is None:
        with instance.fresh():
            _fill()
            yield
        return
    from taishan.cli import context

    os.environ |= {"TAISHAN_HOME": folder, "TAISHAN_SIGN_IN_LINKS": "1"}
    is_new = not (Path(folder) / "postgres").exists()
    with context.database():
        context.migrate()
        if is_new:
            _fill()
        yield


def _fill() -> None:
    """Write the hazards by COPY, and the sums from them; others may write theirs beside."""
    from django.db import connection, transaction

    from taishan.organisation import posts
    from taishan.organisation.models import Unit
    from taishan.safety import hazard_counts

    instance.open_group(UNITS)
    instance.duty_office()
    units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    post = posts.open_post(
        actor=instance.ACTOR, now=NOW, on=instance.OPENED, unit="HQ", code="fitter",
        title_en="Fitter", title_zh="钳工",
    )  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        query = f"COPY safety_hazard ({', '.join(COLUMNS)}) FROM STDIN"
        with cursor.copy(query) as copy:
            for row in _rows(units, post.pk):
                copy.write_row(row)
        hazard_counts.recount()
    instance.settle()


def _rows(units: list[int], post: int) -> Iterator[tuple[Any, ...]]:
    from taishan.core.hazards import Cause
    from taishan.kit import search_words

    chosen, causes = random.Random(7), [cause.value for cause in Cause]
    span_min = YEARS * 365 * 24 * 60
    for number in range(HAZARDS):
        found = NOW - timedelta(minutes=chosen.randrange(span_min))
        days = (NOW - found).days
        state = chosen.choice(STATES) if days < 60 else chosen.choice(STATES[:94])
        is_graded = state not in ("found", "dismissed")
        due = found + timedelta(days=chosen.choice((3, 7, 15, 30)))
        ended = min(found + timedelta(days=chosen.randrange(40)), NOW)
        is_ended = state in ("closed", "dismissed")
        area = chosen.choice(AREAS)
        text = f"{chosen.choice(THINGS)}{chosen.choice(FAULTS)}，{chosen.choice(THINGS)}"
        text += f"旁{chosen.choice(FAULTS)}；{chosen.choice(ENGLISH)} {number % 5000}"
        is_assigned = state in ("assigned", "rectifying", "submitted", "closed")
        yield (
            units[chosen.randrange(len(units))], UUID(int=number), area, text, 2, found,
            found.date(), "report", "", state,
            ("major" if number % 50 == 0 else "general") if is_graded else None,
            chosen.choice(causes) if is_graded else "", "", units[0] if is_graded else None,
            post if is_assigned else None, "Replace it" if is_assigned else "",
            100 if is_assigned else None, due if is_assigned else None,
            "Power off" if is_assigned else "", ended if is_ended else None,
            ended.date() if is_ended else None, ended if state == "closed" else None,
            search_words.split(f"{area} {text}"),
        )  # fmt: skip


def _boards(client: Client, unit: str) -> list[Line]:
    of_unit = (
        "SELECT state, grade, cause, due_at, found_at FROM safety_hazard h "
        "JOIN organisation_unit u ON u.id = h.unit_id WHERE u.code = %s AND ended_at IS NULL"
    )
    of_group = (
        "SELECT unit_id, state, grade, cause, count(*) FROM safety_hazard "
        "WHERE ended_at IS NULL GROUP BY 1, 2, 3, 4"
    )
    again = (
        "SELECT unit_id, cause, area, count(*) FROM safety_hazard "
        "WHERE found_on > '2019-11-14' AND found_on <= '2020-02-12' AND cause <> '' "
        "GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    return [
        Line(
            name="board of a unit", limit=BOARD_S,
            seconds=instance.median(
                instance.page(client, f"/safety/?day=2020-02-12&within={unit}")
            ),
            floor=instance.median(lambda: instance.bare(of_unit, [unit])),
        ),
        Line(
            name="board of the group", limit=GROUP_S,
            seconds=instance.median(instance.page(client, "/safety/?day=2020-02-12")),
            floor=instance.median(lambda: instance.bare(of_group, [])),
        ),
        Line(
            name="found again in the group", limit=GROUP_S,
            seconds=instance.median(
                instance.page(client, "/safety/hazards/repeated/?day=2020-02-12")
            ),
            floor=instance.median(lambda: instance.bare(again, [])),
        ),
    ]  # fmt: skip


def _groups(client: Client) -> list[Line]:
    found = (
        "SELECT unit_id, cause, count(*) FROM safety_hazard "
        "WHERE found_on >= %s AND found_on < %s GROUP BY 1, 2"
    )
    return [
        Line(
            name=f"statistics of the group, {name}", limit=GROUP_S,
            seconds=instance.median(
                instance.page(
                    client, f"/safety/statistics/?day=2020-02-12&since={since}&last={last}"
                )
            ),
            floor=instance.median(
                lambda days=days: instance.bare(found, days)  # type: ignore[misc]
            ),
        )
        for name, since, last, days in (
            ("a month", "2020-01", "2020-01", ["2020-01-01", "2020-02-01"]),
            ("a year", "2019-03", "2020-02", ["2019-03-01", "2020-03-01"]),
        )
    ]  # fmt: skip


def _searches(client: Client) -> Line:
    """Two characters and four, common and rare, in all hazards: the slowest of twenty."""
    chosen = random.Random(11)
    words = [
        chosen.choice((
            chosen.choice(THINGS)[:2], chosen.choice(THINGS), chosen.choice(FAULTS),
            f"{chosen.choice(THINGS)} {chosen.choice(FAULTS)}", str(chosen.randrange(5000)),
            chosen.choice(ENGLISH), f"{chosen.choice(THINGS)} {chosen.randrange(5000)}",
        ))
        for _number in range(SEARCHES)
    ]  # fmt: skip
    seconds = [
        instance.median(instance.page(client, f"/safety/hazards/?state=all&q={word}"), runs=1)
        for word in words
    ]
    floor = instance.median(
        lambda: instance.bare("SELECT * FROM safety_hazard ORDER BY found_at DESC LIMIT 41", [])
    )
    p95 = statistics.quantiles(seconds, n=20)[-1]
    name = f"text search in {HAZARDS:,}, p95 of {SEARCHES}"
    return Line(name=name, seconds=p95, floor=floor, limit=SEARCH_S)
