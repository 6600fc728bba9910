"""Following up: the strictest rule on the path, the transition table, what counts as missed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import followup
from taishan.core.followup import (
    APART,
    DEFAULT,
    ENDED,
    TRANSITIONS,
    Act,
    Ask,
    Cause,
    Quarantine,
    Refusal,
    Rule,
    State,
    StepRefused,
)

DAY = date(2020, 2, 12)
asks = st.builds(
    Ask,
    temperature_c=st.none() | st.sampled_from([Decimal(n) / 10 for n in range(365, 380)]),
    quarantine_days=st.none() | st.integers(1, 28),
    checks_per_day=st.none() | st.integers(1, 4),
    causes=st.none() | st.frozensets(st.sampled_from(Cause)),
)
paths = st.lists(asks, max_size=4)


def is_as_strict(rule: Rule, other: Rule) -> bool:
    return (
        rule.temperature_c <= other.temperature_c
        and rule.quarantine_days >= other.quarantine_days
        and rule.checks_per_day >= other.checks_per_day
        and rule.causes >= other.causes
    )


@given(paths)
def test_the_rule_of_a_unit_is_the_strictest_on_its_path_in_any_order(path: list[Ask]) -> None:
    rule = followup.effective(path)

    assert all(followup.effective(other) == rule for other in permutations(path))
    assert followup.effective([*path, *path]) == rule
    assert rule.temperature_c == min(
        [DEFAULT.temperature_c, *(a.temperature_c for a in path if a.temperature_c is not None)]
    )
    assert rule.quarantine_days == max(
        [DEFAULT.quarantine_days, *(a.quarantine_days or 0 for a in path)]
    )
    assert rule.checks_per_day == max(
        [DEFAULT.checks_per_day, *(a.checks_per_day or 0 for a in path)]
    )
    assert rule.causes == DEFAULT.causes.union(*(a.causes or frozenset() for a in path))


@given(paths, asks)
def test_a_lower_unit_is_never_looser_than_the_one_above_it(path: list[Ask], own: Ask) -> None:
    above = followup.effective(path)

    assert is_as_strict(followup.effective([*path, own]), above)


@given(paths, asks)
def test_what_is_not_looser_holds_as_it_is_asked(path: list[Ask], own: Ask) -> None:
    above = followup.effective(path)
    rule, refused = followup.effective([*path, own]), followup.looser(above, own)

    for name in ("temperature_c", "quarantine_days", "checks_per_day", "causes"):
        asked = getattr(own, name)
        if asked is None:
            assert name not in refused
            assert getattr(rule, name) == getattr(above, name)
        else:
            assert (name in refused) == (getattr(rule, name) != asked)


def test_asking_for_more_in_one_thing_does_not_pay_for_less_in_another() -> None:
    own = Ask(temperature_c=Decimal("37.0"), quarantine_days=7, causes=frozenset({Cause.TRAVEL}))

    assert followup.looser(DEFAULT, own) == ("quarantine_days", "causes")


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (State.OPENED, {"instruct", "order", "confirm", "release"}),
        (State.INSTRUCTED, {"instruct", "order", "confirm", "release"}),
        (State.QUARANTINED, {"order", "confirm", "release"}),
        (State.CONFIRMED, {"recover"}),
        (State.RECOVERED, {"order", "return"}),
        (State.RELEASED, {"return"}),
        (State.BACK, set()),
    ],
)
def test_from_each_state_only_what_the_table_names_is_possible(
    state: State, possible: set[str]
) -> None:
    for act in Act:
        if act in possible:
            assert followup.step(state, act, day=DAY, rule=DEFAULT) == TRANSITIONS[state][act]
        else:
            with pytest.raises(StepRefused, match=Refusal.NOT_FROM_HERE):
                followup.step(state, act, day=DAY, rule=DEFAULT)


def test_whoever_must_be_apart_comes_back_only_released_or_recovered() -> None:
    back = {state for state, acts in TRANSITIONS.items() if State.BACK in acts.values()}

    assert back == {State.RELEASED, State.RECOVERED}
    assert not back & APART
    assert not ENDED & APART


@given(st.integers(0, 30), st.integers(1, 28))
def test_nobody_is_released_before_the_last_day_is_over(after: int, days: int) -> None:
    quarantine = Quarantine(starts=DAY, ends=DAY + timedelta(days=days), checks_per_day=2)
    day = DAY + timedelta(days=after)
    if after >= days:
        now = followup.step(
            State.QUARANTINED, Act.RELEASE, day=day, rule=DEFAULT, quarantine=quarantine
        )
        assert now == State.RELEASED
    else:
        with pytest.raises(StepRefused, match=Refusal.NOT_OVER):
            followup.step(
                State.QUARANTINED, Act.RELEASE, day=day, rule=DEFAULT, quarantine=quarantine
            )


@pytest.mark.parametrize(("days", "is_long_enough"), [(13, False), (14, True), (15, True)])
def test_a_quarantine_shorter_than_the_rule_is_refused(days: int, is_long_enough: bool) -> None:
    quarantine = Quarantine(starts=DAY, ends=DAY + timedelta(days=days), checks_per_day=2)
    if is_long_enough:
        followup.step(State.OPENED, Act.ORDER, day=DAY, rule=DEFAULT, quarantine=quarantine)
    else:
        with pytest.raises(StepRefused, match=Refusal.TOO_SHORT):
            followup.step(State.OPENED, Act.ORDER, day=DAY, rule=DEFAULT, quarantine=quarantine)


def test_the_twelfth_is_day_9_of_14_of_a_quarantine_from_the_fourth() -> None:
    quarantine = Quarantine(starts=date(2020, 2, 4), ends=date(2020, 2, 18), checks_per_day=2)

    assert (quarantine.number(DAY), quarantine.days) == (9, 14)


def test_a_day_is_missed_once_it_is_over_with_too_few_checks_since_the_order() -> None:
    quarantine = Quarantine(starts=date(2020, 2, 4), ends=date(2020, 2, 18), checks_per_day=2)
    done = {date(2020, 2, 9): 2, date(2020, 2, 10): 1}

    missed = quarantine.missed(done, since=date(2020, 2, 9), today=DAY)

    assert missed == (date(2020, 2, 10), date(2020, 2, 11)), "today is not over"
    assert quarantine.missed({}, date(2020, 2, 16), date(2020, 3, 1)) == (
        date(2020, 2, 16), date(2020, 2, 17),
    )  # fmt: skip


NOON = datetime(2020, 2, 12, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("state", "reported_at", "is_well", "is_anew", "is_suggested"),
    [
        (State.RELEASED, LATER, True, False, True),
        (State.RECOVERED, LATER, True, False, True),
        (State.QUARANTINED, LATER, True, False, False),
        (State.BACK, LATER, True, False, False),
        (State.RELEASED, NOON, True, False, False),
        (State.RELEASED, LATER, False, False, False),
        (State.RELEASED, LATER, True, True, False),
    ],
)
def test_a_report_after_a_release_alone_suggests_that_somebody_is_back(
    *, state: State, reported_at: datetime, is_well: bool, is_anew: bool, is_suggested: bool
) -> None:
    said = followup.suggests_return(
        state, since=NOON, reported_at=reported_at, is_well_on_site=is_well,
        is_followed_anew=is_anew,
    )  # fmt: skip

    assert said is is_suggested
