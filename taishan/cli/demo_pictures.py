"""Small pictures for the demo, drawn here: what was wrong, and the same put right."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import cache

from taishan.kit import attachments
from taishan.kit.attachments import Attachment

WIDTH, HEIGHT = 240, 160
Colour = tuple[int, int, int]
Box = tuple[int, int, int, int, Colour]
WALL, FLOOR, DARK = (205, 205, 198), (158, 152, 140), (60, 62, 64)
RED, ORANGE, GREEN, YELLOW = (176, 44, 38), (214, 122, 40), (46, 128, 82), (232, 190, 52)
COPPER, STEEL, WATER, WOOD = (196, 104, 54), (120, 128, 136), (96, 142, 178), (150, 108, 68)
ROOM: tuple[Box, ...] = ((0, 0, 240, 105, WALL), (0, 105, 240, 160, FLOOR))
BEFORE: dict[str, tuple[Box, ...]] = {
    "cable": ((0, 124, 90, 131, DARK), (90, 125, 118, 127, COPPER), (90, 129, 112, 131, COPPER),
              (126, 124, 240, 131, DARK)),
    "exit": ((95, 25, 150, 105, GREEN), (80, 70, 128, 120, WOOD), (120, 60, 172, 122, WOOD)),
    "rail": ((0, 60, 80, 64, YELLOW), (0, 84, 80, 88, YELLOW), (160, 60, 240, 64, YELLOW),
             (160, 84, 240, 88, YELLOW), (76, 60, 80, 110, YELLOW), (160, 60, 164, 110, YELLOW)),
    "machine": ((60, 40, 180, 120, STEEL), (88, 60, 152, 100, DARK), (110, 70, 130, 90, ORANGE)),
    "floor": ((50, 118, 190, 140, WATER), (70, 112, 150, 146, WATER)),
    "bottles": ((80, 50, 100, 120, RED), (104, 50, 124, 120, RED), (128, 50, 148, 120, WATER)),
}  # fmt: skip
AFTER: dict[str, tuple[Box, ...]] = {
    "cable": ((0, 122, 240, 133, YELLOW), (0, 125, 240, 130, DARK)),
    "exit": ((95, 25, 150, 105, GREEN), (118, 62, 128, 66, YELLOW)),
    "rail": ((0, 60, 240, 64, YELLOW), (0, 84, 240, 88, YELLOW), (76, 60, 80, 110, YELLOW),
             (160, 60, 164, 110, YELLOW)),
    "machine": ((60, 40, 180, 120, STEEL), (84, 56, 156, 104, YELLOW)),
    "floor": ((50, 104, 60, 140, YELLOW), (180, 104, 190, 140, YELLOW)),
    "bottles": ((30, 50, 50, 120, RED), (54, 50, 74, 120, RED), (180, 50, 200, 120, WATER),
                (108, 30, 120, 125, WALL)),
}  # fmt: skip


def before(name: str) -> Attachment:
    """Return what was found."""
    return attachments.inspect(f"{name}.png", _draw(BEFORE[name]))


def after(name: str) -> Attachment:
    """Return the same, put right."""
    return attachments.inspect(f"{name}-after.png", _draw(AFTER[name]))


@cache
def _draw(boxes: tuple[Box, ...]) -> bytes:
    """Return a PNG of boxes, each over those before it."""
    rows = [bytearray(3 * WIDTH) for _row in range(HEIGHT)]
    for left, top, right, bottom, colour in (*ROOM, *boxes):
        line = bytes(colour) * (right - left)
        for row in rows[top:bottom]:
            row[3 * left : 3 * right] = line
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"".join(_chunks([(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]))


def _chunks(parts: Iterable[tuple[bytes, bytes]]) -> Iterable[bytes]:
    yield b"\x89PNG\r\n\x1a\n"
    for name, content in parts:
        whole = name + content
        yield struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))
