"""Pictures without what their camera wrote beside them: place, device, owner, thumbnails.

Nothing is decoded: the parts that make up the picture are copied byte by byte, all others left out,
so no pixel changes and no faulty picture can reach a decoder. Of EXIF the orientation stays, in a
block of ours. Parts are known by name; what is unknown, and whatever follows the picture's end,
such as a second picture or a film, goes. Sources: ITU-T T.81 annex B, PNG third edition (W3C 2025),
RFC 9649, EXIF 2.32.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

LIMIT_SCANS = 100
"""A progressive JPEG has about ten. Of a few bytes each, they cost a decoder all pixels each."""
_UPRIGHT = 1
_ORIENTATION = 0x0112
_SHORT = 3


class PictureRefused(ValueError):
    """The picture is not taken; the message says why."""


def strip(kind: str, content: bytes) -> bytes:
    """Return a picture of this media type without metadata; anything else as it is.

    Nothing at all is returned where no pixels are left, as of a file that only begins like one.
    Raises PictureRefused for a JPEG that would take a decoder hours.
    """
    strippers = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}
    return strippers[kind](content) if kind in strippers else content


def _orientation(tiff: bytes) -> int:
    """Return how the picture is to be turned (EXIF: 1 to 8), 1 where it is not said."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return _UPRIGHT
    at = struct.unpack_from(order + "I", tiff, 4)[0]
    if at + 2 > len(tiff):
        return _UPRIGHT
    number = struct.unpack_from(order + "H", tiff, at)[0]
    for place in range(at + 2, min(at + 2 + 12 * number, len(tiff) - 11), 12):
        tag, kind, _count, value = struct.unpack_from(order + "HHIH", tiff, place)
        if tag == _ORIENTATION and kind == _SHORT:
            return int(value) if 1 <= value <= 8 else _UPRIGHT
    return _UPRIGHT


def _exif(orientation: int) -> bytes:
    """Return EXIF that says nothing but the orientation."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    return b"MM\x00*\x00\x00\x00\x08" + struct.pack(">H", 1) + entry + b"\x00\x00\x00\x00"


_EXIF_MARK = b"Exif\x00\x00"
_START, _END, _SCAN, _APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = (
    0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE,
)  # fmt: skip


def _jpeg(content: bytes) -> bytes:
    """Without APPn and comments, but for JFIF, the colour profile and Adobe's colour transform."""
    kept: list[bytes | memoryview] = []
    orientation = _UPRIGHT
    for marker, part in _segments(content):
        payload = part[4:]
        if marker == _APP1 and payload[: len(_EXIF_MARK)] == _EXIF_MARK:
            orientation = _orientation(bytes(payload[len(_EXIF_MARK) :]))
        elif _is_jpeg_part(marker, payload):
            kept.append(_plain(marker, part))
    if not any(part[1] == _SCAN for part in kept):
        return b""
    if orientation != _UPRIGHT:
        said = _EXIF_MARK + _exif(orientation)
        kept.insert(0, struct.pack(">BBH", 0xFF, _APP1, len(said) + 2) + said)
    return b"".join([b"\xff\xd8", *kept])


_NAMES = {_APP0: b"JFIF\x00", _APP2: b"ICC_PROFILE\x00", _APP14: b"Adobe"}


def _is_jpeg_part(marker: int, payload: memoryview) -> bool:
    if name := _NAMES.get(marker):
        return payload[: len(name)] == name
    return not (_APP1 <= marker <= _APP15 or marker == _COMMENT)


def _plain(marker: int, part: memoryview) -> bytes | memoryview:
    """Return JFIF's and Adobe's segments as far as they are defined, JFIF's without a thumbnail."""
    if marker not in (_APP0, _APP14):
        return part
    defined = bytes(part[4:16]) + (b"\x00\x00" if marker == _APP0 else b"")
    return struct.pack(">BBH", 0xFF, marker, len(defined) + 2) + defined


def _segments(content: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield the segments behind the start of the picture; a scan goes with its data.

    They are views: a photo is copied once, when its parts are put together.
    """
    at, view, scans = 2, memoryview(content), 0
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            break
        end = at + 2 + struct.unpack_from(">H", content, at + 2)[0]
        if marker == _SCAN:
            end, scans = _scan_end(content, end), scans + 1
            if scans > LIMIT_SCANS:
                raise PictureRefused(_("This photo was saved in too many passes: save it anew."))
        yield marker, view[at:end]
        at = end
    if content[at : at + 2] == b"\xff\xd9":
        yield _END, view[at : at + 2]


_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)


def _scan_end(content: bytes, at: int) -> int:
    """Return where the data of a scan ends: at a marker that is no byte of it and no restart."""
    found = _MARKER.search(content, at)
    return found.start() if found else len(content)


_PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT"
    .split()
)  # fmt: skip


def _png(content: bytes) -> bytes:
    kept, orientation, at = [content[:8]], _UPRIGHT, 8
    while at + 8 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if name == b"eXIf":
            orientation = _orientation(content[at + 8 : at + 8 + length])
        if name in _PNG_PARTS:
            kept.append(content[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            break
    else:
        kept.append(content[at:])
    if not any(part[4:8] == b"IDAT" for part in kept):
        return b""
    if orientation != _UPRIGHT:
        kept.insert(2, _chunk(b"eXIf", _exif(orientation)))
    return b"".join(kept)


def _chunk(name: bytes, payload: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + payload))
    return struct.pack(">I", len(payload)) + name + payload + check


_WEBP_PARTS = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_PIXELS = frozenset((b"VP8 ", b"VP8L", b"ANMF"))
_HAS_EXIF, _HAS_XMP = 0x08, 0x04


def _webp(content: bytes) -> bytes:
    parts, orientation, at = [], _UPRIGHT, 12
    end = min(8 + struct.unpack_from("<I", content, 4)[0], len(content))
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, at)
        payload = content[at + 8 : at + 8 + length]
        if name == b"EXIF":
            orientation = _orientation(payload.removeprefix(_EXIF_MARK))
        if name in _WEBP_PARTS:
            parts.append((name, payload))
        at += 8 + length + length % 2
    if not any(name in _WEBP_PIXELS for name, _payload in parts):
        return b""
    if orientation != _UPRIGHT:
        parts.append((b"EXIF", _exif(orientation)))
    body = b"WEBP" + b"".join(_webp_chunk(*part, orientation != _UPRIGHT) for part in parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunk(name: bytes, payload: bytes, is_turned: bool) -> bytes:
    if name == b"VP8X" and payload:
        said = payload[0] & ~(_HAS_EXIF | _HAS_XMP) | (_HAS_EXIF if is_turned else 0)
        payload = bytes([said]) + payload[1:]
    return name + struct.pack("<I", len(payload)) + payload + b"\x00" * (len(payload) % 2)
