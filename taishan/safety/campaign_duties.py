"""What becomes of a campaign's duties on their own pages: its lines and numbers follow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from taishan.core.campaigns import Act, Stand
from taishan.core.duties import State
from taishan.duties.models import Duty, Ending
from taishan.safety import campaign_counting as counting
from taishan.safety.campaign_models import CampaignAct, CampaignEntry


@transaction.atomic
def follow(*, unit_id: int, duty_id: UUID) -> None:
    """Let a line have the hour of its duty, and be withdrawn where that is waived while it is still
    to be done; let a return that is waived be owed no longer. It may come twice.
    """
    duty = Duty.objects.get(unit_id=unit_id, id=duty_id)
    if duty.kind == "campaign_return":
        counting.recount_owed(int(duty.subject_id.partition(":")[0]), unit_id)
    else:
        _follow_line(duty)


def _follow_line(duty: Duty) -> None:
    campaign_id = CampaignEntry.objects.values_list("campaign_id", flat=True).get(
        pk=duty.subject_id
    )
    sums = counting.lock(campaign_id, duty.unit_id)
    duty.refresh_from_db()
    entry, moved_at = CampaignEntry.objects.get(pk=duty.subject_id), None
    before = counting.amounts_of(entry)
    entry.due_on, entry.due_at = duty.due_on, duty.due_at
    if duty.ended == State.WAIVED and entry.stand == Stand.OPEN:
        moved_at = _withdraw(entry, duty)
    entry.save(update_fields=["stand", "moved_at", "due_on", "due_at"])
    counting.shift(sums, before, counting.amounts_of(entry), moved_at)


def _withdraw(entry: CampaignEntry, duty: Duty) -> datetime:
    """Withdraw a line as its duty was waived: by whom, when and why."""
    ending = Ending.objects.get(unit_id=duty.unit_id, duty_id=duty.id)
    CampaignAct.objects.create(
        entry=entry, number=entry.acts.count() + 1, act=Act.WITHDRAWN, text=ending.reason[:2000],
        recorded_at=ending.recorded_at, by_label=ending.by_label, by_person_id=ending.by_person_id,
    )  # fmt: skip
    entry.stand, entry.moved_at = Stand.WITHDRAWN, ending.recorded_at
    return ending.recorded_at
