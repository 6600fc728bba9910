"""Who is told when: all from the duty's instants and the hour it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import duty_kinds, escalation
from taishan.core.duties import Terms
from taishan.core.escalation import DAY, HOUR, LAPSE, Calendar, Hours, Occurrence, Step, To

SHANGHAI = Calendar(time_zone="Asia/Shanghai")
BERLIN = Calendar(time_zone="Europe/Berlin")
DEBTOR = frozenset({To.DEBTOR})


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def terms(due: datetime, **more: object) -> Terms:
    values: dict[str, object] = {"opened_at": due - 30 * DAY, "soon": DAY, "due_at": due} | more
    return Terms(**values)  # type: ignore[arg-type]


def when(
    offset: timedelta, hours: Hours, due: datetime, calendar: Calendar = SHANGHAI, **more: object
) -> datetime:
    step = Step(code="one", offset=offset, to=DEBTOR, hours=hours)
    (one, *_rest) = escalation.find_occurrences([step], terms(due, **more), calendar)
    return one.at


def told(
    kind: str, its: Terms, since: datetime, now: datetime, calendar: Calendar = SHANGHAI
) -> dict[To, Occurrence]:
    found = list(escalation.find_occurrences(escalation.TABLE[kind], its, calendar))
    return escalation.find_told(found, its, since=since, now=now)


def test_every_kind_of_duty_has_its_table_with_codes_of_its_own() -> None:
    assert escalation.TABLE.keys() == duty_kinds.KINDS.keys()
    for kind, steps in escalation.TABLE.items():
        codes = [step.code for step in (*steps, LAPSE)]
        assert len(set(codes)) == len(codes), kind
        assert steps[0].to == DEBTOR, f"{kind}: whoever owes is told first"


@pytest.mark.parametrize(
    ("hours", "offset", "due", "expected"),
    [
        (Hours.AT_ONCE, 0 * DAY, "2020-02-12T23:30", "2020-02-12T23:30"),
        (Hours.WAKING, 0 * DAY, "2020-02-12T21:59", "2020-02-12T21:59"),
        (Hours.WAKING, 0 * DAY, "2020-02-12T22:00", "2020-02-13T07:00"),
        (Hours.WAKING, 0 * DAY, "2020-02-13T06:59", "2020-02-13T07:00"),
        (Hours.WAKING, 0 * DAY, "2020-02-15T12:00", "2020-02-15T12:00"),
        (Hours.WORKING, 0 * DAY, "2020-02-15T12:00", "2020-02-17T07:00"),
        (Hours.WORKING, 0 * DAY, "2020-02-14T22:00", "2020-02-17T07:00"),
        (Hours.WORKING, 2 * DAY, "2020-02-13T09:00", "2020-02-17T07:00"),
        (Hours.WAKING, -1 * DAY, "2020-02-13T23:00", "2020-02-13T07:00"),
        # Moved, the warning would come at the hour it warns of, or after it.
        (Hours.WAKING, -8 * HOUR, "2020-02-13T07:00", "2020-02-12T23:00"),
        (Hours.WORKING, -1 * DAY, "2020-02-16T12:00", "2020-02-15T12:00"),
    ],
)
def test_people_are_told_at_hours_at_which_they_may_be(
    hours: Hours, offset: timedelta, due: str, expected: str
) -> None:
    assert when(offset, hours, at(due)) == at(expected)


def test_a_holiday_is_no_working_day_and_a_worked_saturday_is_one() -> None:
    calendar = Calendar(
        time_zone="Asia/Shanghai", works={date(2020, 5, 1): False, date(2020, 5, 9): True}
    )

    assert when(0 * DAY, Hours.WORKING, at("2020-05-01T12:00"), calendar) == at("2020-05-04T07:00")
    assert when(0 * DAY, Hours.WORKING, at("2020-05-09T12:00"), calendar) == at("2020-05-09T12:00")
    assert escalation.get_evening(at("2020-04-30T12:00"), 1, calendar) == at("2020-05-04T18:00")


@pytest.mark.parametrize("due", ["2020-03-29T12:00", "2020-10-25T12:00"])
def test_a_day_before_is_the_same_local_hour_though_the_clocks_change(due: str) -> None:
    hour = when(-1 * DAY, Hours.AT_ONCE, at(due, "Europe/Berlin"), BERLIN)

    assert hour.astimezone(ZoneInfo("Europe/Berlin")).hour == 12
    assert at(due, "Europe/Berlin") - hour != DAY


def test_what_opens_late_is_warned_of_when_it_opens() -> None:
    due, opened = at("2020-02-12T17:00"), at("2020-02-12T10:00")

    assert when(-2 * DAY, Hours.WAKING, due, opened_at=opened) == opened


def test_an_unfinished_directive_climbs_from_who_owes_to_who_inspects() -> None:
    due = at("2020-02-12T17:00")
    its, story = terms(due), {}
    for hours in range(-72, 24 * 10):
        now = due + hours * HOUR
        for to, one in told("directive", its, now - HOUR + timedelta(microseconds=1), now).items():
            story.setdefault(to, []).append((one.step.code, one.number, int(hours)))

    assert story[To.DEBTOR][:3] == [("soon", 0, -48), ("due", 0, 0), ("again", 0, 24)]
    assert story[To.SUPERIOR][0] == ("again", 0, 24)
    assert story[To.CREDITOR] == [("owed", 0, 48)]
    assert story[To.INSPECTOR] == [("inspected", 0, 72)]
    assert story[To.DEBTOR][-1] == ("again", 6, 24 * 7)


def test_a_worker_that_slept_for_days_tells_each_once_what_is_still_true() -> None:
    due = at("2020-02-12T17:00")

    found = told("directive", terms(due), due - 3 * DAY, due + 5 * DAY)

    assert {to: (one.step.code, one.number) for to, one in found.items()} == {
        To.DEBTOR: ("again", 4), To.DEPUTY: ("again", 4), To.SUPERIOR: ("again", 4),
        To.CREDITOR: ("owed", 0), To.INSPECTOR: ("inspected", 0),
    }  # fmt: skip


def test_once_it_is_missed_only_that_is_told() -> None:
    due = at("2020-02-12T17:00")
    its = terms(due, lapses_at=due + DAY)

    found = told("post_duty", its, due - 4 * DAY, due + 3 * DAY)

    assert {one.step for one in found.values()} == {LAPSE}
    assert set(found) == LAPSE.to


@pytest.mark.parametrize(
    ("grace", "lapse", "expected"),
    [(None, None, None), (3 * DAY, None, 3 * DAY), (None, DAY, DAY), (3 * DAY, DAY, DAY),
     (0 * DAY, DAY, 0 * DAY)],
)  # fmt: skip
def test_somebody_answers_from_the_lapse_or_the_end_of_grace(
    grace: timedelta | None, lapse: timedelta | None, expected: timedelta | None
) -> None:
    due = at("2020-02-12T17:00")
    its = terms(due, lapses_at=None if lapse is None else due + lapse)

    assert escalation.answers_at(its, grace) == (None if expected is None else due + expected)


def test_what_is_repeated_may_begin_before_the_hour_and_go_on_after_it() -> None:
    due = at("2020-02-12T17:00")
    step = Step(code="one", offset=-1 * DAY, to=DEBTOR, every=DAY, times=3)

    found = list(escalation.find_occurrences([step], terms(due), SHANGHAI))

    assert [one.warns for one in found] == [True, False, False]
    assert set(escalation.find_told(found, terms(due), since=due, now=due + DAY)) == DEBTOR


@pytest.mark.parametrize("wrong", [{"to": frozenset()}, {"times": 2}, {"times": 0}])
def test_a_step_that_tells_nobody_or_repeats_without_end_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"a step|what is repeated"):
        Step(**{"code": "x", "offset": DAY, "to": DEBTOR} | wrong)  # type: ignore[arg-type]


INSTANTS = st.integers(0, 366 * 24 * 4).map(
    lambda quarters: datetime(2020, 1, 1, tzinfo=UTC) + quarters * HOUR / 4
)
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Asia/Phnom_Penh"])
DUTIES = st.tuples(
    st.sampled_from(sorted(escalation.TABLE)), INSTANTS, st.integers(0, 500),
    st.none() | st.integers(0, 200), ZONES,
)  # fmt: skip
Drawn = tuple[str, datetime, int, int | None, str]


def _drawn(duty: Drawn) -> tuple[str, Terms, Calendar]:
    kind, due, open_h, lapse_h, zone = duty
    lapses_at = None if lapse_h is None else due + lapse_h * HOUR
    its = Terms(opened_at=due - open_h * HOUR, due_at=due, soon=DAY, lapses_at=lapses_at)
    return kind, its, Calendar(time_zone=zone)


def _walk(duty: Drawn, looks: list[datetime]) -> list[tuple[To, Occurrence, datetime]]:
    """Look as the pass does: from the instant that it left to be looked at, whenever it wakes."""
    kind, its, calendar = _drawn(duty)
    found = list(escalation.find_occurrences(escalation.TABLE[kind], its, calendar))
    since: datetime | None = its.opened_at
    heard = []
    for now in sorted(looks):
        if since is not None and since <= now:
            told = escalation.find_told(found, its, since=since, now=now)
            heard += [(to, one, now) for to, one in told.items()]
            since = escalation.find_next(found, its, duty_kinds.get_kind(kind).grace, now)
    return heard


@given(DUTIES, st.lists(INSTANTS, max_size=15))
def test_nobody_hears_the_same_step_twice_nor_before_its_time_nor_what_is_over(
    duty: Drawn, looks: list[datetime]
) -> None:
    _kind, its, _calendar = _drawn(duty)

    heard = _walk(duty, looks)

    keys = [(to, one.step.code, one.number) for to, one, _now in heard]
    assert len(set(keys)) == len(keys)
    for _to, one, now in heard:
        assert its.opened_at <= one.at <= now
        assert not one.warns or now < its.due_at
        assert (one.step is LAPSE) == (its.lapses_at is not None and now >= its.lapses_at)


@given(DUTIES, st.lists(INSTANTS, max_size=12))
def test_whoever_a_wakeful_worker_tells_in_the_end_a_sleepy_one_tells_too(
    duty: Drawn, looks: list[datetime]
) -> None:
    end = datetime(2022, 1, 1, tzinfo=UTC)
    kind, its, calendar = _drawn(duty)
    found = list(escalation.find_occurrences(escalation.TABLE[kind], its, calendar))
    awake = _walk(duty, [*(one.at for one in found), end])

    sleepy = _walk(duty, [*looks, end])

    last = its.lapses_at or end
    assert {to for to, one, _now in awake if one.at >= its.due_at and its.lapses_at is None} <= {
        to for to, _one, _now in sleepy
    }
    assert {to for to, one, _now in awake if one.step is LAPSE} <= {
        to for to, one, now in sleepy if one.step is LAPSE and now >= last
    }


@given(DUTIES)
def test_nobody_is_woken_but_for_what_is_urgent_or_would_come_too_late(duty: Drawn) -> None:
    kind, its, calendar = _drawn(duty)
    zone = ZoneInfo(calendar.time_zone)

    for one in escalation.find_occurrences(escalation.TABLE[kind], its, calendar):
        is_awake = 7 <= one.at.astimezone(zone).hour < 22
        assert is_awake or one.step.hours is Hours.AT_ONCE or one.at < its.due_at
