"""Telling who owes, and those above, until it is done: a pass over the duties whose time has come.

A pass costs what it has to tell, whatever the number of duties: ``escalates_at`` is the next
instant at which something is to be told of a duty, and an index holds just these. Acts need not
care: a duty done in time leaves that index by itself, an extension has the duty looked at anew,
and who is told is found at each pass, so that a handover changes it from then on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction

from taishan.core import duty_kinds, escalation, merkle
from taishan.core.duties import OPEN, State
from taishan.core.escalation import Occurrence, To
from taishan.duties import cases
from taishan.duties.models import ESCALATES, Duty
from taishan.duties.surroundings import Surroundings
from taishan.kit import outbox
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger

DONE_WITH = (State.LATE, State.WAIVED)
"""How a duty ended of which nobody is told any more, though somebody may have to answer for it."""
LIMIT = 5000
"""Duties a pass. A longer backlog is worked off by several, each with a digest of its own."""

_TELL = """
INSERT INTO duties_escalation (
  unit_id, duty_id, person_id, step, number, about_due_at, told_as, at, recorded_at, round
)
SELECT told.*, %s, %s
FROM unnest(%s::bigint[], %s::uuid[], %s::bigint[], %s::text[], %s::smallint[],
  %s::timestamptz[], %s::text[], %s::timestamptz[]) AS told
ON CONFLICT DO NOTHING RETURNING duty_id, person_id
"""
_LOOK_AGAIN = """
UPDATE duties_duty d SET escalates_at = n.at
FROM unnest(%s::bigint[], %s::uuid[], %s::timestamptz[]) AS n (unit_id, id, at)
WHERE (d.unit_id, d.id) = (n.unit_id, n.id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One person is to be told of one duty."""

    duty: Duty
    person_id: int
    to: To
    one: Occurrence

    def as_text(self) -> str:
        """Return the line of it that the ledger's digest is over."""
        about = (self.duty.id, self.person_id, self.one.step.code, self.one.number)
        return "\t".join([*map(str, about), self.duty.due_at.isoformat()])


@transaction.atomic
def look(*, actor: Actor, now: datetime, limit: int = LIMIT) -> int:
    """Write down who is to be told of which duty now, open the cases that lapses open, and say for
    each duty when to look again; return how many were looked at.

    Nobody is told the same twice, though two workers pass at once. Nothing of a duty changes.
    """
    due = Duty.objects.filter(ESCALATES, escalates_at__lte=now).order_by("escalates_at")
    rows = list(due.select_for_update(skip_locked=True)[:limit])
    if not rows:
        return 0
    around = Surroundings(rows, now)
    occurrences = [_find_occurrences(duty, around) for duty in rows]
    both = list(zip(rows, occurrences, strict=True))
    lapses = [found for duty in rows if (found := _find_lapse(duty, now))]
    cases.hold(actor=actor, now=now, lapses=lapses, around=around)
    told = [one for duty, found in both for one in _find_told(duty, found, around, now)]
    if written := _write(told, now):
        outbox.publish("duties.escalated", round=str(written[0]))
        _record(actor, now, *written)
    _look_again([(duty, _find_next(duty, found, now)) for duty, found in both])
    return len(rows)


def _find_occurrences(duty: Duty, around: Surroundings) -> list[Occurrence]:
    table, calendar = around.table(duty), around.calendar(duty.unit_id)
    return list(escalation.find_occurrences(table, duty.terms, calendar))


def _find_told(
    duty: Duty, occurrences: Collection[Occurrence], around: Surroundings, now: datetime
) -> list[_Told]:
    """Return whom to tell; whoever would be told in two parts is told in the first."""
    if duty.escalates_at is None or duty.standing(now) not in OPEN | {State.MISSED}:
        return []
    found = escalation.find_told(occurrences, duty.terms, since=duty.escalates_at, now=now)
    told: dict[int, _Told] = {}
    for to in To:
        if to in found:
            for person_id in around.find_people(to, duty) - told.keys():
                told[person_id] = _Told(duty=duty, person_id=person_id, to=to, one=found[to])
    return list(told.values())


def _find_lapse(duty: Duty, now: datetime) -> cases.Lapse | None:
    """Return what somebody answers for since the last look, be it done late or waived since."""
    at = escalation.answers_at(duty.terms, duty_kinds.get_kind(duty.kind).grace)
    until = duty.ended_at if duty.ended in DONE_WITH and duty.ended_at else now
    if at is None or duty.escalates_at is None or not duty.escalates_at <= at <= until:
        return None
    is_missed = duty.lapses_at is not None and at >= duty.lapses_at
    return cases.Lapse(duty=duty, at=at, state=State.MISSED if is_missed else State.OVERDUE)


def _find_next(duty: Duty, occurrences: Collection[Occurrence], now: datetime) -> datetime | None:
    if duty.ended in DONE_WITH:
        return None
    grace = duty_kinds.get_kind(duty.kind).grace
    return escalation.find_next(occurrences, duty.terms, grace, now)


def _write(told: Sequence[_Told], now: datetime) -> tuple[UUID, list[_Told]] | None:
    """Write whom to tell, in one statement; return the pass and what was new of it, if anything."""
    rows = [
        (one.duty.unit_id, one.duty.id, one.person_id, one.one.step.code, one.one.number,
         one.duty.due_at, one.to.value, one.one.at)
        for one in told
    ]  # fmt: skip
    if not rows:
        return None
    round_id, columns = uuid4(), [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [now, round_id, *columns])
        new = set(cursor.fetchall())
    written = [one for one in told if (one.duty.id, one.person_id) in new]
    return (round_id, written) if written else None


def _record(actor: Actor, now: datetime, number: UUID, written: Sequence[_Told]) -> None:
    """One entry for the whole pass: it holds the root over what was told of what to whom."""
    lines = sorted(one.as_text() for one in written)
    ledger.record(
        actor=actor, now=now, verb="duties.escalated", subject=("escalation", str(number)),
        data={
            "duties": len({one.duty.id for one in written}), "told": len(written),
            "root": merkle.root([line.encode() for line in lines]).hex(),
        },
    )  # fmt: skip


def _look_again(following: Sequence[tuple[Duty, datetime | None]]) -> None:
    columns = zip(*((duty.unit_id, duty.id, at) for duty, at in following), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_AGAIN, [list(column) for column in columns])
