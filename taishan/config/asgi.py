"""The ASGI entry: paths with a door of their own first, everything else to Django."""

from typing import Any

from django.conf import settings
from django.urls import get_resolver

from taishan.config.asgi_doors import DOORS, find_door, live  # which sets Django up
from taishan.interop.openrosa.protocol import LIMIT_POST
from taishan.kit import bodies, collector, priority
from taishan.kit.threads import OneThreadARequest
from taishan.reporting import committing

CLIENTS = "/odk/"
"""Where anybody's phone sends whole files."""
# More threads would wait for a connection to the database, or let the door wait for one.
_django: Any = OneThreadARequest(
    at_once=settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - committing.LANES,
    is_busy=lambda: any(at.is_busy() for at in DOORS.values()),
)

# Every page's code, which the first page asked for would load while all who send reports wait.
_ = get_resolver().url_patterns
collector.calm()
if settings.TAISHAN.door_port:
    priority.give_way()


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Dispatch one connection by its path."""
    if scope["type"] == "lifespan":
        await live(receive, send)
    elif at := find_door(scope["path"]):
        await at(scope, receive, send)
    elif scope["path"].startswith(CLIENTS):
        await _django(scope, bodies.bounded(receive, LIMIT_POST + 1), send)
    else:
        await _django(scope, receive, send)
