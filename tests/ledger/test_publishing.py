"""The head of the tree is handed to others, once, and again until it arrives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from taishan.ledger import publishing, sealing
from taishan.ledger.models import Publication, Seal
from tests import people
from tests.ledger.building import happen

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
Received = list[dict[str, Any]]


@pytest.fixture
def seal() -> Seal:
    happen(1)
    return sealing.seal_all(now=people.NOW)[-1]


class Receiver(BaseHTTPRequestHandler):
    """Answers with the first status that is left, 204 afterwards."""

    received: Received
    statuses: list[int]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.received.append(json.loads(body))
        self.send_response(self.statuses.pop(0) if self.statuses else 204)
        self.send_header("Location", "/")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def webhook(settings: Any) -> Iterator[type[Receiver]]:
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    Receiver.received, Receiver.statuses = [], []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/seals/"
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"seal_webhook": address})
    yield Receiver
    server.shutdown()
    server.server_close()


def test_a_seal_is_posted_once(seal: Seal, webhook: type[Receiver]) -> None:
    publishing.publish(now=people.NOW)
    publishing.publish(now=people.NOW)

    assert webhook.received == [{"seal": seal.code, "sealed_at": people.NOW.isoformat()}]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_a_seal_that_did_not_arrive_is_posted_again(
    seal: Seal, webhook: type[Receiver], status: int
) -> None:
    webhook.statuses = [status]
    with pytest.raises(publishing.NotPublished, match=f"webhook: .* answered {status}"):
        publishing.publish(now=people.NOW)
    assert not Publication.objects.exists()

    publishing.publish(now=people.NOW)

    assert [one["seal"] for one in webhook.received] == [seal.code, seal.code]
    assert Publication.objects.get().seal == seal


def test_one_way_that_fails_does_not_hold_up_the_other(
    seal: Seal, webhook: type[Receiver], settings: Any, tmp_path: Path
) -> None:
    file = tmp_path / "missing" / "seals.txt"
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"seal_file": str(file)})

    with pytest.raises(publishing.NotPublished, match="file: "):
        publishing.publish(now=people.NOW)

    assert [one["seal"] for one in webhook.received] == [seal.code]
    file.parent.mkdir()
    publishing.publish(now=people.NOW)
    assert file.read_text(encoding="utf-8") == f"2020-02-12T00:00:00+00:00 {seal.code}\n"
    assert len(webhook.received) == 1


def test_after_an_outage_only_the_latest_seal_is_handed_out(
    seal: Seal, webhook: type[Receiver]
) -> None:
    happen(1)
    [latest] = sealing.seal_all(now=people.NOW)

    publishing.publish(now=people.NOW)

    assert [one["seal"] for one in webhook.received] == [latest.code]


def test_nothing_is_handed_out_where_nobody_asked_for_it(seal: Seal) -> None:
    assert publishing.publish(now=people.NOW) == []
