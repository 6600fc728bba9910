"""Plain words for how often, as RFC 5545 rules and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import recurrence, schedules
from taishan.core.recurrence import Often, Recurrence
from tests.core.test_schedules import schedule

chosen = st.one_of(
    st.just(recurrence.daily()),
    st.just(recurrence.on_working_days()),
    st.sets(st.sampled_from(recurrence.WEEKDAYS), min_size=1)
    .filter(lambda days: days != recurrence.WORKING_DAYS)
    .map(recurrence.weekly),
    st.sampled_from(recurrence.MONTH_DAYS).map(recurrence.monthly),
)


@given(chosen)
def test_what_was_chosen_by_words_is_a_rule_and_is_found_again_in_it(one: Recurrence) -> None:
    rule = recurrence.as_rule(one)

    schedules.refuse_rule(rule, date(2020, 1, 1))

    assert recurrence.in_words(rule) == one


in_a_turn = st.integers(1, recurrence.MOST_IN_TURN)


@given(in_a_turn, in_a_turn)
def test_turns_are_a_rule_that_lasts_the_days_on(days_on: int, days_off: int) -> None:
    turns = recurrence.in_turns(days_on, days_off)
    rule = recurrence.as_rule(turns)

    schedules.refuse_rule(rule, date(2020, 1, 1))

    assert recurrence.in_words(rule, days_on) == turns


@pytest.mark.parametrize(("every", "days_on"), [(90, 1), (90, 61), (4, 4)])
def test_turns_too_long_to_be_chosen_stay_a_rule(every: int, days_on: int) -> None:
    rule = f"FREQ=DAILY;INTERVAL={every}"

    assert recurrence.in_words(rule, days_on) == Recurrence(often=Often.RULE, rule=rule)


@given(st.sampled_from(recurrence.MONTH_DAYS))
def test_a_monthly_report_is_owed_once_in_every_month(day: int) -> None:
    monthly = schedule(recurrence.as_rule(recurrence.monthly(day)))

    found = list(monthly.between(date(2020, 2, 1), date(2021, 2, 1)))

    assert [one.month for one in found] == [*range(2, 13), 1]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "FREQ=MONTHLY;BYDAY=1MO", "FREQ=WEEKLY", "FREQ=YEARLY"],
)
def test_what_no_word_fits_stays_a_rule(rule: str) -> None:
    found = recurrence.in_words(rule)

    assert found == Recurrence(often=Often.RULE, rule=rule)
    assert recurrence.as_rule(found) == rule


def test_all_five_working_days_of_a_week_are_working_days() -> None:
    week = recurrence.weekly(recurrence.WORKING_DAYS)
    assert recurrence.in_words(recurrence.as_rule(week)) == recurrence.on_working_days()

    rule = schedule(recurrence.as_rule(week))
    monday = date(2020, 2, 10)
    assert list(rule.between(monday, monday + timedelta(days=7))) == [
        monday + timedelta(days=n) for n in range(5)
    ]
