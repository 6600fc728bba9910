"""Where asked files lie: under random names beside the other kept files (``kit/media.py``)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import IO

from asgiref.sync import sync_to_async
from django.core.files.storage import default_storage
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

from taishan.kit import media

_FOLDER = "files"
_CHUNK_BYTES = 256 * 1024


def keep(content: IO[bytes]) -> str:
    """Keep what was written; return the name that finds it again."""
    kept_as = media.fresh_name()
    media.keep(_path(kept_as), content)
    return kept_as


def size_bytes(kept_as: str) -> int:
    """Return how large a kept file is. Raises FileNotFoundError."""
    return default_storage.size(_path(kept_as))


def drop(kept_as: str) -> None:
    """Delete a file, there or not."""
    media.drop(_path(kept_as))


def drop_older_than(age: timedelta) -> None:
    """Delete whatever was kept so long ago: what no row names too."""
    media.drop_older_than(_FOLDER, age)


def respond(request: HttpRequest, kept_as: str, name: str, kind: str) -> StreamingHttpResponse:
    """Answer with a kept file, piece by piece. Raises FileNotFoundError."""
    size = size_bytes(kept_as)
    # Django would gather the pieces of a plain iterator before it sends them asynchronously.
    is_async = isinstance(request, ASGIRequest)
    pieces = _pieces_async(_pieces(kept_as)) if is_async else _pieces(kept_as)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Content-Length": str(size),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(pieces, content_type=kind, headers=headers)


def _pieces(kept_as: str) -> Iterator[bytes]:
    with default_storage.open(_path(kept_as)) as file:
        while piece := file.read(_CHUNK_BYTES):
            yield piece


async def _pieces_async(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await sync_to_async(_next)(pieces):
        yield piece


def _next(pieces: Iterator[bytes]) -> bytes:
    return next(pieces, b"")


def _path(kept_as: str) -> str:
    return f"{_FOLDER}/{kept_as}"
