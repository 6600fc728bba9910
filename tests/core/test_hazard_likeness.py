"""Which hazards are likely the same, and which come back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from taishan.core.hazard_likeness import WEEK, YEAR, Trace, comes_back, compare, find_metres
from taishan.kit import search_words

DAY = date(2020, 2, 12)
BAY = frozenset({"bay", "3"})
CABLE = frozenset({"bare", "cable", "floor"})
GATE = (30.2500, 120.1600)
NEXT_TO_IT = (30.2503, 120.1603)
FAR = (30.2600, 120.1600)


def trace(days: int = 0, area: frozenset[str] = BAY, words: frozenset[str] = CABLE,
          point: tuple[float, float] | None = None) -> Trace:  # fmt: skip
    return Trace(found_on=DAY + timedelta(days=days), area=area, words=words, point=point)


@pytest.mark.parametrize(
    ("other", "is_alike"),
    [
        (trace(), True),
        (trace(WEEK.days), True),
        (trace(-WEEK.days), True),
        (trace(WEEK.days + 1), False),
        (trace(words=frozenset({"bare", "wire", "wall"})), False),
        (trace(words=frozenset({"bare", "cable", "here", "again"})), True),
        (trace(area=frozenset({"canteen"})), False),
        (trace(area=frozenset(), words=frozenset({"bare", "cable"})), True),
        (trace(area=frozenset(), words=frozenset({"bare", "ladder", "wet"})), False),
    ],
)
def test_hazards_of_a_week_are_alike_by_place_and_words(other: Trace, is_alike: bool) -> None:
    assert (compare(trace(), other) is not None) is is_alike
    assert (compare(other, trace()) is not None) is is_alike


def test_words_that_any_two_hazards_share_make_none_alike() -> None:
    door, lamp, again = (
        trace(words=frozenset(search_words.ask(text)))
        for text in ("The fire door is blocked by a pallet", "The lamp is broken by a fork lift",
                     "A door blocked by boxes")
    )  # fmt: skip

    assert compare(door, lamp) is None
    found = compare(door, again)
    assert found is not None
    assert found.shared == ("blocked", "door")


def test_phones_at_one_place_are_near_though_they_call_it_otherwise() -> None:
    here = trace(area=frozenset({"gate"}), point=GATE)

    near = compare(here, trace(area=frozenset({"entrance"}), point=NEXT_TO_IT))
    far = compare(here, trace(area=frozenset({"entrance"}), point=FAR))

    assert near is not None
    assert near.metres == 44
    assert near.shared == ("bare", "cable", "floor")
    assert far is None


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert find_metres((0, 0), (1, 0)) == pytest.approx(111_195, rel=1e-4)
    assert find_metres((0, 0), (0, 180)) == pytest.approx(20_015_114, rel=1e-4)


def test_what_was_found_at_a_place_within_a_year_before_comes_back() -> None:
    assert comes_back(trace(YEAR.days), trace())
    assert not comes_back(trace(YEAR.days + 1), trace())
    assert not comes_back(trace(), trace(1))
    assert not comes_back(trace(), trace(area=frozenset()))
