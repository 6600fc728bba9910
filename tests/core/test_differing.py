"""What changed between two texts."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from taishan.core.differing import Change, compare

TEXTS = st.text(alphabet="口罩十五天 mask10\n,", max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.change.value, piece.text) for piece in compare(before, after)]


def test_english_changes_by_words() -> None:
    assert told("masks for 10 days", "masks for 15 days") == [
        ("kept", "masks for "), ("removed", "10"), ("added", "15"), ("kept", " days"),
    ]  # fmt: skip


def test_chinese_changes_by_signs() -> None:
    assert told("备足十天口罩", "备足十五天口罩") == [
        ("kept", "备足十"), ("added", "五"), ("kept", "天口罩"),
    ]  # fmt: skip


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_both_texts_stand_in_the_difference(before: str, after: str) -> None:
    pieces = compare(before, after)

    assert "".join(p.text for p in pieces if p.change is not Change.ADDED) == before
    assert "".join(p.text for p in pieces if p.change is not Change.REMOVED) == after


@settings(deadline=None)
@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(piece.change is Change.KEPT for piece in compare(text, text))
