"""When a period is owed, and where it stands."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from taishan.core import schedules
from taishan.core.schedules import Mark, Marks, Schedule, ScheduleRefused, Stage

MARKS = Marks(
    opens=Mark(at=time(6)),
    due=Mark(at=time(9)),
    late=Mark(at=time(10)),
    closes=Mark(day=1, at=time(0)),
)
STARTS = date(2020, 2, 1)
DAY = date(2020, 2, 12)


def schedule(rule: str = "FREQ=DAILY", **more: object) -> Schedule:
    return Schedule(rule=rule, starts=STARTS, marks=MARKS, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", [10, 11, 12, 13, 14, 15, 16]),
        ("FREQ=WEEKLY;BYDAY=MO,TH", [10, 13]),
        ("FREQ=DAILY;INTERVAL=3", [10, 13, 16]),
        ("FREQ=MONTHLY;BYMONTHDAY=15", [15]),
        ("FREQ=DAILY;COUNT=11", [10, 11]),
        ("FREQ=DAILY;UNTIL=20200213", [10, 11, 12, 13]),
    ],
)
def test_periods_recur_by_the_rule(rule: str, expected: list[int]) -> None:
    found = schedule(rule).between(date(2020, 2, 10), date(2020, 2, 17))
    assert [day.day for day in found] == expected


@pytest.mark.parametrize("since", range(1, 8))
def test_four_days_on_and_two_off_come_round_from_the_first_day(since: int) -> None:
    turns = schedule("FREQ=DAILY;INTERVAL=6", days_on=4, skipped=frozenset({date(2020, 2, 9)}))

    found = turns.between(date(2020, 1, 31 - since), date(2020, 2, 14 + since))
    assert [day.day for day in found if day < date(2020, 2, 15)] == [1, 2, 3, 4, 7, 8, 10, 13, 14]
    late = turns.between(date(2020, 2, since), date(2020, 2, 8))
    assert [day.day for day in late] == [day for day in (1, 2, 3, 4, 7) if day >= since]


def test_no_period_comes_before_the_first_day_after_the_last_or_on_a_holiday() -> None:
    holidays = frozenset({date(2020, 2, 3)})
    found = schedule(until=date(2020, 2, 5), skipped=holidays)
    days = [day.day for day in found.between(date(2020, 1, 1), date(2020, 3, 1))]
    assert days == [1, 2, 4]
    assert not found.occurs(date(2020, 2, 5))


@pytest.mark.parametrize(
    ("clock", "stage"),
    [
        ("05:59", Stage.NOT_OPEN),
        ("06:00", Stage.OPEN),
        ("09:00", Stage.DUE),
        ("10:00", Stage.LATE),
        ("23:59", Stage.LATE),
        ("24:00", Stage.CLOSED),
    ],
)
def test_a_period_goes_through_its_stages_by_the_local_hour(clock: str, stage: Stage) -> None:
    hours, minutes = clock.split(":")
    since_midnight = timedelta(hours=int(hours), minutes=int(minutes))
    for zone, offset_h in (("Asia/Shanghai", 8), ("Asia/Phnom_Penh", 7)):
        midnight = datetime(2020, 2, 12, tzinfo=UTC) - timedelta(hours=offset_h)
        window = schedule().window(DAY, zone)
        assert window.stage(midnight + since_midnight) == stage


def test_an_hour_stays_the_same_when_summer_time_begins() -> None:
    before = schedule().window(date(2020, 3, 28), "Europe/Berlin").due
    after = schedule().window(date(2020, 3, 29), "Europe/Berlin").due
    assert after - before == timedelta(hours=23)


@pytest.mark.parametrize(
    "rule",
    [
        "", "daily", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;INTERVAL=00",
        "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY\nEXDATE:20200101", "FREQ=DAILY;UNTIL=20200301T000000Z",
        "FREQ=DAILY;FREQ=WEEKLY", "RRULE:FREQ=DAILY", "FREQ=DAILY;INTERVAL=+0",
        "FREQ=DAILY;INTERVAL=-0", "FREQ=DAILY;INTERVAL=-1", "FREQ=MONTHLY;BYDAY=+9MO",
        "FREQ=YEARLY;BYEASTER=1", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=13",
    ],
)  # fmt: skip
def test_what_is_no_rule_of_days_is_refused(rule: str) -> None:
    with pytest.raises(ScheduleRefused, match="rule"):
        schedules.refuse_rule(rule, DAY)


def test_a_rule_names_no_hours() -> None:
    with pytest.raises(ScheduleRefused, match="hours"):
        schedules.refuse_rule("FREQ=DAILY;BYHOUR=9", DAY)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;UNTIL=20200211", "FREQ=DAILY;INTERVAL=7;BYDAY=TH",
     "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30"],
)  # fmt: skip
def test_a_rule_that_has_no_day_from_its_first_on_is_refused(rule: str) -> None:
    schedules.refuse_rule(rule, date(2020, 1, 2))

    with pytest.raises(ScheduleRefused, match="rule"):
        schedules.refuse_rule(rule, DAY)


def test_marks_follow_one_another() -> None:
    with pytest.raises(ScheduleRefused, match="order"):
        Marks(
            opens=MARKS.opens, due=MARKS.closes, late=MARKS.late, closes=MARKS.closes
        ).refuse_disorder()
