"""When a batch begins: at once for whoever reports alone, a moment later where many do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from taishan.reporting.committing import Bundle, Committer, Taken

PATIENCE_S = 10.0
BUNDLE: Any = Bundle(bearer=None, submissions=[None])  # type: ignore[arg-type,list-item]


def sizes(apart_s: float, enough: int = 10) -> list[int]:
    """Return how many were in each batch, of one that comes alone and two right after it."""
    found: list[int] = []

    def take(bundles: Sequence[Bundle]) -> list[Taken | Exception]:
        found.append(len(bundles))
        return [[] for _bundle in bundles]

    async def hand_in() -> None:
        committer = Committer(take, lanes=1, apart_s=apart_s, enough=enough)
        await committer.hand_in(BUNDLE)
        second = asyncio.create_task(committer.hand_in(BUNDLE))
        await asyncio.sleep(0.1)
        third = asyncio.create_task(committer.hand_in(BUNDLE))
        await asyncio.wait_for(asyncio.gather(second, third), PATIENCE_S)
        await committer.drain()

    asyncio.run(hand_in())
    return found


def test_what_comes_soon_after_a_batch_began_is_taken_together() -> None:
    assert sizes(apart_s=1.0) == [1, 2]


def test_what_comes_later_is_taken_at_once() -> None:
    assert sizes(apart_s=0.0) == [1, 1, 1]


def test_a_batch_that_is_worth_it_waits_for_no_more() -> None:
    assert sizes(apart_s=60.0, enough=1) == [1, 1, 1]
