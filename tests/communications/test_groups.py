"""Robots and webhooks of units: what they are sent, how often, and what they must not be."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, ClassVar

import pytest
from django.test import Client

from taishan.communications import channels, outside, robots, sending, webhooks
from taishan.communications.channels import ChannelRefused
from taishan.communications.models import Address, Notice, Sending
from taishan.communications.outside import Answer, NoAnswer, NotPublic
from taishan.organisation.models import Account
from tests import people
from tests.communications.writing import EVERYTHING, hire, later, publish, robot, tell

pytestmark = pytest.mark.usefixtures("cast")

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=abc123"
FEISHU = "https://open.feishu.cn/open-apis/bot/v2/hook/b6ad-xyz"


class Groups:
    """Stands for the robots' servers: keeps what they are asked, and answers as told."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.answer: dict[str, Any] = {"errcode": 0, "code": 0}

    def post(self, url: str, body: bytes, _headers: dict[str, str]) -> Answer:
        self.asked.append((url, json.loads(body)))
        return Answer(status=200, body=json.dumps(self.answer).encode())

    def said(self) -> list[str]:
        return [body.get("text", body.get("content", {})) for _url, body in self.asked]


@pytest.fixture
def groups(monkeypatch: pytest.MonkeyPatch) -> Groups:
    found = Groups()
    monkeypatch.setattr(outside, "post", found.post)
    return found


def test_a_robot_says_in_its_group_what_everybody_in_the_unit_is_told(groups: Groups) -> None:
    hire("1")
    robot("wecom", WECOM)
    notice = publish()

    sending.send_due(channel="wecom", now=people.NOW)

    ((url, body),) = groups.asked
    assert url == WECOM
    assert body["text"]["content"] == (
        f"口罩\n请领取。\nhttp://localhost:8020/notices/{notice.pk}/mine/"
    )
    assert Sending.objects.get().state == "sent"


def test_what_is_told_to_some_people_is_not_said_in_a_group(groups: Groups) -> None:
    robot("wecom", WECOM)

    tell(hire("1"))

    assert not Sending.objects.exists()


def test_a_unit_below_is_told_by_its_robot_and_one_beside_is_not(groups: Groups) -> None:
    hire("1", "W2")
    below = robot("wecom", WECOM, unit="W2")
    robot("feishu", FEISHU, unit="H1")

    publish("W1")

    assert [one.address_id for one in Sending.objects.all()] == [below.pk]


@pytest.mark.parametrize(
    ("channel", "target", "wait_s"), [("wecom", WECOM, 3), ("dingtalk", DINGTALK, 3),
    ("feishu", FEISHU, 0.6)],
)  # fmt: skip
def test_many_messages_at_once_become_one_within_a_robots_limit(
    groups: Groups, channel: str, target: str, wait_s: float
) -> None:
    hire("1")
    robot(channel, target)
    publish()
    sending.send_due(channel=channel, now=people.NOW)
    for _one in range(40):
        publish()

    sending.send_due(channel=channel, now=later(seconds=wait_s / 2))
    assert len(groups.asked) == 1
    sending.send_due(channel=channel, now=later(seconds=wait_s))

    assert len(groups.asked) == 2
    text = json.dumps(groups.asked[1][1], ensure_ascii=False)
    assert "40 条泰山消息" in text
    assert len(text.encode()) < 20_000
    if channel == "wecom":
        assert len(groups.asked[1][1]["text"]["content"].encode()) <= 2048
        assert "更多" in text
    assert not Sending.objects.exclude(state="sent").exists()


def test_a_robot_that_answers_200_with_a_refusal_has_not_sent(groups: Groups) -> None:
    hire("1")
    robot("wecom", WECOM)
    publish()
    groups.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}

    sending.send_due(channel="wecom", now=people.NOW)

    waiting = Sending.objects.get()
    assert (waiting.state, waiting.tries) == ("queued", 1)
    assert waiting.next_try_at == later(minutes=1)
    assert Address.objects.get().error == "93000: invalid webhook url"


def test_a_robot_that_never_takes_anything_is_reported_to_the_officers_and_shown(
    groups: Groups, cast: dict[str, Account]
) -> None:
    hire("1", "W2")
    robot("wecom", WECOM, unit="W2")
    publish("W2")
    groups.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}

    for hour in range(60):
        sending.send_due(channel="wecom", now=later(hours=hour))

    assert Sending.objects.get().state == "failed"
    told = Notice.objects.get(about_kind="address")
    officers = {cast["unit_head"].person_id, cast["safety_officer"].person_id}
    assert {one.person_id for one in told.deliveries.all()} == officers
    client = Client()
    client.force_login(cast["unit_head"])
    page = client.get(told.address).content.decode()
    assert "93000: invalid webhook url" in page
    assert "693a91f6" not in page


def test_dingtalk_and_feishu_are_signed_as_each_asks(groups: Groups) -> None:
    at = people.NOW
    stamp = str(round(at.timestamp() * 1000))
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()

    robots.say(channel="dingtalk", url=DINGTALK, secret="SECabc", text="x", at=at)
    robots.say(channel="feishu", url=FEISHU, secret="demo", text="x", at=at)

    (dingtalk, _body), (feishu, body) = groups.asked
    quoted = base64.b64encode(expected).decode().replace("+", "%2B").replace("/", "%2F")
    assert dingtalk == f"{DINGTALK}&timestamp={stamp}&sign={quoted.replace('=', '%3D')}"
    assert feishu == FEISHU
    second = str(round(at.timestamp()))
    signed = hmac.new(f"{second}\ndemo".encode(), b"", hashlib.sha256).digest()
    assert (body["timestamp"], body["sign"]) == (second, base64.b64encode(signed).decode())


@pytest.mark.parametrize(
    ("channel", "target"),
    [
        ("wecom", "https://evil.example.org/cgi-bin/webhook/send?key=1"),
        ("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=a/../b"),
        ("feishu", WECOM),
        ("webhook", "http://example.org/"),
        ("webhook", "https://127.0.0.1/"),
        ("webhook", "https://[::1]/"),
        ("webhook", "https://[::ffff:10.0.0.1]/"),
        ("webhook", "https://169.254.169.254/latest/meta-data/"),
        ("webhook", "https://10.1.2.3:8443/"),
        ("webhook", "https://user:word@example.org/"),
        ("webhook", "https://localhost/"),
        ("webhook", "https:///nowhere"),
        ("webhook", "https://example.org:99999/"),
    ],
)
def test_a_target_that_is_no_robot_or_not_public_is_refused(channel: str, target: str) -> None:
    with pytest.raises(ChannelRefused):
        robot(channel, target)

    assert not Address.objects.exists()


def test_a_name_is_looked_up_once_and_asked_at_that_very_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = iter(["93.184.216.34", "127.0.0.1"])

    def found(*_asked: Any, **_more: Any) -> list[Any]:
        return [(2, 1, 6, "", (next(numbers), 443))]

    monkeypatch.setattr(outside.socket, "getaddrinfo", found)
    asked = []

    def pool(parts: Any, host: str, number: str) -> Any:
        asked.append((host, number))
        raise NoAnswer

    monkeypatch.setattr(outside, "_pool", pool)

    with pytest.raises(NoAnswer):
        outside.post("https://hooks.example.org/", b"", {})
    with pytest.raises(NotPublic):
        outside.post("https://hooks.example.org/", b"", {})

    assert asked == [("hooks.example.org", "93.184.216.34")]


class _Hook(BaseHTTPRequestHandler):
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    status: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((dict(self.headers), body))
        self.send_response(self.status)
        self.send_header("Location", "http://127.0.0.1/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: Any) -> None:
        pass


@pytest.fixture
def hook(settings: Any) -> Iterator[str]:
    """A webhook of this machine, which the settings allow; its address."""
    settings.TAISHAN = settings.TAISHAN.model_copy(update={"webhook_hosts": "127.0.0.1"})
    _Hook.got, _Hook.status = [], 204
    with HTTPServer(("127.0.0.1", 0), _Hook) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook?a=1"
        server.shutdown()
        thread.join()


def test_a_webhook_is_signed_and_keeps_its_id_and_body_when_it_is_tried_again(hook: str) -> None:
    hire("1")
    address, secret = channels.add_of_unit(
        actor=people.ACTOR, now=people.NOW, unit=Account.objects.get(
            username="D2").person.grants.get().unit,  # type: ignore[union-attr]
        channel="webhook", name="BI", target=hook, secret="", language="zh",
        time_zone="Asia/Shanghai", wishes=EVERYTHING,
    )  # fmt: skip
    publish()

    _Hook.status = 500
    sending.send_due(channel="webhook", now=people.NOW)
    _Hook.status = 204
    sending.send_due(channel="webhook", now=later(minutes=1))

    (first, body), (second, again) = _Hook.got
    assert body == again
    assert first["webhook-id"] == second["webhook-id"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{second['webhook-id']}.{second['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert second["webhook-signature"] == f"v1,{expected}"
    told = json.loads(body)
    assert (told["type"], told["data"]["title"]["zh"]) == ("notice.sent", "口罩")
    address.refresh_from_db()
    assert (address.error, Sending.objects.get().state) == ("", "sent")


def test_a_webhook_follows_no_redirect(hook: str) -> None:
    _Hook.status = 302

    with pytest.raises(webhooks.WebhookRefused, match="302"):
        webhooks.call(
            url=hook, secret=webhooks.new_secret(), message_id="m", at=people.NOW, body=b"{}"
        )

    assert len(_Hook.got) == 1


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    signature = webhooks.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
        b'{"test": 2432232314}',
    )  # fmt: skip

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_instance_that_sends_nothing_outside_keeps_what_a_robot_would_have_said(
    groups: Groups, settings: Any, tmp_path: Any
) -> None:
    from taishan.communications import outbox

    settings.TAISHAN = settings.TAISHAN.model_copy(update={"outside": False})
    settings.OUTBOX_ROOT = tmp_path
    hire("1")
    robot("wecom", WECOM)
    publish()

    sending.send_due(channel="wecom", now=people.NOW)

    assert groups.asked == []
    kept = outbox.read(outbox.find_names()[0])
    assert (kept.channel, kept.to, kept.subject) == ("wecom", "安全群", "口罩")


def test_a_test_message_goes_to_that_address_alone(
    groups: Groups, cast: dict[str, Account]
) -> None:
    client = Client()
    client.force_login(cast["unit_head"])
    robot("wecom", WECOM)
    other = robot("feishu", FEISHU)

    client.post(f"/channels/{other.pk}/test/")
    client.post(f"/channels/{other.pk}/test/")
    sending.send_due(channel="wecom", now=later(days=1))
    sending.send_due(channel="feishu", now=later(days=1))

    assert [url for url, _body in groups.asked] == [FEISHU]


def test_nobody_changes_an_address_of_a_unit_that_is_not_theirs(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["employee"])
    address = robot("wecom", WECOM)

    for what in ("wishes", "test", "removal"):
        assert client.post(f"/channels/{address.pk}/{what}/").status_code == 404

    assert Address.objects.get().ended_at is None
