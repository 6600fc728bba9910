"""What may be done with duties. Only these functions open or end one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import duties as core
from taishan.core.duties import State
from taishan.duties import queries, words
from taishan.duties.models import Duty, Ending, Extension, Handover
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger


class DutyRefused(ValueError):
    """The act cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a unit, or in it a post or a person, is to owe. ``parent`` is what it is a part of."""

    unit_id: int
    post_id: int | None = None
    person_id: int | None = None
    creditor_id: int
    kind: str
    subject: tuple[str, str]
    what_en: str
    what_zh: str
    address: str = ""
    due_at: datetime
    opened_at: datetime | None = None
    lapses_at: datetime | None = None
    needs_evidence: bool = False
    parent: Duty | None = None


@transaction.atomic
def assign(*, actor: Actor, now: datetime, owed: Iterable[Owed]) -> list[Duty]:
    """Open duties; return those that are new.

    The same is owed once, however often it is assigned. Raises DutyRefused for a part of something
    that has ended, or an hour before the duty opens. Five statements, whatever the number.
    """
    wanted = list(owed)
    _refuse_ended_parents(wanted)
    rows = [_row(one, now) for one in wanted]
    before = {row.id for row in rows}
    Duty.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5000)
    new = list(Duty.objects.filter(id__in=before)) if rows else []
    if new:
        _tell(actor, now, "duty.assigned", new)
    return new


def _refuse_ended_parents(wanted: Sequence[Owed]) -> None:
    """Lock the parents: nobody ends one while it gets a child."""
    keys = {(one.parent.unit_id, one.parent.id) for one in wanted if one.parent}
    parents = Duty.objects.select_for_update().filter(id__in=[pk for _unit, pk in keys])
    if any(parent.ended is not None for parent in parents.order_by("unit_id", "id")):
        raise DutyRefused(_("What this would be a part of has ended already."))


def _row(one: Owed, now: datetime) -> Duty:
    opened_at = one.opened_at or now
    if one.due_at < opened_at:
        raise DutyRefused(_("The hour at which this is due comes before it opens."))
    return Duty(
        unit_id=one.unit_id, id=uuid4(), post_id=one.post_id, person_id=one.person_id,
        creditor_id=one.creditor_id, kind=one.kind, subject_kind=one.subject[0],
        subject_id=one.subject[1], what_en=one.what_en, what_zh=one.what_zh, address=one.address,
        needs_evidence=one.needs_evidence, opened_at=opened_at, due_at=one.due_at,
        lapses_at=one.lapses_at, parent_unit_id=one.parent.unit_id if one.parent else None,
        parent_id=one.parent.id if one.parent else None, escalates_at=opened_at,
    )  # fmt: skip


@transaction.atomic
def discharge(
    *,
    actor: Actor,
    now: datetime,
    duty: Duty,
    done_at: datetime | None = None,
    evidence: str = "",
) -> Duty:
    """Record that a duty was done, ``done_at`` or now. Raises DutyRefused.

    An act of the domain calls this in its own transaction; a person only for kinds that are ticked.
    """
    locked = _lock(duty)
    if locked.needs_evidence and not evidence.strip():
        raise DutyRefused(_("Say or show what proves it: this duty needs its evidence."))
    done_at = done_at or now
    with _said():
        state = core.discharge(
            locked.terms, locked.end, done_at=done_at, now=now,
            open_children=queries.count_open_children(locked),
        )  # fmt: skip
    _end(actor, now, locked, state, done_at, evidence)
    return locked


@transaction.atomic
def discharge_subject(
    *,
    actor: Actor,
    now: datetime,
    kind: str,
    subject: tuple[str, str],
    done_at: datetime | None = None,
) -> int:
    """Discharge every open duty of a kind about something, since it is done; return how many.

    What lapsed before stays missed. Raises DutyRefused over an open child.
    """
    found = queries.find_of_subject(*subject).filter(kind=kind, ended=None)
    open_ones = [one for one in found if one.standing(now) is not State.MISSED]
    for one in open_ones:
        discharge(actor=actor, now=now, duty=one, done_at=done_at, evidence=":".join(subject))
    return len(open_ones)


@transaction.atomic
def waive(*, actor: Actor, now: datetime, duty: Duty, reason: str) -> Duty:
    """Ask for a duty no longer. Raises DutyRefused without a reason."""
    if not reason.strip():
        raise DutyRefused(_("A waiver needs its reason."))
    locked = _lock(duty)
    with _said():
        state = core.waive(
            locked.terms, locked.end, now=now, open_children=queries.count_open_children(locked)
        )
    _end(actor, now, locked, state, now, reason)
    return locked


@transaction.atomic
def extend(*, actor: Actor, now: datetime, duty: Duty, due_at: datetime, reason: str) -> Duty:
    """Give a duty a later hour. Raises DutyRefused without a reason, or once its hour has come."""
    if not reason.strip():
        raise DutyRefused(_("An extension needs its reason."))
    locked = _lock(duty)
    with _said():
        terms = core.extend(locked.terms, locked.end, due_at=due_at, now=now)
    Extension.objects.create(
        unit_id=locked.unit_id, duty_id=locked.id, due_before=locked.due_at,
        due_after=terms.due_at, **_who(actor, now, reason),
    )  # fmt: skip
    locked.due_at, locked.lapses_at, locked.escalates_at = terms.due_at, terms.lapses_at, now
    locked.save(update_fields=["due_at", "lapses_at", "escalates_at"])
    _tell(actor, now, "duty.extended", [locked])
    return locked


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    now: datetime,
    duty: Duty,
    person_id: int | None = None,
    post_id: int | None = None,
    reason: str,
) -> Duty:
    """Let somebody else owe a duty; with neither, the unit itself. Raises DutyRefused."""
    if not reason.strip():
        raise DutyRefused(_("Say why somebody else is to owe this."))
    locked = _lock(duty)
    if locked.standing(now) not in core.OPEN:
        raise DutyRefused(str(words.REFUSALS[core.Refusal.ENDED]))
    Handover.objects.create(
        unit_id=locked.unit_id, duty_id=locked.id, from_person_id=locked.person_id,
        from_post_id=locked.post_id, to_person_id=person_id, to_post_id=post_id,
        **_who(actor, now, reason),
    )  # fmt: skip
    locked.person_id, locked.post_id = person_id, post_id
    locked.save(update_fields=["person_id", "post_id"])
    _tell(actor, now, "duty.handed_over", [locked])
    return locked


@transaction.atomic
def settle(*, actor: Actor, now: datetime, limit: int = 5000) -> int:
    """Write down what lapsed as missed, at the instant at which it did; return how many.

    Nothing depends on when this runs: a lapsed duty is missed from its instant on, and refuses
    every act. It costs what lapsed since the last time.
    """
    lapsed = Duty.objects.filter(ended=None, lapses_at__lte=now).order_by("lapses_at")
    rows = list(lapsed.select_for_update(skip_locked=True)[:limit])
    for duty in rows:
        _write_end(actor, now, duty, State.MISSED, duty.lapses_at or now, "")
    if rows:
        _tell(actor, now, "duty.missed", rows)
    return len(rows)


def _lock(duty: Duty) -> Duty:
    """Of two acts at once one waits, and then finds what the other has done."""
    return Duty.objects.select_for_update().get(unit_id=duty.unit_id, id=duty.id)


def _end(actor: Actor, now: datetime, duty: Duty, state: State, at: datetime, reason: str) -> None:
    _write_end(actor, now, duty, state, at, reason)
    _tell(actor, now, "duty.waived" if state is State.WAIVED else "duty.discharged", [duty])


def _write_end(
    actor: Actor, now: datetime, duty: Duty, state: State, at: datetime, reason: str
) -> None:
    duty.ended, duty.ended_at = state, at
    duty.save(update_fields=["ended", "ended_at"])
    Ending.objects.create(
        unit_id=duty.unit_id, duty_id=duty.id, state=state, at=at, **_who(actor, now, reason)
    )


def _who(actor: Actor, now: datetime, reason: str) -> dict[str, object]:
    return {
        "recorded_at": now,
        "by_label": actor.label,
        "by_person_id": actor.person_id,
        "reason": reason.strip(),
    }


def _tell(actor: Actor, now: datetime, verb: str, rows: Sequence[Duty]) -> None:
    """One ledger entry for each unit that it concerns."""
    by_unit: dict[int, list[Duty]] = {}
    for duty in rows:
        by_unit.setdefault(duty.unit_id, []).append(duty)
    for unit_id, those in by_unit.items():
        subject = ("duty", str(those[0].id)) if len(those) == 1 else ("duties", str(uuid4()))
        ledger.record(
            actor=actor, now=now, verb=verb, subject=subject, unit_id=unit_id,
            data={"duties": [_about(one) for one in those]},
        )  # fmt: skip


def _about(duty: Duty) -> dict[str, object]:
    about = {"id": str(duty.id), "kind": duty.kind, "of": [duty.subject_kind, duty.subject_id]}
    return about | {"due_at": duty.due_at.isoformat(), "ended": duty.ended}


@contextmanager
def _said() -> Iterator[None]:
    """Say the core's refusal in the language of the page."""
    try:
        yield
    except core.DutyRefused as refused:
        raise DutyRefused(str(words.REFUSALS[refused.why])) from None
