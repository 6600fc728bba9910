"""What must not stand in a log."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator

import psycopg
from django.db import OperationalError

_TOKEN = re.compile(
    r"(/(?:odk|r|sign-in|invitation|channels/confirmation|duties/feed)/)[^/\s]{20,}"
)


class WithoutTokens(logging.Filter):
    """Takes tokens out of addresses: who reads a log must not report or sign in as others."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(r"\1…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True


_HARMLESS = (OSError, ImportError, OperationalError, psycopg.OperationalError)
"""Errors whose message is about the machine and never quotes what somebody sent."""


class WithoutAnswers(logging.Filter):
    """Keeps of a logged error where it happened and of what kind it was, and not what it said.

    A database names the row that it refused, a parser the text that it could not read: such a
    message may hold somebody's answers. The chain of causes is kept in the same way.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            record.exc_text = "".join(_told(error)).rstrip()
            record.exc_info = None
        return True


def _told(error: BaseException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _told(before)
        yield "\nFrom it came:\n\n"
    yield from traceback.format_tb(error.__traceback__)
    said = str(error) if isinstance(error, _HARMLESS) else "…"
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said}\n"
