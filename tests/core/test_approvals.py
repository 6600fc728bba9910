"""Who decides on an application, and when an approval holds no more, as a director may ask."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import approvals, gate
from taishan.core import requirements as req
from taishan.core.approvals import AFTER, HOLDS, TRANSITIONS, Act, Basis, Cause, Run, State
from taishan.core.gate import Fact
from tests.core.building import ISSUED, book, clause, wenzhou

LINE = ("HQ", "C1", "W1", "S1")
DAY = date(2020, 2, 12)


@pytest.mark.parametrize(
    ("head_count", "required", "is_urgent", "expected"),
    [
        (100, (), False, (("W1", "C1", "HQ"), 0)),
        (101, (), False, (("W1", "C1", "HQ"), 2)),
        (None, (), False, (("W1", "C1", "HQ"), 2)),
        (100, ("C1",), False, (("W1", "C1", "HQ"), 1)),
        (100, ("HQ", "C1"), False, (("W1", "C1", "HQ"), 2)),
        (100, ("elsewhere",), False, (("W1", "C1", "HQ"), 0)),
        (100, ("C1",), True, (("HQ",), 0)),
    ],
)
def test_who_decides(
    head_count: int | None, required: tuple[str, ...], is_urgent: bool, expected: object
) -> None:
    assert expected == approvals.levels(
        LINE, head_count=head_count, parent_up_to=100, required=required, is_urgent=is_urgent
    )


def test_headquarters_decides_on_itself() -> None:
    for is_urgent in (False, True):
        assert approvals.levels(
            ("HQ",), head_count=5, parent_up_to=0, required=(), is_urgent=is_urgent
        ) == (("HQ",), 0)


def test_each_act_leads_to_one_state_wherever_it_is_done() -> None:
    assert all(AFTER[act] is after for (_before, act), after in TRANSITIONS.items())
    assert set(AFTER) == set(Act)


@given(st.lists(st.tuples(st.sampled_from(Act), st.integers(0, 3)), max_size=12))
def test_the_runs_of_an_approval_are_the_days_on_which_its_last_act_held(
    acts: list[tuple[Act, int]],
) -> None:
    days, day = [], DAY
    for act, later in acts:
        day += timedelta(days=later)
        days.append((act, day))
    found = approvals.runs(days)

    assert all(one.ends is not None and one.ends <= after.starts for one, after in pairwise(found))
    is_open = bool(found) and found[-1].ends is None
    assert is_open == bool(days and AFTER[days[-1][0]] in HOLDS)


def test_an_approval_suspended_and_confirmed_holds_in_two_runs() -> None:
    acts = [(act, DAY + timedelta(days=n)) for n, act in enumerate(
        (Act.SUBMIT, Act.APPROVE, Act.UNLOCK, Act.SUSPEND, Act.CONFIRM)
    )]  # fmt: skip

    assert approvals.runs(acts) == [
        Run(starts=DAY + timedelta(days=1), ends=DAY + timedelta(days=3)),
        Run(starts=DAY + timedelta(days=4), ends=None),
    ]


def fact(condition: str, ends: date | None = None) -> Fact:
    return Fact(condition=condition, amount=1, starts=ISSUED, ends=ends)


@pytest.mark.parametrize(
    ("rules", "facts", "basis", "causes"),
    [
        ([], [fact("attest:plan")], [("attest:plan", False)], []),
        ([], [fact("attest:plan")], [("attest:plan", True)], [Cause.REFUTED]),
        ([], [fact("attest:plan", DAY)], [("attest:plan", False)], [Cause.LAPSED]),
        ([], [fact("stop:3")], [], [Cause.STOPPED]),
        ([clause(req.Suspend())], [], [], [Cause.SHUT]),
        ([clause(req.OnSiteCap(headcount=0))], [], [], [Cause.SHUT]),
        ([clause(req.AttestedCondition(condition="plan"))], [], [], [Cause.UNMET]),
        ([clause(req.RemoteOnly())], [], [], []),
        ([clause(req.PublicHoliday())], [], [], []),
    ],
)
def test_why_an_approval_holds_no_more(
    rules: list[object], facts: list[Fact], basis: list[tuple[str, bool]], causes: list[Cause]
) -> None:
    verdict = gate.evaluate(book(*rules), wenzhou(), facts, DAY)  # type: ignore[arg-type]
    rests = [Basis(condition=condition, is_refuted=refuted) for condition, refuted in basis]

    found = approvals.breaches(verdict, rests, facts, DAY)
    assert [one.cause for one in found] == causes


def test_only_a_submitted_application_is_approved() -> None:
    before = [state for state, act in TRANSITIONS if act is Act.APPROVE]
    assert before == [State.SUBMITTED]
