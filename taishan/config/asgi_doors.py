"""The ASGI entry of the doors alone, for a process of their own (``TAISHAN_DOOR_PORT``)."""

from typing import Any

from taishan.config import doors
from taishan.kit import collector

_SAID = b"Pages are answered by another port."


async def _no_page(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(_SAID))]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": _SAID})


application = doors.before(_no_page)
collector.calm()
