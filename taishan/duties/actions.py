"""What may be done with duties. Only these functions open or end one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from taishan.core import duties as core
from taishan.core.duties import State
from taishan.duties import counting, following, queries, storing, words
from taishan.duties.models import Duty, Ending, Extension, Handover, ProofFile
from taishan.kit import days
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.ledger.actions import Event
from taishan.organisation import history


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


def assign(*, actor: Actor, now: datetime, owed: Iterable[Owed]) -> list[Duty]:
    """Open duties; return those that are new.

    The same is owed once, however often it is assigned. Raises DutyRefused for a part of something
    that has ended, or an hour before the duty opens. Five statements, whatever the number.
    """
    return assign_each((actor, now, one) for one in owed)


def assign_each(asked: Iterable[tuple[Actor, datetime, Owed]]) -> list[Duty]:
    """Open duties of what several people did, each at its instant; else as above."""
    wanted = list(asked)
    if not wanted:
        return []
    zones = history.find_zones((one.unit_id for _actor, _now, one in wanted), wanted[0][1])
    rows = [_row(one, now, zones[one.unit_id]) for _actor, now, one in wanted]
    parents = [one.parent for _actor, _now, one in wanted if one.parent]
    # Without a parent nothing is refused from here on: no savepoint to go back to.
    with transaction.atomic(savepoint=bool(parents)):
        if parents:
            _refuse_ended(parents)
        new = storing.insert(rows)
        counting.count_opened(new)
        ledger.record_each(
            _event(actor, then, "duty.assigned", duties)
            for (actor, then), duties in _by_asker(wanted, rows, new).items()
        )
    return new


def _by_asker(
    wanted: Iterable[tuple[Actor, datetime, Owed]], rows: Iterable[Duty], new: Iterable[Duty]
) -> dict[tuple[Actor, datetime], list[Duty]]:
    whose = {row.id: (actor, now) for row, (actor, now, _one) in zip(rows, wanted, strict=True)}
    found: dict[tuple[Actor, datetime], list[Duty]] = {}
    for duty in new:
        found.setdefault(whose[duty.id], []).append(duty)
    return found


def _refuse_ended(named: Sequence[Duty]) -> None:
    """Lock the parents: nobody ends one while it gets a child."""
    parents = Duty.objects.select_for_update().filter(
        unit_id__in={one.unit_id for one in named}, id__in={one.id for one in named}
    )
    if any(parent.ended is not None for parent in parents.order_by("unit_id", "id")):
        raise DutyRefused(_("What this would be a part of has ended already."))


def _row(one: Owed, now: datetime, zone: ZoneInfo) -> Duty:
    opened_at = one.opened_at or now
    if one.due_at < opened_at:
        raise DutyRefused(_("The hour at which this is due comes before it opens."))
    _refuse_far(one.due_at)
    return Duty(
        unit_id=one.unit_id, id=uuid4(), post_id=one.post_id, person_id=one.person_id,
        creditor_id=one.creditor_id, kind=one.kind, subject_kind=one.subject[0],
        subject_id=one.subject[1], what_en=one.what_en, what_zh=one.what_zh, address=one.address,
        needs_evidence=one.needs_evidence, opened_at=opened_at, due_at=one.due_at,
        due_on=storing.local_day(one.due_at, zone), lapses_at=one.lapses_at,
        parent_unit_id=one.parent.unit_id if one.parent else None,
        parent_id=one.parent.id if one.parent else None, escalates_at=opened_at,
    )  # fmt: skip


def _refuse_far(due_at: datetime) -> None:
    """Who is told when is reckoned from the hour: it has to be one that can be reckoned from."""
    if not days.is_reckoned(due_at):
        raise DutyRefused(_("The hour at which this is due lies after the year 2199."))


@transaction.atomic
def discharge(
    *,
    actor: Actor,
    now: datetime,
    duty: Duty,
    done_at: datetime | None = None,
    evidence: str = "",
    file: Attachment | None = None,
) -> Duty:
    """Record that a duty was done, ``done_at`` or now. Raises DutyRefused.

    An act of the domain calls this in its own transaction; a person only for kinds that are ticked.
    """
    locked = _lock(duty)
    if locked.needs_evidence and not evidence.strip() and file is None:
        raise DutyRefused(_("Say or show what proves it: this duty needs its evidence."))
    done_at = done_at or now
    with _said():
        state = core.discharge(
            locked.terms, locked.end, done_at=done_at, now=now,
            open_children=queries.count_open_children(locked),
        )  # fmt: skip
    if file is not None:
        ProofFile.keep(file, unit_id=locked.unit_id, duty_id=locked.id)
    _end(actor, now, locked, state, done_at, evidence, file)
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
def discharge_many(
    *, actor: Actor, now: datetime, kind: str, about: str,
    done: Mapping[tuple[int, str], datetime], evidence: str = "",
) -> int:  # fmt: skip
    """Discharge what units owed of a kind about many things, since they are done; return how many.

    ``about`` is the subjects' kind; ``done``: when, by the unit and the subject's id, by the clock
    of this instance: what was done before it lapsed is done, however late that is looked at. What
    lapsed before stays missed, and what stands over an open child stays open. As many statements
    for many as for one.
    """
    found = Duty.objects.select_for_update().filter(
        kind=kind, subject_kind=about, ended=None, unit_id__in={unit for unit, _id in done},
        subject_id__in={pk for _unit, pk in done},
    )  # fmt: skip
    at = {key: min(instant, now) for key, instant in done.items()}
    open_ones = [
        duty for duty in found.order_by("unit_id", "id")
        if (key := (duty.unit_id, duty.subject_id)) in at
        and duty.standing(at[key]) is not State.MISSED
    ]  # fmt: skip
    over = queries.find_parents_of_open(open_ones)
    rows = [duty for duty in open_ones if duty.id not in over]
    for duty in rows:
        duty.ended_at = then = at[duty.unit_id, duty.subject_id]
        duty.ended = core.discharge(duty.terms, None, done_at=then, now=then, open_children=0)
    if rows:
        _write_ends(actor, now, rows, evidence)
        _tell(actor, now, "duty.discharged", rows)
    return len(rows)


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
def waive_many(*, actor: Actor, now: datetime, duties: Iterable[Duty], reason: str) -> int:
    """Ask for duties no longer, all at once; return how many.

    What lapsed before stays missed, and what has ended meanwhile stays as it ended. Raises
    DutyRefused without a reason, or over an open child that is not among them. As many statements
    for many as for one.
    """
    if not reason.strip():
        raise DutyRefused(_("A waiver needs its reason."))
    named = list(duties)
    locked = Duty.objects.select_for_update().filter(
        unit_id__in={one.unit_id for one in named}, id__in=[one.id for one in named], ended=None
    )
    rows = [
        one for one in locked.order_by("unit_id", "id") if one.standing(now) is not State.MISSED
    ]
    over = queries.find_parents_of_open(rows, but=[one.id for one in rows])
    for duty in rows:
        with _said():
            duty.ended, duty.ended_at = (
                core.waive(duty.terms, None, now=now, open_children=int(duty.id in over)), now
            )  # fmt: skip
    if rows:
        _write_ends(actor, now, rows, reason)
        _tell(actor, now, "duty.waived", rows)
        following.publish_moved(rows)
    return len(rows)


@transaction.atomic
def extend(*, actor: Actor, now: datetime, duty: Duty, due_at: datetime, reason: str) -> Duty:
    """Give a duty a later hour. Raises DutyRefused without a reason, or once its hour has come."""
    if not reason.strip():
        raise DutyRefused(_("An extension needs its reason."))
    _refuse_far(due_at)
    locked = _lock(duty)
    with _said():
        terms = core.extend(locked.terms, locked.end, due_at=due_at, now=now)
    Extension.objects.create(
        unit_id=locked.unit_id, duty_id=locked.id, due_before=locked.due_at,
        due_after=terms.due_at, **_who(actor, now, reason),
    )  # fmt: skip
    zone, counted_on = history.zone_of(locked.unit_id, now), locked.due_on
    locked.due_at, locked.lapses_at, locked.escalates_at = terms.due_at, terms.lapses_at, now
    locked.due_on = storing.local_day(terms.due_at, zone)
    locked.save(update_fields=["due_at", "due_on", "lapses_at", "escalates_at"])
    counting.count_moved(locked, counted_on)
    _tell(actor, now, "duty.extended", [locked])
    following.publish_moved([locked])
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
    same = queries.find_of_subject(locked.subject_kind, locked.subject_id).filter(
        Q(post_id=post_id, person_id=person_id), unit_id=locked.unit_id, kind=locked.kind
    )
    if same.exists():
        raise DutyRefused(_("They owe the same already."))
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
        duty.ended, duty.ended_at = State.MISSED, duty.lapses_at
    if rows:
        _write_ends(actor, now, rows, "")
        _tell(actor, now, "duty.missed", rows)
    return len(rows)


def _lock(duty: Duty) -> Duty:
    """Of two acts at once one waits, and then finds what the other has done."""
    return Duty.objects.select_for_update().get(unit_id=duty.unit_id, id=duty.id)


def _end(
    actor: Actor, now: datetime, duty: Duty, state: State, at: datetime, reason: str,
    file: Attachment | None = None,
) -> None:  # fmt: skip
    duty.ended, duty.ended_at = state, at
    _write_ends(actor, now, [duty], reason)
    shown = {"file": file.sha256} if file else {}
    if state is State.WAIVED:
        _tell(actor, now, "duty.waived", [duty], **shown)
        following.publish_moved([duty])
    else:
        _tell(actor, now, "duty.discharged", [duty], **shown)


def _write_ends(actor: Actor, now: datetime, rows: Sequence[Duty], reason: str) -> None:
    """Write how duties ended: three statements, whatever their number."""
    storing.end(rows)
    Ending.objects.bulk_create(
        Ending(
            unit_id=duty.unit_id, duty_id=duty.id, state=str(duty.ended), at=duty.ended_at or now,
            **_who(actor, now, reason),
        )
        for duty in rows
    )  # fmt: skip
    counting.count_ended(rows)


def _who(actor: Actor, now: datetime, reason: str) -> dict[str, object]:
    return {
        "recorded_at": now,
        "by_label": actor.label,
        "by_person_id": actor.person_id,
        "reason": reason.strip(),
    }


def _tell(actor: Actor, now: datetime, verb: str, rows: Sequence[Duty], **more: str) -> None:
    ledger.record_each([_event(actor, now, verb, rows, **more)])


def _event(actor: Actor, now: datetime, verb: str, rows: Sequence[Duty], **more: str) -> Event:
    """One ledger entry for each unit that it concerns."""
    by_unit: dict[int, list[Duty]] = {}
    for duty in rows:
        by_unit.setdefault(duty.unit_id, []).append(duty)
    return Event(
        actor=actor, now=now, verb=verb,
        about=[
            (
                ("duty", str(those[0].id)) if len(those) == 1 else ("duties", str(uuid4())),
                unit_id,
                {"duties": [_about(one) for one in those], **more},
            )
            for unit_id, those in by_unit.items()
        ],
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
