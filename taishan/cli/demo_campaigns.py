"""The demo's campaign, invented: a winter's drive of the group from 2 January to 31 May 2020.

Its phases are the demo's own. The three-year action begins in April 2020, after the demo's day: it
is the template from which the duty office may open the next campaign.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from taishan.kit.actor import Actor

if TYPE_CHECKING:
    from taishan.organisation.models import Account, Post
    from taishan.safety.campaign_models import Campaign, CampaignEntry

DAY = timedelta(days=1)
JOB = Actor(label="Taishan", door="job")
SILENT = ("M08", "M19", "M33")
"""They listed nothing at all."""
STILL = ("M05", "M12", "M22", "M31")
"""They listed in the first weeks, and nothing has moved since."""
PROBLEMS = (
    ("消防通道堆放杂物", "三层东侧楼梯"), ("电缆绝缘破损", "二号车间配电箱"),
    ("灭火器压力不足", "食堂后厨"), ("氧气乙炔瓶混放", "维修班工具间"),
    ("燃气报警器失灵", "员工食堂"), ("临边防护缺失", "5#楼南侧"),
    ("安全帽佩戴不规范", "装卸区"), ("宿舍私拉电线", "二号宿舍楼"),
    ("塔吊限位器失效", "一标段"), ("危化品台账缺失", "化学品库"),
)  # fmt: skip
MEASURES = (
    "动火作业审批制度", "外协单位准入和安全交底制度", "领导带班检查制度", "隐患举报奖励办法",
    "宿舍用电管理规定", "受限空间作业规程",
)  # fmt: skip


def fill(office: Account, officers: dict[str, Actor], now: datetime) -> None:
    """Open the campaign and let units list, mend and return until the demo's day."""
    from taishan.organisation import access
    from taishan.organisation.models import Seat

    viewer = access.viewer_for(office, now.date())
    campaign = _open(viewer.actor, datetime(2020, 1, 2, 1, tzinfo=now.tzinfo))
    heads = {
        seat.unit.code: Actor(label=seat.person.name, person_id=seat.person_id)
        for seat in Seat.objects.filter(role="lead").select_related("unit", "person")
    }
    chosen = random.Random(20)  # noqa: S311 - the same demo each time
    posts, holders = _posts(), _holders()
    for code in sorted(posts.keys() & officers.keys() & heads.keys() - set(SILENT)):
        lines = _list(campaign, code, posts[code], officers[code], chosen)
        if code not in STILL:
            _work(lines, holders, officers[code], heads[code], chosen, now)
    _milestones(campaign, viewer.actor, now)
    _targets(campaign, viewer.actor)
    _return(campaign, officers, chosen, now)


def _open(actor: Actor, at: datetime) -> Campaign:
    from taishan.organisation.models import Unit
    from taishan.safety import campaigns
    from taishan.safety.campaigns import Order, PhaseWanted

    top = Unit.objects.get(code="HQ").pk
    spans = (
        ("Mobilisation", "动员部署", date(2020, 1, 2), date(2020, 1, 10),
         (("Every unit has named who answers", "各单位明确责任人"),)),
        ("Investigation", "全面排查", date(2020, 1, 10), date(2020, 2, 3),
         (("Both lists exist in every unit", "各单位两个清单建立完毕"),)),
        ("Rectification", "集中整改", date(2020, 2, 3), date(2020, 5, 1),
         (("Every general hazard listed before February is closed", "一月底前列入的一般隐患清零"),
          ("Every site is checked before it reopens", "复工前逐个工地检查"))),
        ("Review", "总结提升", date(2020, 5, 1), date(2020, 6, 1),
         (("Closing report", "总结报告"),)),
    )  # fmt: skip
    return campaigns.open_campaign(
        actor=actor, now=at,
        order=Order(
            unit_id=top, scope_ids=(top,), stalled_after_days=30, return_day=5,
            title_en="Winter drive for safe production (invented)",
            title_zh="冬春安全生产专项整治（虚构）",
            goal_en="No fire and no grave accident over the winter; every site is checked before "
            "it works again after the festival.",
            goal_zh="冬春期间不发生火灾和较大以上事故；节后复工前逐个现场检查到位。",
            phases=tuple(
                PhaseWanted(title_en=en, title_zh=zh, starts=a, ends=b, milestones=milestones)
                for en, zh, a, b, milestones in spans
            ),
        ),
    )  # fmt: skip


def _posts() -> dict[str, list[Post]]:
    from taishan.organisation.models import Post

    found: dict[str, list[Post]] = {}
    for post in Post.objects.select_related("unit").order_by("code"):
        found.setdefault(post.unit.code, []).append(post)
    return found


def _list(
    campaign: Campaign, code: str, posts: list[Post], officer: Actor, chosen: random.Random
) -> list[CampaignEntry]:
    """List a handful of problems and a measure or two, on one day."""
    from taishan.safety import campaign_entries
    from taishan.safety.campaign_entries import EntryWanted

    day = 4 if code in STILL else chosen.choice((8, 9, 13, 16, 20, 34, 37))
    at = campaign.recorded_at + day * DAY
    problems = chosen.sample(PROBLEMS, chosen.randint(2, 5))
    wanted = [
        EntryWanted(
            of="problems", what=what, place=place, post=chosen.choice(posts),
            due_on=at.date() + chosen.choice((8, 14, 21, 30, 45)) * DAY,
        )
        for what, place in problems
    ]  # fmt: skip
    wanted += [
        EntryWanted(of="measures", what=what, post=posts[0], due_on=at.date() + 50 * DAY)
        for what in chosen.sample(MEASURES, chosen.randint(1, 2))
    ]
    return campaign_entries.add(
        actor=officer, now=at, campaign=campaign, unit_id=posts[0].unit_id, wanted=wanted
    )


def _work(
    lines: list[CampaignEntry], holders: dict[int, int], officer: Actor, head: Actor,
    chosen: random.Random, now: datetime,
) -> None:  # fmt: skip
    """Have a line or two done and seen by somebody else; a few come back or wait."""
    from taishan.safety import campaign_entries

    for line in chosen.sample(lines, chosen.choice((0, 0, 1, 1, 2))):
        done_at = min(line.recorded_at + chosen.randint(3, 18) * DAY, now - 2 * DAY)
        # Of the two who answer for a unit, whoever holds the post does it and the other sees it.
        is_heads = holders.get(line.post_id) == head.person_id
        doer, other = (head, officer) if is_heads else (officer, head)
        act: dict[str, Any] = {"entry": line}
        campaign_entries.record_done(actor=doer, now=done_at, **act, text="已整改，照片存档")
        outcome = chosen.random()
        if outcome < 0.1:
            campaign_entries.give_back(
                actor=other, now=done_at + DAY, **act, reason="现场仍有遗留，未彻底清理"
            )
        elif outcome < 0.85:
            campaign_entries.verify(
                actor=other, now=done_at + DAY, **act, text="现场核实，同意销号"
            )


def _holders() -> dict[int, int]:
    from taishan.organisation.models import PostHolding

    return dict(PostHolding.objects.values_list("post_id", "person_id"))


def _milestones(campaign: Campaign, actor: Actor, now: datetime) -> None:
    from taishan.safety import campaigns
    from taishan.safety.campaign_models import CampaignMilestone

    first = CampaignMilestone.objects.filter(phase__campaign=campaign).order_by("due_on")[0]
    campaigns.reach_milestone(
        actor=actor, now=datetime(2020, 1, 9, 8, tzinfo=now.tzinfo), milestone=first,
        text="45 个单位已报送责任人名单。",
    )  # fmt: skip


def _targets(campaign: Campaign, actor: Actor) -> None:
    from taishan.core.campaigns import Measure
    from taishan.safety import campaigns

    for measure, amount in (
        (Measure.PROBLEMS_CLOSED, 120), (Measure.CLOSED_ON_TIME, 95),
        (Measure.MEASURES_MADE, 60),
    ):  # fmt: skip
        campaigns.set_target(
            actor=actor, now=campaign.recorded_at, campaign=campaign, unit_id=campaign.unit_id,
            measure=measure, amount=amount, by_day=date(2020, 4, 30),
        )  # fmt: skip


def _return(
    campaign: Campaign, officers: dict[str, Actor], chosen: random.Random, now: datetime
) -> None:
    """Most units returned on January in time; a few late, a few not at all."""
    from taishan.organisation.models import Unit
    from taishan.safety import campaign_returns

    ids = dict(Unit.objects.values_list("code", "pk"))
    at = datetime(2020, 1, 31, 20, tzinfo=now.tzinfo)
    campaign_returns.open_returns(actor=JOB, now=at)
    for code in sorted(officers.keys() - set(SILENT)):
        given = at + chosen.choice((1, 1, 2, 2, 3, 4, 5)) * DAY
        if chosen.random() < 0.9:
            campaign_returns.give(
                actor=officers[code], now=given, campaign=campaign, unit_id=ids[code],
                month=date(2020, 1, 1), text="本月按计划排查整改，下月继续推进未销号事项。",
            )  # fmt: skip
