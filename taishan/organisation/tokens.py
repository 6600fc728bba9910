"""Short-lived tokens: who somebody is and what they may report for, signed, to be read without a
query. What is withdrawn meanwhile, ``withdrawals`` knows."""

from __future__ import annotations

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as local_time
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from taishan.organisation.access import CAPABILITIES, Capability, Viewer

LIFE_S = 15 * 60
ZONE = "Asia/Shanghai"
"""Where the day of the roles ends, and every token with it."""


class TokenRefused(ValueError):
    """The token is not one of ours or has expired; the first argument says which, translatable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """Whoever shows a token. Its instants are real time, in seconds, as for sessions."""

    viewer: Viewer
    given_at: float
    expires_at: float


class _Said(msgspec.Struct, array_like=True, frozen=True):
    """What a token says; ``grants`` are the roles by which its bearer may report."""

    account_id: int
    person_id: int | None
    given_at: float
    expires_at: float
    grants: tuple[tuple[str, str], ...]


_decoder = msgspec.json.Decoder(_Said)


def give(viewer: Viewer, now: datetime) -> tuple[str, float]:
    """Return a token for the viewer and when it expires, in seconds of real time.

    It lasts 15 minutes, and never past the day for which the viewer's roles were looked up; ``now``
    is the instant of that look, by the domain's clock.
    """
    given_at = time.time()
    expires_at = given_at + min(LIFE_S, _left_of_day_s(now))
    reporting = (g for g in viewer.grants if Capability.REPORT in CAPABILITIES[g[0]])
    said = _Said(viewer.account_id, viewer.person_id, given_at, expires_at, tuple(reporting))
    body = urlsafe_b64encode(msgspec.json.encode(said))
    return f"{body.decode()}.{_seal(body).decode()}", expires_at


def read(token: bytes) -> Bearer:
    """Return who shows the token. Raises TokenRefused."""
    body, _dot, seal = token.partition(b".")
    if not hmac.compare_digest(seal, _seal(body)):
        raise TokenRefused(_("This token was not given by this instance."))
    said = _decoder.decode(urlsafe_b64decode(body))
    if said.expires_at <= time.time():
        raise TokenRefused(_("This token has expired: ask for a new one."))
    viewer = Viewer(
        account_id=said.account_id, person_id=said.person_id, name="", grants=said.grants
    )
    return Bearer(viewer=viewer, given_at=said.given_at, expires_at=said.expires_at)


def _seal(body: bytes) -> bytes:
    return urlsafe_b64encode(hmac.digest(_key(settings.SECRET_KEY), body, "sha256"))


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return salted_hmac("taishan.tokens", b"", secret=secret, algorithm="sha256").digest()


def _left_of_day_s(now: datetime) -> float:
    local = now.astimezone(ZoneInfo(ZONE))
    end = datetime.combine(local.date() + timedelta(days=1), local_time(0), local.tzinfo)
    return (end - local).total_seconds()
