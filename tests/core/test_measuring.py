"""What a unit's own numbers show, for how long, and that more of it never shuts a gate."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import gate, measuring
from taishan.core import requirements as req
from taishan.core.gate import Fact, Permission
from taishan.core.measuring import Reported
from tests.core.building import book, clause, wenzhou
from tests.core.test_properties import facts as attested
from tests.core.test_properties import libraries

DAY = date(2020, 2, 12)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def shown(found: list[measuring.Measured], day: date) -> dict[str, float]:
    return {one.fact.condition: one.fact.amount for one in measuring.on(found, day)}


@pytest.mark.parametrize(("age", "is_known"), [(0, True), (2, True), (3, False), (9, False)])
def test_a_return_shows_its_stock_for_three_days_and_then_nothing(age: int, is_known: bool) -> None:
    found = measuring.stock_cover("mask", {ago(age): (800, 80)})

    assert shown(found, DAY) == ({"stock:mask": 10} if is_known else {})


def test_the_next_return_takes_the_place_of_the_one_before() -> None:
    found = measuring.stock_cover("mask", {ago(1): (800, 80), DAY: (240, 80)})

    assert [shown(found, day) for day in (ago(1), DAY)] == [{"stock:mask": 10}, {"stock:mask": 3}]


def test_a_return_that_says_nothing_is_used_shows_nothing_and_ends_the_one_before() -> None:
    found = measuring.stock_cover("mask", {ago(1): (800, 80), DAY: (800, 0)})

    assert shown(found, DAY) == {}


@pytest.mark.parametrize(
    ("reported", "follows_arrivals", "expected"),
    [
        (Reported(expected=0, received=0, too_early=0), True, {}),
        (
            Reported(expected=20, received=19, too_early=0),
            True,
            {"attest:reporting_rate": 0.95},
        ),
        (
            Reported(expected=20, received=15, too_early=0, off=5),
            True,
            {"attest:reporting_rate": 1},
        ),
        (Reported(expected=20, received=0, too_early=0, off=20), True, {}),
        (
            Reported(expected=20, received=20, too_early=1),
            True,
            {"attest:reporting_rate": 1},
        ),
        (
            Reported(expected=20, received=20, too_early=0),
            False,
            {"attest:reporting_rate": 1, "attest:quarantine_over": 1},
        ),
        (
            Reported(expected=20, received=21, too_early=0),
            True,
            {"attest:reporting_rate": 1, "attest:quarantine_over": 1, "quarantine:any": 14},
        ),
    ],
)
def test_what_the_reports_of_a_day_show_for_the_day_after(
    reported: Reported, follows_arrivals: bool, expected: dict[str, float]
) -> None:
    found = measuring.of_reports({ago(1): reported}, follows_arrivals=follows_arrivals)

    assert shown(found, DAY) == expected
    assert shown(found, ago(1)) == shown(found, DAY + timedelta(days=1)) == {}


def test_a_stated_share_of_reports_is_needed_on_the_day_before() -> None:
    rules = book(clause(req.AttestedCondition(condition="reporting_rate", share=0.95)))

    def state(received: int) -> Permission:
        reported = Reported(expected=100, received=received, too_early=0)
        found = measuring.of_reports({ago(1): reported}, follows_arrivals=False)
        return gate.evaluate(rules, wenzhou(), [one.fact for one in found], DAY).state

    assert [state(n) for n in (94, 95, 100)] == [
        Permission.SHUT, Permission.OPEN, Permission.OPEN,
    ]  # fmt: skip


numbers = st.dictionaries(
    st.integers(0, 12).map(ago), st.tuples(st.integers(0, 900), st.integers(0, 90)), max_size=4
)


@given(libraries, attested, numbers, st.integers(0, 500))
def test_measuring_and_more_masks_never_shut_a_gate(
    found: list[object], said: list[Fact], returns: dict[date, tuple[int, int]], more: int
) -> None:
    rules = book(*found)  # type: ignore[arg-type]
    richer = {day: (stock + more, used) for day, (stock, used) in returns.items()}

    def state(measured: list[measuring.Measured]) -> Permission:
        facts = [*said, *(one.fact for one in measured)]
        return gate.evaluate(rules, wenzhou(), facts, date(2020, 2, 5)).state

    poor = state(measuring.stock_cover("mask", returns))
    assert poor <= state([]), "what is measured takes nothing away from what is attested"
    assert state(measuring.stock_cover("mask", richer)) <= poor


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 3), st.integers(0, 10), st.booleans())
def test_more_reports_and_fewer_back_too_early_never_show_less(
    expected: int, received: int, too_early: int, more: int, follows: bool
) -> None:
    def of(received: int, too_early: int) -> dict[str, float]:
        reported = Reported(expected=expected, received=received, too_early=too_early)
        found = measuring.of_reports({ago(1): reported}, follows_arrivals=follows)
        return shown(found, DAY)

    less, better = of(received, too_early), of(received + more, max(too_early - 1, 0))
    assert all(better.get(name, -1) >= amount for name, amount in less.items())


def test_a_number_that_changes_on_some_days_is_known_on_each() -> None:
    changes = [(ago(3), 20), (ago(1), 2), (DAY, -5)]

    assert measuring.running(changes, ago(2), DAY + timedelta(days=1)) == {
        ago(2): 20, ago(1): 22, DAY: 17,
    }  # fmt: skip
