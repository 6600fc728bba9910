"""Static files: laid out and compressed once a version, then served from there."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.compress import Compressor
from whitenoise.middleware import WhiteNoiseMiddleware


def lay_out(root: Path) -> None:
    """Put every static file into ``root`` with a compressed twin; those of other versions go.

    Does nothing where it is done: the name of ``root`` stands for the files' contents.
    """
    if root.exists():
        return
    shutil.rmtree(root.parent, ignore_errors=True)
    fresh = root.with_name("unfinished")
    compressor = Compressor(use_brotli=False, quiet=True)
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            target = fresh / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(storage.path(name), target)
            if compressor.should_compress(name):
                compressor.compress(str(target))
    fresh.rename(root)


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # it has no types
    """WhiteNoise as an ASGI server wants it.

    A file is answered whole: WhiteNoise streams it by blocking reads, which Django under ASGI
    gathers in memory all the same, and warns of it (whitenoise issue 531).
    """

    def add_files(self, root: Any, prefix: str | None = None) -> None:
        """Leave the root out where nothing is laid out: the apps' own folders serve then."""
        if Path(root).is_dir():
            super().add_files(root, prefix)

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        content = b""
        if found.file is not None:
            with found.file:
                content = found.file.read()
        response = HttpResponse(content, status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


class CompressedPages(GZipMiddleware):
    """Compress text alone; pictures, workbooks and archives are compressed already.

    Django adds a random number of bytes, and masks the token of forms anew in each page, so that
    lengths do not betray a page's secrets (BREACH).
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_text = response.get("Content-Type", "").startswith(("text/", "application/json"))
        return super().process_response(request, response) if is_text else response
