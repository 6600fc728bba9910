"""Whose client this is: by a token in the address or a header, or by name and password."""

from __future__ import annotations

import base64
import binascii
from copy import copy
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from taishan.interop import tokens
from taishan.organisation.models import Account

CHALLENGE = 'Basic realm="Taishan", charset="UTF-8"'


class NotKnown(PermissionError):
    """The client is not let in; the message says why, ``status`` is that of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def by_token(secret: str) -> Account:
    """Return whose token this is. Raises NotKnown."""
    account = tokens.find_account(secret)
    if account is None:
        raise NotKnown(404, _("This address is not valid, or its token was revoked."))
    return account


def by_header(request: HttpRequest) -> Account:
    """Return who the header Authorization names. Raises NotKnown.

    ``ApiToken`` with a token; ``Basic`` with the staff number and a token or the password. As the
    OpenRosa specification demands, Basic is not for a connection that others can read.
    """
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "apitoken":
        account = tokens.find_account(given.strip())
        if account is None:
            raise NotKnown(401, _refusal())
        return account
    if not request.is_secure():
        raise NotKnown(403, _("Name and password need https. A token in the address does not."))
    if scheme.lower() != "basic":
        raise NotKnown(401, _("Say who you are."))
    return _by_basic(request, given)


def _by_basic(request: HttpRequest, given: str) -> Account:
    try:
        decoded = base64.b64decode(given, validate=True).decode()
    except (binascii.Error, ValueError):
        decoded = ""
    if not decoded.isprintable() or ":" not in decoded:
        raise NotKnown(401, _refusal())
    username, _colon, password = decoded.partition(":")
    account = tokens.find_account(password)
    if account is not None and account.username == username:
        return account
    return _by_password(request, username, password)


def _by_password(request: HttpRequest, username: str, password: str) -> Account:
    """A password alone must not open what its owner protects by a second step.

    It is asked before the password is tried: neither the answer nor how long it takes must tell
    whether that is right. It is asked again of whom the library found: case does not matter to it.
    """
    named = Account.objects.filter(username__iexact=username)
    if any(is_mfa_enabled(account) for account in named):
        raise NotKnown(401, _refusal())
    # The account library counts no tries by GET, by which a client tries as well.
    tried = copy(request)
    tried.method = "POST"
    try:
        found = get_adapter(tried).authenticate(tried, username=username, password=password)
    except ValidationError:
        said = _("Too many tries. Wait five minutes, then try again.")
        raise NotKnown(429, said) from None
    if found is None or is_mfa_enabled(found):
        raise NotKnown(401, _refusal())
    return cast(Account, found)


def _refusal() -> str:
    return _(
        "Staff number or password is wrong. Who signs in by a passkey or a second step uses a "
        "token as the password."
    )
