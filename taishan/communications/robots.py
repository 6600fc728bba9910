"""Group robots of WeCom, DingTalk and Feishu: their addresses, signatures, limits and answers.

Each answers HTTP 200 to what it refuses (a wrong key, a missing keyword, too many messages) and
says so in the body alone: only code 0 counts as sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

from django.utils.translation import gettext as _

from taishan.communications import outside
from taishan.communications.models import Channel


class RobotRefused(Exception):
    """The robot did not take the message; the message names its code, and never its address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """``wait_s``: between two messages; ``max_bytes``: of one text; ``code``: where it answers."""

    prefix: str
    wait_s: float
    max_bytes: int
    code: str
    request: Callable[[str, str, str, datetime], tuple[str, dict[str, Any]]]


def _wecom(url: str, _secret: str, text: str, _at: datetime) -> tuple[str, dict[str, Any]]:
    return url, {"msgtype": "text", "text": {"content": text}}


def _dingtalk(url: str, secret: str, text: str, at: datetime) -> tuple[str, dict[str, Any]]:
    if secret:
        stamp = str(round(at.timestamp() * 1000))
        sign = _signed(secret.encode(), f"{stamp}\n{secret}".encode())
        url = f"{url}&timestamp={stamp}&sign={quote_plus(sign)}"
    return url, {"msgtype": "text", "text": {"content": text}}


def _feishu(url: str, secret: str, text: str, at: datetime) -> tuple[str, dict[str, Any]]:
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        stamp = str(round(at.timestamp()))
        # Feishu signs an empty message, with time and secret together as the key.
        body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{secret}".encode(), b"")}
    return url, body


def _signed(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()


KINDS: dict[str, Kind] = {
    Channel.WECOM: Kind(
        prefix="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", wait_s=3, max_bytes=2048,
        code="errcode", request=_wecom,
    ),
    Channel.DINGTALK: Kind(
        prefix="https://oapi.dingtalk.com/robot/send?access_token=", wait_s=3, max_bytes=18_000,
        code="errcode", request=_dingtalk,
    ),
    Channel.FEISHU: Kind(
        prefix="https://open.feishu.cn/open-apis/bot/v2/hook/", wait_s=0.6, max_bytes=18_000,
        code="code", request=_feishu,
    ),
}  # fmt: skip
"""Twenty messages a minute at WeCom and DingTalk, a hundred at Feishu and five a second; a text of
2048 bytes at WeCom, a request of 20 kB at the others.

https://developer.work.weixin.qq.com/document/path/91770
https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""


def check(channel: str, url: str) -> str:
    """Return a robot's address as its group shows it, tidied. Raises RobotRefused."""
    kind, url = KINDS[channel], url.strip()
    given = url.removeprefix(kind.prefix)
    parts = urlsplit(url)
    token = parse_qs(parts.query).get(kind.prefix.partition("?")[2].rstrip("="), [given])[0]
    if not url.startswith(kind.prefix) or not token.replace("-", "").replace("_", "").isalnum():
        raise RobotRefused(_("This robot's address begins with %s") % kind.prefix)
    return kind.prefix + token


def say(*, channel: str, url: str, secret: str, text: str, at: datetime) -> None:
    """Have a robot say a text in its group. Raises RobotRefused, outside.NoAnswer."""
    kind = KINDS[channel]
    address, body = kind.request(url, secret, text, at)
    answer = outside.post(address, json.dumps(body, ensure_ascii=False).encode(), {})
    try:
        said = json.loads(answer.body)
        code = said[kind.code]
    except (ValueError, KeyError, TypeError):
        raise RobotRefused(f"HTTP {answer.status}") from None
    if code != 0:
        word = said.get("errmsg") or said.get("msg") or ""
        raise RobotRefused(f"{code}: {word}"[:200])
