"""Small pictures of photos: made by the worker, seen by who sees the hazard, never a bomb."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from taishan.kit import attachments, thumbnails
from taishan.kit.thumbnails import NoThumbnail
from taishan.organisation.models import Account
from taishan.safety import hazard_thumbnails
from taishan.safety.hazard_board_models import HazardThumbnail
from tests import jobs
from tests.safety.finding import found


def a_photo(width: int = 1200, height: int = 900, *, turned: bool = False) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    if turned:
        exif[0x0112] = 6
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def claiming(width: int, height: int) -> bytes:
    """A PNG whose head says that it is so large, in a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_a_small_picture_is_small_upright_and_says_nothing_else() -> None:
    with Image.open(io.BytesIO(thumbnails.make(a_photo(turned=True)))) as small:
        assert small.size == (240, 320)
        assert dict(small.getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [claiming(60_000, 60_000), claiming(200, 200), a_photo()[:200], b"%PDF-1.7", b""],
    ids=["bomb", "no pixels", "cut off", "no picture", "nothing"],
)
def test_what_cannot_be_made_small_is_refused(content: bytes) -> None:
    with pytest.raises(NoThumbnail):
        thumbnails.make(content)


@pytest.mark.django_db
def test_the_worker_makes_them_once_and_lists_show_them(
    cast: dict[str, Account], media: Path
) -> None:
    jobs.forget()
    photos = [attachments.inspect("seen.jpg", a_photo()), attachments.inspect("b.jpg", a_photo())]
    hazard = found(cast["employee"], photos=photos)
    assert hazard_thumbnails.find_first([hazard.pk]) == {}

    assert hazard_thumbnails.TASK in jobs.run()
    assert hazard_thumbnails.make(hazard.acts.get().pk) == 0

    first = HazardThumbnail.objects.order_by("photo_id")[0]
    assert hazard_thumbnails.find_first([hazard.pk]) == {hazard.pk: first.pk}
    address = f"/safety/hazards/thumbnails/{first.pk}/"
    seen = {role: _get(cast[role], address) for role in ("unit_head", "employee", "duty_office")}
    assert seen == {"unit_head": 200, "employee": 200, "duty_office": 200}
    assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_a_photo_that_cannot_be_made_small_stops_nothing(
    cast: dict[str, Account], media: Path
) -> None:
    hazard = found(
        cast["employee"], photos=[attachments.inspect("bomb.png", claiming(60_000, 60_000))]
    )

    assert hazard_thumbnails.make(hazard.acts.get().pk) == 0
    assert hazard.acts.get().photos.count() == 1


def _get(account: Account, address: str) -> int:
    client = Client()
    client.force_login(account)
    return client.get(address).status_code
