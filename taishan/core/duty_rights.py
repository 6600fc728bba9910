"""Who may do what with a duty, and if not you, why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from taishan.core.duties import OPEN, State


class Act(StrEnum):
    """What people do with a duty by hand."""

    DISCHARGE = "discharge"
    WAIVE = "waive"
    EXTEND = "extend"
    HAND_OVER = "hand_over"


class Why(StrEnum):
    """Why somebody may not."""

    ENDED = "ended"
    OVERDUE = "overdue"
    OVER_OPEN_CHILD = "over_open_child"
    DONE_ELSEWHERE = "done_elsewhere"
    """An act of its own domain discharges it: the report, the approval."""
    OF_LAW = "of_law"
    OF_DOMAIN = "of_domain"
    """It is given more time, passed on or ended where it is done."""
    NOT_THE_DEBTOR = "not_the_debtor"
    NOT_THE_CREDITOR = "not_the_creditor"
    ONES_OWN = "ones_own"
    """Nobody lets themselves off."""
    NOT_OVER_THE_DEBTOR = "not_over_the_debtor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How somebody stands to a duty: they owe it, they direct the unit it is owed to, or by."""

    is_debtor: bool
    directs_creditor: bool
    directs_debtor: bool


def refusals(
    state: State, position: Position, *, is_ticked: bool, open_children: int,
    bound: Why | None = None,
) -> Mapping[Act, Why | None]:  # fmt: skip
    """Return for each act why it may not be done by somebody, None where it may. ``bound``: why
    nobody lets anybody off by hand, if so.
    """
    if state not in OPEN:
        return dict.fromkeys(Act, Why.ENDED)
    below = Why.OVER_OPEN_CHILD if open_children else None
    lets_off = Why.ONES_OWN if position.is_debtor else None
    if not position.directs_creditor:
        lets_off = Why.NOT_THE_CREDITOR
    lets_off = bound or lets_off
    passes_on = None if position.directs_debtor else Why.NOT_OVER_THE_DEBTOR
    return {
        Act.DISCHARGE: (None if is_ticked else Why.DONE_ELSEWHERE)
        or (None if position.is_debtor else Why.NOT_THE_DEBTOR)
        or below,
        Act.WAIVE: lets_off or below,
        Act.EXTEND: lets_off or (Why.OVERDUE if state is State.OVERDUE else None),
        Act.HAND_OVER: bound if bound is Why.OF_DOMAIN else passes_on,
    }
