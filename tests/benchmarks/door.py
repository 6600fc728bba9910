"""Single reports over HTTP, each with its sender's own token, over 256 connections.

The floor is the same insert through a plain django-ninja view (``plain``), under the same server.
All on this machine: the server, PostgreSQL and the generator, whose shares of CPU are printed.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tests.benchmarks import answers, instance, reports
from tests.benchmarks.load import Load, Request, send
from tests.benchmarks.table import Line

CONNECTIONS = 256
WARM_UP, MEASURED = 5_000, 40_000
PLAIN_WARM_UP, PLAIN_MEASURED = 300, 2_000
TARGET_PER_S = 6_000
LIMIT_P99_S = 0.150
RATIO = 0.25
"""Of the floor's time: four times as fast."""
PORT = 8199


def run() -> list[Line]:
    offset = (instance.NOW - datetime.now(UTC)).total_seconds()
    os.environ["TAISHAN_CLOCK_OFFSET_S"] = str(offset)
    with instance.fresh():
        reports._set_up()
        instance.settle()
        requests = _requests()
        floor = _measure("plain", requests[: PLAIN_WARM_UP + PLAIN_MEASURED], PLAIN_WARM_UP)
        _as_superuser("TRUNCATE reporting_report, reporting_counter")
        took = _measure("door", requests, WARM_UP)
        _refuse_differences(WARM_UP + MEASURED)
    each, floor_each = (load.seconds / load.requests for load in (took, floor))
    return [
        Line(
            name=f"{MEASURED:,} reports by the door, {1 / each:,.0f}/s", seconds=took.seconds,
            floor=floor_each * MEASURED, ratio=RATIO, limit=MEASURED / TARGET_PER_S,
        ),
        Line(
            name="99 of 100 of them within", seconds=took.p99_ms / 1e3, floor=floor.p99_ms / 1e3,
            limit=LIMIT_P99_S,
        ),
    ]  # fmt: skip


def _requests() -> list[Request]:
    """Return a request for each of so many people: their own report, under their own token."""
    from taishan.organisation import tokens
    from taishan.organisation.access import Viewer
    from taishan.organisation.models import Person

    people = Person.objects.filter(staff_no__startswith="S").order_by("?")
    found = people.values_list("pk", "staff_no")[: WARM_UP + MEASURED]
    requests: list[Request] = []
    for number, (pk, staff_no) in enumerate(found):
        viewer = Viewer(account_id=pk, person_id=pk, name="", grants=(("employee", "1.2"),))
        body = {
            "form": "daily_health", "subject": staff_no, "period": str(instance.DAY),
            "client": str(uuid4()), "answers": json.loads(answers.build(number)),
        }  # fmt: skip
        requests.append((_http(body, tokens.give(viewer, instance.NOW)[0]),))
    return requests


def _http(body: dict[str, object], token: str) -> bytes:
    content = json.dumps(body, ensure_ascii=False).encode()
    head = (
        "POST /api/v1/door/reports HTTP/1.1\r\nhost: localhost\r\n"
        f"authorization: Bearer {token}\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


def _measure(what: str, requests: list[Request], warm_up: int) -> Load:
    """Return what the load came to, and print who used the CPU for it."""
    application = {
        "door": "taishan.config.asgi:application", "plain": "tests.benchmarks.plain:application"
    }[what]  # fmt: skip
    file = Path(os.environ["TAISHAN_HOME"]) / "requests"
    file.write_bytes(pickle.dumps(requests))
    with _server(application) as server:
        postgres = _postmaster()
        before = _cpu_s(server), _cpu_s(postgres), time.perf_counter()
        load = send((file, PORT, CONNECTIONS, warm_up, 0.0))[0]
        wall = time.perf_counter() - before[2]
        used = _cpu_s(server) - before[0], _cpu_s(postgres) - before[1]
    _print(what, load, (used[0], used[1]), wall, len(requests))
    if any('"new"' not in kind for kind in load.bodies):
        raise AssertionError(f"not all were taken: {load.bodies}")
    return load


def _print(what: str, load: Load, used: tuple[float, float], wall: float, sent: int) -> None:
    each = [share / sent * 1e6 for share in used]
    print(  # noqa: T201
        f"{what:<6}{load.requests / load.seconds:>8,.0f}/s  p50 {load.p50_ms:.0f} ms  "
        f"p99 {load.p99_ms:.0f} ms  worst {load.worst_ms:.0f} ms  CPU a report: "
        f"server {each[0]:.0f} µs, PostgreSQL {each[1]:.0f} µs, "
        f"generator {load.cpu_s / load.requests * 1e6:.0f} µs; "
        f"{sum(used) / wall:.2f} cores without the generator"
    )


@contextlib.contextmanager
def _server(application: str, port: int = PORT) -> Iterator[int]:
    """Serve the application as ``taishan serve`` does; give the process id."""
    from taishan.cli import serve

    command = [sys.executable, "-m", *serve.uvicorn(port, application)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        while not serve.answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"{application} ended while starting")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _postmaster() -> int:
    file = Path(os.environ["TAISHAN_HOME"]) / "postgres" / "postmaster.pid"
    return int(file.read_text().splitlines()[0])


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process, its living children, and those that ended."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    ticks = sum(int(number) for number in stat[11:15])
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return ticks / os.sysconf("SC_CLK_TCK") + sum(_cpu_s(int(child)) for child in children)


def _as_superuser(*statements: str) -> None:
    import psycopg

    from taishan.kit import postgres

    folder = postgres.socket_dir(Path(os.environ["TAISHAN_HOME"]))
    dsn = postgres.Server(socket_dir=folder).dsn("postgres")
    with psycopg.connect(dsn, autocommit=True) as link:
        for statement in statements:
            link.execute(statement)


def _refuse_differences(number: int) -> None:
    """Raise AssertionError unless every report is there, once, and counted."""
    from taishan.reporting import recounting

    found = recounting.recount()
    if found.reports != number or found.differences:
        raise AssertionError(f"{found.reports} reports of {number}, {len(found.differences)} apart")
