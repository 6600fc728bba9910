"""Hidden dangers: the closed loop from found to closed, and who may take which step (DESIGN 5.6).

Five things stand before a rectification is accepted: responsible post, measures, money, deadline,
contingency (五落实). China's interim provisions on finding and eliminating hidden dangers (order 16
of the State Administration of Work Safety, 2007, article 15) ask them of a major hazard's plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Grade(StrEnum):
    """How bad a hazard is, by published criteria."""

    GENERAL = "general"
    MAJOR = "major"


class Cause(StrEnum):
    """What kind of danger it is: a closed list, so that units can be compared."""

    ELECTRICAL = "electrical"
    FIRE = "fire"
    DUST = "dust"
    CHEMICALS = "chemicals"
    CONFINED = "confined"
    HEIGHT = "height"
    LIFTING = "lifting"
    MACHINERY = "machinery"
    PRESSURE = "pressure"
    COLLAPSE = "collapse"
    CONSTRUCTION = "construction"
    TRAFFIC = "traffic"
    SLIPS = "slips"
    HEALTH = "health"
    FOOD = "food"
    EPIDEMIC = "epidemic"
    WEATHER = "weather"
    MANAGEMENT = "management"
    OTHER = "other"


class State(StrEnum):
    """What a hazard waits for."""

    FOUND = "found"
    """To be graded, or dismissed as none."""
    GRADED = "graded"
    """To be assigned."""
    ASSIGNED = "assigned"
    """The responsible post has to accept it, or to say why it cannot."""
    RECTIFYING = "rectifying"
    """The responsible post puts it right."""
    SUBMITTED = "submitted"
    """Somebody else has to see that it is put right."""
    VERIFIED = "verified"
    """A major one: the level that listed it has to close it."""
    CLOSED = "closed"
    DISMISSED = "dismissed"
    """No hazard, for a reason on record."""
    MERGED = "merged"
    """The same as another, which goes on."""


class Act(StrEnum):
    """What is done about a hazard; each is a row, written once."""

    FIND = "find"
    GRADE = "grade"
    DISMISS = "dismiss"
    MERGE = "merge"
    ASSIGN = "assign"
    ACCEPT = "accept"
    EXTEND = "extend"
    SUBMIT = "submit"
    VERIFY = "verify"
    RETURN = "return"
    """Back to who acted before, with a reason."""
    CLOSE = "close"


ENDED = frozenset({State.CLOSED, State.DISMISSED, State.MERGED})
OPEN = frozenset(State) - ENDED
GRADED_IN = (State.FOUND, State.GRADED, State.ASSIGNED, State.RECTIFYING, State.SUBMITTED)
TRANSITIONS: Mapping[tuple[State, Act], State] = {
    **dict.fromkeys(((state, Act.GRADE) for state in GRADED_IN), State.GRADED),
    (State.FOUND, Act.DISMISS): State.DISMISSED,
    (State.FOUND, Act.MERGE): State.MERGED,
    (State.GRADED, Act.MERGE): State.MERGED,
    (State.GRADED, Act.ASSIGN): State.ASSIGNED,
    (State.ASSIGNED, Act.ACCEPT): State.RECTIFYING,
    (State.ASSIGNED, Act.RETURN): State.GRADED,
    (State.RECTIFYING, Act.EXTEND): State.RECTIFYING,
    (State.RECTIFYING, Act.RETURN): State.GRADED,
    (State.RECTIFYING, Act.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Act.RETURN): State.RECTIFYING,
    (State.SUBMITTED, Act.VERIFY): State.VERIFIED,
    (State.VERIFIED, Act.RETURN): State.RECTIFYING,
    (State.VERIFIED, Act.CLOSE): State.CLOSED,
}
"""The only ways from state to state. What is graded anew is assigned anew: who supervises it, and
what it takes, may be different. A general hazard is closed by its verification (``follow``).
"""


class Part(StrEnum):
    """What an assignment consists of."""

    POST = "post"
    MEASURES = "measures"
    MONEY = "money"
    DEADLINE = "deadline"
    CONTINGENCY = "contingency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What puts a hazard right: by which post, how, for how much (0 is an answer), by when, and
    what if it goes wrong meanwhile.
    """

    post_id: int | None = None
    measures: str = ""
    money_cny: Decimal | None = None
    due_at: datetime | None = None
    contingency: str = ""

    def find_missing(self) -> tuple[Part, ...]:
        """Return which of the five are not there."""
        there = {
            Part.POST: self.post_id is not None,
            Part.MEASURES: bool(self.measures.strip()),
            Part.MONEY: self.money_cny is not None and self.money_cny >= 0,
            Part.DEADLINE: self.due_at is not None,
            Part.CONTINGENCY: bool(self.contingency.strip()),
        }
        return tuple(part for part, is_there in there.items() if not is_there)


class Bar(StrEnum):
    """Why a step cannot be taken, by this person, or at all."""

    NOT_NOW = "not_now"
    """No such step leads out of this state."""
    NOT_THE_MANAGER = "not_the_manager"
    """Only who handles the unit's hazards does this."""
    NOT_RESPONSIBLE = "not_responsible"
    """Only whoever holds the responsible post does this."""
    IS_RECTIFIER = "is_rectifier"
    """Who put it right neither verifies it nor gives it more time, nor takes it another way."""
    NOT_THE_LISTER = "not_the_lister"
    """A major hazard is extended, lowered and closed at the level that listed it alone."""
    HOLDS_GRADED = "holds_graded"
    """One that was graded goes on in it: no report by which that could be dismissed."""
    NO_REASON = "no_reason"
    NO_EVIDENCE = "no_evidence"
    CHANGED = "changed"
    """Another step was taken since it was looked at."""
    INCOMPLETE = "incomplete"
    """One of the five is missing."""
    PAST = "past"
    """A deadline lies ahead."""
    NO_LATER = "no_later"
    OVERDUE = "overdue"
    """What is late stays late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A hazard as it stands; ``holds`` is the worst grade of those that go on in it."""

    state: State
    grade: Grade | None = None
    due_at: datetime | None = None
    holds: Grade | None = None

    @property
    def stands_as(self) -> Grade | None:
        """Its grade; until it has one, that of what goes on in it."""
        return self.grade or self.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How somebody stands to a hazard: they handle the hazards of its unit (``manages``), hold the
    responsible post, handle the hazards of the unit that listed it, or had a hand in putting it
    right.
    """

    manages: bool = False
    is_responsible: bool = False
    lists: bool = False
    is_rectifier: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What comes with a step; ``grade`` is what it is graded as, or that of what it goes on in."""

    now: datetime
    reason: str = ""
    has_evidence: bool = False
    plan: Plan | None = None
    due_at: datetime | None = None
    grade: Grade | None = None


def follow(record: Record, act: Act) -> State | None:
    """Return the state to which a step leads; None where no such step leads out of this one."""
    state = TRANSITIONS.get((record.state, act))
    if state is State.VERIFIED and record.grade is Grade.GENERAL:
        return State.CLOSED
    return state


def find_lister(line: Sequence[int], grade: Grade) -> int:
    """Return the unit that lists a hazard and closes it: of a unit's line, headquarters first."""
    return line[0] if grade is Grade.MAJOR else line[-1]


def find_bars(act: Act, record: Record, position: Position, given: Given) -> tuple[Bar, ...]:
    """Return why a step cannot be taken with what is given; none where it can."""
    bars = list(find_bars_of_person(act, record, position))
    if lowers(act, record, given) and not position.lists:
        bars.append(Bar.NOT_THE_LISTER)
    return (*bars, *_bars_of_what_is_given(act, record, given))


def find_bars_of_person(act: Act, record: Record, position: Position) -> tuple[Bar, ...]:
    """Return why somebody cannot take a step, whatever they give; none where they can."""
    if follow(record, act) is None:
        return (Bar.NOT_NOW,)
    bars = {
        Bar.NOT_RESPONSIBLE: _is_of_responsible(act, record) and not position.is_responsible,
        Bar.NOT_THE_LISTER: _is_of_lister(act, record) and not position.lists,
        Bar.IS_RECTIFIER: _judges(act, record) and position.is_rectifier,
        Bar.HOLDS_GRADED: act is Act.DISMISS and record.holds is not None,
    }
    of_manager = not _is_of_responsible(act, record) and not _is_of_lister(act, record)
    bars[Bar.NOT_THE_MANAGER] = of_manager and not position.manages
    return tuple(bar for bar, holds in bars.items() if holds)


def _is_of_responsible(act: Act, record: Record) -> bool:
    gives_back = act is Act.RETURN and record.state in {State.ASSIGNED, State.RECTIFYING}
    return gives_back or act in {Act.ACCEPT, Act.SUBMIT}


def _is_of_lister(act: Act, record: Record) -> bool:
    is_last = record.state is State.VERIFIED
    return is_last or (act is Act.EXTEND and record.grade is Grade.MAJOR)


def _judges(act: Act, record: Record) -> bool:
    was_handed_in = record.state in {State.SUBMITTED, State.VERIFIED}
    of_work = act in {Act.RETURN, Act.GRADE} and was_handed_in
    return of_work or act in {Act.VERIFY, Act.CLOSE, Act.EXTEND, Act.MERGE}


def lowers(act: Act, record: Record, given: Given) -> bool:
    """Tell whether a step takes a major hazard off the list of the level that listed it: graded as
    less, or going on in what is less.
    """
    is_less = act in {Act.GRADE, Act.MERGE} and given.grade is not Grade.MAJOR
    return is_less and record.stands_as is Grade.MAJOR


_WITH_REASON = frozenset({Act.DISMISS, Act.MERGE, Act.RETURN, Act.EXTEND, Act.VERIFY, Act.CLOSE})


def _bars_of_what_is_given(act: Act, record: Record, given: Given) -> tuple[Bar, ...]:
    plan = given.plan or Plan()
    deadline = plan.due_at if act is Act.ASSIGN else given.due_at
    sets_deadline = act in {Act.ASSIGN, Act.EXTEND}
    is_overdue = record.due_at is not None and record.due_at <= given.now
    bars = {
        Bar.NO_REASON: (act in _WITH_REASON or lowers(act, record, given))
        and not given.reason.strip(),
        Bar.NO_EVIDENCE: act is Act.SUBMIT and not given.has_evidence,
        Bar.INCOMPLETE: act is Act.ASSIGN and bool(plan.find_missing()),
        Bar.PAST: sets_deadline and deadline is not None and deadline <= given.now,
        Bar.OVERDUE: act is Act.EXTEND and is_overdue,
        Bar.NO_LATER: act is Act.EXTEND
        and (given.due_at is None or (record.due_at is not None and given.due_at <= record.due_at)),
    }
    return tuple(bar for bar, holds in bars.items() if holds)
