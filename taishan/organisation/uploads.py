"""Files between their preview and their confirmation: kept for an hour, for their sender alone."""

from __future__ import annotations

import re
from datetime import timedelta

from taishan.kit import media

KEPT = timedelta(hours=1)
_FOLDER = "imports"
_TOKEN = re.compile(r"[0-9a-f]{32}")


def keep(account_id: int, content: bytes) -> str:
    """Keep a file for the account; return the token that finds it again."""
    drop_old()
    token = media.fresh_name()
    media.keep(_path(account_id, token), content)
    return token


def find(account_id: int, token: str) -> bytes | None:
    """Return the file the account kept under the token, or None where it is gone or another's."""
    if not _TOKEN.fullmatch(token) or media.age_of(token) > KEPT:
        return None
    try:
        return media.read(_path(account_id, token))
    except FileNotFoundError:
        return None


def drop(account_id: int, token: str) -> None:
    """Forget a file."""
    if _TOKEN.fullmatch(token):
        media.drop(_path(account_id, token))


def drop_old() -> None:
    """Forget what nobody confirmed in time: it names people, and the next upload may never come."""
    media.drop_older_than(_FOLDER, KEPT)


def _path(account_id: int, token: str) -> str:
    return f"{_FOLDER}/{token}-{account_id}"
