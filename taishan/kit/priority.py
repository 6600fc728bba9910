"""Who goes first where the processor is short."""

import os
from contextlib import suppress
from pathlib import Path

NICENESS = 10
_AUTOGROUP = Path("/proc/self/autogroup")
"""Where Linux shares out the processor by session, what counts is the niceness of each of these."""


def give_way() -> None:
    """Let others go first from now on, on systems that can do that."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with suppress(OSError):
        _AUTOGROUP.write_text(str(NICENESS))
