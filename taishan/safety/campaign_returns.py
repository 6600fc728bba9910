"""The monthly return of each unit: opened by itself once the month is over, and missed for good.

A return is due on a day of the next month and can be given, late, until that month is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core import campaigns as core
from taishan.core.duties import State
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.duties.matrix_models import Reached
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.safety import campaign_counting as counting
from taishan.safety import campaign_queries as queries
from taishan.safety import campaigns
from taishan.safety.campaign_models import Campaign, CampaignReturn
from taishan.safety.campaigns import CampaignRefused

DAY = timedelta(days=1)
KIND = queries.RETURN


def open_returns(*, actor: Actor, now: datetime) -> int:
    """Open the return of every month that is over for units that took part on its last day; return
    how many are new. Opened once, however often this runs; what a worker slept through is opened
    too, and is missed where its time is over.
    """
    found = Campaign.objects.filter(starts__lte=now.date()).select_related("closing")
    running = found.filter(Q(closing=None) | Q(closing__recorded_at__gte=now - 62 * DAY))
    return sum(_open(actor, now, one) for one in running.order_by("pk"))


@transaction.atomic
def _open(actor: Actor, now: datetime, campaign: Campaign) -> int:
    """Open one campaign's; a second worker waits here, and then finds nothing left to do."""
    what = f"{KIND}:{campaign.pk}"
    reached, _is_new = Reached.objects.select_for_update().get_or_create(
        what=what, defaults={"until": campaign.recorded_at}
    )
    opened = 0
    for month in _months(campaign, reached.until, now):
        new = duties.assign(
            actor=actor, now=now, owed=list(_owed(campaign, month, reached.until, now))
        )
        counting.count_owed(campaign.pk, [duty.unit_id for duty in new])
        opened += len(new)
    Reached.objects.filter(what=what).update(until=now)
    return opened


def _months(campaign: Campaign, since: datetime, now: datetime) -> Iterator[date]:
    """Yield the months that end, somewhere on earth, between two instants."""
    closing = getattr(campaign, "closing", None)
    last = now.date() + DAY
    if closing is not None:
        last = min(last, closing.recorded_at.date())
    for month in core.months_owed(campaign.starts, campaign.ends, last):
        if core.next_month(month) >= since.date() - DAY:
            yield month


def _owed(campaign: Campaign, month: date, since: datetime, now: datetime) -> Iterator[Owed]:
    following = core.next_month(month)
    rows = queries.find_units(campaign, following - DAY).order_by("unit_id")
    for unit_id, code, name in rows.values_list("unit_id", "unit__code", "time_zone"):
        zone = ZoneInfo(name)
        opens = datetime.combine(following, time(), zone)
        if since < opens <= now:
            yield Owed(
                unit_id=unit_id, creditor_id=campaign.unit_id, kind=KIND, opened_at=opens,
                subject=(KIND, queries.return_subject(campaign.pk, month)),
                due_at=campaigns.evening_of(following.replace(day=campaign.return_day), name),
                lapses_at=datetime.combine(core.next_month(following), time(), zone),
                what_en=f"Return for {month:%Y-%m}: {campaign.title_en}"[:300],
                what_zh=f"{month:%Y-%m} 月报：{campaign.title_zh}"[:300],
                address=reverse(
                    "campaigns:return", args=[campaign.pk, code, f"{month:%Y-%m}"]
                ),
            )  # fmt: skip


def find_open(campaign: Campaign, unit_id: int, month: date) -> Duty | None:
    """Return the duty to return on a month, whatever became of it; None where none was opened."""
    subject = queries.return_subject(campaign.pk, month)
    return Duty.objects.filter(unit_id=unit_id, subject_kind=KIND, subject_id=subject).first()


@transaction.atomic
def give(
    *, actor: Actor, now: datetime, campaign: Campaign, unit_id: int, month: date, text: str
) -> CampaignReturn:
    """Return on a month, with the numbers of the lists as they are. Raises CampaignRefused."""
    if not text.strip():
        raise CampaignRefused(_("Say what was done in the month and what is next."))
    sums = counting.lock(campaign.pk, unit_id)
    duty = find_open(campaign, unit_id, month)
    if duty is None:
        raise CampaignRefused(_("No return on this month is owed."))
    if duty.ended is not None or duty.standing(now) is State.MISSED:
        raise CampaignRefused(_say_over(duty.standing(now)))
    ended = duties.discharge(actor=actor, now=now, duty=duty, evidence=text)
    on_time = ended.ended == State.ON_TIME
    given = CampaignReturn.objects.create(
        campaign=campaign, unit_id=unit_id, month=month, text=text.strip(), is_on_time=on_time,
        problems=sums.problems, problems_closed=sums.problems_closed, measures=sums.measures,
        measures_closed=sums.measures_closed, **campaigns.said(actor, now),
    )  # fmt: skip
    counting.add(sums, {"returns_on_time" if on_time else "returns_late": 1})
    ledger.record(
        actor=actor, now=now, verb="campaign.returned", subject=("campaign", str(campaign.pk)),
        unit_id=unit_id, data={"month": f"{month:%Y-%m}", "is_on_time": on_time},
    )  # fmt: skip
    return given


def _say_over(state: State) -> str:
    if state is State.MISSED:
        return _("The time for this return is over: it stays missed.")
    if state is State.WAIVED:
        return _("No return on this month is owed.")
    return _("This month was returned already.")
