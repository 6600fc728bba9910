"""Messages kept as files, a letter each: where there is no mail server, and all of the demo's.

A file is named by when its message was written and by the message's own id, so that a message
that is sent again lies in the outbox once.
"""

from __future__ import annotations

import email
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage as Mime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

NAME = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{32}")
STAMP = "%Y%m%dT%H%M%S"
KEPT = timedelta(days=30)
PRIVATE = "X-Taishan-Private"
"""The header of a message that nobody reads here: whom it is for finds it among their notices."""


class LettersAsFiles(BaseEmailBackend):
    """Keeps letters instead of sending them."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each letter into its file; return how many."""
        for one in email_messages:
            keep(one.message())
        return len(email_messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message as it went out. ``channel``: by which it would have gone."""

    name: str
    written_at: datetime
    channel: str
    to: str
    subject: str
    text: str
    is_private: bool


def keep(message: Message) -> None:
    """Write a message, whole or not at all; it needs its Date and its Message-ID."""
    written_at = parsedate_to_datetime(str(message["Date"]))
    message_id = str(message["Message-ID"]).strip("<> ").partition("@")[0]
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{written_at.strftime(STAMP)}-{message_id}.eml"
    half = path.with_suffix(".part")
    half.write_bytes(message.as_bytes())
    half.rename(path)


def find_names() -> list[str]:
    """Return the names of all that is kept, the latest first."""
    names = (path.stem for path in _folder().glob("*.eml"))
    return sorted((name for name in names if NAME.fullmatch(name)), reverse=True)


def read(name: str) -> Letter:
    """Return one message. Raises FileNotFoundError."""
    parsed = email.message_from_bytes(path_of(name).read_bytes(), policy=policy.default)
    assert isinstance(parsed, Mime)  # noqa: S101 - what this policy makes
    body = parsed.get_body(("plain",))
    return Letter(
        name=name,
        written_at=parsedate_to_datetime(str(parsed["Date"])),
        channel=str(parsed["X-Taishan-Channel"] or ""),
        to=str(parsed["To"]).strip('"'),
        subject=str(parsed["Subject"]),
        text=body.get_content() if body else "",
        is_private=parsed[PRIVATE] is not None,
    )


def path_of(name: str) -> Path:
    """Return where a message is kept. Raises FileNotFoundError for what is no name of one."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return _folder() / f"{name}.eml"


def drop_old(now: datetime) -> None:
    """Delete what was written too long ago."""
    oldest = (now - KEPT).strftime(STAMP)
    for name in find_names():
        if name < oldest:
            path_of(name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.OUTBOX_ROOT)
