"""Applications to resume work: who decides, where one stands, and when an approval holds no more.

An approval is bound to the facts it was given on. It holds while the rules, with that approval in
hand, let the unit work, and nothing that it rests on was refuted or has run out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taishan.core.gate import Fact, Permission, Verdict

APPROVED_BY = "filing:unit:"
"""A fact ``filing:unit:<code>`` of amount 2 says that a unit of the group has approved."""


class State(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    """Being written; nobody has been asked."""
    SUBMITTED = "submitted"
    """A level above has to decide."""
    RETURNED = "returned"
    """A level above said what is missing; the unit amends it and submits it again."""
    APPROVED = "approved"
    """Holds; its plan and what it rests on are locked."""
    UNLOCKED = "unlocked"
    """Holds still, but its plan and what it rests on may be changed, for a reason on record."""
    SUSPENDED = "suspended"
    """What it was given on holds no more; whoever approved has to look again."""


class Act(StrEnum):
    """What is done with an application."""

    SUBMIT = "submit"
    FORWARD = "forward"
    RETURN = "return"
    APPROVE = "approve"
    SUSPEND = "suspend"
    """Nobody does this: the facts do."""
    CONFIRM = "confirm"
    UNLOCK = "unlock"


HOLDS = frozenset({State.APPROVED, State.UNLOCKED})
WRITTEN_IN = frozenset({State.DRAFT, State.RETURNED, State.UNLOCKED, State.SUSPENDED})
TRANSITIONS: Mapping[tuple[State, Act], State] = {
    **{(state, Act.SUBMIT): State.SUBMITTED for state in sorted(WRITTEN_IN)},
    (State.SUBMITTED, Act.FORWARD): State.SUBMITTED,
    (State.SUBMITTED, Act.RETURN): State.RETURNED,
    (State.SUBMITTED, Act.APPROVE): State.APPROVED,
    (State.APPROVED, Act.SUSPEND): State.SUSPENDED,
    (State.UNLOCKED, Act.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Act.CONFIRM): State.APPROVED,
    (State.UNLOCKED, Act.CONFIRM): State.APPROVED,
    (State.APPROVED, Act.UNLOCK): State.UNLOCKED,
}
"""The only ways from state to state. To submit anew gives the earlier approval up: what it was
given on has been replaced.
"""
AFTER: Mapping[Act, State] = {act: state for (_before, act), state in TRANSITIONS.items()}
"""Each act leads to one state, from wherever it may be done: the last act says where it stands."""


def levels(
    line: Sequence[str],
    *,
    head_count: int | None,
    parent_up_to: int,
    required: Collection[str],
    is_urgent: bool,
) -> tuple[tuple[str, ...], int]:
    """Return the units that decide in order, and the place of the first one that may approve.

    ``line``: the applicant's line, headquarters first. Up to a head count of ``parent_up_to`` the
    unit above decides, beyond it (or where the number is unknown) headquarters; never anybody below
    a unit whose approval a rule asks for (``required``). What is urgent goes to headquarters
    directly. Headquarters decides on itself, having nobody above it.
    """
    above = tuple(reversed(line[:-1])) or tuple(line)
    if is_urgent:
        return above[-1:], 0
    is_small = head_count is not None and head_count <= parent_up_to
    last = 0 if is_small else len(above) - 1
    return above, max([last, *(above.index(unit) for unit in required if unit in above)])


class Cause(StrEnum):
    """Why an approval holds no more."""

    STOPPED = "stopped"
    SHUT = "shut"
    UNMET = "unmet"
    REFUTED = "refuted"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One reason for which an approval holds no more; ``about``: a condition, or a stop-work."""

    cause: Cause
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """An attestation that an approval rests on."""

    condition: str
    is_refuted: bool


def breaches(
    verdict: Verdict, basis: Iterable[Basis], facts: Iterable[Fact], day: date
) -> tuple[Breach, ...]:
    """Return why an approval does not hold on a day; none where it does.

    ``verdict``: the day's, supposing that the approval does hold. A public holiday is no reason: it
    passes by itself, and whoever approved knew of it.
    """
    shown = {fact.condition for fact in facts if fact.covers(day)}
    return tuple(dict.fromkeys(_breaches(verdict, basis, shown)))


def _breaches(verdict: Verdict, basis: Iterable[Basis], shown: Collection[str]) -> Iterator[Breach]:
    for stop in verdict.stops:
        yield Breach(cause=Cause.STOPPED, about=stop)
    if verdict.permitted is Permission.SHUT or verdict.on_site_limit == 0:
        yield Breach(cause=Cause.SHUT)
    for unmet in verdict.unmet:
        yield Breach(cause=Cause.UNMET, about=unmet.demand.dimension)
    for one in basis:
        if one.is_refuted:
            yield Breach(cause=Cause.REFUTED, about=one.condition)
        elif one.condition not in shown:
            yield Breach(cause=Cause.LAPSED, about=one.condition)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Days of ``starts <= day < ends`` on which an approval was in force, by what was recorded."""

    starts: date
    ends: date | None


def runs(acts: Iterable[tuple[Act, date]]) -> list[Run]:
    """Return the runs of days that approvals and suspensions, in order, come to."""
    found: list[Run] = []
    since: date | None = None
    for act, day in acts:
        holds = AFTER[act] in HOLDS
        if holds and since is None:
            since = day
        elif not holds and since is not None:
            found.append(Run(starts=since, ends=day))
            since = None
    if since is not None:
        found.append(Run(starts=since, ends=None))
    return found
