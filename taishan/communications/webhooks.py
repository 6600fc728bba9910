"""Webhooks after Standard Webhooks 1.0: id, instant and body under an HMAC-SHA256.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from taishan.communications import outside

PREFIX = "whsec_"


class WebhookRefused(Exception):
    """The server did not take it; the message says with what it answered."""


def new_secret() -> str:
    """Return a signing secret of 256 bits, as the standard writes it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def sign(secret: str, message_id: str, stamp: int, body: bytes) -> str:
    """Return the signature of a message."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = hmac.new(key, f"{message_id}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def call(*, url: str, secret: str, message_id: str, at: datetime, body: bytes) -> None:
    """Send a body. Raises WebhookRefused unless answered 2xx, outside.NotPublic, NoAnswer."""
    stamp = int(at.timestamp())
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret, message_id, stamp, body),
        "User-Agent": "Taishan",
    }
    answer = outside.post(url, body, headers)
    if not 200 <= answer.status < 300:
        raise WebhookRefused(f"HTTP {answer.status}")
