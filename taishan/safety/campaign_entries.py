"""The two lists of a unit: adding lines, saying that they are done, returning, verifying.

Each line is a duty of its post, and that it is done is for somebody else to verify: who said it,
or answers for it, does not. Verified, the duty counts as done when it was said to be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.communications import actions as communications
from taishan.communications.actions import NoticeRefused, Words
from taishan.core import campaigns as core
from taishan.core.campaigns import Act, Refusal, Stand
from taishan.duties import actions as duties
from taishan.duties import queries as duty_queries
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post, PostHolding
from taishan.safety import campaign_counting as counting
from taishan.safety import campaign_queries as queries
from taishan.safety import campaigns
from taishan.safety.campaign_models import (
    Campaign,
    CampaignAct,
    CampaignActFile,
    CampaignEntry,
)
from taishan.safety.campaigns import CampaignRefused

ENTRY, CHECK = "campaign_entry", "campaign_check"
TO_VERIFY = timedelta(days=3)
"""How long the unit has to see whether what is said to be done is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryWanted:
    """A line as it is to be listed. ``due_on``: the unit's own day by whose evening it is done."""

    of: str
    what: str
    post: Post
    due_on: date
    place: str = ""
    how: str = ""


@transaction.atomic
def add(
    *, actor: Actor, now: datetime, campaign: Campaign, unit_id: int, wanted: Iterable[EntryWanted]
) -> list[CampaignEntry]:
    """Add lines to a unit's lists, each owed by its post. Raises CampaignRefused.

    As many statements for many lines as for one.
    """
    lines = list(wanted)
    campaigns.refuse_closed(campaign)
    if not queries.is_in_scope(campaign, unit_id, now):
        raise CampaignRefused(_("The campaign is not for this unit."))
    zone = history.zone_of(unit_id, now)
    for one in lines:
        refuse_line(one, unit_id, now, zone)
    sums = counting.lock(campaign.pk, unit_id)
    rows = _store(actor, now, campaign, unit_id, lines, zone)
    amounts = {of: sum(one.of == of for one in lines) for of in CampaignEntry.Of.values}
    counting.add(sums, amounts, moved_at=now)
    duties.assign(actor=actor, now=now, owed=[_owed(campaign, row) for row in rows])
    about = [{"entry": row.pk, "list": row.of, "due_on": str(row.due_on)} for row in rows]
    ledger.record(
        actor=actor, now=now, verb="campaign.entries_added",
        subject=("campaign", str(campaign.pk)), unit_id=unit_id, data={"entries": about},
    )  # fmt: skip
    return rows


def refuse_line(one: EntryWanted, unit_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Raise CampaignRefused for a line that cannot be listed."""
    if not one.what.strip():
        raise CampaignRefused(_("Say what it is."))
    if one.post.unit_id != unit_id or clock.day_at(now, zone.key) not in one.post.valid:
        raise CampaignRefused(_("Name a post of the unit that answers for it."))
    if campaigns.evening_of(one.due_on, zone.key) <= now:
        raise CampaignRefused(_("A deadline lies ahead: it is the evening of a day, 18:00."))


def _store(
    actor: Actor, now: datetime, campaign: Campaign, unit_id: int, lines: list[EntryWanted],
    zone: ZoneInfo,
) -> list[CampaignEntry]:  # fmt: skip
    last = {
        of: CampaignEntry.objects.filter(campaign=campaign, unit_id=unit_id, of=of).count()
        for of in CampaignEntry.Of.values
    }
    rows = []
    for one in lines:
        last[one.of] += 1
        rows.append(
            CampaignEntry(
                campaign=campaign, unit_id=unit_id, of=one.of, number=last[one.of],
                what=one.what.strip(), place=one.place.strip(), how=one.how.strip(), post=one.post,
                due_on=one.due_on, due_at=campaigns.evening_of(one.due_on, zone.key), moved_at=now,
                **campaigns.said(actor, now),
            )
        )  # fmt: skip
    return CampaignEntry.objects.bulk_create(rows)


def _owed(campaign: Campaign, row: CampaignEntry) -> Owed:
    is_problem = row.of == CampaignEntry.Of.PROBLEMS
    english, chinese = ("Put right", "整改") if is_problem else ("Put into force", "落实")
    return Owed(
        unit_id=row.unit_id, post_id=row.post_id, creditor_id=campaign.unit_id, kind=ENTRY,
        subject=(ENTRY, str(row.pk)), what_en=f"{english}: {row.what}"[:300],
        what_zh=f"{chinese}：{row.what}"[:300], due_at=row.due_at,
        address=reverse("campaigns:entry", args=[row.pk]),
    )  # fmt: skip


@transaction.atomic
def record_done(
    *, actor: Actor, now: datetime, entry: CampaignEntry, text: str, file: Attachment | None = None
) -> CampaignAct:
    """Record that a line is done, with what was done. Raises CampaignRefused."""
    if not text.strip():
        raise CampaignRefused(_("Say what was done."))
    with _moved(actor, now, entry, Act.DONE) as locked:
        act = _write(actor, now, locked, Act.DONE, text)
        if file is not None:
            CampaignActFile.keep(file, act=act)
        duties.assign(actor=actor, now=now, owed=[_to_verify(locked, act, now)])
    return act


def _to_verify(entry: CampaignEntry, act: CampaignAct, now: datetime) -> Owed:
    return Owed(
        unit_id=entry.unit_id, creditor_id=entry.campaign.unit_id, kind="approval",
        subject=(CHECK, f"{entry.pk}:{act.number}"), due_at=now + TO_VERIFY,
        what_en=f"Verify that it is done: {entry.what}"[:300],
        what_zh=f"验收：{entry.what}"[:300], address=reverse("campaigns:entry", args=[entry.pk]),
    )  # fmt: skip


@transaction.atomic
def give_back(*, actor: Actor, now: datetime, entry: CampaignEntry, reason: str) -> CampaignAct:
    """Return what was said to be done, and tell who said it why. Raises CampaignRefused."""
    if not reason.strip():
        raise CampaignRefused(_("A return needs its reason."))
    with _moved(actor, now, entry, Act.RETURNED) as locked:
        before = _last(locked)
        act = _write(actor, now, locked, Act.RETURNED, reason)
        _seen(actor, now, locked, before)
        _tell_returned(actor, now, locked, before, act)
    return act


def _tell_returned(
    actor: Actor, now: datetime, entry: CampaignEntry, before: CampaignAct, act: CampaignAct
) -> None:
    told = {before.by_person_id, *find_holders(entry, now)} - {None, actor.person_id}
    if not told:
        return
    try:
        communications.send(
            actor=actor, now=now, unit_id=entry.unit_id, person_ids=[pk for pk in told if pk],
            words=Words(
                title_en=f"Returned: {entry.what}"[:120], title_zh=f"退回：{entry.what}"[:120],
                text_en=act.text, text_zh=act.text,
            ),
            about=(CHECK, f"{entry.pk}:{act.number}"),
            address=reverse("campaigns:entry", args=[entry.pk]),
        )  # fmt: skip
    except NoticeRefused:
        return


@transaction.atomic
def verify(*, actor: Actor, now: datetime, entry: CampaignEntry, text: str) -> CampaignAct:
    """Close a line, saying what was seen. Raises CampaignRefused, also for whoever did it."""
    if not text.strip():
        raise CampaignRefused(_("Say what you have seen."))
    with _moved(actor, now, entry, Act.VERIFIED) as locked:
        before = _last(locked)
        act = _write(actor, now, locked, Act.VERIFIED, text)
        _seen(actor, now, locked, before)
        duties.discharge_subject(
            actor=actor, now=now, kind=ENTRY, subject=(ENTRY, str(locked.pk)),
            done_at=locked.done_at,
        )  # fmt: skip
    return act


@transaction.atomic
def withdraw(*, actor: Actor, now: datetime, entry: CampaignEntry, reason: str) -> CampaignAct:
    """Take a line off the list that should not be on it. Raises CampaignRefused."""
    if not reason.strip():
        raise CampaignRefused(_("Say why it should not have been listed."))
    with _moved(actor, now, entry, Act.WITHDRAWN) as locked:
        act = _write(actor, now, locked, Act.WITHDRAWN, reason)
        for duty in duty_queries.find_of_subject(ENTRY, locked.pk).filter(ended=None):
            duties.waive(actor=actor, now=now, duty=duty, reason=reason)
    return act


@contextmanager
def _moved(actor: Actor, now: datetime, entry: CampaignEntry, act: Act) -> Iterator[CampaignEntry]:
    """Take a step of an entry under its unit's lock. Raises CampaignRefused."""
    sums = counting.lock(entry.campaign_id, entry.unit_id)
    locked = CampaignEntry.objects.select_related("campaign", "post").get(pk=entry.pk)
    if locked.hazard_id is not None:
        raise CampaignRefused(_("It follows its hazard: whatever is done is done there."))
    before, doers = counting.amounts_of(locked), find_doers(locked, now)
    try:
        after = core.step(Stand(locked.stand), act, by=actor.person_id, doers=frozenset(doers))
    except core.StepRefused as refused:
        raise CampaignRefused(say_why(refused.why)) from None
    locked.stand, locked.moved_at = after, now
    locked.done_at = {Stand.DONE: now, Stand.OPEN: None}.get(after, locked.done_at)
    locked.save(update_fields=["stand", "moved_at", "done_at"])
    counting.shift(sums, before, counting.amounts_of(locked), now)
    yield locked


def find_doers(entry: CampaignEntry, now: datetime) -> set[int]:
    """Return who has a hand in an entry: whoever ever said that it is done, or answers for it."""
    said = entry.acts.filter(act=Act.DONE, by_person__isnull=False)
    return find_holders(entry, now) | set(said.values_list("by_person_id", flat=True))


def say_why(why: Refusal) -> str:
    """Say why a step cannot be taken."""
    return {
        Refusal.NOT_DONE_YET: _("Nobody has said yet that it is done."),
        Refusal.DONE_ALREADY: _("It is said to be done already: it waits to be verified."),
        Refusal.OVER: _("It is closed, and stays so."),
        Refusal.SAME_PERSON: _("Who did it, or answers for it, does not verify it: another does."),
    }[why]


def find_holders(entry: CampaignEntry, now: datetime) -> set[int]:
    """Return who answers for an entry: who holds its post, or took its duty over."""
    duty = _find_open(entry)
    if duty is not None and duty.person_id is not None:
        return {duty.person_id}
    zone = history.zone_of(entry.unit_id, now)
    on = clock.day_at(now, zone.key)
    post = duty.post if duty else entry.post
    held = PostHolding.objects.filter(post=post, valid__contains=on)
    return set(held.values_list("person_id", flat=True))


def name_owner(entry: CampaignEntry) -> str:
    """Say who answers for an entry: a post, or the person who took it over."""
    duty = _find_open(entry)
    if duty is not None and duty.person is not None:
        return duty.person.name
    return (duty.post if duty and duty.post else entry.post).title


def _find_open(entry: CampaignEntry) -> Duty | None:
    of_entry = duty_queries.find_of_subject(ENTRY, entry.pk).filter(ended=None)
    return of_entry.select_related("person", "post").first()


def _last(entry: CampaignEntry) -> CampaignAct:
    return entry.acts.order_by("-number")[0]


def _write(actor: Actor, now: datetime, entry: CampaignEntry, act: Act, text: str) -> CampaignAct:
    row = CampaignAct.objects.create(
        entry=entry, number=entry.acts.count() + 1, act=act, text=text.strip(),
        **campaigns.said(actor, now),
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb=f"campaign_entry.{act}", subject=(ENTRY, str(entry.pk)),
        unit_id=entry.unit_id, data={"act": row.number, "campaign": entry.campaign_id},
    )  # fmt: skip
    return row


def _seen(actor: Actor, now: datetime, entry: CampaignEntry, done: CampaignAct) -> None:
    """Discharge the duty to verify what an act said."""
    duties.discharge_subject(
        actor=actor, now=now, kind="approval", subject=(CHECK, f"{entry.pk}:{done.number}")
    )
