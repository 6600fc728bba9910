"""One name for the state of all static files: it changes when, and only when, one of them does."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_files(files: Iterable[Path]) -> str:
    """Return twelve hexadecimal digits that stand for the paths and contents of ``files``."""
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:12]
