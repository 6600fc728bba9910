"""A campaign over 2,000 units with a million entries: headquarters' page, and a unit's list.

The floor of headquarters' page is the bare query of its sums; that of the list, of its first lines.
A campaign with a tenth of the entries shows that the page does not grow with what is closed. Fewer
entries, to see that it works: BENCHMARK_ENTRIES=20000.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.benchmarks import instance
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from django.test import Client

    from taishan.safety.campaign_models import Campaign

UNITS, OPEN_ONE_IN = 2_000, 50
ENTRIES = int(os.environ.get("BENCHMARK_ENTRIES", "1000000"))
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
        instance.duty_office()
        large, small = _opened(), _opened()
        _fill(large, ENTRIES)
        _fill(small, ENTRIES // 10)
        client = instance.client()
        return [*_pages(client, large, small), _list(client, large)]


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
    instance.settle()


def _pages(client: Client, large: Campaign, small: Campaign) -> list[Line]:
    sums = "SELECT * FROM safety_campaignsum WHERE campaign_id = %s"
    floor = instance.median(lambda: instance.bare(sums, [large.pk]))
    whole, tenth = (
        instance.median(instance.page(client, f"/safety/campaigns/{one.pk}/"))
        for one in (large, small)
    )
    return [
        Line(name=f"campaign of {ENTRIES:,} entries", seconds=whole, floor=floor, limit=PAGE_S),
        Line(
            name="the same, beside a tenth of the entries", seconds=whole, floor=tenth,
            ratio=GROWTH,
        ),
    ]  # fmt: skip


def _list(client: Client, campaign: Campaign) -> Line:
    from taishan.organisation.models import Unit

    unit_id = Unit.objects.get(code="U0007").pk
    lines = "SELECT * FROM safety_campaignentry WHERE campaign_id = %s AND unit_id = %s LIMIT 50"
    floor = instance.median(lambda: instance.bare(lines, [campaign.pk, unit_id]))
    seconds = instance.median(
        instance.page(client, f"/safety/campaigns/{campaign.pk}/units/U0007/")
    )
    return Line(name="a unit's list", seconds=seconds, floor=floor, limit=LIST_S)
