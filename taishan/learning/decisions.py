"""What a meeting decides: a directive to be issued, or a duty opened on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.communications import directives
from taishan.communications.directive_content import MeasureWanted
from taishan.communications.models import Directive
from taishan.duties import actions as duties
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.learning import meetings
from taishan.learning.meetings import MeetingRefused
from taishan.learning.models import Decision, Meeting
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post, UnitVersion

DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """Who is to do it: a unit, or in it a post or a person."""

    unit_id: int
    post_id: int | None = None
    person_id: int | None = None


@transaction.atomic
def decide(
    *,
    actor: Actor,
    now: datetime,
    meeting: Meeting,
    what_en: str,
    what_zh: str,
    due_at: datetime,
    debtor: Debtor | None,
) -> Decision:
    """Record a decision; without a debtor it is the draft of a directive. MeetingRefused."""
    meetings.lock(meeting)
    if due_at <= now:
        raise MeetingRefused(_("Its hour has to be yet to come."))
    measure = MeasureWanted(what_en=what_en, what_zh=what_zh, due_at=due_at)
    directive = None if debtor else _draft(actor, now, meeting, measure)
    decision = Decision.objects.create(
        meeting=meeting, number=meeting.decisions.count() + 1, directive=directive, what_en=what_en,
        what_zh=what_zh, due_at=due_at, decided_at=now, by_label=actor.label,
    )  # fmt: skip
    if debtor is not None:
        _refuse_strangers(meeting, debtor, now)
        duties.assign(actor=actor, now=now, owed=[_owed(decision, debtor)])
    ledger.record(
        actor=actor, now=now, verb="meeting.decided", unit_id=meeting.unit_id,
        subject=("meeting", str(meeting.pk)),
        data={"decision": decision.pk, "directive": decision.directive_id},
    )  # fmt: skip
    return decision


def _draft(actor: Actor, now: datetime, meeting: Meeting, measure: MeasureWanted) -> Directive:
    return directives.draft(
        actor=actor, now=now, unit_id=meeting.unit_id, title_en=measure.what_en[:120],
        title_zh=measure.what_zh[:120], measures=[measure],
        text_en=f"By a decision of the meeting “{meeting.title_en}”.",
        text_zh=f"根据“{meeting.title_zh}”会议决定，部署如下。",
        origin=("meeting", str(meeting.pk)),
    )  # fmt: skip


def _refuse_strangers(meeting: Meeting, debtor: Debtor, now: datetime) -> None:
    today = history.day_of(meeting.unit_id, now)
    units = UnitVersion.objects.filter(
        path__passes_through=meeting.unit_id, valid__contains=today, unit_id=debtor.unit_id
    )
    posts = Post.objects.filter(
        pk=debtor.post_id or 0, unit_id=debtor.unit_id, valid__contains=today
    )
    if not units.exists() or (debtor.post_id is not None and not posts.exists()):
        raise MeetingRefused(_("Only the unit itself, those below it and their posts can owe it."))
    called = meetings.find_invited(meeting) | {meeting.chair_id}
    if debtor.person_id is not None and debtor.person_id not in called:
        raise MeetingRefused(_("Of people, only those who were called can owe it."))


def _owed(decision: Decision, debtor: Debtor) -> Owed:
    """Return it without an address: it is done on its own page, which whoever owes it may see, and
    the meeting is for those who were called.
    """
    return Owed(
        unit_id=debtor.unit_id, post_id=debtor.post_id, person_id=debtor.person_id,
        creditor_id=decision.meeting.unit_id, kind=DECISION, subject=(DECISION, str(decision.pk)),
        what_en=decision.what_en, what_zh=decision.what_zh, due_at=decision.due_at,
    )  # fmt: skip


@transaction.atomic
def report_done(*, actor: Actor, now: datetime, decision: Decision, evidence: str) -> Duty:
    """Say that a decision was carried out, and what shows it. Raises DutyRefused, MeetingRefused.

    Such a duty is done by saying so; what is said stays with it.
    """
    if not evidence.strip():
        raise MeetingRefused(_("Say what was done."))
    duty = get_duty(decision)
    return duties.discharge(actor=actor, now=now, duty=duty, evidence=evidence)


def get_duty(decision: Decision) -> Duty:
    """Return what was opened on the spot. Raises Duty.DoesNotExist for a directive's decision."""
    return Duty.objects.get(subject_kind=DECISION, subject_id=str(decision.pk))
