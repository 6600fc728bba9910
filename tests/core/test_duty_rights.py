"""Who may do what with a duty."""

from __future__ import annotations

import pytest

from taishan.core import duty_rights
from taishan.core.duties import State
from taishan.core.duty_rights import Act, Position, Why

DUE, OVER, DONE = State.DUE_SOON, State.OVERDUE, State.ON_TIME
NOBODY = Position(is_debtor=False, directs_creditor=False, directs_debtor=False)
DEBTOR = Position(is_debtor=True, directs_creditor=False, directs_debtor=False)
CREDITOR = Position(is_debtor=False, directs_creditor=True, directs_debtor=False)
HEAD = Position(is_debtor=False, directs_creditor=False, directs_debtor=True)
OWN_RULER = Position(is_debtor=True, directs_creditor=True, directs_debtor=True)
YES = None


@pytest.mark.parametrize(
    ("state", "position", "is_ticked", "children", "wanted"),
    [
        (DUE, NOBODY, True, 0, (Why.NOT_THE_DEBTOR, Why.NOT_THE_CREDITOR, Why.NOT_THE_CREDITOR,
                                Why.NOT_OVER_THE_DEBTOR)),
        (DUE, DEBTOR, True, 0, (YES, Why.NOT_THE_CREDITOR, Why.NOT_THE_CREDITOR,
                                Why.NOT_OVER_THE_DEBTOR)),
        (DUE, DEBTOR, False, 0, (Why.DONE_ELSEWHERE, Why.NOT_THE_CREDITOR, Why.NOT_THE_CREDITOR,
                                 Why.NOT_OVER_THE_DEBTOR)),
        (DUE, CREDITOR, True, 0, (Why.NOT_THE_DEBTOR, YES, YES, Why.NOT_OVER_THE_DEBTOR)),
        (OVER, CREDITOR, True, 0, (Why.NOT_THE_DEBTOR, YES, Why.OVERDUE, Why.NOT_OVER_THE_DEBTOR)),
        (DUE, CREDITOR, True, 1, (Why.NOT_THE_DEBTOR, Why.OVER_OPEN_CHILD, YES,
                                  Why.NOT_OVER_THE_DEBTOR)),
        (DUE, HEAD, True, 0, (Why.NOT_THE_DEBTOR, Why.NOT_THE_CREDITOR, Why.NOT_THE_CREDITOR, YES)),
        (DUE, OWN_RULER, True, 0, (YES, Why.ONES_OWN, Why.ONES_OWN, YES)),
        (DUE, OWN_RULER, True, 1, (Why.OVER_OPEN_CHILD, Why.ONES_OWN, Why.ONES_OWN, YES)),
        (DONE, OWN_RULER, True, 0, (Why.ENDED,) * 4),
        (State.MISSED, CREDITOR, True, 0, (Why.ENDED,) * 4),
    ],
)  # fmt: skip
def test_each_act_is_for_whom_it_is_for(
    state: State, position: Position, is_ticked: bool, children: int,
    wanted: tuple[Why | None, ...],
) -> None:  # fmt: skip
    found = duty_rights.refusals(state, position, is_ticked=is_ticked, open_children=children)

    assert tuple(found[act] for act in Act) == wanted


@pytest.mark.parametrize("bound", [Why.OF_LAW, Why.OF_DOMAIN])
def test_nobody_lets_off_by_hand_what_is_bound(bound: Why) -> None:
    over_both = Position(is_debtor=False, directs_creditor=True, directs_debtor=True)
    found = duty_rights.refusals(DUE, over_both, is_ticked=True, open_children=0, bound=bound)

    assert (found[Act.WAIVE], found[Act.EXTEND]) == (bound, bound)
    assert found[Act.HAND_OVER] == (bound if bound is Why.OF_DOMAIN else None)
