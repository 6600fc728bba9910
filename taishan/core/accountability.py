"""Answering for what was not done: the stages of a case, and who may judge it.

A finding comes after the debtor was heard, or let their time for it pass; a measure only after a
finding of negligence. Whoever judges stands in another line of command than whoever is judged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Act(StrEnum):
    """What is done in a case; each is a row, written once."""

    EXPLAINED = "explained"
    REMARKED = "remarked"
    FOUND = "found"
    MEASURED = "measured"
    CLOSED = "closed"


JUDGING = frozenset({Act.FOUND, Act.MEASURED, Act.CLOSED})


class Finding(StrEnum):
    """Whether whoever owed was negligent."""

    NEGLIGENT = "negligent"
    NOT_NEGLIGENT = "not_negligent"


class Measure(StrEnum):
    """What follows from negligence, from the least on."""

    NONE = "none"
    TALK = "talk"
    CRITICISM = "criticism"
    WARNING = "warning"
    REMOVAL_PROPOSED = "removal_proposed"
    TRANSFERRED = "transferred"
    """To the authorities, where more than the group's own discipline is at stake."""


class Stage(StrEnum):
    """What a case waits for."""

    EXPLANATION = "explanation"
    FINDING = "finding"
    MEASURE = "measure"
    CLOSURE = "closure"
    CLOSED = "closed"


ACTS: Mapping[Stage, frozenset[Act]] = {
    Stage.EXPLANATION: frozenset({Act.EXPLAINED, Act.REMARKED}),
    Stage.FINDING: frozenset({Act.EXPLAINED, Act.REMARKED, Act.FOUND}),
    Stage.MEASURE: frozenset({Act.REMARKED, Act.MEASURED}),
    Stage.CLOSURE: frozenset({Act.REMARKED, Act.CLOSED}),
    Stage.CLOSED: frozenset(),
}
"""What may be done at each stage. Nothing leads out of the last: a case is not reopened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was done in a case so far. ``hear_until``: the debtor's time to explain."""

    hear_until: datetime
    is_explained: bool = False
    finding: Finding | None = None
    measure: Measure | None = None
    is_closed: bool = False


def find_stage(record: Record, now: datetime) -> Stage:
    """Return what the case waits for at an instant."""
    if record.is_closed:
        return Stage.CLOSED
    if record.finding is Finding.NOT_NEGLIGENT or record.measure is not None:
        return Stage.CLOSURE
    if record.finding is not None:
        return Stage.MEASURE
    return Stage.FINDING if record.is_explained or now >= record.hear_until else Stage.EXPLANATION


def may(act: Act, record: Record, now: datetime) -> bool:
    """Tell whether the act may be done now; the debtor explains once, and may remark after."""
    if act is Act.EXPLAINED and record.is_explained:
        return False
    return act in ACTS[find_stage(record, now)]


class Bar(StrEnum):
    """Why somebody may not judge a case."""

    IS_DEBTOR = "is_debtor"
    IN_UNIT = "in_unit"
    """Works in the debtor's unit or below it."""
    DIRECTS_DEBTOR = "directs_debtor"
    DIRECTS_CREDITOR = "directs_creditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Whom a case is about. ``debtors``: the people who answer for it, by id; the lines are the ids
    of units from the top down to the debtor's and the creditor's.
    """

    debtors: frozenset[int]
    debtor_line: Sequence[int]
    creditor_line: Sequence[int]


def find_bars(
    parties: Parties, person_id: int | None, *, works_in: Sequence[int], directs: Collection[int]
) -> list[Bar]:
    """Return why a person may not judge, none where they may.

    ``works_in`` is the line of the person's own unit, ``directs`` the units over which they issue
    orders. In the unit at the top everybody of the group works: there it bars nobody.
    """
    directs = set(directs)
    is_inside = len(parties.debtor_line) > 1 and parties.debtor_line[-1] in works_in
    found = {
        Bar.IS_DEBTOR: person_id is None or person_id in parties.debtors,
        Bar.IN_UNIT: is_inside,
        Bar.DIRECTS_DEBTOR: not directs.isdisjoint(parties.debtor_line),
        Bar.DIRECTS_CREDITOR: not directs.isdisjoint(parties.creditor_line),
    }
    return [bar for bar, holds in found.items() if holds]
