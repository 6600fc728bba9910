"""Photos are kept without where, when, with what and by whom they were taken.

The pictures were written by Pillow, with EXIF as a phone has it: position, device, serial number,
owner; with XMP, comments, and ``progressive.jpg`` with a second picture behind the first.
"""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from taishan.kit import attachments, pictures
from tests.pictures import png

PICTURES = {path.name: path.read_bytes() for path in (Path(__file__).parent / "pictures").iterdir()}
KINDS = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
TOLD = (b"SERIAL-4711", b"Huawei", b"Mate 30", b"Chen Jing", b"GPSLatitude", b"2020:02:12")


def strip(name: str) -> bytes:
    return pictures.strip(KINDS[Path(name).suffix], PICTURES[name])


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_of_what_the_camera_wrote_stays(name: str) -> None:
    assert any(one in PICTURES[name] for one in TOLD)

    kept = attachments.inspect(name, PICTURES[name]).content

    assert not [one for one in TOLD if one in kept]
    assert pictures.strip(KINDS[Path(name).suffix], kept) == kept


@pytest.mark.parametrize("name", ["turned.jpg", "turned.png", "turned.webp"])
def test_a_photo_taken_upright_stays_upright(name: str) -> None:
    entry = struct.pack(">HHIH", 0x0112, 3, 1, 6)
    assert entry in strip(name)
    assert strip(name).count(b"MM\x00*") == 1


def test_the_scan_and_the_colour_profile_of_a_jpeg_are_the_same_bytes() -> None:
    original, kept = PICTURES["turned.jpg"], strip("turned.jpg")

    def tables_and_scan(content: bytes) -> bytes:
        return content[content.index(b"\xff\xdb") :]

    assert tables_and_scan(kept) == tables_and_scan(original)
    assert b"ICC_PROFILE\x00" in kept


def test_what_follows_the_end_of_a_jpeg_goes_and_every_scan_of_it_stays() -> None:
    original, kept = PICTURES["progressive.jpg"], strip("progressive.jpg")
    first = original[: original.index(b"\xff\xd9") + 2]

    assert kept.endswith(b"\xff\xd9")
    assert kept.count(b"\xff\xda") == first.count(b"\xff\xda") > 1
    assert kept.count(b"\xff\xd8") == 1


def with_segment(marker: int, payload: bytes) -> bytes:
    content = PICTURES["turned.jpg"]
    return content[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + content[2:]


@pytest.mark.parametrize(
    ("marker", "payload"),
    [
        (0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x04\x02" + 8 * b"Wei"),
        (0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00Wei"),
        (0xEE, b"Adobe\x00\x64\x00\x00\x00\x00\x01Wei"),
    ],
)
def test_no_thumbnail_and_no_word_hides_in_what_a_jpeg_says_of_itself(
    marker: int, payload: bytes
) -> None:
    kept = pictures.strip("image/jpeg", with_segment(marker, payload))

    assert b"Wei" not in kept
    said = payload[:12] + (b"\x00\x00" if marker == 0xE0 else b"")
    assert struct.pack(">BBH", 0xFF, marker, len(said) + 2) + said in kept


def test_a_jpeg_that_would_take_a_decoder_hours_is_refused_before_one_sees_it() -> None:
    original = PICTURES["progressive.jpg"]
    first = original[: original.index(b"\xff\xd9")]
    last_scan = first[first.rindex(b"\xff\xda") :]

    def with_scans(number: int) -> bytes:
        return first + (number - first.count(b"\xff\xda")) * last_scan + b"\xff\xd9"

    most = with_scans(pictures.LIMIT_SCANS)
    assert attachments.inspect("a.jpg", most).content == pictures.strip("image/jpeg", most)
    with pytest.raises(attachments.AttachmentRefused, match="too many passes"):
        attachments.inspect("a.jpg", with_scans(pictures.LIMIT_SCANS + 1))


def test_the_chunks_of_a_png_are_whole_and_hold_its_pixels() -> None:
    kept, at, found = strip("turned.png"), 8, []
    while at < len(kept):
        length, name = struct.unpack_from(">I4s", kept, at)
        body = kept[at + 4 : at + 8 + length]
        assert struct.unpack_from(">I", kept, at + 8 + length)[0] == zlib.crc32(body)
        found.append(name)
        at += 12 + length

    assert found == [b"IHDR", b"eXIf", b"IDAT", b"IEND"]
    pixels = kept[kept.index(b"IDAT") : kept.index(b"IEND")]
    assert pixels in PICTURES["turned.png"]


def test_a_webp_says_of_itself_what_is_in_it() -> None:
    turned, animated = strip("turned.webp"), strip("animated.webp")

    for kept in (turned, animated):
        assert struct.unpack_from("<I", kept, 4)[0] == len(kept) - 8
    flags = {
        name: strip(name)[strip(name).index(b"VP8X") + 8] for name in PICTURES if "webp" in name
    }
    assert flags["turned.webp"] & 0x0C == 0x08
    assert flags["animated.webp"] & 0x0E == 0x02
    assert animated.count(b"ANMF") == 2


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_that_breaks_off_anywhere_tells_no_more(name: str) -> None:
    kind = KINDS[Path(name).suffix]
    for end in range(12, len(PICTURES[name]), 7):
        kept = pictures.strip(kind, PICTURES[name][:end])
        assert not [one for one in TOLD if one in kept]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"\xff\xd8\xff\xd9"),
        ("a.jpg", b"\xff\xd8\xff\xfe\x00\x06note\xff\xd9"),
        ("a.png", b"\x89PNG\r\n\x1a\npixels"),
        ("a.png", png()[:33]),
        ("a.webp", b"RIFF\x04\x00\x00\x00WEBP"),
    ],
)
def test_what_only_begins_like_a_picture_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(attachments.AttachmentRefused, match="no picture in this file"):
        attachments.inspect(name, content)


def test_what_is_no_picture_is_kept_as_it_came() -> None:
    assert pictures.strip("application/pdf", b"%PDF-1.7 Chen Jing") == b"%PDF-1.7 Chen Jing"
