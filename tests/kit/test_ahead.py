"""Making the next of many while the one before is used."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from taishan.kit import ahead

pytestmark = pytest.mark.django_db


def test_within_a_transaction_each_is_made_when_the_one_before_is_used() -> None:
    heard: list[str] = []

    def made() -> Iterator[int]:
        for number in (1, 2):
            heard.append(f"made {number}")
            yield number

    assert list(ahead.each(made(), lambda number: heard.append(f"used {number}"))) == [None, None]
    assert heard == ["made 1", "used 1", "made 2", "used 2"]
