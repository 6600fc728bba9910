"""Hazards with a photo from phones, while reports arrive at half the rate that their door holds.

The floor is the same reports without the photos, under the same server, when it has answered a few
of each. Photos go as a phone's queue sends them: the form of a hazard, in a session, a JPEG as
large as the phone makes it. Thumbnails are jobs: none is made meanwhile.
"""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tests.benchmarks import door, instance, reports
from tests.benchmarks.load import Load
from tests.benchmarks.table import Line

PHOTOS_PER_S, REPORTS_PER_S = 50, door.TARGET_PER_S // 2
SECONDS = 10
PHOTO_CONNECTIONS = 32
PROCESSES = 2
"""As ``TAISHAN_WEB_PROCESSES`` sets it: one alone holds one core."""
REPORT_WARM_UP, PHOTO_WARM_UP = 5_000, 25
RATIO = 1.10
"""Reports may wait a tenth longer, 99 of 100."""
SIDES_PX, QUALITY = (1600, 1200), 80
"""As ``shrinks-photos.js`` makes them."""
_EDGE = "photo-of-the-benchmark"


def run() -> list[Line]:
    offset = (instance.NOW - datetime.now(UTC)).total_seconds()
    os.environ["TAISHAN_CLOCK_OFFSET_S"] = str(offset)
    with instance.fresh():
        reports._set_up()
        instance.settle()
        photos, wanted = _photos(), REPORT_WARM_UP + REPORTS_PER_S * SECONDS
        at_first = _save("first", photos[:PHOTO_WARM_UP])
        files = _save("reports", door._requests()[:wanted]), _save("photos", photos[PHOTO_WARM_UP:])
        with door._server("taishan.config.asgi:application", PROCESSES):
            _send((at_first, PHOTO_CONNECTIONS, 0, PHOTOS_PER_S))
            both = [
                (files[0], door.CONNECTIONS, REPORT_WARM_UP, REPORTS_PER_S),
                (files[1], PHOTO_CONNECTIONS, 0, PHOTOS_PER_S),
            ]
            floor = _send(both[0])[0]
            door._as_superuser("TRUNCATE reporting_report, reporting_counter")
            took, taken = _send(*both)
        _refuse_lost()
    rate = taken.requests / taken.seconds
    return [
        Line(
            name=f"99 of 100 reports at {REPORTS_PER_S:,}/s beside photos", ratio=RATIO,
            seconds=took.p99_ms / 1e3, floor=floor.p99_ms / 1e3,
        ),
        Line(
            name=f"{taken.requests:,} hazards with a photo, {rate:.1f}/s", ratio=1.05,
            seconds=taken.seconds, floor=taken.requests / PHOTOS_PER_S,
        ),
    ]  # fmt: skip


def _save(name: str, requests: list[bytes]) -> Path:
    file = Path(os.environ["TAISHAN_HOME"]) / name
    file.write_bytes(pickle.dumps(requests))
    return file


def _send(*asked: tuple[Path, int, int, int]) -> list[Load]:
    """Send what lies in files at the same time: by connections, warm-up, rate."""
    under_way = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.load", str(file), str(door.PORT),
             *map(str, numbers)],
            stdout=subprocess.PIPE,
        )
        for file, *numbers in asked
    ]  # fmt: skip
    loads = [Load(**json.loads(one.communicate()[0])) for one in under_way]
    for load in loads:
        print(  # noqa: T201
            f"{load.requests:,} at {load.requests / load.seconds:,.0f}/s  p50 {load.p50_ms:.1f} ms"
            f"  p99 {load.p99_ms:.1f} ms  worst {load.worst_ms:.0f} ms"
        )
        if any(kind.startswith("HTTP/1.1 ") for kind in load.bodies):
            raise AssertionError(f"not all were taken: {load.bodies}")
    return loads


def _photos() -> list[bytes]:
    """Return requests of one signed-in person, each a hazard with the same photo."""
    from django.middleware.csrf import _get_new_csrf_string  # what a page's cookie holds
    from django.test import Client

    client = Client()
    client.force_login(instance.duty_office())
    secret, photo = _get_new_csrf_string(), _jpeg()
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={secret}"
    number = PHOTO_WARM_UP + PHOTOS_PER_S * SECONDS
    return [_http(photo, cookies, secret) for _each in range(number)]


def _jpeg() -> bytes:
    """Return a picture that packs as badly as a workshop does."""
    from PIL import Image

    grain = random.Random(7).randbytes(400 * 300 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 300), grain).resize(SIDES_PX).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _http(photo: bytes, cookies: str, secret: str) -> bytes:
    fields = {"unit": "U0001", "client": str(uuid4()), "text": "裸露电缆", "looks": "2",
              "area": "二号车间"}  # fmt: skip
    parts = [
        f'--{_EDGE}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    last = (
        f'--{_EDGE}\r\ncontent-disposition: form-data; name="photos"; filename="cable.jpg"\r\n'
        "content-type: image/jpeg\r\n\r\n"
    )
    content = "".join([*parts, last]).encode() + photo + f"\r\n--{_EDGE}--\r\n".encode()
    head = (
        "POST /safety/hazards/new/ HTTP/1.1\r\nhost: localhost\r\n"
        f"cookie: {cookies}\r\nx-csrftoken: {secret}\r\n"
        f"content-type: multipart/form-data; boundary={_EDGE}\r\n"
        f"content-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _refuse_lost() -> None:
    """Raise AssertionError unless every photo is there."""
    from taishan.safety.hazard_models import HazardPhoto

    found, sent = HazardPhoto.objects.count(), PHOTO_WARM_UP + PHOTOS_PER_S * SECONDS
    if found != sent:
        raise AssertionError(f"{found} photos of {sent}")
