"""What the web server passes on, and what it keeps to itself."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from taishan.cli import serve
from tests.ports import free_port
from tests.processes import PATIENCE_S, wait_until


async def application(scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Say who asks, and how: the ASGI application that is served here."""
    said = json.dumps([scope["client"][0], scope["scheme"]]).encode()
    headers = [(b"content-length", b"%d" % len(said))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    port = free_port()
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-m", *serve.uvicorn(port, f"{__name__}:application")]
        server = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        wait_until(lambda: serve.answers(port), tmp_path)
        yield port
    finally:
        server.terminate()
        server.wait(PATIENCE_S)


def test_what_a_client_says_of_itself_is_not_believed(port: int) -> None:
    said = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}

    body, _headers = _ask(port, "/", **said)

    assert json.loads(body) == ["127.0.0.1", "http"]


def test_neither_address_nor_server_is_told(port: int, tmp_path: Path) -> None:
    _body, headers = _ask(port, "/people/S17/?q=S17")

    assert "server" not in headers
    assert (tmp_path / "log").read_text() == ""


def _ask(port: int, path: str, **headers: str) -> tuple[bytes, set[str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.read(), {name.lower() for name, _value in answer.getheaders()}
    finally:
        connection.close()
