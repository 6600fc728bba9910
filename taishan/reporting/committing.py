"""Group commit: what waits is taken as one batch, and answered after its COMMIT."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from taishan.organisation.tokens import Bearer
from taishan.reporting.submissions import Accepted, Rejected, Submission

MOST_WAITING = 10_000
"""Reports that may wait: at a few thousand a second, no longer than a sender is willing to."""
MOST_AT_ONCE = 500
"""Reports of one batch, unless a single bundle has more."""
LANES = 2
"""Batches under way at once: while the database stores one, the next is looked at."""
WORTH_A_LANE = 40
"""Reports that must wait before another lane opens: a batch of one costs nearly as much."""
APART_S = 0.02
"""From the beginning of one batch to that of the next, unless ``ENOUGH`` reports wait. At half the
peak a batch is then twice as large, which takes a quarter off what a report costs; whoever reports
alone waits for nothing."""
ENOUGH = 100
"""Reports that are worth a batch at once: of a larger one each costs little less."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What one request brought; all of it is taken in one batch."""

    bearer: Bearer
    submissions: Sequence[Submission]


Taken = list[Accepted | Rejected]
Take = Callable[[Sequence[Bundle]], Sequence[Taken | Exception]]


class Full(Exception):
    """As many reports wait as may, or the server is about to stop."""


class Committer:
    """Hands bundles to ``take``, many at once, in a few lanes, each a thread of its own."""

    def __init__(
        self,
        take: Take,
        *,
        most_waiting: int = MOST_WAITING,
        most_at_once: int = MOST_AT_ONCE,
        lanes: int = LANES,
        apart_s: float = APART_S,
        enough: int = ENOUGH,
    ) -> None:
        self._take = take
        self._most_waiting = most_waiting
        self._most_at_once = most_at_once
        self._most_lanes = lanes
        self._apart_s = apart_s
        self._enough = min(enough, most_at_once)
        self._began = -math.inf
        self._threads = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="committer")
        self._waiting: deque[tuple[Bundle, asyncio.Future[Taken]]] = deque()
        self._reports = 0
        self._lanes: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def hand_in(self, bundle: Bundle) -> Taken:
        """Return what became of each report, once it is committed.

        Raises Full, and what ``take`` says of the bundle.
        """
        number = len(bundle.submissions)
        if self._is_closed or self._reports + number > self._most_waiting:
            raise Full
        answer: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((bundle, answer))
        self._reports += number
        if self._is_worth_a_lane():
            self._lanes.add(asyncio.create_task(self._take_all()))
        return await answer

    def _is_worth_a_lane(self) -> bool:
        if not self._lanes:
            return True
        return len(self._lanes) < self._most_lanes and self._reports >= WORTH_A_LANE

    def is_busy(self) -> bool:
        """Tell whether anything is being taken."""
        return bool(self._lanes)

    async def drain(self) -> None:
        """Take nothing more, and return when all that waits is answered."""
        self._is_closed = True
        if self._lanes:
            await asyncio.wait(self._lanes)
        self._threads.shutdown()

    async def _take_all(self) -> None:
        while await self._is_time():
            batch = self._next()
            taken = await self._taken([bundle for bundle, _answer in batch])
            for (_bundle, answer), became in zip(batch, taken, strict=True):
                _tell(answer, became)
        self._lanes.remove(asyncio.current_task())  # type: ignore[arg-type] # it is one

    async def _is_time(self) -> bool:
        """Tell, once the next batch may begin, whether anything still waits for it."""
        now = asyncio.get_running_loop().time
        while self._waiting:
            left = self._began + self._apart_s - now()
            if left <= 0 or self._reports >= self._enough:
                self._began = now()
                return True
            await asyncio.sleep(left)
        return False

    async def _taken(self, bundles: Sequence[Bundle]) -> Sequence[Taken | Exception]:
        """Whatever goes wrong is told to those who wait: nobody else would ever answer them."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._take, bundles)
        except Exception as error:  # noqa: BLE001 - raised again where each of them waits
            return [error] * len(bundles)

    def _next(self) -> list[tuple[Bundle, asyncio.Future[Taken]]]:
        batch: list[tuple[Bundle, asyncio.Future[Taken]]] = []
        number = 0
        while self._waiting and (
            not batch or number + len(self._waiting[0][0].submissions) <= self._most_at_once
        ):
            batch.append(self._waiting.popleft())
            number += len(batch[-1][0].submissions)
        self._reports -= number
        return batch


def _tell(answer: asyncio.Future[Taken], became: Taken | Exception) -> None:
    if answer.cancelled():
        return
    if isinstance(became, Exception):
        answer.set_exception(became)
    else:
        answer.set_result(became)
