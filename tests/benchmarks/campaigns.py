"""A campaign over 2,000 units with a million entries: headquarters' page, and a unit's list.

The floor of headquarters' page is the bare query of its sums; that of the list, of its first lines.
A campaign with a tenth of the entries shows that the page does not grow with what is closed.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.organisation.models import Account
    from taishan.safety.campaign_models import Campaign

UNITS, ENTRIES, OPEN_ONE_IN = 2_000, 1_000_000, 50
RUNS = 9
PAGE_S, LIST_S, GROWTH = 0.100, 0.050, 1.5
FILL = """
INSERT INTO safety_campaignentry (campaign_id, unit_id, of, number, what, place, how, post_id,
  due_on, due_at, stand, done_at, moved_at, recorded_at, by_label)
SELECT %(campaign)s, units[n %% cardinality(units) + 1],
  CASE WHEN n %% 4 = 0 THEN 'measures' ELSE 'problems' END, n, 'A blocked fire exit ' || n, '', '',
  posts[1], date '2020-01-20' + n %% 60, (date '2020-01-20' + n %% 60) + time '10:00',
  CASE WHEN n %% %(rare)s = 0 THEN 'open' ELSE 'closed' END,
  CASE WHEN n %% %(rare)s = 0 THEN NULL ELSE timestamptz '2020-01-15' END, timestamptz '2020-02-01',
  timestamptz '2020-01-06', 'bench'
FROM generate_series(1, %(number)s) AS n,
  (SELECT array_agg(id ORDER BY id) AS units FROM organisation_unit) AS of_units,
  (SELECT array_agg(id) AS posts FROM organisation_post) AS of_posts
"""


def run() -> list[Line]:
    with instance.fresh():
        instance.open_group(UNITS)
        office = instance.duty_office()
        large, small = _opened(), _opened()
        _fill(large, ENTRIES)
        _fill(small, ENTRIES // 10)
        return [*_pages(office, large, small), _list(large)]


def _opened() -> Campaign:
    from taishan.organisation.models import Unit
    from taishan.safety import campaigns
    from taishan.safety.campaigns import Order, PhaseWanted

    top = Unit.objects.get(code="HQ").pk
    phase = PhaseWanted(
        title_en="All", title_zh="全部", starts=instance.DAY - timedelta(days=30),
        ends=date(2021, 1, 1),
    )  # fmt: skip
    return campaigns.open_campaign(
        actor=instance.ACTOR, now=instance.NOW,
        order=Order(
            unit_id=top, scope_ids=(top,), title_en="Campaign", title_zh="整治", goal_en="None",
            goal_zh="无", phases=(phase,),
        ),
    )  # fmt: skip


def _fill(campaign: Campaign, number: int) -> None:
    from django.db import connection, transaction

    from taishan.organisation import posts
    from taishan.organisation.models import Post
    from taishan.safety import campaign_counting

    if not Post.objects.exists():
        posts.open_post(
            actor=instance.ACTOR, now=instance.NOW, on=instance.OPENED, code="P1", unit="HQ",
            title_en="Warden", title_zh="管理员",
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FILL, {"campaign": campaign.pk, "number": number, "rare": OPEN_ONE_IN})
        with transaction.atomic():
            campaign_counting.recount()
        cursor.execute("ANALYZE")


def _pages(office: Account, large: Campaign, small: Campaign) -> list[Line]:
    from taishan.organisation import access
    from taishan.safety import campaign_queries, campaign_ranking

    viewer = access.viewer_for(office, instance.DAY)

    def page(campaign: Campaign) -> Callable[[], object]:
        def ask() -> object:
            branch = campaign_queries.get_branch(viewer, campaign, instance.NOW)
            return campaign_ranking.rank(campaign, branch, instance.DAY)

        return ask

    floor = _median(
        lambda: _bare("SELECT * FROM safety_campaignsum WHERE campaign_id = %s", [large.pk])
    )
    whole, tenth = _median(page(large)), _median(page(small))
    return [
        Line(name="campaign of a million entries", seconds=whole, floor=floor, limit=PAGE_S),
        Line(
            name="the same, beside a tenth of the entries", seconds=whole, floor=tenth,
            ratio=GROWTH,
        ),
    ]  # fmt: skip


def _list(campaign: Campaign) -> Line:
    from taishan.organisation.models import Unit
    from taishan.safety import campaign_unit_presenting

    unit_id = Unit.objects.get(code="U0007").pk

    def ask() -> object:
        lines = campaign.entries.filter(unit_id=unit_id, of="problems")
        return list(campaign_unit_presenting.narrow(lines, "", "", instance.NOW)[:50])

    floor = _median(
        lambda: _bare(
            "SELECT * FROM safety_campaignentry WHERE campaign_id = %s AND unit_id = %s LIMIT 50",
            [campaign.pk, unit_id],
        )
    )
    return Line(name="a unit's list", seconds=_median(ask), floor=floor, limit=LIST_S)


def _bare(statement: str, params: list[Any]) -> object:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall()


def _median(ask: Callable[[], object]) -> float:
    times = []
    for _run in range(RUNS):
        began = time.perf_counter()
        ask()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
