"""Pictures for tests: small, and whole."""

from __future__ import annotations

import struct
import zlib


def png(pixels: bytes = b"pixels", width: int = 0) -> bytes:
    """Return a grey picture of these pixels, in one row unless a width is given."""
    width = width or len(pixels)
    rows = [b"\x00" + pixels[at : at + width] for at in range(0, len(pixels), width)]
    head = struct.pack(">IIBBBBB", width, len(rows), 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check
