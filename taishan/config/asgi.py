"""The ASGI entry: paths with a door of their own first, everything else to Django."""

import os
from typing import Any

import django
from django.conf import settings
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "taishan.config.settings")
django.setup(set_prefix=False)

from taishan.interop.openrosa.protocol import LIMIT_POST  # noqa: E402 - after Django is set up
from taishan.kit import bodies, collector  # noqa: E402
from taishan.kit.threads import OneThreadARequest  # noqa: E402
from taishan.reporting import committing, door  # noqa: E402

CLIENTS = "/odk/"
"""Where anybody's phone sends whole files."""
DOORS = {door.PREFIX: door.door()}
"""Path prefix → raw ASGI application."""
# More threads would wait for a connection to the database, or let the door wait for one.
_django: Any = OneThreadARequest(
    at_once=settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - committing.LANES,
    is_busy=lambda: any(at.is_busy() for at in DOORS.values()),
)

# Every page's code, which the first page asked for would load while all who send reports wait.
_ = get_resolver().url_patterns
collector.calm()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Dispatch one connection by its path."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    for prefix, at in DOORS.items():
        if scope["path"].startswith(prefix):
            await at(scope, receive, send)
            return
    if scope["path"].startswith(CLIENTS):
        receive = bodies.bounded(receive, LIMIT_POST + 1)
    await _django(scope, receive, send)


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            for at in DOORS.values():
                await at.drain()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
