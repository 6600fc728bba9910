"""Campaigns for tests, by the same actions as the pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from taishan.kit import attachments
from taishan.kit.actor import Actor
from taishan.organisation import posts
from taishan.organisation.models import Account, Post, Unit, UnitVersion
from taishan.safety import campaign_entries, campaign_freezing, campaigns
from taishan.safety.campaign_entries import EntryWanted
from taishan.safety.campaign_models import Campaign, CampaignEntry
from taishan.safety.campaigns import Order, PhaseWanted
from tests.people import ACTOR, FOUNDED, NOW
from tests.safety.building import PNG, viewer

DAY = timedelta(days=1)
DEADLINE = date(2020, 2, 20)


def unit_id(code: str) -> int:
    return Unit.objects.get(code=code).pk


def order(**more: Any) -> Order:
    """The winter's campaign of headquarters, in two phases, but for what is given."""
    values: dict[str, Any] = {
        "unit_id": unit_id("HQ"), "scope_ids": (unit_id("HQ"),), "title_en": "Winter campaign",
        "title_zh": "冬季整治", "goal_en": "No fire this winter", "goal_zh": "冬季无火灾",
        "phases": (
            PhaseWanted(
                title_en="Look", title_zh="排查", starts=date(2020, 1, 6), ends=date(2020, 3, 1),
                milestones=(("Both lists exist", "建立两个清单"),),
            ),
            PhaseWanted(
                title_en="Mend", title_zh="整改", starts=date(2020, 3, 1), ends=date(2020, 6, 1)
            ),
        ),
    } | more  # fmt: skip
    return Order(**values)


def opened(now: datetime = NOW - 30 * DAY, **more: Any) -> Campaign:
    return campaigns.open_campaign(actor=ACTOR, now=now, order=order(**more))


def post_in(code: str = "W1", holder: Account | None = None) -> Post:
    """A post of a unit, held by an account's person."""
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, unit=code, code=f"{code}-fire",
        title_en="Fire warden", title_zh="消防管理员",
    )  # fmt: skip
    if holder is not None and holder.person is not None:
        posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=holder.person, post=post)
    return post


def wanted(post: Post, what: str = "A blocked fire exit", **more: Any) -> EntryWanted:
    values: dict[str, Any] = {"of": "problems", "due_on": DEADLINE} | more
    return EntryWanted(what=what, post=post, **values)


def listed(
    campaign: Campaign, post: Post, now: datetime = NOW, actor: Actor = ACTOR, **more: Any
) -> CampaignEntry:
    (entry,) = campaign_entries.add(
        actor=actor, now=now, campaign=campaign, unit_id=post.unit_id, wanted=[wanted(post, **more)]
    )
    return entry


def done(account: Account, entry: CampaignEntry, now: datetime = NOW, **more: Any) -> None:
    campaign_entries.record_done(
        actor=viewer(account).actor, now=now, entry=entry, text="Cleared", **more
    )


def verified(account: Account, entry: CampaignEntry, now: datetime = NOW) -> None:
    campaign_entries.verify(actor=viewer(account).actor, now=now, entry=entry, text="Seen: clear")


def closed(account: Account) -> Campaign:
    """A campaign that headquarters has closed."""
    campaign = opened()
    close(account, campaign)
    return campaign


def close(account: Account, campaign: Campaign) -> None:
    who, top = viewer(account), UnitVersion.objects.get(unit_id=campaign.unit_id)
    campaigns.close(
        actor=who.actor, now=NOW, campaign=campaign, text="What was reached",
        numbers=campaign_freezing.take(who, campaign, top, NOW),
    )  # fmt: skip


def photo() -> attachments.Attachment:
    return attachments.inspect("exit.png", PNG)
