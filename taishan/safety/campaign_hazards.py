"""Hazards on the list of a campaign: such a line stands where its hazard stands.

Nobody acts on it by itself; the hazard's own steps, duties and rights hold, and the line follows.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.core import hazards as core
from taishan.core.campaigns import Stand
from taishan.core.hazards import State
from taishan.duties import storing
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post
from taishan.safety import campaign_counting as counting
from taishan.safety import campaign_queries as queries
from taishan.safety import campaigns
from taishan.safety.campaign_models import Campaign, CampaignEntry
from taishan.safety.campaigns import CampaignRefused
from taishan.safety.hazard_models import ASSIGNED_IN, Hazard, HazardAct

STANDS: dict[State, Stand] = {
    State.SUBMITTED: Stand.DONE,
    State.VERIFIED: Stand.DONE,
    State.CLOSED: Stand.CLOSED,
    State.DISMISSED: Stand.WITHDRAWN,
    State.MERGED: Stand.WITHDRAWN,
}
"""In any other state it is to be done."""


def find_listable(campaign: Campaign, unit_id: int) -> QuerySet[Hazard]:
    """Return a unit's hazards that are assigned and open, and not on the list yet."""
    listed = campaign.entries.filter(hazard__isnull=False).values("hazard_id")
    rows = Hazard.objects.filter(unit_id=unit_id, state__in=ASSIGNED_IN, ended_at=None)
    return rows.exclude(pk__in=listed).order_by("due_at", "pk")


@transaction.atomic
def add(*, actor: Actor, now: datetime, campaign: Campaign, hazard: Hazard) -> CampaignEntry:
    """Put an assigned hazard on its unit's list of problems. Raises CampaignRefused."""
    campaigns.refuse_closed(campaign)
    if not queries.is_in_scope(campaign, hazard.unit_id, now):
        raise CampaignRefused(_("The campaign is not for this unit."))
    sums = counting.lock(campaign.pk, hazard.unit_id)
    found = find_listable(campaign, hazard.unit_id).filter(pk=hazard.pk).first()
    if found is None or found.post is None or found.due_at is None:
        raise CampaignRefused(
            _("Only a hazard that is assigned, and not listed yet, is put on the list.")
        )
    entry = _entry(actor, now, campaign, found, found.post, found.due_at)
    counting.shift(sums, {}, counting.amounts_of(entry), now)
    ledger.record(
        actor=actor, now=now, verb="campaign.hazard_listed",
        subject=("campaign", str(campaign.pk)), unit_id=hazard.unit_id,
        data={"entry": entry.pk, "hazard": hazard.pk},
    )  # fmt: skip
    return entry


def _entry(
    actor: Actor, now: datetime, campaign: Campaign, hazard: Hazard, post: Post, due_at: datetime
) -> CampaignEntry:
    """Store the line of an assigned hazard."""
    problems = CampaignEntry.Of.PROBLEMS
    rows = CampaignEntry.objects.filter(campaign=campaign, unit_id=hazard.unit_id, of=problems)
    zone = history.zone_of(hazard.unit_id)
    return CampaignEntry.objects.create(
        campaign=campaign, unit_id=hazard.unit_id, of=problems, number=rows.count() + 1,
        what=hazard.text[:500], place=hazard.area, how=hazard.measures[:500],
        post=post, hazard=hazard, due_on=storing.local_day(due_at, zone),
        due_at=due_at, stand=_stand(hazard), done_at=_done_at(hazard), moved_at=now,
        **campaigns.said(actor, now),
    )  # fmt: skip


def _stand(hazard: Hazard) -> Stand:
    return STANDS.get(State(hazard.state), Stand.OPEN)


def _done_at(hazard: Hazard) -> datetime | None:
    """Return when it was last handed in, where that stands."""
    if _stand(hazard) not in (Stand.DONE, Stand.CLOSED):
        return None
    handed_in = HazardAct.objects.filter(hazard=hazard, act=core.Act.SUBMIT).order_by("-number")
    return handed_in.values_list("at", flat=True).first()


@transaction.atomic
def follow(*, now: datetime, hazard_id: int) -> int:
    """Let the lines of a hazard stand where it stands; return how many moved."""
    moved = 0
    for entry in CampaignEntry.objects.filter(hazard_id=hazard_id).order_by("pk"):
        sums = counting.lock(entry.campaign_id, entry.unit_id)
        # Read beneath the lock: of two that follow at once, neither brings back what was.
        entry.refresh_from_db()
        hazard = Hazard.objects.get(pk=hazard_id)
        before, was = counting.amounts_of(entry), _where(entry)
        _set(entry, hazard)
        if _where(entry) == was:
            continue
        entry.moved_at = now
        entry.save(update_fields=["stand", "done_at", "moved_at", "post_id", "due_on", "due_at"])
        counting.shift(sums, before, counting.amounts_of(entry), now)
        moved += 1
    return moved


def _where(entry: CampaignEntry) -> tuple[object, ...]:
    return entry.stand, entry.done_at, entry.post_id, entry.due_at


def _set(entry: CampaignEntry, hazard: Hazard) -> None:
    entry.stand, entry.done_at = _stand(hazard), _done_at(hazard)
    if hazard.post_id is not None and hazard.due_at is not None:
        zone = history.zone_of(entry.unit_id)
        entry.post_id, entry.due_at = hazard.post_id, hazard.due_at
        entry.due_on = storing.local_day(hazard.due_at, zone)
