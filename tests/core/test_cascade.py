"""Where an order stands that was taken apart, and who holds it up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taishan.core import cascade
from taishan.core.cascade import Part, Reply, Stage
from taishan.core.duties import State

DUE = datetime(2020, 2, 10, 9, tzinfo=UTC)


def part(
    number: int,
    parent: int | None = None,
    state: State = State.PENDING,
    reply: Reply | None = None,
    due_h: int = 0,
) -> Part:
    return Part(
        id=UUID(int=number), parent_id=None if parent is None else UUID(int=parent),
        due_at=DUE + timedelta(hours=due_h), state=state, reply=reply,
    )  # fmt: skip


def holding(*parts: Part) -> list[int]:
    return [branch.part.id.int for branch in cascade.find_holding_up(cascade.grow(parts))]


@pytest.mark.parametrize(
    ("state", "reply", "stage"),
    [
        (State.PENDING, None, Stage.PENDING),
        (State.DUE_SOON, Reply.RETURNED, Stage.RETURNED),
        (State.OVERDUE, None, Stage.OVERDUE),
        (State.OVERDUE, Reply.CONFIRMED, Stage.CONFIRMED),
        (State.OVERDUE, Reply.RETURNED, Stage.OVERDUE),
        (State.ON_TIME, Reply.CONFIRMED, Stage.ON_TIME),
        (State.WAIVED, Reply.RETURNED, Stage.WAIVED),
    ],
)
def test_what_a_part_shows(state: State, reply: Reply | None, stage: Stage) -> None:
    assert part(1, state=state, reply=reply).stage is stage


def test_a_branch_counts_itself_and_all_beneath() -> None:
    (top,) = cascade.grow([
        part(1), part(2, 1, State.ON_TIME), part(3, 1), part(4, 3, State.OVERDUE),
    ])  # fmt: skip

    assert top.counts == {Stage.PENDING: 2, Stage.ON_TIME: 1, Stage.OVERDUE: 1}
    assert (top.ended, top.total) == (1, 4)


def test_the_deepest_overdue_part_holds_it_up_first() -> None:
    parts = [
        part(1, state=State.OVERDUE), part(2, 1, State.OVERDUE), part(3, 2, State.OVERDUE),
        part(4, 1, State.OVERDUE), part(5, 1, State.PENDING, due_h=-4),
    ]  # fmt: skip

    assert holding(*parts) == [3, 4, 5]


def test_what_stands_over_something_open_does_not_hold_it_up_itself() -> None:
    assert holding(part(1, state=State.OVERDUE), part(2, 1)) == [2]
    assert holding(part(1, state=State.OVERDUE), part(2, 1, State.WAIVED)) == [1]


def test_a_part_whose_parent_is_not_to_be_seen_is_a_top() -> None:
    (top,) = cascade.grow([part(2, parent=1), part(3, parent=2)])

    assert top.part.id.int == 2
    assert top.branches[0].depth == 1


@settings(deadline=None)
@given(st.lists(st.sampled_from(list(State)), min_size=1, max_size=30), st.randoms())
def test_something_holds_it_up_exactly_while_something_is_open(
    states: list[State], random: object
) -> None:
    parts = [
        part(n, random.randrange(n) if n else None, state)  # type: ignore[attr-defined]
        for n, state in enumerate(states)
    ]
    tops = cascade.grow(parts)

    assert sum(top.total for top in tops) == len(parts)
    assert bool(cascade.find_holding_up(tops)) == any(one.is_open for one in parts)
