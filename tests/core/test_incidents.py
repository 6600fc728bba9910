"""Grades at every edge, clocks by facts and place, and what an incident needs to be closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import incidents
from taishan.core.incidents import Condition, Facts, Grade, Inquiry, Kind, Lack, Numbers
from taishan.safety import incident_library as library

HAPPENED = datetime(2020, 2, 12, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ORDINARY, LARGER, MAJOR, GRAVEST = incidents.ORDER
MILLION = 1_000_000


def graded(kind: Kind = Kind.INJURY, on: date = date(2020, 2, 12), **numbers: int) -> Grade | None:
    entry = library.get_grades(on)
    assert entry is not None
    return incidents.find_grade(entry.table, kind, Numbers(**numbers)).grade


@pytest.mark.parametrize(
    ("measure", "number", "grade"),
    [
        ("deaths", 0, None), ("deaths", 1, ORDINARY), ("deaths", 2, ORDINARY),
        ("deaths", 3, LARGER), ("deaths", 9, LARGER), ("deaths", 10, MAJOR), ("deaths", 29, MAJOR),
        ("deaths", 30, GRAVEST), ("deaths", 31, GRAVEST),
        ("serious", 1, ORDINARY), ("serious", 9, ORDINARY), ("serious", 10, LARGER),
        ("serious", 49, LARGER), ("serious", 50, MAJOR), ("serious", 99, MAJOR),
        ("serious", 100, GRAVEST),
        ("loss_yuan", 1, ORDINARY), ("loss_yuan", 10 * MILLION - 1, ORDINARY),
        ("loss_yuan", 10 * MILLION, LARGER), ("loss_yuan", 50 * MILLION - 1, LARGER),
        ("loss_yuan", 50 * MILLION, MAJOR), ("loss_yuan", 100 * MILLION - 1, MAJOR),
        ("loss_yuan", 100 * MILLION, GRAVEST),
        ("light", 500, None), ("missing", 5, None),
    ],
)  # fmt: skip
def test_order_493_grades_at_every_edge_or_more_includes_the_number(
    measure: str, number: int, grade: Grade | None
) -> None:
    assert graded(**{measure: number}) == grade


def test_the_gravest_measure_decides_and_every_ground_is_named() -> None:
    entry = library.get_grades(date(2020, 2, 12))
    assert entry is not None
    found = incidents.find_grade(entry.table, Kind.FIRE, Numbers(deaths=3, serious=12))

    assert found.grade is LARGER
    assert {(one.measure, one.floor) for one in found.grounds} == {("deaths", 3), ("serious", 10)}


@pytest.mark.parametrize("kind", [Kind.EPIDEMIC, Kind.ILLNESS])
def test_what_is_no_production_safety_accident_has_no_grade(kind: Kind) -> None:
    assert graded(kind, deaths=3) is None


def test_pollution_has_no_grade_unless_it_kills_or_badly_hurts() -> None:
    assert graded(Kind.ENVIRONMENTAL, loss_yuan=5) is None
    assert graded(Kind.ENVIRONMENTAL, deaths=3) is LARGER
    assert graded(Kind.ENVIRONMENTAL, serious=1) is ORDINARY


def test_before_the_order_was_in_force_there_was_no_table() -> None:
    assert library.get_grades(date(2007, 5, 31)) is None
    assert library.get_grades(date(2007, 6, 1)) is not None


@given(*(st.integers(0, 200) for _ in range(4)))
def test_more_harm_never_lowers_a_grade(deaths: int, serious: int, more: int, loss: int) -> None:
    order: list[Grade | None] = [None, *incidents.ORDER]
    less = graded(deaths=deaths, serious=serious, loss_yuan=loss * MILLION)
    worse = graded(deaths=deaths + more, serious=serious, loss_yuan=loss * MILLION)
    assert order.index(worse) >= order.index(less)


def facts(country: str = "CN", known: timedelta = HOUR, **more: object) -> Facts:
    zones = {"CN": "Asia/Shanghai", "KH": "Asia/Phnom_Penh", "US": "America/New_York"}
    given: dict[str, object] = {"kind": Kind.INJURY, "numbers": Numbers()} | more
    return Facts(
        country=country, time_zone=zones.get(country, "UTC"), occurred_at=HAPPENED,
        known_at=HAPPENED + known, **given,  # type: ignore[arg-type]
    )  # fmt: skip


def started(after: Facts, before: Facts | None = None) -> dict[str, timedelta]:
    """Return for how long each clock runs from when it is known."""
    return {
        one.clock.code: one.due_at - after.known_at for one in library.find_started(before, after)
    }


ONE_DEAD = Numbers(deaths=1)


@pytest.mark.parametrize(
    ("after", "codes"),
    [
        # Known an hour after: of the 30 days since the accident one hour has gone.
        (facts(numbers=ONE_DEAD), {"cn-work-safety-first": 1, "cn-injury-insurance": 719}),
        (facts(kind=Kind.PROPERTY, numbers=Numbers(loss_yuan=5)), {"cn-work-safety-first": 1}),
        (facts(kind=Kind.NEAR_MISS), {}),
        (facts(kind=Kind.EPIDEMIC), {"cn-public-health": 2}),
        (facts(kind=Kind.FIRE), {"cn-fire-call": 1}),
        (facts(kind=Kind.ENVIRONMENTAL), {"cn-pollution": 1}),
        (facts(kind=Kind.ILLNESS, numbers=Numbers(light=1)),
         {"cn-occupational-illness": 24, "cn-illness-insurance": 720}),
        (facts("KH", numbers=ONE_DEAD), {"kh-accident": 24}),
        (facts("US", numbers=ONE_DEAD), {"us-fatality": 8}),
        (facts("US", numbers=Numbers(serious=1, hospitalised=1)),
         {"us-hospital-amputation-eye": 24}),
        (facts("US", numbers=Numbers(serious=1, eyes_lost=1)), {"us-hospital-amputation-eye": 24}),
        (facts("US", numbers=Numbers(light=3)), {}),
        (facts("US", numbers=ONE_DEAD, is_road_traffic=True), {}),
        (facts("DE", numbers=ONE_DEAD), {}),
        (facts("KH", kind=Kind.PROPERTY, numbers=ONE_DEAD), {"kh-accident": 24}),
        (facts("KH", kind=Kind.ENVIRONMENTAL, numbers=ONE_DEAD), {"kh-accident": 24}),
        (facts("KH", kind=Kind.PROPERTY, numbers=Numbers(loss_yuan=5)), {}),
        (facts("KH", kind=Kind.EPIDEMIC, numbers=ONE_DEAD), {}),
        (facts(kind=Kind.FIRST_AID, numbers=Numbers(serious=1)),
         {"cn-work-safety-first": 1, "cn-injury-insurance": 719}),
        (facts(kind=Kind.ENVIRONMENTAL, numbers=ONE_DEAD),
         {"cn-pollution": 1, "cn-work-safety-first": 1, "cn-injury-insurance": 719}),
    ],
)  # fmt: skip
def test_clocks_follow_from_the_facts_and_the_place(after: Facts, codes: dict[str, int]) -> None:
    assert started(after) == {code: hours * HOUR for code, hours in codes.items()}


def test_the_two_hours_of_authorities_are_shown_and_never_started() -> None:
    seen = facts(numbers=ONE_DEAD)
    assert [one.code for one in library.find_shown(seen)] == ["cn-authority-upward"]
    assert "cn-authority-upward" not in started(seen)


FOLLOW_UP = "cn-work-safety-change"


@pytest.mark.parametrize(
    ("days", "more", "is_told"),
    [
        (30, {}, True), (31, {}, False),
        (7, {"kind": Kind.FIRE}, True), (8, {"kind": Kind.FIRE}, False),
        (7, {"is_road_traffic": True}, True), (8, {"is_road_traffic": True}, False),
    ],
)  # fmt: skip
def test_changed_numbers_are_told_for_thirty_days_or_seven_the_first_not_counted(
    days: int, more: dict[str, object], is_told: bool
) -> None:
    # 10:00 in Shanghai: the last minute of the last day is told still.
    known = days * DAY + (14 * HOUR - timedelta(minutes=1) if is_told else -10 * HOUR)
    before = facts(numbers=Numbers(serious=1), **more)
    after = facts(known=known, numbers=ONE_DEAD, **more)

    assert (FOLLOW_UP in started(after, before)) == is_told


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        (Numbers(), ONE_DEAD, False),  # nobody was told before: the first telling says it all
        (Numbers(loss_yuan=5), ONE_DEAD, True),
        (ONE_DEAD, Numbers(deaths=1, missing=1), True),
        (ONE_DEAD, Numbers(deaths=1, loss_yuan=9), False),  # article 13 speaks of people
    ],
)
def test_only_changed_numbers_of_people_are_followed_up(
    before: Numbers, after: Numbers, is_told: bool
) -> None:
    found = started(facts(known=2 * HOUR, numbers=after), facts(numbers=before))
    assert (FOLLOW_UP in found) == is_told


def test_what_is_told_for_the_first_time_is_no_follow_up() -> None:
    before = facts(kind=Kind.ENVIRONMENTAL, numbers=Numbers(light=1))
    after = facts(kind=Kind.ENVIRONMENTAL, known=2 * HOUR, numbers=Numbers(light=1, deaths=1))

    assert "cn-work-safety-first" in started(after, before)
    assert FOLLOW_UP not in started(after, before)


def test_osha_is_told_of_each_further_death_within_thirty_days_and_of_a_late_hospital_never() -> (
    None
):
    one, two = facts("US", numbers=ONE_DEAD), Numbers(deaths=2)

    assert "us-fatality" in started(facts("US", known=5 * DAY, numbers=two), one)
    assert "us-fatality" not in started(facts("US", known=32 * DAY, numbers=two), one)
    assert started(facts("US", known=6 * DAY, numbers=ONE_DEAD), one) == {}
    late = facts("US", known=25 * HOUR, numbers=Numbers(serious=1, hospitalised=1))
    assert started(late, facts("US", numbers=Numbers(serious=1))) == {}


@pytest.mark.parametrize(
    ("known", "numbers", "code"),
    [
        (32 * DAY, ONE_DEAD, "us-fatality"),
        (26 * HOUR, Numbers(serious=1, hospitalised=1), "us-hospital-amputation-eye"),
    ],
)
def test_osha_is_told_of_what_is_reported_late_from_when_it_is_known(
    known: timedelta, numbers: Numbers, code: str
) -> None:
    # 29 CFR 1904.39(b)(7): the time runs from the report to the employer, however late it comes.
    assert code in started(facts("US", known=known, numbers=numbers))


def test_the_hours_of_a_clock_are_real_ones_when_summer_time_begins() -> None:
    zone = ZoneInfo("America/New_York")
    happened = datetime(2020, 3, 7, 14, tzinfo=zone)  # 24 hours later it is 15:00
    seen = facts("US", numbers=Numbers(serious=1, hospitalised=1))

    before = replace(seen, numbers=Numbers(serious=1), occurred_at=happened, known_at=happened)
    for minute, is_told in ((0, True), (1, False)):
        known = datetime(2020, 3, 8, 15, minute, tzinfo=zone)
        after = replace(seen, occurred_at=happened, known_at=known)
        assert (started(after, before) != {}) == is_told

    after = replace(seen, occurred_at=happened, known_at=happened)
    [found] = library.find_started(None, after)
    assert found.due_at == datetime(2020, 3, 8, 19, tzinfo=UTC)


def test_every_clock_and_table_names_its_source_in_both_languages() -> None:
    entries = [*library.find_clocks().values(), *(g for lib in library.load() for g in lib.grades)]
    assert all(one.source.en and one.source.zh for one in entries)


COMPLETE = Inquiry(
    is_light=False, members=1, moments=1, root_causes=1, measures=1, lessons=1,
    answered=frozenset(Condition),
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        ({"members": 0}, Lack.NO_TEAM), ({"moments": 0}, Lack.NO_TIMELINE),
        ({"root_causes": 0}, Lack.NO_ROOT_CAUSE), ({"measures": 0}, Lack.NO_MEASURE),
        ({"open_measures": 1}, Lack.OPEN_MEASURES), ({"open_tellings": 1}, Lack.OPEN_TELLINGS),
        ({"lessons": 0}, Lack.NO_LESSON),
        *(({"answered": frozenset(Condition) - {one}}, Lack.NO_ANSWER) for one in Condition),
    ],
)  # fmt: skip
def test_each_of_the_four_conditions_keeps_an_incident_open(
    change: dict[str, object], lack: Lack
) -> None:
    assert incidents.find_lacks(COMPLETE) == []
    assert incidents.find_lacks(replace(COMPLETE, **change)) == [lack]  # type: ignore[arg-type]


def test_a_near_miss_needs_its_cause_and_no_team_unless_somebody_is_dead() -> None:
    light = Inquiry(is_light=True, root_causes=1, answered=frozenset({Condition.CAUSE}))
    assert incidents.find_lacks(light) == []
    assert incidents.find_lacks(replace(light, open_measures=1)) == [Lack.OPEN_MEASURES]
    for kind, deaths in product(Kind, (0, 1)):
        light_kind = kind in {Kind.NEAR_MISS, Kind.FIRST_AID}
        assert incidents.is_light(kind, Numbers(deaths=deaths)) == (light_kind and not deaths)
