"""Taking a measure apart level by level, and confirming it upward until it is done.

A part is a duty. Who owes it may give parts of it to units below and to posts of its own; it is
confirmed once nothing beneath is open, and is done when whoever it is owed to accepts that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.communications import directive_duties, directives
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Answer, Confirmation, ConfirmationFile, Measure, Reach
from taishan.core.duties import State
from taishan.duties import actions as duties
from taishan.duties import queries
from taishan.duties.actions import Owed
from taishan.duties.models import Duty
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post, Unit, UnitVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWanted:
    """What a unit below, or a post of one's own unit, is to do. Empty words: those of the whole."""

    unit_id: int
    post_id: int | None = None
    what_en: str = ""
    what_zh: str = ""
    due_at: datetime
    needs_evidence: bool = False


@transaction.atomic
def decompose(
    *, actor: Actor, now: datetime, duty: Duty, parts: Iterable[PartWanted]
) -> list[Duty]:
    """Give parts of a measure on to units below and posts of the unit. Raises DirectiveRefused."""
    wanted = list(parts)
    measure = Measure.objects.select_related("directive").get(pk=duty.subject_id)
    directives.lock(measure.directive_id)
    locked = _lock(duty)
    _refuse_closed(locked)
    if locked.post_id or locked.person_id:
        raise DirectiveRefused(_("Only a unit gives parts of a measure on."))
    _refuse_misplaced(locked, wanted, now)
    if any(one.due_at > locked.due_at for one in wanted):
        raise DirectiveRefused(_("No part can be due later than what it is a part of."))
    new = duties.assign(actor=actor, now=now, owed=_owed(locked, measure, wanted, now))
    if not wanted or len(new) < len(wanted):
        raise DirectiveRefused(_("Choose units and posts that do not owe this measure already."))
    Reach.objects.bulk_create(
        (Reach(directive_id=measure.directive_id, unit_id=one.unit_id) for one in new),
        ignore_conflicts=True,
    )
    _record(actor, now, locked, "decomposed", {"parts": [str(one.id) for one in new]})
    return new


def _refuse_misplaced(duty: Duty, wanted: Sequence[PartWanted], now: datetime) -> None:
    today = history.day_of(duty.unit_id, now)
    below = UnitVersion.objects.filter(path__passes_through=duty.unit_id, valid__contains=today)
    units = set(below.exclude(unit_id=duty.unit_id).values_list("unit_id", flat=True))
    posts = set(
        Post.objects.filter(unit_id=duty.unit_id, valid__contains=today).values_list(
            "pk", flat=True
        )
    )
    for one in wanted:
        is_own_post = one.post_id in posts and one.unit_id == duty.unit_id
        if not is_own_post and (one.post_id is not None or one.unit_id not in units):
            raise DirectiveRefused(
                _("Parts go to units that stand below this one today, and to its own posts.")
            )


def _owed(duty: Duty, measure: Measure, wanted: Sequence[PartWanted], now: datetime) -> list[Owed]:
    units = Unit.objects.in_bulk([one.unit_id for one in wanted])
    posts = Post.objects.in_bulk([one.post_id for one in wanted if one.post_id])
    return [
        Owed(
            unit_id=one.unit_id, post_id=one.post_id, creditor_id=duty.unit_id, kind=duty.kind,
            subject=(duty.subject_kind, duty.subject_id), parent=duty, due_at=one.due_at,
            what_en=one.what_en or one.what_zh or duty.what_en,
            what_zh=one.what_zh or one.what_en or duty.what_zh,
            # Where the whole is overdue already, so is each part from its beginning.
            opened_at=min(now, one.due_at), needs_evidence=one.needs_evidence,
            address=directive_duties.address_of(
                measure.pk, units[one.unit_id], posts[one.post_id] if one.post_id else None
            ),
        )
        for one in wanted
    ]  # fmt: skip


@transaction.atomic
def confirm(
    *, actor: Actor, now: datetime, duty: Duty, text: str, files: Iterable[Attachment] = ()
) -> Confirmation:
    """Say upward that a part is done, with what shows it. Raises DirectiveRefused."""
    locked, given = _lock(duty), list(files)
    _refuse_closed(locked)
    if queries.count_open_children(locked):
        raise DirectiveRefused(_("Something beneath it is still open: that comes first."))
    if locked.needs_evidence and not given and not _is_shown_beneath(locked):
        raise DirectiveRefused(_("This needs its evidence: add a photo or a document."))
    if not given and not text.strip():
        raise DirectiveRefused(_("Say what was done."))
    confirmation = Confirmation.objects.create(
        unit_id=locked.unit_id, duty_id=locked.id, number=_find_confirmations(locked).count() + 1,
        text=text.strip(), at=now, by_label=actor.label, by_person_id=actor.person_id,
    )  # fmt: skip
    ConfirmationFile.keep_all(given, confirmation=confirmation)
    proof = [file.sha256 for file in given]
    _record(actor, now, locked, "confirmed", {"number": confirmation.number, "files": proof})
    return confirmation


def _is_shown_beneath(duty: Duty) -> bool:
    """Tell whether the evidence is that of the parts that were done beneath."""
    done = (State.ON_TIME, State.LATE)
    return queries.find_children(duty).filter(ended__in=done, needs_evidence=True).exists()


def _find_confirmations(duty: Duty) -> Any:
    return Confirmation.objects.filter(duty_id=duty.id)


def _refuse_closed(duty: Duty) -> None:
    if duty.ended is not None:
        raise DirectiveRefused(_("This has ended already."))
    last = _find_confirmations(duty).select_related("answer").order_by("-number").first()
    if last is not None and not hasattr(last, "answer"):
        raise DirectiveRefused(_("It is confirmed, and waits for its answer."))


@transaction.atomic
def accept(*, actor: Actor, now: datetime, confirmation_id: int) -> Duty:
    """Find a part done, at the instant at which it was confirmed. Raises DirectiveRefused.

    Of two who answer at once, one is told that the other has.
    """
    confirmation, duty = _lock_unanswered(actor, confirmation_id)
    _answer(actor, now, confirmation, is_accepted=True)
    done = duties.discharge(
        actor=actor, now=now, duty=duty, done_at=confirmation.at,
        evidence=f"confirmation:{confirmation.pk}",
    )  # fmt: skip
    _record(actor, now, duty, "accepted", {"number": confirmation.number})
    return done


@transaction.atomic
def give_back(*, actor: Actor, now: datetime, confirmation_id: int, reason: str) -> None:
    """Return a confirmation with what is wanting. Raises DirectiveRefused without a reason."""
    if not reason.strip():
        raise DirectiveRefused(_("Say what is wanting."))
    confirmation, duty = _lock_unanswered(actor, confirmation_id)
    _answer(actor, now, confirmation, is_accepted=False, reason=reason.strip())
    _record(actor, now, duty, "returned", {"number": confirmation.number})


def _lock_unanswered(actor: Actor, confirmation_id: int) -> tuple[Confirmation, Duty]:
    confirmation = Confirmation.objects.get(pk=confirmation_id)
    duty = Duty.objects.select_for_update().get(
        unit_id=confirmation.unit_id, id=confirmation.duty_id
    )
    answered = Answer.objects.filter(confirmation=confirmation).first()
    if answered is not None:
        raise DirectiveRefused(_("%s has answered this already.") % answered.by_label)
    if duty.ended is not None:
        raise DirectiveRefused(_("This has ended already."))
    if actor.person_id is not None and actor.person_id == confirmation.by_person_id:
        raise DirectiveRefused(_("You confirmed it yourself: somebody else accepts or returns it."))
    return confirmation, duty


def _answer(
    actor: Actor, now: datetime, confirmation: Confirmation, *, is_accepted: bool, reason: str = ""
) -> None:
    Answer.objects.create(
        confirmation=confirmation, is_accepted=is_accepted, reason=reason, at=now,
        by_label=actor.label, by_person_id=actor.person_id,
    )  # fmt: skip


@transaction.atomic
def waive(*, actor: Actor, now: datetime, duty: Duty, reason: str) -> int:
    """Ask for a part and for all beneath it no longer; return how many. DirectiveRefused."""
    if not reason.strip():
        raise DirectiveRefused(_("A waiver needs its reason."))
    measure = Measure.objects.get(pk=duty.subject_id)
    directives.lock(measure.directive_id)
    if _lock(duty).ended is not None:
        raise DirectiveRefused(_("This has ended already."))
    waived = directive_duties.waive_with_all_beneath(actor=actor, now=now, duty=duty, reason=reason)
    _record(actor, now, duty, "waived", {"duties": waived})
    return waived


def _lock(duty: Duty) -> Duty:
    return Duty.objects.select_for_update().get(unit_id=duty.unit_id, id=duty.id)


def _record(actor: Actor, now: datetime, duty: Duty, verb: str, data: dict[str, Any]) -> None:
    ledger.record(
        actor=actor, now=now, verb=f"measure.{verb}", unit_id=duty.unit_id, data=data,
        subject=("duty", str(duty.id)),
    )  # fmt: skip
