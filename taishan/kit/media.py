"""Kept files, all through Django's storage: a folder under ``TAISHAN_HOME``, or a bucket elsewhere.

Their names are random and never given twice, so nothing that is kept is ever written over.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

_SECONDS_DIGITS = 8
_OURS = re.compile(r"[0-9a-f]{32}")


class MediaUnusable(RuntimeError):
    """The place of kept files cannot be written and read; the message says what it answered."""


class FilesInHome(FileSystemStorage):
    """Kept files in the media folder, closed to the machine's other users.

    They are on the disk for good when they are kept: proof is committed right after its file, and
    a crash of the machine must not leave the row alone.
    """

    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        Path(self.location).mkdir(mode=0o700, parents=True, exist_ok=True)
        saved = super().save(name, content, max_length)
        with Path(self.path(saved)).open("rb") as file:
            os.fsync(file.fileno())
        return saved


def fresh_name() -> str:
    """Return a random name of 32 characters under which nothing is kept.

    It begins with the second of its making: how old a file is, a bucket tells for each one alone.
    """
    return f"{int(time.time()):0{_SECONDS_DIGITS}x}{secrets.token_hex(12)}"


def age_of(name: str) -> timedelta:
    """Return how long ago ``fresh_name`` gave the name."""
    return timedelta(seconds=time.time() - int(name[:_SECONDS_DIGITS], 16))


def keep(path: str, content: bytes | IO[bytes]) -> None:
    """Keep a file under a path of which ``fresh_name`` or another random name is part."""
    file = ContentFile(content) if isinstance(content, bytes) else File(content)
    default_storage.save(path, file)


def read(path: str) -> bytes:
    """Return what is kept there. Raises FileNotFoundError."""
    with default_storage.open(path) as file:
        return bytes(file.read())


def drop(path: str) -> None:
    """Delete what is kept there, if anything is."""
    default_storage.delete(path)


def drop_older_than(folder: str, age: timedelta) -> None:
    """Delete what was kept in the folder so long ago under a name that ``fresh_name`` begins."""
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            if _OURS.match(name) and age_of(name) > age:
                drop(f"{folder}/{name}")


def probe() -> None:
    """Keep a small file, read it and delete it. Raises MediaUnusable."""
    path, content = f"probes/{fresh_name()}", b"taishan"
    try:
        keep(path, content)
        found = read(path)
        drop(path)
    except Exception as error:
        raise MediaUnusable(f"{type(error).__name__}: {error}") from error
    if found != content:
        raise MediaUnusable("what was written there reads otherwise")
