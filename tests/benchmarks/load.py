"""A load generator that costs little: keep-alive connections over one selector, in a process of its
own. Each connection sends its next request when the last is answered, or when it is due.

    python -m tests.benchmarks.load FILE PORT CONNECTIONS WARM_UP [PER_S]

``FILE`` is a pickled list of whole HTTP requests, each in pieces that others may share; the first
``WARM_UP`` of them are not measured. With ``PER_S`` requests become due at that rate, and a latency
counts from when one was due: a server that falls behind is seen to.
Prints a line once all is read, begins when a line comes in, and prints JSON; see ``Load``.
"""

from __future__ import annotations

import json
import pickle
import resource
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

STUCK_S = 30.0
Request = tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class Load:
    """What came back: seconds from the first measured request to the last answer, latencies in
    milliseconds, CPU seconds of the generator, and how often which beginning of a body came."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    worst_ms: float
    cpu_s: float
    bodies: dict[str, int]


Asked = tuple[Path, int, int, int, float]
"""A file of requests, to which port they go, by how many connections, with how many to warm up, and
how many a second: none for as many as go."""


def send(*asked: Asked) -> list[Load]:
    """Send what lies in files at the same time, each from a process and a session of its own.

    They begin when all have read their files.
    """
    under_way = [
        subprocess.Popen(
            [sys.executable, "-m", __spec__.name, str(file), *map(str, numbers)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        )
        for file, *numbers in asked
    ]  # fmt: skip
    try:
        for one in under_way:
            one.stdout.readline()  # type: ignore[union-attr]
        for one in under_way:
            one.stdin.write(b"\n")  # type: ignore[union-attr]
            one.stdin.flush()  # type: ignore[union-attr]
        return [Load(**json.loads(one.communicate()[0])) for one in under_way]
    finally:
        for one in under_way:  # where one has failed, the others
            one.kill()
            one.wait()


class Connection:
    """One connection and the request under way on it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self.buffer = b""

    def send(self, request: Request, due_at: float) -> None:
        self.sent_at = due_at
        self.socket.sendall(b"".join(request))

    def receive(self) -> bytes | None:
        """Return the body of the answer once it is whole, else None."""
        read = self.socket.recv(65_536)
        if not read:
            raise ConnectionError("the server closed a connection")
        self.buffer += read
        head, end, body = self.buffer.partition(b"\r\n\r\n")
        if not end:
            return None
        at = head.lower().index(b"content-length:") + len(b"content-length:")
        if len(body) < int(head[at:].split(b"\r\n", 1)[0]):
            return None
        self.buffer = b""
        return body if b" 200 " in head[:13] else head[:40]


def run(
    requests: list[Request], port: int, connections: int, warm_up: int, per_s: float = 0.0
) -> Load:
    """Send all requests and return what the measured ones came to."""
    _send_all(iter(requests[:warm_up]), port, connections)
    cpu, began = _cpu_s(), time.perf_counter()
    latencies, bodies = _send_all(iter(requests[warm_up:]), port, connections, per_s)
    seconds, cpu = time.perf_counter() - began, _cpu_s() - cpu
    latencies.sort()
    count = len(latencies)
    return Load(
        requests=count, seconds=seconds, p50_ms=latencies[count // 2] * 1e3,
        p99_ms=latencies[count * 99 // 100] * 1e3, worst_ms=latencies[-1] * 1e3, cpu_s=cpu,
        bodies=bodies,
    )  # fmt: skip


def _send_all(
    requests: Iterator[Request], port: int, connections: int, per_s: float = 0.0
) -> tuple[list[float], dict[str, int]]:
    latencies: list[float] = []
    bodies: Counter[bytes] = Counter()
    selector = selectors.EpollSelector()
    idle = deque(Connection(port) for _number in range(connections))
    waiting, began, number = next(requests, ()), time.perf_counter(), 0
    while waiting or len(idle) < connections:
        due_at = began + number / per_s if per_s else time.perf_counter()
        if waiting and idle and due_at <= time.perf_counter():
            one = idle.popleft()
            one.send(waiting, due_at)
            selector.register(one.socket, selectors.EVENT_READ, one)
            waiting, number = next(requests, ()), number + 1
            continue
        until_due = max(0.0, due_at - time.perf_counter()) if waiting and idle else STUCK_S
        for key, _events in _ready(selector, until_due):
            body = key.data.receive()
            if body is not None:
                latencies.append(time.perf_counter() - key.data.sent_at)
                bodies[_kind(body)] += 1
                selector.unregister(key.data.socket)
                idle.append(key.data)
    for one in idle:
        one.socket.close()
    return latencies, {kind.decode(errors="replace"): n for kind, n in bodies.items()}


def _ready(
    selector: selectors.BaseSelector, patience_s: float
) -> list[tuple[selectors.SelectorKey, int]]:
    found = selector.select(patience_s)
    if not found and patience_s >= STUCK_S:
        raise TimeoutError(f"no answer within {STUCK_S:.0f} s")
    return found


def _kind(body: bytes) -> bytes:
    """Return the outcome a body tells, or its beginning."""
    at = body.find(b'"outcome"')
    return body[at : at + 22] if at >= 0 else body[:60]


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    file, *numbers = sys.argv[1:]
    loaded = pickle.loads(Path(file).read_bytes())  # noqa: S301 - of the benchmark's own
    port, connections, warm_up = map(int, numbers[:3])
    per_s = map(float, numbers[3:])
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    print(json.dumps(asdict(run(loaded, port, connections, warm_up, *per_s))))  # noqa: T201
