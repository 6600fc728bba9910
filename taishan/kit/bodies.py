"""Request bodies of strangers: read to their end, and kept no further than a limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

Receive = Callable[[], Awaitable[dict[str, Any]]]


def bounded(receive: Receive, limit_bytes: int) -> Receive:
    """Return an ASGI ``receive`` that passes on the first bytes of a body and drops the rest.

    Django spools a whole body to the disk before a view can refuse it. The rest is still read, or
    the client would see a broken connection and no refusal. The view refuses what is too long.
    """
    left = limit_bytes

    async def receive_bounded() -> dict[str, Any]:
        nonlocal left
        message = await receive()
        if message["type"] != "http.request":
            return message
        body = message.get("body", b"")[:left]
        left -= len(body)
        while not left and message.get("more_body"):
            message = await receive()
        return message | {"body": body} if message["type"] == "http.request" else message

    return receive_bounded
