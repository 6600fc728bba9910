"""Targets and secrets of addresses as the database keeps them: who has a copy cannot use them."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class Unreadable(ValueError):
    """What was sealed under another secret key of the instance; the address is to be given anew."""


def seal(text: str) -> str:
    """Return the text sealed under the instance's key; empty stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what was sealed. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        raise Unreadable("sealed under another key") from None


def _box() -> Fernet:
    key = hashlib.sha256(b"taishan.addresses:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
