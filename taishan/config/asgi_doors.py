"""The doors beside Django; and an ASGI entry of these alone, for a process of their own."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
django.setup(set_prefix=False)

from taishan.kit import collector  # noqa: E402 - after Django is set up
from taishan.reporting import door  # noqa: E402

DOORS = {door.PREFIX: door.door()}
"""Path prefix → raw ASGI application."""
_NOT_HERE = b"Pages are answered by another port."

collector.calm()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Dispatch one connection by its path, where there is a door."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif at := find_door(scope["path"]):
        await at(scope, receive, send)
    else:
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(_NOT_HERE))]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": _NOT_HERE})


def find_door(path: str) -> door.Door | None:
    """Return the door of a path, if it has one."""
    return next((at for prefix, at in DOORS.items() if path.startswith(prefix)), None)


async def live(receive: Any, send: Any) -> None:
    """Answer the server's beginning and end, before which all that waits at a door is taken."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            for at in DOORS.values():
                await at.drain()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
