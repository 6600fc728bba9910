"""Files between their preview and their confirmation: kept for an hour, for their sender alone."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path

from django.conf import settings

KEPT_SECONDS = 3600
_TOKEN = re.compile(r"[\w-]{20,60}")


def keep(account_id: int, content: bytes) -> str:
    """Keep a file for the account; return the token that finds it again."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT_SECONDS:
            old.unlink(missing_ok=True)
    token = secrets.token_urlsafe(24)
    _path(account_id, token).write_bytes(content)
    return token


def find(account_id: int, token: str) -> bytes | None:
    """Return the file the account kept under the token, or None where it is gone or another's."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _path(account_id, token)
    if not path.exists() or path.stat().st_mtime < time.time() - KEPT_SECONDS:
        return None
    return path.read_bytes()


def drop(account_id: int, token: str) -> None:
    """Forget a file."""
    if _TOKEN.fullmatch(token):
        _path(account_id, token).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _path(account_id: int, token: str) -> Path:
    return _folder() / f"{account_id}-{token}"
