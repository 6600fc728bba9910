"""A value that is read again and again beside its use, so that nobody waits for it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connection

Value = TypeVar("Value")
_log = logging.getLogger(__name__)


class Fresh(Generic[Value]):
    """What ``read`` returns, at most ``latest_s`` old.

    Whoever uses it when it is older than ``again_s`` has it read again on a thread of its own, and
    goes on with what there is. Only where that is too old, as after a pause, do they wait, and hear
    what goes wrong.
    """

    def __init__(self, read: Callable[[], Value], *, again_s: float, latest_s: float) -> None:
        self._read = read
        self._again_s, self._latest_s = again_s, latest_s
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fresh")
        self._under_way: Future[None] | None = None
        self._known: tuple[float, Value] | None = None

    def get(self) -> Value:
        """Return the value. Raises what ``read`` raises, where it has to be waited for."""
        with self._lock:
            if self._known is None or self._age_s(self._known) > self._latest_s:
                return self._look()
            if self._age_s(self._known) > self._again_s and not self._is_being_read():
                self._under_way = self._thread.submit(self._look_beside)
            return self._known[1]

    @staticmethod
    def _age_s(known: tuple[float, Value]) -> float:
        return time.monotonic() - known[0]

    def _is_being_read(self) -> bool:
        return self._under_way is not None and not self._under_way.done()

    def _look(self) -> Value:
        began = time.monotonic()
        value = self._read()
        if self._known is None or self._known[0] < began:  # what took longer may be older
            self._known = began, value
        return value

    def _look_beside(self) -> None:
        try:
            self._look()
        except Exception:  # noqa: BLE001 - logged, and tried again by who uses it next
            _log.exception("not read again")
        finally:
            connection.close()
