"""By what somebody proved just now, by more than their session, who they are."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows import reauthentication
from django.http import HttpRequest

_USED = "proof_used_at"
_WORDS = {"webauthn": "passkey", "totp": "code", "recovery_codes": "code"}


def find_proof(request: HttpRequest) -> str:
    """Return password, passkey or code; empty where none was given lately, or it was used up."""
    if not request.user.is_authenticated:
        return ""
    fresh = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    since = max(fresh, request.session.get(_USED, 0))
    for one in reversed(get_authentication_records(request, request.user)):
        if one.get("reauthenticated") and one["at"] > since:
            return _WORDS.get(one.get("type", ""), str(one["method"]))
    return ""


def use_up(request: HttpRequest) -> None:
    """Let the proof count for nothing more: each signature has its own."""
    request.session[_USED] = time.time()


def can_prove(request: HttpRequest) -> bool:
    """Tell whether the account has a password or a passkey here, and not at a provider alone."""
    return bool(
        request.user.is_authenticated and reauthentication.get_reauthentication_flows(request.user)
    )
