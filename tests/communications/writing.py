"""What tests of notices and channels share: people, notices to them, addresses, a mail server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from taishan.communications import actions, channels, sealing
from taishan.communications.actions import Words
from taishan.communications.channels import Wishes
from taishan.communications.models import Address, Channel, News, Notice
from taishan.organisation import history, staffing
from taishan.organisation.models import Person, Unit
from tests import people

WORDS = Words(title_en="Masks", title_zh="口罩", text_en="Fetch them.", text_zh="请领取。")
EVERYTHING = Wishes(wanted=tuple(News.values))


def hire(staff_no: str, unit: str = "W1") -> Person:
    return staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=staff_no,
        name=f"张{staff_no}", unit=unit,
    )  # fmt: skip


def tell(*told: Person, now: datetime = people.NOW, **more: Any) -> Notice:
    return actions.send(
        actor=people.ACTOR, now=now, words=WORDS, unit_id=Unit.objects.get(code="W1").pk,
        person_ids=[one.pk for one in told], **more,
    )  # fmt: skip


def publish(
    unit: str = "W1", audience: str = "everybody", now: datetime = people.NOW, **terms: Any
) -> Notice:
    version = history.get_version(unit, people.NOW.date())
    return actions.publish(
        actor=people.ACTOR, now=now, on=now.date(), unit_id=version.unit_id, path=version.path,
        audience=audience, words=WORDS, terms=actions.Terms(**terms),
    )  # fmt: skip


def email(person: Person, target: str = "", **more: Any) -> Address:
    """A confirmed e-mail address."""
    return Address.objects.create(
        person=person, channel=Channel.EMAIL, name="z…@example.org",
        target=sealing.seal(target or f"{person.staff_no}@example.org"),
        time_zone="Asia/Shanghai", added_at=people.NOW, added_by="test",
        verified_at=people.NOW, **{"wanted": list(News.values)} | more,
    )  # fmt: skip


def robot(channel: str, target: str, unit: str = "W1", **more: Any) -> Address:
    address, _secret = channels.add_of_unit(
        actor=people.ACTOR, now=people.NOW, unit=Unit.objects.get(code=unit), channel=channel,
        name="安全群", target=target, time_zone="Asia/Shanghai",
        **{"secret": "", "language": "zh", "wishes": EVERYTHING} | more,
    )  # fmt: skip
    return address


def later(**time: float) -> datetime:
    return people.NOW + timedelta(**time)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 hello")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                self.server.letters.append(self._letter())  # type: ignore[attr-defined]
                self._say("250 taken")
            elif word == "RCPT" and "nobody@" in line:
                self._say("550 no such mailbox")
            else:
                self._say("221 bye" if word == "QUIT" else "250 ok")

    def _letter(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode()) != ".\r\n":
            lines.append(line)
        return "".join(lines)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def mail_server(port: int = 0) -> Iterator[Any]:
    """A mail server that takes every letter but nobody's; ``letters`` is what it took."""
    with _Server(("127.0.0.1", port), _Session) as server:
        server.letters = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
