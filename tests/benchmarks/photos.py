"""Photos of hazards from phones, while reports arrive at half the rate that their door holds.

The floor is the same reports without the photos, under the same servers; what is compared are the
medians of rounds, in each of which reports are sent without photos and then beside them. Photos go
as a phone's queue sends them: the form of a hazard, in a session, JPEGs as large as the phone makes
them; three of each danger, then one of each, which makes three times as many hazards of the same
number of photos. Thumbnails are jobs: none is made meanwhile.

Reports and pages have a process each, as ``TAISHAN_DOOR_PORT`` sets it, and each process, of the
generators too, a session, among which Linux shares out the processor as among those of a server.
"""

from __future__ import annotations

import functools
import io
import itertools
import os
import pickle
import random
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from unittest import mock
from uuid import uuid4

from taishan.cli import serve
from tests.benchmarks import door, instance, load, reports
from tests.benchmarks.load import Asked, Load, Request
from tests.benchmarks.table import Line

PHOTOS_PER_S, REPORTS_PER_S = 50, door.TARGET_PER_S // 2
SECONDS, ROUNDS, UNITS = 15, 3, 2_000
LONGER_S = 2
"""Photos come from the time when the reports still warm up, and until after the last of these."""
EACH = 3, 1
"""Photos of a hazard, once and the other time."""
PHOTOS = PHOTOS_PER_S * (SECONDS + LONGER_S) // 3 * 3
HAZARD_CONNECTIONS = 32
PAGES_PORT = door.PORT + 1
REPORT_WARM_UP, HAZARD_WARM_UP = 5_000, 25
RATIO = 1.10
"""Reports may wait a tenth longer, 99 of 100."""
SIDES_PX, QUALITY = (1600, 1200), 80
"""As ``shrinks-photos.js`` makes them."""
_EDGE = "photo-of-the-benchmark"


def run() -> list[Line]:
    offset = (instance.NOW - datetime.now(UTC)).total_seconds()
    os.environ |= {"TAISHAN_CLOCK_OFFSET_S": str(offset), "TAISHAN_DOOR_PORT": str(door.PORT)}
    loads = 2 * ROUNDS * len(EACH)
    wanted = loads * (REPORT_WARM_UP + REPORTS_PER_S * SECONDS)
    with (
        instance.fresh(),
        mock.patch.multiple(reports, PEOPLE=wanted + wanted // 50, UNITS=UNITS),
        mock.patch.object(door, "MEASURED", wanted - door.WARM_UP),
    ):
        reports._set_up()
        instance.settle()
        sent, hazards = iter(_of_reports(loads)), _of_hazards()
        _calm_the_disk()
        with door._server(serve.DOORS), door._server(serve.APPLICATION, port=PAGES_PORT):
            found = [(*_send(next(sent)), *_send(next(sent), one)) for one in hazards]
        _refuse_lost()
    return [line for at, each in enumerate(EACH)
            for line in _lines(each, found[at * ROUNDS : (at + 1) * ROUNDS])]  # fmt: skip


def _lines(each: int, found: Sequence[tuple[Load, ...]]) -> list[Line]:
    """Return the medians of what came of reports alone, of reports beside hazards, and of these."""
    alone, beside, taken = zip(*found, strict=True)
    seconds = statistics.median(one.seconds for one in taken)
    return [
        Line(
            name=f"99 of 100 reports at {REPORTS_PER_S:,}/s beside photos, {each} a hazard",
            ratio=RATIO, seconds=statistics.median(one.p99_ms for one in beside) / 1e3,
            floor=statistics.median(one.p99_ms for one in alone) / 1e3,
        ),
        Line(
            name=f"{PHOTOS:,} photos, {each} a hazard, {PHOTOS / seconds:.1f}/s", ratio=1.05,
            seconds=seconds, floor=PHOTOS / PHOTOS_PER_S,
        ),
    ]  # fmt: skip


def _of_reports(loads: int) -> list[Asked]:
    requests = door._requests()
    each = len(requests) // loads
    parts = [requests[at : at + each] for at in range(0, loads * each, each)]
    numbers = (door.PORT, door.CONNECTIONS, REPORT_WARM_UP, REPORTS_PER_S)
    return [(_save(f"reports{at}", part), *numbers) for at, part in enumerate(parts)]


def _of_hazards() -> list[Asked]:
    """Return the hazards of each round, first all with one number of photos, then the others."""
    return [
        (_save(f"hazards{each}-{number}", _hazards(each)), PAGES_PORT, HAZARD_CONNECTIONS,
         HAZARD_WARM_UP, PHOTOS_PER_S / each)
        for each in EACH for number in range(ROUNDS)
    ]  # fmt: skip


def _calm_the_disk() -> None:
    """Let PostgreSQL have files for its log that it can use again, as after its first day, and
    write out what would be written in the middle of what is measured."""
    door._as_superuser(
        "CREATE TABLE filler AS SELECT repeat(md5(n::text), 20) FROM generate_series(1, 1000000) n",
        "DROP TABLE filler",
        "CHECKPOINT",
    )
    os.sync()


def _save(name: str, requests: list[Request]) -> Path:
    file = Path(os.environ["TAISHAN_HOME"]) / name
    file.write_bytes(pickle.dumps(requests))
    return file


def _send(*asked: Asked) -> list[Load]:
    """Send what lies in files at the same time, all of which must be taken."""
    loads = load.send(*asked)
    for one in loads:
        print(  # noqa: T201
            f"{one.requests:,} at {one.requests / one.seconds:,.0f}/s  p50 {one.p50_ms:.1f} ms"
            f"  p99 {one.p99_ms:.1f} ms  worst {one.worst_ms:.0f} ms"
        )
        if any(kind.startswith("HTTP/1.1 ") for kind in one.bodies):
            raise AssertionError(f"not all were taken: {one.bodies}")
    return loads


def _hazards(each: int) -> list[Request]:
    """Return requests of several people: hazards of many units, each with so many photos."""
    photo, number = _jpeg(), HAZARD_WARM_UP + PHOTOS // each
    units = (f"U{at % (reports.UNITS - 1) + 1:04}" for at in range(number))
    signed_in = itertools.cycle(_sign_in())
    return [_http(unit, each * [photo], *next(signed_in)) for unit in units]


@functools.cache
def _sign_in() -> list[tuple[str, str]]:
    """Return the cookies, and the secret of forms, of as many people as send at the same time."""
    from django.middleware.csrf import _get_new_csrf_string  # what a page's cookie holds
    from django.test import Client

    found = []
    for number in range(HAZARD_CONNECTIONS):
        client, secret = Client(), _get_new_csrf_string()
        client.force_login(instance.duty_office(number))
        session = client.cookies["sessionid"].value
        found.append((f"sessionid={session}; csrftoken={secret}", secret))
    return found


def _jpeg() -> bytes:
    """Return a picture that packs as badly as a workshop does."""
    from PIL import Image

    grain = random.Random(7).randbytes(400 * 300 * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (400, 300), grain).resize(SIDES_PX).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _http(unit: str, given: Sequence[bytes], cookies: str, secret: str) -> Request:
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
    photos = [piece for photo in given for piece in (about, photo, b"\r\n")]
    content = ["".join(parts).encode(), *photos, f"--{_EDGE}--\r\n".encode()]
    head = (
        "POST /safety/hazards/new/ HTTP/1.1\r\nhost: localhost\r\n"
        f"cookie: {cookies}\r\nx-csrftoken: {secret}\r\n"
        f"content-type: multipart/form-data; boundary={_EDGE}\r\n"
        f"content-length: {sum(map(len, content))}\r\n\r\n"
    )
    return head.encode(), *content


def _refuse_lost() -> None:
    """Raise AssertionError unless every photo is there."""
    from taishan.safety.hazard_models import HazardPhoto

    found = HazardPhoto.objects.count()
    sent = ROUNDS * sum(HAZARD_WARM_UP * each + PHOTOS for each in EACH)
    if found != sent:
        raise AssertionError(f"{found} photos of {sent}")
