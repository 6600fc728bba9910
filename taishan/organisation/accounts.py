"""How people get in: accounts are given by the group, never taken by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.urls import reverse

SALT = "taishan.sign-in"
LINK_AGE_S = 24 * 3600


class ClosedSignup(DefaultAccountAdapter):
    """Nobody signs up by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def sign_in_path(account_id: int) -> str:
    """Return a path that signs the account in for a day, where the instance allows such links."""
    token = signing.dumps(account_id, salt=SALT)
    return reverse("organisation:sign_in", args=[token])


def account_id_in(token: str) -> int | None:
    """Return the account a link is for, or None where links are off, altered or too old."""
    if not settings.TAISHAN.sign_in_links:
        return None
    try:
        return int(signing.loads(token, salt=SALT, max_age=LINK_AGE_S))
    except signing.BadSignature:
        return None
