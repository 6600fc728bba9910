"""The roster and people's own reports beside what the unit returns."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taishan.core import reconciling
from taishan.core.reconciling import RULES, Compared

NUMBERS = ["roster", *(rule.returned for rule in RULES)]
INDICATORS = sorted(
    {name for rule in RULES for name in (*rule.certain, *rule.elsewhere, *rule.possible)}
)


def counts(**given: int) -> dict[str, Decimal]:
    return {name.replace("__", ":"): Decimal(number) for name, number in given.items()}


def sizes(found: tuple[Compared, ...]) -> dict[str, int]:
    return {one.name: one.size for one in found if one.size}


@pytest.mark.parametrize(
    ("returned", "reported", "missing", "expected"),
    [
        ({"roster": 10}, {}, 0, {}),
        ({"roster": 12}, {}, 0, {"roster": 2}),
        ({"roster": 7}, {}, 0, {"roster": -3}),
        # Fewer on site than say they can: nobody has to come.
        ({"roster": 10, "on_site": 2}, {"work_ability__on_site": 6}, 0, {}),
        ({"roster": 10, "on_site": 8}, {"work_ability__on_site": 6}, 0, {"on_site": 2}),
        # The two who are missing may be there too.
        ({"roster": 10, "on_site": 8}, {"work_ability__on_site": 6}, 2, {}),
        ({"roster": 10, "remote": 9}, {"work_ability__on_site": 6}, 0, {"remote": 3}),
        ({"roster": 10, "remote": 3}, {"work_ability__remote": 4}, 0, {"remote": -1}),
        ({"roster": 10, "in_quarantine": 1}, {"quarantine_status__home": 3}, 5,
         {"in_quarantine": -2}),
        ({"roster": 10, "in_quarantine": 0}, {"quarantine_status__medical_observation": 2}, 0,
         {"in_quarantine": -2}),
        # Who works from home in quarantine counts there, or here.
        ({"roster": 10, "remote": 1, "in_quarantine": 2},
         {"work_ability__remote": 3, "quarantine_status__home": 2}, 0, {}),
        ({"roster": 10, "remote": 3, "in_quarantine": 2},
         {"work_ability__remote": 3, "quarantine_status__home": 2}, 0, {}),
        ({"roster": 10}, {"health_status__unwell": 1}, 9, {"symptomatic": -1}),
        ({"roster": 10, "symptomatic": 3}, {"health_status__unwell": 1}, 0, {"symptomatic": 2}),
    ],
)  # fmt: skip
def test_a_number_disagrees_by_how_far_it_lies_from_what_could_be(
    returned: dict[str, int], reported: dict[str, int], missing: int, expected: dict[str, int]
) -> None:
    found = reconciling.compare(counts(**returned), 10, counts(**reported), missing)
    assert sizes(found) == expected


def test_without_reports_of_people_only_the_roster_is_compared() -> None:
    found = reconciling.compare(counts(roster=9, on_site=99), 10, None, 0)
    assert sizes(found) == {"roster": -1}


answers = st.dictionaries(st.sampled_from(INDICATORS), st.integers(0, 50).map(Decimal))
returns = st.dictionaries(st.sampled_from(NUMBERS), st.integers(0, 50).map(Decimal))


@given(returns, answers, st.integers(0, 50), st.integers(0, 50))
def test_the_more_are_missing_the_less_can_disagree(
    returned: dict[str, Decimal], reported: dict[str, Decimal], missing: int, more: int
) -> None:
    few = reconciling.compare(returned, 10, reported, missing)
    many = reconciling.compare(returned, 10, reported, missing + more)
    assert all(abs(b.size) <= abs(a.size) for a, b in zip(few, many, strict=True))


@given(returns, answers, st.integers(0, 50))
def test_to_correct_a_return_by_the_size_makes_it_agree(
    returned: dict[str, Decimal], reported: dict[str, Decimal], missing: int
) -> None:
    found = reconciling.compare(returned, 10, reported, missing)
    corrected = returned | {one.name: Decimal(one.returned - one.size) for one in found}
    assert sizes(reconciling.compare(corrected, 10, reported, missing)) == {}
