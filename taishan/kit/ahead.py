"""Making the next of many while the one before is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from django.db import connection, connections

Made = TypeVar("Made")
Used = TypeVar("Used")


def each(made: Iterable[Made], use: Callable[[Made], Used]) -> Iterator[Used]:
    """Yield what ``use`` returns of each, in order, on a thread with a connection of its own.

    Whoever holds a transaction shares it with no other thread: for them all is done here. What
    ``use`` raises ends it, before the next is used.
    """
    if connection.in_atomic_block:
        yield from map(use, made)
        return
    with ThreadPoolExecutor(max_workers=1) as thread:
        under_way: list[Future[Used]] = []
        try:
            for one in made:
                used = [future.result() for future in under_way]
                under_way = [thread.submit(copy_context().run, use, one)]
                yield from used
            yield from [future.result() for future in under_way]
        finally:
            thread.submit(connections.close_all)
