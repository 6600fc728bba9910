"""Taking reports in, and ruling on corrections: the one path for all doors."""

from __future__ import annotations

import json
import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import compress
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.core import merkle
from taishan.core.schedules import Stage
from taishan.forms.models import Form
from taishan.kit import outbox
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
    results: list[Accepted | Rejected | None] = [None] * len(submissions)
    ready: list[tuple[int, Ready]] = []
    for place, found in enumerate(intake.examine(now, submissions, viewer, standing)):
        if isinstance(found, Rejected):
            results[place] = found
        else:
            ready.append((place, found))
    for batch in _rounds(ready):
        outcomes = _take(actor, now, [one for _place, one in batch])
        for (place, _one), outcome in zip(batch, outcomes, strict=True):
            results[place] = outcome
    return [result for result in results if result is not None]


def _rounds(ready: Iterable[tuple[int, Ready]]) -> Iterator[list[tuple[int, Ready]]]:
    """Yield batches in which every key stands once: a statement cannot change a row twice."""
    rounds: list[list[tuple[int, Ready]]] = []
    times: dict[storage.Key, int] = {}
    for place, one in ready:
        before = times.get(one.key, 0)
        times[one.key] = before + 1
        if before == len(rounds):
            rounds.append([])
        rounds[before].append((place, one))
    yield from rounds


@transaction.atomic
def _take(actor: Actor, now: datetime, batch: Sequence[Ready]) -> list[Accepted]:
    numbers = tallies.number(one.indicators for one in batch)
    rows = [_row(actor, now, one, numbers) for one in batch]
    is_closed = [one.stage == Stage.CLOSED for one in batch]
    stored = iter(storage.store([*compress(rows, map(operator.not_, is_closed))]))
    proposed = iter(proposals.propose([*compress(rows, is_closed)]))
    accepted = [
        _proposed(one, is_new=next(proposed)) if closed else _stored(one, next(stored))
        for one, closed in zip(batch, is_closed, strict=True)
    ]
    _note(actor, now, rows, accepted)
    returns = [one for one in batch if one.is_of_unit and one.stage != Stage.CLOSED]
    if returns:
        returning.discharge(
            actor=actor, now=now,
            came={(one.unit_id, one.form_id, one.submission.period): one.submitted_at
                  for one in returns},
        )  # fmt: skip
    return accepted


def _row(actor: Actor, now: datetime, one: Ready, numbers: Mapping[tallies.Content, int]) -> Row:
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
        tally_id=numbers[tallies.content(one.indicators)],
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


def _note(actor: Actor, now: datetime, rows: Sequence[Row], became: Sequence[Accepted]) -> None:
    """Write one entry for the batch: the root over the rows that changed something.

    Each is salted by its own number, which is random and goes with its row: once the answers are
    erased, nobody can find out from the root what they were by trying.
    """
    changed = [
        row for row, one in zip(rows, became, strict=True) if one.outcome != Outcome.REPEATED
    ]
    if not changed:
        return
    proposed = sum(1 for one in became if one.outcome == Outcome.PROPOSED)
    root = merkle.root([leaf(row) for row in sorted(changed, key=KEY)]).hex()
    ledger.record(
        actor=actor,
        now=now,
        verb="reports.accepted",
        subject=("reports", root),
        data={"root": root, "rows": len(changed), "proposed": proposed},
    )


KEY = operator.attrgetter("unit_id", "form_id", "period", "subject_id")


def leaf(row: Row) -> bytes:
    """Return what the ledger binds of a report: its key, its sender, its answers and its number."""
    day = row.period.isoformat()
    key = f"{row.unit_id} {row.form_id} {day} {row.subject_id} {row.version}"
    sent = f"{row.account_id} {row.submitted_at.isoformat()} {row.client}"
    return f"{key} {sent} {row.answers}".encode()


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
        storage.store([corrected])
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
    row = _row(actor, now, found, tallies.number([found.indicators]))
    if proposals.propose([row]) == [False]:
        return _proposed(found, is_new=False)
    [stored] = storage.store([row])
    accepted = _stored(found, stored)
    _note(actor, now, [row], [accepted])
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
