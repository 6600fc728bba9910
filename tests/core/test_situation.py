"""Counts are a commutative monoid, and what is taken away leaves nothing behind."""

from __future__ import annotations

import hashlib
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from taishan.core import merkle, situation
from taishan.core.situation import Reporting

counts = st.dictionaries(
    st.sampled_from(["received", "fever", "on_site", "masks"]),
    st.one_of(st.integers(-1000, 10**12), st.floats(-1e9, 1e9)).map(situation.exact),
)


@given(counts, counts, counts)
def test_counts_combine_in_any_order(a: dict, b: dict, c: dict) -> None:  # type: ignore[type-arg]
    combined = situation.combine(a, b, c)
    assert combined == situation.combine(c, situation.combine(b, a))
    assert combined == situation.combine(combined, situation.NOTHING)


@given(counts, counts)
def test_the_difference_leads_from_one_to_the_other(a: dict, b: dict) -> None:  # type: ignore[type-arg]
    moved = situation.difference(b, a)
    assert situation.combine(a, moved) == situation.combine(b)
    assert situation.difference(a, a) == situation.NOTHING


def test_amounts_are_the_numbers_that_were_typed() -> None:
    three = situation.combine(*[{"hours": situation.exact(0.1)}] * 3)
    assert three == {"hours": Decimal("0.3")}


def test_the_five_metrics() -> None:
    found = situation.reporting(40, {"received": Decimal(30), "received_on_time": Decimal(20)})
    assert (found.expected, found.received, found.on_time) == (40, 30, 20)
    assert (found.rate, found.rate_on_time, found.missing) == (0.75, 0.5, 10)
    assert not found.is_complete


def test_no_rate_where_nothing_is_expected() -> None:
    assert Reporting().rate is None
    assert Reporting(received=1).rate_on_time is None


amounts = st.integers(0, 99)


@given(st.lists(st.builds(Reporting, expected=amounts, received=amounts, on_time=amounts)))
def test_metrics_of_parts_add_up_in_any_order(parts: list[Reporting]) -> None:
    half = len(parts) // 2
    halves = [situation.sum_up(parts[half:]), situation.sum_up(parts[:half])]
    assert situation.sum_up(halves) == situation.sum_up(parts)


def _tree_head(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word: split at the largest power of two below the number."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _tree_head(leaves[:split]), _tree_head(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_the_root_is_the_tree_head_of_rfc_9162(leaves: list[bytes]) -> None:
    assert merkle.root(leaves) == _tree_head(leaves)
