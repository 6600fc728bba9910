"""Group commit among threads: what several ask for at once is done in one transaction."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db import connection, transaction

Given = TypeVar("Given")
Became = TypeVar("Became")
_log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class _Place(Generic[Given, Became]):
    """Somebody's place among those who wait; ``became`` holds one thing once it is done."""

    given: Given
    is_taken: bool = False
    became: list[Became] = field(default_factory=list)


class Together(Generic[Given, Became]):
    """Does with ``act``, many at once, what threads hand in one by one.

    Who comes while a transaction is under way, or less than ``apart_s`` after it began, goes into
    the next, which takes all who wait by then; who comes at any other time waits for nobody.
    ``act`` knows of each no more than what was handed in, not even the language of a page. What it
    does it must bear to do twice: of a COMMIT it is not always known whether it came about.

    ``reporting/committing`` is the same for an event loop, which has no threads to wait in.
    """

    def __init__(
        self, act: Callable[[Sequence[Given]], Sequence[Became]], *, apart_s: float = 0
    ) -> None:
        self._act = act
        self._apart_s = apart_s
        self._began = -math.inf
        self._waiting: deque[_Place[Given, Became]] = deque()
        self._turn = threading.Lock()

    def do(self, given: Given) -> Became:
        """Return what became of it, once that is committed. Raises what ``act`` says of it alone.

        Whoever holds a transaction shares it with no other thread: for them it is done in that.
        """
        if connection.in_atomic_block:
            return self._commit([given])[0]
        place: _Place[Given, Became] = _Place(given)
        self._waiting.append(place)
        with self._turn:
            if not place.is_taken:
                self._take_all()
        # Where one of many cannot be done, each of them is tried alone.
        return place.became[0] if place.became else self._commit([given])[0]

    def _take_all(self) -> None:
        time.sleep(max(0.0, self._began + self._apart_s - time.monotonic()))
        self._began = time.monotonic()
        places = [self._waiting.popleft() for _number in range(len(self._waiting))]
        for place in places:
            place.is_taken = True
        try:
            became = self._commit([place.given for place in places])
        except Exception as error:
            if len(places) == 1:
                raise
            # Nothing more of the error: PostgreSQL's may quote what somebody reported.
            _log.warning("%d at once: %s; each is tried alone", len(places), type(error).__name__)
            return
        for place, one in zip(places, became, strict=True):
            place.became.append(one)

    def _commit(self, given: Sequence[Given]) -> Sequence[Became]:
        with transaction.atomic():
            return self._act(given)
