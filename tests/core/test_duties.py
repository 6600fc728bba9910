"""The only ways from state to state, and what no sequence of acts and hours can do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from taishan.core import duties
from taishan.core.duties import DutyRefused, Event, Refusal, State, Terms

NINE = datetime(2020, 2, 12, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TERMS = Terms(
    opened_at=NINE, due_at=NINE + 8 * HOUR, soon=2 * HOUR, lapses_at=NINE + 24 * HOUR
)  # fmt: skip


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, State.PENDING), (5.99, State.PENDING), (6, State.DUE_SOON), (7.99, State.DUE_SOON),
        (8, State.OVERDUE), (23.99, State.OVERDUE), (24, State.MISSED), (9999, State.MISSED),
    ],
)  # fmt: skip
def test_the_instant_alone_moves_a_duty_that_nobody_touches(hours: float, state: State) -> None:
    assert duties.standing(TERMS, None, NINE + hours * HOUR) is state


_ = None
NEAR, OVER, DONE, LATE = State.DUE_SOON, State.OVERDUE, State.ON_TIME, State.LATE
GONE, LOST = State.WAIVED, State.MISSED
TABLE = {
    #               nears falls due lapses in time late waived
    State.PENDING:  (NEAR, _,    _,    DONE, _,    GONE),
    State.DUE_SOON: (_,    OVER, _,    DONE, _,    GONE),
    State.OVERDUE:  (_,    _,    LOST, DONE, LATE, GONE),
    State.ON_TIME:  (_,    _,    _,    _,    _,    _),
    State.LATE:     (_,    _,    _,    _,    _,    _),
    State.WAIVED:   (_,    _,    _,    _,    _,    _),
    State.MISSED:   (_,    _,    _,    _,    _,    _),
}  # fmt: skip


@pytest.mark.parametrize("state", State)
def test_there_is_no_way_but_those_of_the_table(state: State) -> None:
    ways = {event: duties.TRANSITIONS.get((state, event)) for event in Event}

    assert ways == dict(zip(Event, TABLE[state], strict=True))


@pytest.mark.parametrize(
    ("done_h", "taken_h", "state"),
    [(1, 1, State.ON_TIME), (7, 7, State.ON_TIME), (7, 9, State.ON_TIME), (8, 8, State.LATE)],
)
def test_what_was_done_before_the_hour_is_on_time_though_taken_over_after_it(
    done_h: int, taken_h: int, state: State
) -> None:
    done = duties.discharge(
        TERMS, None, done_at=NINE + done_h * HOUR, now=NINE + taken_h * HOUR, open_children=0
    )

    assert done is state


@pytest.mark.parametrize(
    ("ended", "done_h", "taken_h", "children", "why"),
    [
        (State.WAIVED, 1, 1, 0, Refusal.ENDED),
        (State.ON_TIME, 1, 1, 0, Refusal.ENDED),
        (None, 7, 24, 0, Refusal.LAPSED),
        (None, 7, 7, 1, Refusal.OVER_OPEN_CHILD),
        (None, 7, 6, 0, Refusal.IN_THE_FUTURE),
    ],
)
def test_a_discharge_that_cannot_be_says_why(
    ended: State | None, done_h: int, taken_h: int, children: int, why: Refusal
) -> None:
    with pytest.raises(DutyRefused) as refused:
        duties.discharge(
            TERMS, ended, done_at=NINE + done_h * HOUR, now=NINE + taken_h * HOUR,
            open_children=children,
        )  # fmt: skip

    assert refused.value.why is why


@pytest.mark.parametrize(
    ("ended", "due_h", "now_h", "why"),
    [
        (State.ON_TIME, 20, 1, Refusal.ENDED),
        (None, 20, 8, Refusal.OVERDUE),
        (None, 8, 1, Refusal.NO_LATER),
    ],
)
def test_an_extension_that_cannot_be_says_why(
    ended: State | None, due_h: int, now_h: int, why: Refusal
) -> None:
    with pytest.raises(DutyRefused) as refused:
        duties.extend(TERMS, ended, due_at=NINE + due_h * HOUR, now=NINE + now_h * HOUR)

    assert refused.value.why is why


def test_an_extended_duty_can_be_done_late_for_as_long_as_before() -> None:
    later = duties.extend(TERMS, None, due_at=NINE + 10 * HOUR, now=NINE)

    assert (later.due_at, later.lapses_at) == (NINE + 10 * HOUR, NINE + 26 * HOUR)


def test_instants_out_of_order_are_no_terms() -> None:
    with pytest.raises(ValueError, match="in this order"):
        replace(TERMS, lapses_at=NINE)


@dataclass
class Owed:
    """A duty of the model: its terms, what ended it, and its children."""

    terms: Terms
    ended: State | None = None
    children: list[Owed] = field(default_factory=list)


class ManyActs(RuleBasedStateMachine):
    """A tree of duties under any acts at any hours."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NINE
        self.all = [Owed(TERMS)]
        self.seen_missed: list[Owed] = []

    def _open_children(self, owed: Owed) -> int:
        return sum(child.ended is None for child in owed.children)

    @rule(hours=st.integers(0, 30))
    def time_passes(self, hours: int) -> None:
        self.now += hours * HOUR
        for owed in self.all:
            if duties.standing(owed.terms, owed.ended, self.now) is State.MISSED:
                self.seen_missed.append(owed)

    @precondition(lambda self: len(self.all) < 12)
    @rule(data=st.data(), hours=st.integers(0, 40))
    def a_part_is_given_on(self, data: st.DataObject, hours: int) -> None:
        parent = data.draw(st.sampled_from(self.all))
        if parent.ended is None:
            due_at = self.now + hours * HOUR
            part = Owed(Terms(opened_at=self.now, due_at=due_at, soon=HOUR))
            parent.children.append(part)
            self.all.append(part)

    @rule(data=st.data(), back=st.integers(-2, 20))
    def somebody_does(self, data: st.DataObject, back: int) -> None:
        owed = data.draw(st.sampled_from(self.all))
        try:
            owed.ended = duties.discharge(
                owed.terms, owed.ended, done_at=self.now - back * HOUR, now=self.now,
                open_children=self._open_children(owed),
            )  # fmt: skip
        except DutyRefused:
            return
        assert not self._open_children(owed)

    @rule(data=st.data())
    def somebody_waives(self, data: st.DataObject) -> None:
        owed = data.draw(st.sampled_from(self.all))
        try:
            owed.ended = duties.waive(
                owed.terms, owed.ended, now=self.now, open_children=self._open_children(owed)
            )
        except DutyRefused:
            return
        assert not self._open_children(owed)

    @rule(data=st.data(), hours=st.integers(-5, 40))
    def somebody_extends(self, data: st.DataObject, hours: int) -> None:
        owed = data.draw(st.sampled_from(self.all))
        try:
            due_at = owed.terms.due_at + hours * HOUR
            owed.terms = duties.extend(owed.terms, owed.ended, due_at=due_at, now=self.now)
        except DutyRefused:
            return

    @invariant()
    def nothing_is_closed_over_something_open(self) -> None:
        for owed in self.all:
            if owed.ended is not None:
                assert not self._open_children(owed)

    @invariant()
    def what_lapsed_stays_missed(self) -> None:
        for owed in self.seen_missed:
            assert duties.standing(owed.terms, owed.ended, self.now) is State.MISSED


TestManyActs = ManyActs.TestCase
