"""The ASGI entry: paths with a door of their own first, everything else to Django."""

from typing import Any

from django.conf import settings
from django.urls import get_resolver

from taishan.config import doors  # which sets Django up
from taishan.interop.openrosa.protocol import LIMIT_POST
from taishan.kit import bodies, collector, priority
from taishan.kit.threads import OneThreadARequest
from taishan.reporting import committing

CLIENTS = "/odk/"
"""Where anybody's phone sends whole files."""
_OF_THE_DOOR = committing.LANES + 1
"""Connections to the database that a door in this process needs."""
# More threads would wait for a connection, or let the door wait for one.
_django: Any = OneThreadARequest(
    at_once=settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"] - _OF_THE_DOOR,
    is_busy=lambda: any(at.is_busy() for at in doors.DOORS.values()),
)


async def _pages(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["path"].startswith(CLIENTS):
        receive = bodies.bounded(receive, LIMIT_POST + 1)
    await _django(scope, receive, send)


application = doors.before(_pages)
# Every page's code, which the first page asked for would load while all who send reports wait.
_ = get_resolver().url_patterns
collector.calm()
if settings.TAISHAN.door_port:
    priority.give_way()
