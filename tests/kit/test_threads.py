"""Pages under ASGI: each request in one thread from end to end, and in none while it waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core import signals
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test import override_settings
from django.urls import path

from taishan.kit import threads
from taishan.kit.threads import OneThreadARequest

THREADS: list[tuple[str, str]] = []
MEETING = threading.Barrier(2)


def outer(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def respond(request: HttpRequest) -> HttpResponseBase:
        THREADS.append(("middleware", threading.current_thread().name))
        return get_response(request)

    return respond


def whole(request: HttpRequest) -> HttpResponse:
    THREADS.append(("view", threading.current_thread().name))
    return HttpResponse(request.body)


def in_pieces(_request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b"one ", b"two"):
            await asyncio.sleep(0)
            yield piece

    return StreamingHttpResponse(pieces())


def without_end(_request: HttpRequest) -> StreamingHttpResponse:
    async def pieces() -> AsyncIterator[bytes]:
        try:
            while True:
                await asyncio.sleep(0)
                yield b"more "
        finally:
            THREADS.append(("ended", ""))

    return StreamingHttpResponse(pieces())


def meeting(_request: HttpRequest) -> HttpResponse:
    """Two of these are answered only where both are being answered at once."""
    try:
        MEETING.wait(0.4)
    except threading.BrokenBarrierError:
        return HttpResponse("alone")
    return HttpResponse("both")


urlpatterns = [
    path("whole/", whole), path("pieces/", in_pieces), path("without-end/", without_end),
    path("meeting/", meeting),
]  # fmt: skip


@pytest.fixture
def pages() -> Iterator[OneThreadARequest]:
    """An application that answers one request at once."""
    THREADS.clear()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[f"{__name__}.outer"]):
        yield OneThreadARequest(at_once=1)


class Visitor:
    def __init__(self, pages: OneThreadARequest, at: str) -> None:
        scope = {
            "type": "http", "method": "POST", "path": at, "query_string": b"",
            "headers": [(b"host", b"localhost")],
        }  # fmt: skip
        communicator: Any = ApplicationCommunicator
        self._told = communicator(pages, scope)

    async def send(self, body: bytes, *, more: bool = False) -> None:
        await self._told.send_input({"type": "http.request", "body": body, "more_body": more})

    async def leave(self) -> None:
        await self._told.send_input({"type": "http.disconnect"})
        await self._told.wait()

    async def answer(self) -> bytes:
        return b"".join(await self.pieces())

    async def pieces(self) -> list[bytes]:
        assert (await self._told.receive_output())["status"] == 200
        bodies, is_whole = [], False
        while not is_whole:
            message = await self._told.receive_output()
            bodies.append(message.get("body", b""))
            is_whole = not message.get("more_body", False)
        await self._told.wait()
        return [body for body in bodies if body]


def run(story: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(story())


def test_a_request_stays_in_one_thread_and_gives_back_there_what_it_took(
    pages: OneThreadARequest,
) -> None:
    def finished(**_more: Any) -> None:
        THREADS.append(("finished", threading.current_thread().name))

    async def story() -> bytes:
        visitor = Visitor(pages, "/whole/")
        await visitor.send(b"hello")
        return await visitor.answer()

    signals.request_finished.connect(finished)
    try:
        assert run(story) == b"hello"
    finally:
        signals.request_finished.disconnect(finished)

    assert [what for what, _name in THREADS] == ["middleware", "view", "finished"]
    assert {name for _what, name in THREADS} == {"page_0"}


def test_a_body_that_comes_slowly_holds_nobody_up(pages: OneThreadARequest) -> None:
    async def story() -> tuple[bytes, bytes]:
        slow, quick = Visitor(pages, "/whole/"), Visitor(pages, "/whole/")
        await slow.send(b"one ", more=True)
        await quick.send(b"quick")
        first = await quick.answer()
        await slow.send(b"two")
        return first, await slow.answer()

    assert run(story) == (b"quick", b"one two")


def test_who_leaves_before_the_body_is_whole_is_not_answered(pages: OneThreadARequest) -> None:
    async def story() -> bytes:
        gone, next_one = Visitor(pages, "/whole/"), Visitor(pages, "/whole/")
        await gone.send(b"one ", more=True)
        await gone.leave()
        await next_one.send(b"next")
        return await next_one.answer()

    assert run(story) == b"next"
    assert [what for what, _name in THREADS] == ["middleware", "view"]


def test_what_is_streamed_is_sent_piece_by_piece(pages: OneThreadARequest) -> None:
    async def story() -> list[bytes]:
        visitor = Visitor(pages, "/pieces/")
        await visitor.send(b"")
        return await visitor.pieces()

    assert run(story) == [b"one ", b"two"]


def test_nothing_more_is_sent_to_who_left_meanwhile(pages: OneThreadARequest) -> None:
    async def story() -> None:
        visitor = Visitor(pages, "/without-end/")
        await visitor.send(b"")
        await visitor.leave()

    run(story)

    assert THREADS[-1] == ("ended", "")


@pytest.mark.parametrize(
    ("is_busy", "turn_s", "met"), [(False, 9, b"both"), (True, 9, b"alone"), (True, 0.1, b"both")]
)
def test_pages_take_turns_while_somebody_else_is_busy_unless_one_takes_long(
    is_busy: bool, turn_s: float, met: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "TURN_S", turn_s)
    MEETING.reset()
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        pages = OneThreadARequest(at_once=2, is_busy=lambda: is_busy)

    async def story() -> list[bytes]:
        visitors = [Visitor(pages, "/meeting/") for _each in range(2)]
        for visitor in visitors:
            await visitor.send(b"")
        return [await visitor.answer() for visitor in visitors]

    with override_settings(ROOT_URLCONF=__name__):
        assert run(story) == [met, met]
