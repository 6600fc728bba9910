"""The doors beside Django, which every ASGI entry tries first. Sets Django up."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
django.setup(set_prefix=False)

from taishan.reporting import door  # noqa: E402 - after Django is set up

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]
DOORS = {door.PREFIX: door.door()}
"""Path prefix → raw ASGI application."""


def before(rest: Application) -> Application:
    """Return the application that answers a path with a door there, and any other by ``rest``."""

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        found = (at for prefix, at in DOORS.items() if scope["path"].startswith(prefix))
        await next(found, rest)(scope, receive, send)

    return application


async def _live(receive: Any, send: Any) -> None:
    """Answer the server's beginning and end, before which all that waits at a door is taken."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            for at in DOORS.values():
                await at.drain()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
