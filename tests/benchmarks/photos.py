"""Photos of hazards from phones, while reports arrive at half the rate that their door holds.

The floor is the same reports without the photos, under the same servers, before and after. Photos
go as a phone's queue sends them: the form of a hazard, in a session, JPEGs as large as the phone
makes them; three of each danger, then one of each, which makes three times as many hazards of the
same number of photos. Thumbnails are jobs: none is made meanwhile.

Reports and pages have a process each, as ``TAISHAN_DOOR_PORT`` sets it, and each process, of the
generators too, a session, among which Linux shares out the processor as among those of a server.
"""

from __future__ import annotations

import functools
import io
import json
import os
import pickle
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock
from uuid import uuid4

from taishan.cli import serve
from tests.benchmarks import door, instance, reports
from tests.benchmarks.load import Load
from tests.benchmarks.table import Line

if TYPE_CHECKING:
    from taishan.organisation.models import Account

PHOTOS_PER_S, REPORTS_PER_S = 50, door.TARGET_PER_S // 2
SECONDS, UNITS = 12, 2_000
EACH = 3, 1
"""Photos of a hazard, once and the other time."""
HAZARD_CONNECTIONS = 32
PAGES_PORT = door.PORT + 1
REPORT_WARM_UP, HAZARD_WARM_UP = 5_000, 25
RATIO = 1.10
"""Reports may wait a tenth longer, 99 of 100."""
SIDES_PX, QUALITY = (1600, 1200), 80
"""As ``shrinks-photos.js`` makes them."""
_EDGE = "photo-of-the-benchmark"
Asked = tuple[Path, int, int, int, float]
"""A file of requests, to which port they go, by how many connections, with how many to warm up, and
how many a second."""


def run() -> list[Line]:
    offset = (instance.NOW - datetime.now(UTC)).total_seconds()
    os.environ |= {"TAISHAN_CLOCK_OFFSET_S": str(offset), "TAISHAN_DOOR_PORT": str(door.PORT)}
    loads = 2 * len(EACH) + 1
    wanted = loads * (REPORT_WARM_UP + REPORTS_PER_S * SECONDS)
    with (
        instance.fresh(),
        mock.patch.multiple(reports, PEOPLE=wanted + wanted // 50, UNITS=UNITS),
        mock.patch.object(door, "MEASURED", wanted - door.WARM_UP),
    ):
        reports._set_up()
        instance.settle()
        sent, hazards = _of_reports(loads), _of_hazards()
        _calm_the_disk()
        with door._server(serve.DOORS), door._server(serve.APPLICATION, port=PAGES_PORT):
            floors, beside = _send_all(sent, hazards)
        _refuse_lost()
    floor_s = sum(one.p99_ms for one in floors) / len(floors) / 1e3
    return [line for each, both in zip(EACH, beside, strict=True)
            for line in _lines(each, both, floor_s)]  # fmt: skip


def _send_all(
    sent: Sequence[Asked], hazards: Sequence[Sequence[Asked]]
) -> tuple[list[Load], list[list[Load]]]:
    """Return what came of reports alone, and of reports and hazards at the same time."""
    floors, beside = _send(sent[0]), []
    for number, (first, others) in enumerate(hazards):
        _send(first)
        beside.append(_send(sent[2 * number + 1], others))
        floors += _send(sent[2 * number + 2])
    return floors, beside


def _lines(each: int, loads: Sequence[Load], floor_s: float) -> list[Line]:
    took, taken = loads
    photos = taken.requests * each
    return [
        Line(
            name=f"99 of 100 reports at {REPORTS_PER_S:,}/s beside photos, {each} a hazard",
            ratio=RATIO, seconds=took.p99_ms / 1e3, floor=floor_s,
        ),
        Line(
            name=f"{photos:,} photos, {each} a hazard, {photos / taken.seconds:.1f}/s", ratio=1.05,
            seconds=taken.seconds, floor=photos / PHOTOS_PER_S,
        ),
    ]  # fmt: skip


def _of_reports(loads: int) -> list[Asked]:
    requests = door._requests()
    each = len(requests) // loads
    parts = [requests[at : at + each] for at in range(0, loads * each, each)]
    numbers = (door.PORT, door.CONNECTIONS, REPORT_WARM_UP, REPORTS_PER_S)
    return [(_save(f"reports{at}", part), *numbers) for at, part in enumerate(parts)]


def _of_hazards() -> list[list[Asked]]:
    """Return for each number of photos a few hazards to begin with, and the others."""
    found = []
    for each in EACH:
        requests = _hazards(each)
        parts = requests[:HAZARD_WARM_UP], requests[HAZARD_WARM_UP:]
        numbers = (PAGES_PORT, HAZARD_CONNECTIONS, 0, PHOTOS_PER_S / each)
        found.append(
            [(_save(f"hazards{each}-{at}", part), *numbers) for at, part in enumerate(parts)]
        )
    return found


def _calm_the_disk() -> None:
    """Let PostgreSQL have files for its log that it can use again, as after its first day, and
    write out what would be written in the middle of what is measured."""
    door._as_superuser(
        "CREATE TABLE filler AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 1000000) n",
        "DROP TABLE filler",
        "CHECKPOINT",
    )
    os.sync()


def _save(name: str, requests: list[bytes]) -> Path:
    file = Path(os.environ["TAISHAN_HOME"]) / name
    file.write_bytes(pickle.dumps(requests))
    return file


def _send(*asked: Asked) -> list[Load]:
    """Send what lies in files at the same time: to a port, by connections, warm-up, rate."""
    under_way = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.load", str(file), *map(str, numbers)],
            stdout=subprocess.PIPE, start_new_session=True,
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


def _hazards(each: int) -> list[bytes]:
    """Return requests of one signed-in person: hazards of many units, each with so many photos."""
    from django.middleware.csrf import _get_new_csrf_string  # what a page's cookie holds
    from django.test import Client

    client = Client()
    client.force_login(_reporter())
    secret, photo = _get_new_csrf_string(), _jpeg()
    cookies = f"sessionid={client.cookies['sessionid'].value}; csrftoken={secret}"
    number = HAZARD_WARM_UP + PHOTOS_PER_S * SECONDS // each
    units = (f"U{at % (reports.UNITS - 1) + 1:04}" for at in range(number))
    return [_http(unit, each * [photo], cookies, secret) for unit in units]


@functools.cache
def _reporter() -> Account:
    return instance.duty_office()


def _jpeg() -> bytes:
    """Return a picture that packs as badly as a workshop does."""
    from PIL import Image

    grain = random.Random(7).randbytes(400 * 300 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 300), grain).resize(SIDES_PX).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _http(unit: str, given: Sequence[bytes], cookies: str, secret: str) -> bytes:
    fields = {"unit": unit, "client": str(uuid4()), "text": "裸露电缆", "looks": "2",
              "area": "二号车间"}  # fmt: skip
    parts = [
        f'--{_EDGE}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    about = (
        f'--{_EDGE}\r\ncontent-disposition: form-data; name="photos"; filename="cable.jpg"\r\n'
        "content-type: image/jpeg\r\n\r\n"
    ).encode()
    photos = b"".join(about + photo + b"\r\n" for photo in given)
    content = "".join(parts).encode() + photos + f"--{_EDGE}--\r\n".encode()
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

    found = HazardPhoto.objects.count()
    sent = sum(HAZARD_WARM_UP * each + PHOTOS_PER_S * SECONDS for each in EACH)
    if found != sent:
        raise AssertionError(f"{found} photos of {sent}")
