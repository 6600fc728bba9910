"""Taking reports in, and ruling on corrections: the one path for all doors."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import compress
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import Struct

from taishan.core import merkle
from taishan.core.schedules import Stage
from taishan.forms.models import Form
from taishan.kit import ahead, outbox
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.reporting import intake, proposals, queries, returning, storage, tallies
from taishan.reporting.intake import Ready, Standing
from taishan.reporting.models import Correction, Door, Report, Ruling
from taishan.reporting.storage import Row
from taishan.reporting.submissions import Accepted, Outcome, Rejected, Submission


class CorrectionRefused(ValueError):
    """The correction cannot be ruled on so; the message says why."""


def submit_reports(
    *,
    actor: Actor,
    now: datetime,
    submissions: Sequence[Submission],
    viewer: Viewer | None = None,
    standing: Standing | None = None,
) -> list[Accepted | Rejected]:
    """Take reports in; return what became of each, in the order given, once it is committed.

    ``viewer`` limits for whom may be reported, where a submission names none itself; a door that
    asked already leaves it out. A wrong row never keeps out its neighbours. Several reports of one
    subject for one period in a batch are taken in their order, each in a transaction of its own;
    else the batch is one. ``standing`` is what a busy door has read a moment ago.
    """
    found = intake.examine(now, submissions, viewer, standing)
    return _take(actor, now, _prepare(actor, now, found))


def submit_each(
    *,
    actor: Actor,
    now: datetime,
    batches: Iterable[Sequence[Submission]],
    viewer: Viewer | None = None,
) -> Iterator[list[Accepted | Rejected]]:
    """Take batches in as ``submit_reports``, one after the other, and yield what became of each.

    While one is stored, the next is looked at.
    """
    prepared = (_prepare(actor, now, intake.examine(now, batch, viewer)) for batch in batches)
    yield from ahead.each(prepared, partial(_take, actor, now))


class _Round(Struct, frozen=True, kw_only=True):
    """What one transaction stores: reports in the order of their keys, each key once.

    ``places`` are theirs among the submissions, ``hashes`` those of their leaves. Those in time
    are ``laid_out`` to be stored; whatever comes for a closed period is proposed.
    """

    places: Sequence[int]
    ready: Sequence[Ready]
    rows: Sequence[Row]
    hashes: Sequence[bytes]
    laid_out: storage.Batch


class _Prepared(Struct, frozen=True, kw_only=True):
    """A batch that was looked at: what was rejected stands at its place among the results."""

    results: list[Accepted | Rejected | None]
    rounds: Sequence[_Round]


def _prepare(actor: Actor, now: datetime, found: Sequence[Ready | Rejected]) -> _Prepared:
    """Do whatever need not wait until the units are held, since others wait for them then."""
    results = [one if isinstance(one, Rejected) else None for one in found]
    rounds: list[_Round] = []
    for numbered in _rounds(found):
        places, ready = [place for place, _one in numbered], [one for _place, one in numbered]
        rows = _rows(actor, now, ready)
        hashes = [merkle.leaf_hash(leaf) for leaf in leaves(rows)]
        in_time = storage.lay_out([*compress(rows, map(operator.not_, _closed(ready)))])
        rounds.append(
            _Round(places=places, ready=ready, rows=rows, hashes=hashes, laid_out=in_time)
        )
    return _Prepared(results=[*results], rounds=rounds)


def _rounds(found: Iterable[Ready | Rejected]) -> list[list[tuple[int, Ready]]]:
    """Return batches in which every key stands once: a statement cannot change a row twice."""
    rounds: list[list[tuple[storage.Key, int, Ready]]] = []
    times: dict[storage.Key, int] = {}
    for place, one in enumerate(found):
        if isinstance(one, Rejected):
            continue
        key = one.key
        before = times.get(key, 0)
        times[key] = before + 1
        if before == len(rounds):
            rounds.append([])
        rounds[before].append((key, place, one))
    return [[(place, one) for _key, place, one in sorted(each)] for each in rounds]


def _take(actor: Actor, now: datetime, prepared: _Prepared) -> list[Accepted | Rejected]:
    results = prepared.results
    for each in prepared.rounds:
        for place, accepted in zip(each.places, _store(actor, now, each), strict=True):
            results[place] = accepted
    return [result for result in results if result is not None]


@transaction.atomic
def _store(actor: Actor, now: datetime, each: _Round) -> list[Accepted]:
    ready, rows = each.ready, each.rows
    is_closed = _closed(ready)
    stored = iter(storage.store(each.laid_out))
    proposed = iter(proposals.propose([*compress(rows, is_closed)]))
    accepted = [
        _proposed(one, is_new=next(proposed)) if closed else _stored(one, next(stored))
        for one, closed in zip(ready, is_closed, strict=True)
    ]
    _note(actor, now, each.hashes, accepted)
    returns = [one for one in ready if one.is_of_unit and one.stage != Stage.CLOSED]
    if returns:
        returning.discharge(
            actor=actor, now=now,
            came={(one.unit_id, one.form_id, one.submission.period): one.submitted_at
                  for one in returns},
        )  # fmt: skip
    return accepted


def _closed(ready: Sequence[Ready]) -> list[bool]:
    return [one.stage == Stage.CLOSED for one in ready]


def _rows(actor: Actor, now: datetime, batch: Sequence[Ready]) -> list[Row]:
    contents = [tallies.content(one.indicators) for one in batch]
    numbers = tallies.number(contents)
    return [
        _row(actor, now, one, numbers[content])
        for one, content in zip(batch, contents, strict=True)
    ]


def _row(actor: Actor, now: datetime, one: Ready, tally_id: int) -> Row:
    sender = one.submission.viewer
    return Row(
        unit_id=one.unit_id,
        form_id=one.form_id,
        period=one.submission.period,
        subject_id=one.subject_id,
        client=str(one.submission.client),
        submitted_at=one.submitted_at,
        recorded_at=now,
        device_ahead_s=_ahead_s(one),
        tally_id=tally_id,
        account_id=sender.account_id if sender else actor.account_id,
        version=one.version,
        door=one.submission.door,
        is_late=one.stage in (Stage.LATE, Stage.CLOSED),
        answers=one.answers,
    )


def _ahead_s(one: Ready) -> int | None:
    """A clock that is a lifetime off is kept as the largest number that fits."""
    said = one.submission.device_at
    if said is None:
        return None
    ahead_s = round((said - one.submitted_at).total_seconds())
    return max(-_LIMIT_S, min(ahead_s, _LIMIT_S))


_LIMIT_S = 2**31 - 1


def _stored(one: Ready, stored: storage.Stored | None) -> Accepted:
    if stored is None:
        return _accepted(one, Outcome.REPEATED, is_late=one.stage == Stage.LATE)
    outcome = Outcome.NEW if stored.is_new else Outcome.CHANGED
    return _accepted(one, outcome, is_late=stored.is_late)


def _proposed(one: Ready, *, is_new: bool) -> Accepted:
    return _accepted(one, Outcome.PROPOSED if is_new else Outcome.REPEATED, is_late=True)


def _accepted(one: Ready, outcome: Outcome, *, is_late: bool) -> Accepted:
    return Accepted(
        submission=one.submission, outcome=outcome, unit_id=one.unit_id, is_late=is_late
    )


def _note(actor: Actor, now: datetime, hashes: Sequence[bytes], became: Sequence[Accepted]) -> None:
    """Write one entry for the batch: the root over the rows that changed something.

    Each is salted by its own number, which is random and goes with its row: once the answers are
    erased, nobody can find out from the root what they were by trying.
    """
    changed = [
        found for found, one in zip(hashes, became, strict=True) if one.outcome != Outcome.REPEATED
    ]
    if not changed:
        return
    proposed = sum(1 for one in became if one.outcome == Outcome.PROPOSED)
    root = merkle.head(changed).hex()
    ledger.record(
        actor=actor,
        now=now,
        verb="reports.accepted",
        subject=("reports", root),
        data={"root": root, "rows": len(changed), "proposed": proposed},
    )


def leaves(rows: Sequence[Row]) -> list[bytes]:
    """Return what the ledger binds of each report: its key, its sender, its answers and its number.

    Days and instants, which the rows of a batch share, are spelt once; instants in one zone, since
    two that are equal are one here.
    """
    days = {day: day.isoformat() for day in {row.period for row in rows}}
    instants = {at: at.astimezone(UTC).isoformat() for at in {row.submitted_at for row in rows}}
    return [
        f"{row.unit_id} {row.form_id} {days[row.period]} {row.subject_id} {row.version} "
        f"{row.account_id} {instants[row.submitted_at]} {row.client} {row.answers}".encode()
        for row in rows
    ]


@transaction.atomic
def rule(
    *,
    actor: Actor,
    now: datetime,
    correction_id: int,
    outcome: Ruling.Outcome,
    seen: UUID | None,
    reason: str = "",
) -> None:
    """Accept a correction, which then goes the path of every report, or refuse it with a reason.

    ``seen`` is the number of the answers in force that it was held against, None for none. Raises
    CorrectionRefused for one ruled on already, for a refusal without a reason, and, to accept it,
    where other answers are in force by now or those of its period are erased.
    """
    correction = Correction.objects.select_for_update().get(pk=correction_id)
    if Ruling.objects.filter(correction=correction).exists():
        raise CorrectionRefused(_("This correction has been ruled on already."))
    if outcome == Ruling.Outcome.REFUSED and not reason:
        raise CorrectionRefused(_("Say why the correction is refused."))
    if outcome == Ruling.Outcome.ACCEPTED:
        form = Form.objects.get(pk=correction.form_id)
        if correction.period < queries.erased_until(form, now):
            raise CorrectionRefused(_("The answers of this period are erased by now."))
        corrected = _corrected(now, correction)
        _refuse_unseen(corrected.key, seen)
        storage.store(storage.lay_out([corrected]))
    _rule(actor, now, correction, outcome, reason)


def _refuse_unseen(key: storage.Key, seen: UUID | None) -> None:
    """What was decided on by a page must not replace answers that came since.

    The unit is held first, as by everybody who stores: to lock the report and then the unit could
    wait for a worker that waits for the report, and where none is there nothing would be locked.
    """
    storage.hold([key[0]])
    in_force = Report.objects.filter(pk=key)
    if in_force.values_list("client", flat=True).first() != seen:
        raise CorrectionRefused(_("Other answers are in force by now: look at them first."))


def _rule(
    actor: Actor, now: datetime, correction: Correction, outcome: Ruling.Outcome, reason: str
) -> None:
    Ruling.objects.create(
        correction=correction, outcome=outcome, reason=reason, ruled_at=now,
        ruled_by_id=actor.account_id,
    )  # fmt: skip
    if outcome == Ruling.Outcome.ACCEPTED:
        outbox.publish(
            "correction.accepted", unit_id=correction.unit_id, period=str(correction.period)
        )
    ledger.record(
        actor=actor,
        now=now,
        verb=f"correction.{outcome}",
        subject=("correction", str(correction.pk)),
        unit_id=correction.unit_id,
    )


@transaction.atomic
def correct(
    *,
    actor: Actor,
    now: datetime,
    viewer: Viewer,
    submission: Submission,
    seen: UUID | None,
    reason: str,
) -> Accepted | Rejected:
    """Put a person's report right at their request: in force at once, what it replaces is kept.

    It is kept as a correction too, accepted by who made it, with the reason. ``seen`` as in
    ``rule``. Raises CorrectionRefused without a reason, and where other answers are in force.
    """
    if not reason:
        raise CorrectionRefused(_("Say at whose request, and why."))
    [found] = intake.examine(now, [submission], viewer)
    if isinstance(found, Rejected):
        return found
    _refuse_unseen(found.key, seen)
    [prepared] = _prepare(actor, now, [found]).rounds
    [row] = prepared.rows
    if proposals.propose([row]) == [False]:
        return _proposed(found, is_new=False)
    [stored] = storage.store(storage.lay_out([row]))
    accepted = _stored(found, stored)
    _note(actor, now, prepared.hashes, [accepted])
    unit_id, form_id, period, subject_id = row.key
    correction = Correction.objects.get(
        unit_id=unit_id, form_id=form_id, period=period, subject_id=subject_id, client=row.client
    )
    _rule(actor, now, correction, Ruling.Outcome.ACCEPTED, reason)
    return accepted


def _corrected(now: datetime, correction: Correction) -> Row:
    return Row(
        unit_id=correction.unit_id,
        form_id=correction.form_id,
        period=correction.period,
        subject_id=correction.subject_id,
        client=str(correction.client),
        submitted_at=correction.submitted_at,
        recorded_at=now,
        device_ahead_s=correction.device_ahead_s,
        tally_id=correction.tally_id,
        account_id=correction.account_id,
        version=correction.version,
        door=Door.CORRECTION,
        is_late=True,
        answers=json.dumps(correction.answers, ensure_ascii=False, separators=(",", ":")),
    )
