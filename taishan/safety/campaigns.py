"""Opening a campaign, its milestones and targets, and closing it. Closed, it is never reopened."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import Words
from taishan.core import campaigns as core
from taishan.core.campaigns import Phase
from taishan.duties import actions as duties
from taishan.duties import queries as duty_queries
from taishan.duties.actions import Owed
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.organisation.models import Role, UnitVersion
from taishan.safety import campaign_queries as queries
from taishan.safety.campaign_models import (
    Campaign,
    CampaignClosing,
    CampaignMilestone,
    CampaignPhase,
    CampaignScope,
    CampaignTarget,
    MilestoneReached,
)

DAY = timedelta(days=1)
EVENING = time(18)
"""The local hour of a day by which what is due on it is to be done."""
MILESTONE = "campaign_milestone"


class CampaignRefused(ValueError):
    """The act cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseWanted:
    """A phase, ``starts <= day < ends``; ``milestones``: their titles in English and Chinese, to be
    reached by its last day.
    """

    title_en: str
    title_zh: str
    starts: date
    ends: date
    milestones: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A campaign as it is to be opened. ``scope_ids``: units, each with all below it."""

    unit_id: int
    title_en: str
    title_zh: str
    goal_en: str
    goal_zh: str
    phases: tuple[PhaseWanted, ...]
    scope_ids: tuple[int, ...]
    return_day: int = 5
    stalled_after_days: int = 30
    template: str = ""
    source: str = ""
    source_url: str = ""
    formula: str = field(default=core.LATEST)


def said(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return who did something, as its row keeps it."""
    return {"recorded_at": now, "by_label": actor.label, "by_person_id": actor.person_id}


def evening_of(day: date, time_zone: str) -> datetime:
    """Return the instant by which a unit is to have done what is due on a day of its own."""
    return datetime.combine(day, EVENING, ZoneInfo(time_zone))


@transaction.atomic
def open_campaign(*, actor: Actor, now: datetime, order: Order) -> Campaign:
    """Open a campaign with its phases, scope and milestones, and tell those who are to run it.

    Raises CampaignRefused.
    """
    versions = organisation.find_last_versions([order.unit_id, *order.scope_ids])
    _refuse_order(order, versions, now)
    campaign = Campaign.objects.create(
        unit_id=order.unit_id, title_en=order.title_en, title_zh=order.title_zh,
        goal_en=order.goal_en, goal_zh=order.goal_zh, starts=order.phases[0].starts,
        ends=order.phases[-1].ends, return_day=order.return_day,
        stalled_after_days=order.stalled_after_days, formula=order.formula,
        template=order.template, source=order.source, source_url=order.source_url,
        **said(actor, now),
    )  # fmt: skip
    CampaignScope.objects.bulk_create(
        CampaignScope(campaign=campaign, unit_id=pk) for pk in dict.fromkeys(order.scope_ids)
    )
    ledger.record(
        actor=actor, now=now, verb="campaign.opened", subject=("campaign", str(campaign.pk)),
        unit_id=campaign.unit_id,
        data={"starts": str(campaign.starts), "ends": str(campaign.ends),
              "scope": list(order.scope_ids), "formula": order.formula},
    )  # fmt: skip
    _add_phases(actor, now, campaign, order.phases)
    _tell_opened(actor, now, campaign)
    return campaign


def _refuse_order(order: Order, versions: dict[int, UnitVersion], now: datetime) -> None:
    spans = [Phase(starts=one.starts, ends=one.ends) for one in order.phases]
    if not core.phases_fit(spans):
        raise CampaignRefused(
            _("Phases follow each other without gap or overlap, each of a day at least.")
        )
    top = versions[order.unit_id]
    if spans[-1].ends <= clock.day_at(now, top.time_zone):
        raise CampaignRefused(_("Its last day is over: nobody could take part any more."))
    if not order.scope_ids:
        raise CampaignRefused(_("Name a unit at least that it is for."))
    for pk in order.scope_ids:
        if str(order.unit_id) not in versions[pk].path.split("."):
            raise CampaignRefused(
                _("%(unit)s is not below %(top)s: a unit opens a campaign for itself and below.")
                % {"unit": versions[pk].name, "top": top.name}
            )
    if order.formula not in core.FORMULAS:
        raise CampaignRefused(_("There is no such formula of ranking: %s") % order.formula)


def _add_phases(
    actor: Actor, now: datetime, campaign: Campaign, phases: Iterable[PhaseWanted]
) -> None:
    for number, one in enumerate(phases, start=1):
        phase = CampaignPhase.objects.create(
            campaign=campaign, number=number, title_en=one.title_en, title_zh=one.title_zh,
            starts=one.starts, ends=one.ends,
        )  # fmt: skip
        for title_en, title_zh in one.milestones:
            set_milestone(
                actor=actor, now=now, phase=phase, title_en=title_en, title_zh=title_zh,
                due_on=one.ends - DAY,
            )  # fmt: skip


def _tell_opened(actor: Actor, now: datetime, campaign: Campaign) -> None:
    day = clock.day_at(now)
    units = queries.find_units(campaign, day).values_list("unit_id", flat=True)
    told = organisation.find_holders(units, [Role.UNIT_HEAD, Role.SAFETY_OFFICER], day)
    if told:
        communications.send(
            actor=actor, now=now, unit_id=campaign.unit_id, person_ids=told,
            words=Words(
                title_en=f"Campaign: {campaign.title_en}"[:120],
                title_zh=f"专项整治：{campaign.title_zh}"[:120], text_en=campaign.goal_en,
                text_zh=campaign.goal_zh,
            ),
            about=("campaign", str(campaign.pk)),
            address=reverse("campaigns:campaign", args=[campaign.pk]),
        )  # fmt: skip


@transaction.atomic
def set_milestone(
    *, actor: Actor, now: datetime, phase: CampaignPhase, title_en: str, title_zh: str, due_on: date
) -> CampaignMilestone:
    """Name what is to be reached by the end of a day of a phase. Raises CampaignRefused."""
    campaign = phase.campaign
    refuse_closed(campaign)
    if not phase.starts <= due_on < phase.ends:
        raise CampaignRefused(_("A milestone lies within its phase."))
    milestone = CampaignMilestone.objects.create(
        phase=phase, title_en=title_en, title_zh=title_zh, due_on=due_on, **said(actor, now)
    )
    ledger.record(
        actor=actor, now=now, verb="campaign.milestone_set", subject=("campaign", str(campaign.pk)),
        unit_id=campaign.unit_id, data={"milestone": milestone.pk, "due_on": str(due_on)},
    )  # fmt: skip
    top = organisation.get_last_version(campaign.unit_id)
    due_at = evening_of(due_on, top.time_zone)
    duties.assign(
        actor=actor, now=now,
        owed=[
            Owed(
                unit_id=campaign.unit_id, creditor_id=campaign.unit_id, kind=MILESTONE,
                subject=(MILESTONE, str(milestone.pk)), what_en=f"Milestone: {title_en}",
                what_zh=f"里程碑：{title_zh}", due_at=due_at, opened_at=min(now, due_at),
                lapses_at=datetime.combine(campaign.ends, time(), ZoneInfo(top.time_zone)),
                address=reverse("campaigns:campaign", args=[campaign.pk]),
            )
        ],
    )  # fmt: skip
    return milestone


@transaction.atomic
def reach_milestone(
    *, actor: Actor, now: datetime, milestone: CampaignMilestone, text: str
) -> MilestoneReached:
    """Record that a milestone was reached, and what shows it. Raises CampaignRefused."""
    campaign = milestone.phase.campaign
    refuse_closed(campaign)
    if not text.strip():
        raise CampaignRefused(_("Say what shows that it was reached."))
    try:
        with transaction.atomic():
            reached = MilestoneReached.objects.create(
                milestone=milestone, text=text.strip(), **said(actor, now)
            )
    except IntegrityError:
        raise CampaignRefused(_("This milestone was reached already.")) from None
    ledger.record(
        actor=actor, now=now, verb="campaign.milestone_reached",
        subject=("campaign", str(campaign.pk)), unit_id=campaign.unit_id,
        data={"milestone": milestone.pk},
    )  # fmt: skip
    duties.discharge_subject(
        actor=actor, now=now, kind=MILESTONE, subject=(MILESTONE, str(milestone.pk))
    )
    return reached


@transaction.atomic
def set_target(
    *, actor: Actor, now: datetime, campaign: Campaign, unit_id: int, measure: core.Measure,
    amount: int, by_day: date,
) -> CampaignTarget:  # fmt: skip
    """Set a number for a unit and all below it to reach by a day. Raises CampaignRefused."""
    refuse_closed(campaign)
    if measure in core.PERCENT and amount > 100:
        raise CampaignRefused(_("A share is of 100 percent at most."))
    if not campaign.starts <= by_day < campaign.ends:
        raise CampaignRefused(_("The day of a target lies within the campaign."))
    if not queries.is_in_scope(campaign, unit_id, now) and unit_id != campaign.unit_id:
        raise CampaignRefused(_("The campaign is not for this unit."))
    try:
        with transaction.atomic():
            target = CampaignTarget.objects.create(
                campaign=campaign, unit_id=unit_id, measure=measure, amount=amount, by_day=by_day,
                **said(actor, now),
            )  # fmt: skip
    except IntegrityError:
        raise CampaignRefused(_("This target is set already; another day is another.")) from None
    ledger.record(
        actor=actor, now=now, verb="campaign.target_set", subject=("campaign", str(campaign.pk)),
        unit_id=unit_id, data={"measure": measure, "amount": amount, "by_day": str(by_day)},
    )  # fmt: skip
    return target


@transaction.atomic
def close(
    *, actor: Actor, now: datetime, campaign: Campaign, text: str, numbers: dict[str, Any]
) -> CampaignClosing:
    """End a campaign with its report; ``numbers`` as ``campaign_freezing.take`` returns them.

    What is still open in the lists stays owed; nothing is added any more. Raises CampaignRefused.
    """
    if not text.strip():
        raise CampaignRefused(_("A closing report needs its text."))
    digest = digest_of(text.strip(), numbers)
    try:
        with transaction.atomic():
            closing = CampaignClosing.objects.create(
                campaign=campaign, text=text.strip(), numbers=numbers, sha256=digest,
                **said(actor, now),
            )  # fmt: skip
    except IntegrityError:
        raise CampaignRefused(_closed()) from None
    ledger.record(
        actor=actor, now=now, verb="campaign.closed", subject=("campaign", str(campaign.pk)),
        unit_id=campaign.unit_id, data={"sha256": digest},
    )  # fmt: skip
    _ask_no_more(actor, now, campaign)
    return closing


def _ask_no_more(actor: Actor, now: datetime, campaign: Campaign) -> None:
    """Waive the milestones that a campaign closed early leaves ahead; what is late stays late."""
    pks = CampaignMilestone.objects.filter(phase__campaign=campaign).values_list("pk", flat=True)
    ahead = duty_queries.find_open_about(MILESTONE, map(str, pks)).filter(due_at__gt=now)
    duties.waive_many(actor=actor, now=now, duties=ahead, reason=f"campaign:{campaign.pk}")


def digest_of(text: str, numbers: dict[str, Any]) -> str:
    """Return the SHA-256 of a closing report: of its text and numbers as sorted JSON."""
    whole = json.dumps([text, numbers], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def refuse_closed(campaign: Campaign) -> None:
    """Raise CampaignRefused where a campaign has been closed."""
    if CampaignClosing.objects.filter(campaign=campaign).exists():
        raise CampaignRefused(_closed())


def _closed() -> str:
    return _("This campaign has been closed; it is never reopened.")
