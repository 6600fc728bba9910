"""What is owed: where a duty stands at an instant, and which acts may change it (DESIGN 5.4).

The instant decides, never a job that may not have run. Spans are half-open: what is due at 17:00 is
on time before 17:00 and overdue from then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """Where a duty stands."""

    PENDING = "pending"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    """Its hour has passed; it can still be done, late."""
    ON_TIME = "on_time"
    LATE = "late"
    WAIVED = "waived"
    """Whoever it is owed to asks for it no longer, and said why."""
    MISSED = "missed"
    """It was not done while it could be, and stays so."""


OPEN = frozenset({State.PENDING, State.DUE_SOON, State.OVERDUE})


class Event(StrEnum):
    """What moves a duty: time, or an act."""

    NEARS = "nears"
    FALLS_DUE = "falls_due"
    LAPSES = "lapses"
    DONE_IN_TIME = "done_in_time"
    DONE_LATE = "done_late"
    WAIVED = "waived"


TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.PENDING, Event.NEARS): State.DUE_SOON,
    (State.PENDING, Event.DONE_IN_TIME): State.ON_TIME,
    (State.PENDING, Event.WAIVED): State.WAIVED,
    (State.DUE_SOON, Event.FALLS_DUE): State.OVERDUE,
    (State.DUE_SOON, Event.DONE_IN_TIME): State.ON_TIME,
    (State.DUE_SOON, Event.WAIVED): State.WAIVED,
    (State.OVERDUE, Event.LAPSES): State.MISSED,
    (State.OVERDUE, Event.DONE_IN_TIME): State.ON_TIME,
    (State.OVERDUE, Event.DONE_LATE): State.LATE,
    (State.OVERDUE, Event.WAIVED): State.WAIVED,
}
"""The only ways from state to state. What was done in time may be taken over late: a letter that
arrives after the hour, of something that was done before it.
"""


class Refusal(StrEnum):
    """Why an act on a duty cannot be."""

    ENDED = "ended"
    LAPSED = "lapsed"
    OVER_OPEN_CHILD = "over_open_child"
    IN_THE_FUTURE = "in_the_future"
    NO_LATER = "no_later"
    """An extension that does not extend."""
    OVERDUE = "overdue"
    """An extension asked after the hour: what is late stays late."""


class DutyRefused(ValueError):
    """An act that cannot be; ``why`` says why."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The instants of a duty, in this order. ``lapses_at`` None: it can be done however late."""

    opened_at: datetime
    due_at: datetime
    soon: timedelta
    lapses_at: datetime | None = None

    def __post_init__(self) -> None:
        later = self.due_at if self.lapses_at is None else self.lapses_at
        if not self.opened_at <= self.due_at <= later:
            raise ValueError("a duty opens, falls due and lapses in this order")

    def passages(self) -> Iterator[tuple[datetime, Event]]:
        """Yield what time does to the duty, in its order."""
        yield max(self.due_at - self.soon, self.opened_at), Event.NEARS
        yield self.due_at, Event.FALLS_DUE
        if self.lapses_at is not None:
            yield self.lapses_at, Event.LAPSES


def standing(terms: Terms, ended: State | None, now: datetime) -> State:
    """Return the state at an instant; ``ended`` is what an act has made of it, if any has."""
    if ended is not None:
        return ended
    state = State.PENDING
    for instant, event in terms.passages():
        if instant <= now:
            state = TRANSITIONS[state, event]
    return state


def discharge(
    terms: Terms, ended: State | None, *, done_at: datetime, now: datetime, open_children: int
) -> State:
    """Return the state after the duty was done at ``done_at``, which is taken over ``now``.

    Raises DutyRefused over an open child, once it ended or lapsed, or for what is yet to happen.
    """
    if done_at > now:
        raise DutyRefused(Refusal.IN_THE_FUTURE)
    in_time = done_at < terms.due_at
    event = Event.DONE_IN_TIME if in_time else Event.DONE_LATE
    return _end(terms, ended, event, now, open_children)


def waive(terms: Terms, ended: State | None, *, now: datetime, open_children: int) -> State:
    """Return the state after the creditor asks for the duty no longer. Raises DutyRefused."""
    return _end(terms, ended, Event.WAIVED, now, open_children)


def _end(
    terms: Terms, ended: State | None, event: Event, now: datetime, open_children: int
) -> State:
    if ended is not None:
        raise DutyRefused(Refusal.ENDED)
    state = standing(terms, None, now)
    if state is State.MISSED:
        raise DutyRefused(Refusal.LAPSED)
    if open_children:
        raise DutyRefused(Refusal.OVER_OPEN_CHILD)
    return TRANSITIONS[state, event]


def extend(terms: Terms, ended: State | None, *, due_at: datetime, now: datetime) -> Terms:
    """Return the terms with a later hour; the time in which it can be done late stays as long.

    Raises DutyRefused once the duty ended or its hour has come, or where the new one is no later.
    """
    if ended is not None:
        raise DutyRefused(Refusal.ENDED)
    if now >= terms.due_at:
        raise DutyRefused(Refusal.OVERDUE)
    if due_at <= terms.due_at:
        raise DutyRefused(Refusal.NO_LATER)
    moved = due_at - terms.due_at
    lapses_at = None if terms.lapses_at is None else terms.lapses_at + moved
    return Terms(opened_at=terms.opened_at, due_at=due_at, soon=terms.soon, lapses_at=lapses_at)
