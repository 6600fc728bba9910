"""Where asked files lie: under random names in the media folder, which all processes share."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

_CHUNK_BYTES = 256 * 1024


def new_name() -> str:
    """Return a name under which nothing is kept, and make sure of its folder."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    return secrets.token_hex(16)


def path_of(kept_as: str) -> Path:
    return _folder() / kept_as


def drop(kept_as: str) -> None:
    """Delete a file, there or not."""
    path_of(kept_as).unlink(missing_ok=True)


def drop_older_than(age: timedelta) -> None:
    """Delete whatever was last written so long ago: half files of dead workers too."""
    for path in _folder().glob("*"):
        if path.stat().st_mtime < time.time() - age.total_seconds():
            path.unlink(missing_ok=True)


def respond(request: HttpRequest, kept_as: str, name: str, kind: str) -> StreamingHttpResponse:
    """Answer with a kept file, piece by piece. Raises FileNotFoundError."""
    path = path_of(kept_as)
    # Django would gather the pieces of a plain iterator before it sends them asynchronously.
    is_async = isinstance(request, ASGIRequest)
    pieces = _pieces_async(_pieces(path)) if is_async else _pieces(path)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Length": str(path.stat().st_size),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


async def _pieces_async(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await sync_to_async(_next)(pieces):
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes:
    return next(pieces, b"")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "files"
