"""The lists of all units of a campaign as one file: at once if short, else by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from taishan.files import actions as files
from taishan.files.content import Content
from taishan.kit import clock
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import campaign_queries as queries
from taishan.safety import campaign_sheet
from taishan.safety.campaign_models import Campaign, CampaignEntry

KIND = "campaign_lists"


def find(viewer: Viewer, campaign: Campaign, now: datetime, within: str) -> QuerySet[CampaignEntry]:
    """Return the lines that the viewer sees of a campaign, or below a unit.

    Raises UnitVersion.DoesNotExist.
    """
    branch = queries.get_branch(viewer, campaign, now, within)
    return campaign.entries.filter(unit_id__in=list(branch.places))


def ask(viewer: Viewer, now: datetime, campaign: Campaign, within: str) -> None:
    """Have the worker write the file."""
    files.ask(
        actor=viewer.actor, now=now, kind=KIND, asked={"campaign": campaign.pk, "within": within},
        name=f"campaign-{campaign.pk}-lists.xlsx", language=get_language() or "en",
    )  # fmt: skip


def may(viewer: Viewer, asked: dict[str, Any]) -> bool:
    """Tell whether the viewer still sees the campaign, and the unit that was asked for."""
    campaign = queries.find_visible(viewer).filter(pk=asked["campaign"]).first()
    if campaign is None:
        return False
    try:
        find(viewer, campaign, clock.now(), asked["within"])
    except UnitVersion.DoesNotExist:
        return False
    return True


def content(viewer: Viewer, asked: dict[str, Any]) -> Content:
    """Return the lines that were asked for, of the units that the viewer sees by now."""
    campaign = queries.find_visible(viewer).get(pk=asked["campaign"])
    return campaign_sheet.content_of(find(viewer, campaign, clock.now(), asked["within"]))
