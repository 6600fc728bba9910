"""Templates of duties: their occurrences, and that nobody below may ask for less."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import duty_matrix
from taishan.core.duties import Terms
from taishan.core.duty_matrix import Act, Open, Template, TemplateRefused

NEW_YEAR = date(2020, 1, 1)
QUARTERLY = Template(
    rule="FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", counted_from=NEW_YEAR, days=90, due=time(17),
    lapses_after_days=0, needs_evidence=True, post_kinds=frozenset({"unit_head"}),
)  # fmt: skip
MONTHLY = replace(QUARTERLY, rule="FREQ=MONTHLY;BYMONTHDAY=1", days=28)
WEEKLY = replace(MONTHLY, rule="FREQ=WEEKLY;BYDAY=MO", days=7)


@pytest.mark.parametrize(
    ("above", "below", "less"),
    [
        (QUARTERLY, QUARTERLY, ()),
        (QUARTERLY, MONTHLY, ()),
        (QUARTERLY, WEEKLY, ()),
        (MONTHLY, WEEKLY, ()),
        (MONTHLY, replace(MONTHLY, days=10), ()),
        (MONTHLY, replace(MONTHLY, due=time(12)), ()),
        (MONTHLY, replace(MONTHLY, post_kinds=frozenset({"unit_head", "director"})), ()),
        (MONTHLY, replace(MONTHLY, done_by=Act.INSPECTION), ()),
        (replace(MONTHLY, done_by=Act.INSPECTION), MONTHLY, ("act",)),
        (MONTHLY, QUARTERLY, ("often",)),
        (WEEKLY, MONTHLY, ("often",)),
        (MONTHLY, replace(MONTHLY, due=time(18)), ("often",)),
        (MONTHLY, replace(MONTHLY, days=29), ("often",)),
        (MONTHLY, replace(MONTHLY, needs_evidence=False), ("evidence",)),
        (MONTHLY, replace(MONTHLY, lapses_after_days=1), ("lapse",)),
        (MONTHLY, replace(MONTHLY, lapses_after_days=None), ("lapse",)),
        (MONTHLY, replace(MONTHLY, post_kinds=frozenset({"director"})), ("posts",)),
    ],
)
def test_what_a_unit_asks_less_than_the_one_above_it_is_named(
    above: Template, below: Template, less: tuple[str, ...]
) -> None:
    assert duty_matrix.looser(above, below, NEW_YEAR) == less


RULES = st.builds(
    lambda rule, days, hour: replace(MONTHLY, rule=rule, days=days, due=time(hour)),
    st.sampled_from(
        [
            "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=TU,FR",
            "FREQ=MONTHLY;BYMONTHDAY=1", "FREQ=MONTHLY;BYMONTHDAY=15",
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=1", "FREQ=YEARLY",
        ]
    ),
    st.integers(1, 60),
    st.integers(8, 20),
)  # fmt: skip


@given(above=RULES, below=RULES)
def test_whoever_fulfils_what_takes_the_place_of_another_fulfils_that_too(
    above: Template, below: Template
) -> None:
    if duty_matrix.looser(above, below, NEW_YEAR):
        return
    year = (NEW_YEAR, NEW_YEAR + timedelta(days=366))
    spans = [below.window(day, "UTC") for day in below.occurrences(*year)]
    for day in above.occurrences(NEW_YEAR, date(2020, 10, 1)):
        asked = above.window(day, "UTC")
        assert any(asked.opens <= one.opens and one.due <= asked.due for one in spans)


@given(one=RULES, other=RULES, third=RULES)
def test_stricter_than_the_stricter_is_stricter(
    one: Template, other: Template, third: Template
) -> None:
    if not duty_matrix.looser(one, other, NEW_YEAR) and not duty_matrix.looser(
        other, third, NEW_YEAR
    ):
        assert not duty_matrix.looser(one, third, NEW_YEAR)


def test_of_one_code_the_lowest_binds_that_asks_no_less() -> None:
    line = [("group", "meet", QUARTERLY), ("company", "meet", MONTHLY), ("group", "walk", WEEKLY)]

    assert duty_matrix.effective(line, NEW_YEAR) == ["company", "group"]


def test_a_looser_template_below_binds_nobody() -> None:
    line = [("group", "meet", MONTHLY), ("company", "meet", QUARTERLY), ("site", "meet", WEEKLY)]

    assert duty_matrix.effective(line, NEW_YEAR) == ["site"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"rule": "FREQ=DAILY;BYHOUR=9"}, "hours"),
        ({"days": 0}, "days"),
        ({"days": 1, "due": time(0)}, "days"),
        ({"post_kinds": frozenset()}, "posts"),
    ],
)
def test_a_template_that_cannot_be_says_why(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(TemplateRefused, match=why):
        duty_matrix.refuse(replace(MONTHLY, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2020, 3, 23), datetime(2020, 3, 29, 15, tzinfo=UTC)),  # summer time began that day
        (date(2020, 3, 16), datetime(2020, 3, 22, 16, tzinfo=UTC)),
        (date(2020, 10, 19), datetime(2020, 10, 25, 16, tzinfo=UTC)),  # and ended
        (date(2020, 10, 12), datetime(2020, 10, 18, 15, tzinfo=UTC)),
    ],
)
def test_five_in_the_afternoon_is_five_by_the_clock_of_the_place(day: date, due: datetime) -> None:
    assert WEEKLY.window(day, "Europe/Berlin").due == due


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MIDNIGHT = datetime(2020, 4, 1, tzinfo=UTC)


def occurrence(key: str, due: int, of: str = "meeting", lapses: int | None = None) -> Open:
    """One that began 90 days before it falls due, so many days after 1 April, and may lapse."""
    terms = Terms(
        opened_at=MIDNIGHT + (due - 90) * DAY, due_at=MIDNIGHT + due * DAY, soon=DAY,
        lapses_at=None if lapses is None else MIDNIGHT + lapses * DAY,
    )  # fmt: skip
    return Open(key=key, of=of, terms=terms)


@pytest.mark.parametrize(
    ("occurrences", "recorded", "ends"),
    [
        ([occurrence("first", 0), occurrence("second", 90)], 0, {"first"}),
        ([occurrence("second", 90), occurrence("later", 91)], 0, {"second"}),
        ([occurrence("first", 0), occurrence("round", 90, of="round")], 0, {"first", "round"}),
        ([occurrence("missed", 0, lapses=1), occurrence("second", 90)], 0, {"second"}),
        ([occurrence("open", 0, lapses=3)], 0, {"open"}),
        ([occurrence("open", 0, lapses=3)], 1, set()),
        ([occurrence("yet to begin", 93)], 1, set()),
    ],
)  # fmt: skip
def test_an_act_ends_one_occurrence_of_a_post_the_earliest_that_is_open(
    occurrences: list[Open], recorded: int, ends: set[str]
) -> None:
    done_at = MIDNIGHT + 2 * DAY

    found = duty_matrix.fulfilled(
        occurrences, done_at=done_at, recorded_at=done_at + recorded * DAY
    )

    assert found == ends
