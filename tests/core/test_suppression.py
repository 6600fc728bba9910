"""What outsiders read must not tell them of whom a small number speaks."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taishan.core import suppression
from taishan.core.suppression import SMALL, Column

PARTS = st.lists(st.integers(0, 9), max_size=5)


def _possible(parts: list[int], shown: Column, at: int) -> set[int]:
    """Return what the small number could be, for a reader who knows the rule and all the rest.

    The reader tries each way to fill in what is hidden, knowing where the small ones are.
    """
    hidden = [n for n, part in enumerate(shown.parts) if part is None]
    if shown.total is None:
        return set(SMALL)
    rest = shown.total - sum(part for part in shown.parts if part is not None)
    ranges = [SMALL if parts[n] in SMALL else range(5, rest + 1) for n in hidden]
    place = hidden.index(at)
    return {way[place] for way in product(*ranges) if sum(way) == rest}


@settings(deadline=None)
@given(PARTS)
def test_each_hidden_small_number_could_be_any_of_one_to_four(parts: list[int]) -> None:
    shown = suppression.suppress(parts)

    for at, part in enumerate(parts):
        if part in SMALL:
            assert shown.parts[at] is None
            assert _possible(parts, shown, at) == set(SMALL)


@given(PARTS)
def test_no_small_total_is_shown_and_what_is_shown_is_true(parts: list[int]) -> None:
    shown = suppression.suppress(parts)

    assert shown.total not in SMALL
    assert shown.total in (None, sum(parts))
    assert all(told in (None, part) for told, part in zip(shown.parts, parts, strict=True))


@given(st.lists(st.one_of(st.just(0), st.integers(5, 50)), max_size=6))
def test_nothing_is_hidden_where_nothing_is_small(parts: list[int]) -> None:
    assert suppression.suppress(parts) == Column(parts=tuple(parts), total=sum(parts))


@pytest.mark.parametrize(
    ("parts", "shown", "total"),
    [
        ([2, 30, 20], (None, 30, None), 52),
        ([1, 1, 40], (None, None, None), 42),
        ([2, 3, 40], (None, None, 40), 45),
        ([3, 0, 0], (None, 0, 0), None),
        ([4, 4, 0], (None, None, 0), None),
        ([1, 5], (None, None), None),
    ],
)
def test_as_little_is_hidden_as_it_takes(
    parts: list[int], shown: tuple[int | None, ...], total: int | None
) -> None:
    assert suppression.suppress(parts) == Column(parts=shown, total=total)
