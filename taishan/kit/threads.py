"""Django under ASGI, each request from end to end in one thread of a few that stay.

No view and no middleware here awaits anything. Django's own handler goes between the event loop and
a thread seven times a request all the same, and starts and ends two threads for each: half of what
a small page costs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from contextvars import copy_context
from typing import IO, Any

from asgiref.sync import sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.handlers.base import BaseHandler
from django.urls import set_script_prefix

TURN_S = 0.5
"""A page that takes longer has most likely something to wait for, and lets another begin."""


class OneThreadARequest(ASGIHandler):
    """The ASGI application of Django's pages, which are answered ``at_once`` at most.

    While ``is_busy`` says so, they take turns: several threads that compute share one interpreter,
    gain little by it, and keep whoever is busy there waiting many times as long.

    A body is read first, however slowly it comes, and what is streamed is sent after: neither
    takes up a thread, nor the connection to the database that goes with it. What was begun is
    carried through, whether or not who asked for it is still there.
    """

    def __init__(self, at_once: int, is_busy: Callable[[], bool] = lambda: False) -> None:
        BaseHandler.__init__(self)
        self.load_middleware()
        self._is_busy = is_busy
        self._turn = asyncio.Semaphore()
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="page")

    async def handle(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answer one request."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        response = await self._in_turn(scope, body)
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    async def _in_turn(self, scope: dict[str, Any], body: IO[bytes]) -> Any:
        loop, alone = asyncio.get_running_loop(), copy_context()
        async with self._turn if self._is_busy() else nullcontext():
            answer = loop.run_in_executor(self._threads, alone.run, self._respond, scope, body)
            await asyncio.wait([answer], timeout=TURN_S)
        return await answer

    def _respond(self, scope: dict[str, Any], body: IO[bytes]) -> Any:
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=self.__class__, scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        if response.streaming:
            signals.request_finished.send(sender=self.__class__)
        else:
            response.close()
        return response

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Send piece by piece, and no more of it to who has left."""
        sending = asyncio.create_task(self.send_response(response, send))
        leaving = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            leaving.cancel()
            await asyncio.wait([sending, leaving])
            await sync_to_async(response.close)()
        if not leaving.cancelled():
            leaving.exception()  # that somebody left is no fault
        if not sending.cancelled():
            sending.result()
