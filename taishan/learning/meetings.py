"""Calling a meeting, signing that one is there, and its minutes.

A meeting is locked while something of it is numbered or confirmed: its steps come one by one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from taishan.communications import actions as notices
from taishan.communications.actions import Words
from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.learning.models import (
    AgendaItem,
    Cancellation,
    Invitation,
    Material,
    Meeting,
    Minutes,
    MinutesConfirmation,
    Presence,
    PresenceCorrection,
)
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Person, PostHolding

SIGNING_FROM, SIGNING_UNTIL = timedelta(hours=1), timedelta(hours=12)
"""How long before it starts, and after, somebody signs that they are there."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Those that are told apart when read from a wall."""
_CODE_LENGTH = 8


class MeetingRefused(ValueError):
    """A step that cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody calls people to."""

    kind: str
    title_en: str
    title_zh: str
    starts_at: datetime
    place: str
    chair_id: int
    agenda: tuple[str, ...] = ()
    person_ids: tuple[int, ...] = ()
    post_ids: tuple[int, ...] = ()


@transaction.atomic
def call(*, actor: Actor, now: datetime, unit_id: int, to: Call) -> Meeting:
    """Call a meeting of a unit, and tell those invited. Raises MeetingRefused without an agenda."""
    if not to.agenda:
        raise MeetingRefused(_("A meeting needs an agenda of one item at least."))
    meeting = Meeting.objects.create(
        unit_id=unit_id, kind=to.kind, title_en=to.title_en, title_zh=to.title_zh,
        starts_at=to.starts_at, place=to.place, chair_id=to.chair_id, called_at=now,
        called_by=actor.label,
    )  # fmt: skip
    AgendaItem.objects.bulk_create(
        AgendaItem(meeting=meeting, number=number, text=text)
        for number, text in enumerate(to.agenda, 1)
    )
    invited = [Invitation(meeting=meeting, person_id=pk) for pk in dict.fromkeys(to.person_ids)]
    invited += [Invitation(meeting=meeting, post_id=pk) for pk in dict.fromkeys(to.post_ids)]
    Invitation.objects.bulk_create(invited)
    _invite(actor, now, meeting)
    _record(actor, now, meeting, "called", {"kind": to.kind, "invited": len(invited)})
    return meeting


def _invite(actor: Actor, now: datetime, meeting: Meeting) -> None:
    when = _local_hour(meeting)
    words = Words(
        title_en=f"Meeting: {meeting.title_en}"[:120], title_zh=f"会议：{meeting.title_zh}"[:120],
        text_en=f"You are invited to a meeting: {when}, {meeting.place}.",
        text_zh=f"请参加会议：{when}，{meeting.place}。",
    )  # fmt: skip
    _tell(actor, now, meeting, words, about="meeting")


def _local_hour(meeting: Meeting) -> str:
    zone = history.zone_of(meeting.unit_id)
    return f"{meeting.starts_at.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key})"


def _tell(actor: Actor, now: datetime, meeting: Meeting, words: Words, about: str) -> None:
    """Tell those invited and the chair.

    Calling and cancelling are each about a thing of their own: of one thing nobody is told twice
    within an hour.
    """
    notices.send(
        actor=actor, now=now, unit_id=meeting.unit_id, words=words,
        person_ids=find_invited(meeting) | {meeting.chair_id}, about=(about, str(meeting.pk)),
        address=reverse("meetings:meeting", args=[meeting.pk]),
    )  # fmt: skip


@transaction.atomic
def cancel(*, actor: Actor, now: datetime, meeting: Meeting, reason: str) -> Cancellation:
    """Do not hold a meeting that was called, and tell those who were. Raises MeetingRefused.

    Only before its hour: what was held, or has decided something already, stays as it was.
    """
    if not reason.strip():
        raise MeetingRefused(_("A cancellation needs its reason."))
    lock(meeting)
    if now >= meeting.starts_at or meeting.decisions.exists():
        raise MeetingRefused(_("It has been held: it can be cancelled no longer."))
    cancelled = Cancellation.objects.create(
        meeting=meeting, reason=reason.strip(), at=now, by_label=actor.label
    )
    _call_off(actor, now, meeting, cancelled.reason)
    _record(actor, now, meeting, "cancelled", {})
    return cancelled


def _call_off(actor: Actor, now: datetime, meeting: Meeting, reason: str) -> None:
    when = _local_hour(meeting)
    words = Words(
        title_en=f"Cancelled: {meeting.title_en}"[:120],
        title_zh=f"会议取消：{meeting.title_zh}"[:120],
        text_en=f"The meeting of {when}, {meeting.place}, is not held. Why: {reason}",
        text_zh=f"原定 {when} 在 {meeting.place} 召开的会议取消。原因：{reason}",
    )
    _tell(actor, now, meeting, words, about="meeting_cancelled")


def find_invited(meeting: Meeting) -> set[int]:
    """Return the ids of the people invited: by themselves, or by a post they hold on the day."""
    people = meeting.invitations.exclude(person=None).values_list("person_id", flat=True)
    held = find_holdings(meeting).values_list("person_id", flat=True)
    return {pk for pk in (*held, *people) if pk is not None}


def find_holdings(meeting: Meeting) -> QuerySet[PostHolding]:
    """Return who holds the invited posts on the day of the meeting, the unit's own."""
    return PostHolding.objects.filter(
        post__in=meeting.invitations.exclude(post=None).values("post"),
        valid__contains=history.day_of(meeting.unit_id, meeting.starts_at),
    )


def code_of(meeting: Meeting) -> str:
    """Return what is shown in the room, by which somebody proves to be there. Nothing is kept."""
    digest = salted_hmac("taishan.meeting", str(meeting.pk), algorithm="sha256").digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_CODE_LENGTH])


@transaction.atomic
def sign_in(*, actor: Actor, now: datetime, meeting: Meeting, code: str) -> Presence:
    """Record that the actor's person is there, by the code that is shown. MeetingRefused."""
    given = code.strip().upper().replace(" ", "")
    if not constant_time_compare(given, code_of(meeting)):
        raise MeetingRefused(_("This is not the code that is shown in the room."))
    if not meeting.starts_at - SIGNING_FROM <= now < meeting.starts_at + SIGNING_UNTIL:
        raise MeetingRefused(
            _("One signs from an hour before a meeting until twelve hours after it began.")
        )
    if actor.person_id is None:
        raise MeetingRefused(_("Only a person comes to a meeting."))
    return _come(actor, now, meeting, actor.person_id, "")


@transaction.atomic
def record_presence(*, actor: Actor, now: datetime, meeting: Meeting, person: Person) -> Presence:
    """Record that somebody came who has not signed. Raises MeetingRefused."""
    if now < meeting.starts_at - SIGNING_FROM:
        raise MeetingRefused(_("Nobody can have come to it yet."))
    return _come(actor, now, meeting, person.pk, actor.label)


def _come(actor: Actor, now: datetime, meeting: Meeting, person_id: int, by_label: str) -> Presence:
    lock(meeting)
    recorded = Presence.objects.filter(meeting=meeting, person_id=person_id).first()
    if recorded is not None and _has_come(recorded):
        raise MeetingRefused(_("It is recorded already that they came."))
    if recorded is not None:
        raise MeetingRefused(
            _("It was recorded that they did not come: correct that, with the reason.")
        )
    came = Presence.objects.create(meeting=meeting, person_id=person_id, at=now, by_label=by_label)
    _record(actor, now, meeting, "attended", {"person": person_id, "signed": not by_label})
    return came


def _has_come(presence: Presence) -> bool:
    last = presence.corrections.order_by("-pk").first()
    return last is None or last.came


@transaction.atomic
def correct_presence(
    *, actor: Actor, now: datetime, presence: Presence, came: bool, reason: str
) -> PresenceCorrection:
    """Put right whether somebody came who is recorded; both are kept. Raises MeetingRefused."""
    if not reason.strip():
        raise MeetingRefused(_("A correction needs its reason."))
    lock(presence.meeting)
    if _has_come(presence) == came:
        raise MeetingRefused(_("It is recorded so already."))
    corrected = PresenceCorrection.objects.create(
        presence=presence, came=came, reason=reason.strip(), at=now, by_label=actor.label
    )
    data = {"person": presence.person_id, "came": came}
    _record(actor, now, presence.meeting, "attendance_corrected", data)
    return corrected


@transaction.atomic
def add_material(*, actor: Actor, now: datetime, meeting: Meeting, file: Attachment) -> None:
    """Add a file that the meeting studies. Raises MeetingRefused once its minutes are confirmed."""
    lock(meeting)
    Material.keep(file, meeting=meeting, added_at=now)
    _record(actor, now, meeting, "material_added", {"sha256": file.sha256})


@transaction.atomic
def write(*, actor: Actor, now: datetime, meeting: Meeting, edition: int, text: str) -> Minutes:
    """Keep the minutes as they read now. Raises MeetingRefused.

    ``edition`` is the number of the one that was read, 0 for none: what somebody else wrote since
    is not lost.
    """
    if not text.strip():
        raise MeetingRefused(_("Say what was said."))
    lock(meeting)
    find_last(meeting, edition)
    written = Minutes.objects.create(
        meeting=meeting, number=edition + 1, text=text.replace("\r\n", "\n").strip(),
        written_at=now, written_by=actor.label,
    )  # fmt: skip
    _record(actor, now, meeting, "minuted", {"edition": written.number})
    return written


def find_last(meeting: Meeting, edition: int) -> Minutes | None:
    """Return the last edition of the minutes if it has this number. Raises MeetingRefused else."""
    last = meeting.minutes.order_by("-number").first()
    if (last.number if last else 0) != edition:
        raise MeetingRefused(_("Somebody has written in it meanwhile: look at it again."))
    return last


@transaction.atomic
def confirm(*, actor: Actor, now: datetime, meeting: Meeting, edition: int) -> MinutesConfirmation:
    """Find the minutes right, as the chair; they never change after. Raises MeetingRefused."""
    if actor.person_id != meeting.chair_id:
        raise MeetingRefused(_("The chair confirms the minutes, and nobody else."))
    if now < meeting.starts_at:
        raise MeetingRefused(_("It has not been held yet."))
    lock(meeting)
    last = find_last(meeting, edition)
    if last is None:
        raise MeetingRefused(_("There are no minutes yet."))
    digest = hashlib.sha256(last.text.encode()).hexdigest()
    confirmed = MinutesConfirmation.objects.create(
        meeting=meeting, minutes=last, at=now, sha256=digest
    )
    _record(actor, now, meeting, "confirmed", {"edition": edition, "sha256": digest})
    outbox.publish(
        "meeting.confirmed", meeting_id=meeting.pk, unit_id=meeting.unit_id,
        meeting_kind=meeting.kind,
    )  # fmt: skip
    return confirmed


def lock(meeting: Meeting) -> None:
    """Let one step of a meeting at a time through.

    Raises MeetingRefused once its minutes are confirmed or it was cancelled.
    """
    with connection.cursor() as cursor:
        # Its row cannot be locked: the application may not update it.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('learning.meeting', %s))", [meeting.pk]
        )
    if MinutesConfirmation.objects.filter(meeting=meeting).exists():
        raise MeetingRefused(_("Its minutes are confirmed: nothing is added to it any more."))
    if Cancellation.objects.filter(meeting=meeting).exists():
        raise MeetingRefused(_("It was cancelled: nothing is added to it any more."))


def _record(actor: Actor, now: datetime, meeting: Meeting, verb: str, data: dict[str, Any]) -> None:
    ledger.record(
        actor=actor, now=now, verb=f"meeting.{verb}", unit_id=meeting.unit_id, data=data,
        subject=("meeting", str(meeting.pk)),
    )  # fmt: skip
