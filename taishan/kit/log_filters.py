"""What must not stand in a log."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/odk/)[^/\s]{20,}")


class WithoutTokens(logging.Filter):
    """Takes the tokens of clients out of addresses: who reads a log must not report as others."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                _TOKEN.sub(r"\1…", arg) if isinstance(arg, str) else arg for arg in record.args
            )
        return True
