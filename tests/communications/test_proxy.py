"""An instance that reaches the world through a proxy alone: robots and webhooks go by it too."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from taishan.communications import outside, robots, webhooks
from taishan.ledger import publishing, sealing
from tests import people
from tests.ledger.building import happen

pytestmark = pytest.mark.django_db
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6"
HOST = "qyapi.weixin.qq.com"


class _Robot(BaseHTTPRequestHandler):
    """The server in the world, behind TLS."""

    got: list[tuple[str, dict[str, Any]]]

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.got.append((f"https://{self.headers['Host']}{self.path}", body))
        self.send_response(200)
        self.send_header("Content-Length", "14")
        self.end_headers()
        self.wfile.write(b'{"errcode": 0}')

    def log_message(self, *_said: Any) -> None:
        pass


class _Proxy(BaseHTTPRequestHandler):
    """Leads on to the robot's server, as whatever it is asked for."""

    asked: list[tuple[str, str]]
    port: int

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization", "")))
        if not self.path.startswith(HOST):
            self.send_error(403)
            return
        self.send_response(200)
        self.end_headers()
        with socket.create_connection(("127.0.0.1", self.port)) as far:
            back = threading.Thread(target=_pass_on, args=(far, self.connection))
            back.start()
            _pass_on(self.connection, far)
            back.join()

    def log_message(self, *_said: Any) -> None:
        pass


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while read := one.recv(65536):
            other.sendall(read)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # whoever hung up first


def _certified(folder: Path) -> Path:
    """Write a certificate of the robot's host that signs itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )  # fmt: skip
    file = folder / "robot.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def _serve(server: HTTPServer) -> threading.Thread:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    return thread


@pytest.fixture
def proxy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Proxy]]:
    """A proxy that the environment names, on a machine that can look up no name of the world."""
    look_up = socket.getaddrinfo

    def local_alone(host: Any, *more: Any, **named: Any) -> Any:
        if host not in ("127.0.0.1", "10.0.0.7", "localhost"):
            raise OSError("no such name")
        return look_up(host, *more, **named)

    file = _certified(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    monkeypatch.setattr(certifi, "where", lambda: str(file))
    monkeypatch.setattr(socket, "getaddrinfo", local_alone)
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    _Robot.got, _Proxy.asked = [], []
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), _Robot) as robot,
        ThreadingHTTPServer(("127.0.0.1", 0), _Proxy) as between,
    ):
        robot.socket = context.wrap_socket(robot.socket, server_side=True)
        _Proxy.port = robot.server_port
        address = f"http://taishan:p%40ss@127.0.0.1:{between.server_port}"
        monkeypatch.setenv("HTTPS_PROXY", address)
        threads = [_serve(one) for one in (robot, between)]
        yield _Proxy
        for one in (robot, between):
            one.shutdown()
        for thread in threads:
            thread.join()


def _say() -> None:
    robots.say(channel="wecom", url=WECOM, secret="", text="口罩", at=people.NOW)


def test_a_robot_is_asked_through_the_proxy_which_reads_nothing(proxy: type[_Proxy]) -> None:
    _say()

    assert proxy.asked == [(f"{HOST}:443", "Basic dGFpc2hhbjpwQHNz")], "taishan:p@ss"
    assert _Robot.got == [(WECOM, {"msgtype": "text", "text": {"content": "口罩"}})]


def test_a_server_whose_certificate_is_anothers_gets_nothing(
    proxy: type[_Proxy], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = _certified(tmp_path / "other")
    monkeypatch.setattr(certifi, "where", lambda: str(other))

    with pytest.raises(outside.NoAnswer, match="SSLError"):
        _say()

    assert _Robot.got == []


def test_what_no_proxy_names_is_asked_directly(
    proxy: type[_Proxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", HOST)

    with pytest.raises(outside.NotPublic, match="No server of this name"):
        _say()

    assert proxy.asked == []


@pytest.mark.parametrize(
    ("address", "cause"),
    [("socks5://127.0.0.1:1080", "ProxySchemeUnknown"), ("127.0.0.1:31o8", "LocationParseError")],
)
def test_a_proxy_that_is_none_is_a_reason_why_there_is_no_answer(
    proxy: type[_Proxy], monkeypatch: pytest.MonkeyPatch, address: str, cause: str
) -> None:
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.setenv("ALL_PROXY", address)

    with pytest.raises(outside.NoAnswer, match=cause):
        _say()


def test_a_number_of_this_side_is_refused_through_the_proxy_too(proxy: type[_Proxy]) -> None:
    with pytest.raises(outside.NotPublic, match="not a public one"):
        outside.check("https://10.0.0.7/hook")


def test_a_webhook_and_a_seal_go_by_the_proxy_and_say_that_it_refused(
    proxy: type[_Proxy], settings: Any
) -> None:
    with pytest.raises(outside.NoAnswer, match="ProxyError"):
        webhooks.call(
            url="https://hooks.example.org/", secret=webhooks.new_secret(), message_id="m",
            at=people.NOW, body=b"{}",
        )  # fmt: skip
    address = "https://seals.example.org/"
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"seal_webhook": address})
    happen(1)
    sealing.seal_all(now=people.NOW)
    with pytest.raises(publishing.NotPublished, match="403"):
        publishing.publish(now=people.NOW)

    assert {host for host, _who in proxy.asked} == {
        "hooks.example.org:443",
        "seals.example.org:443",
    }
