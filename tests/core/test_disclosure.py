"""Who may read about whom: by a rule alone, within a country or across a border."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from taishan.core.disclosure import Place, Reach, Rule, country, is_open, reach

DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 1))
UNITS = ("1", "2", "3", "4")
PLACES = {
    "1": Place(path="1", country="CN"),
    "2": Place(path="1.2", country="CN"),
    "3": Place(path="1.2.3", country="CN"),
    "4": Place(path="1.4", country="KH"),
}
RULES = st.lists(
    st.builds(
        Rule,
        unit=st.sampled_from(UNITS),
        reader=st.sampled_from(UNITS),
        reach=st.sampled_from(Reach),
        starts=DAYS,
        until=st.none() | DAYS,
    ),
    max_size=6,
)
PLACE = st.sampled_from(sorted(PLACES.values(), key=lambda place: place.path))


def test_the_country_of_a_place_is_that_of_its_code() -> None:
    assert [country(code) for code in ("CN-330300", "KH-12", "SG")] == ["CN", "KH", "SG"]


@given(reader=PLACE, about=PLACE, day=DAYS)
def test_without_a_rule_nobody_reads_of_anybody(reader: Place, about: Place, day: date) -> None:
    assert not is_open(reader, about, [], day)


@given(reader=PLACE, about=PLACE, rules=RULES, day=DAYS)
def test_a_rule_within_a_country_never_opens_another_one(
    reader: Place, about: Place, rules: list[Rule], day: date
) -> None:
    inland = [rule for rule in rules if rule.reach is Reach.WITHIN]
    if reach(reader, about) is Reach.CROSSING:
        assert not is_open(reader, about, inland, day)


@given(reader=PLACE, about=PLACE, rules=RULES, more=RULES, day=DAYS)
def test_another_rule_never_closes_what_one_opened(
    reader: Place, about: Place, rules: list[Rule], more: list[Rule], day: date
) -> None:
    if is_open(reader, about, rules, day):
        assert is_open(reader, about, [*more, *rules], day)


@given(reader=PLACE, rules=RULES, day=DAYS)
def test_what_a_rule_opens_of_a_unit_it_opens_of_those_below_in_the_same_country(
    reader: Place, rules: list[Rule], day: date
) -> None:
    if is_open(reader, PLACES["2"], rules, day):
        assert is_open(reader, PLACES["3"], rules, day)


def test_a_rule_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    rule = Rule(
        unit="2", reader="1", reach=Reach.WITHIN, starts=date(2020, 2, 1), until=date(2020, 2, 3)
    )
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2), date(2020, 2, 3)]
    found = [is_open(PLACES["1"], PLACES["3"], [rule], day) for day in days]
    assert found == [False, True, True, False]
