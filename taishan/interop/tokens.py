"""Tokens of clients: made and revoked by the person whose name they report in, shown once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.interop.models import ClientToken
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Account

LIMIT = 10
"""How many tokens of one person are good at a time."""


class TokenRefused(ValueError):
    """No token is made, or none revoked; the message says why."""


@transaction.atomic
def make(*, actor: Actor, now: datetime, account: Account, name: str) -> str:
    """Make a token of the account; return it, for the only time. Raises TokenRefused."""
    Account.objects.select_for_update().get(pk=account.pk)
    if find_good(account).count() >= LIMIT:
        raise TokenRefused(_("You have %d tokens already: revoke one first.") % LIMIT)
    secret = secrets.token_urlsafe(24)
    token = ClientToken.objects.create(
        account=account, name=name, digest=_digest(secret), made_at=now
    )
    _note(actor, now, "client_token.made", token)
    return secret


@transaction.atomic
def revoke(*, actor: Actor, now: datetime, account: Account, token_id: int) -> None:
    """End a token of the account at once. Raises TokenRefused where there is no such token."""
    if not find_good(account).filter(pk=token_id).update(revoked_at=now):
        raise TokenRefused(_("There is no such token of yours, or it is revoked already."))
    _note(actor, now, "client_token.revoked", ClientToken.objects.get(pk=token_id))


def find_good(account: Account) -> QuerySet[ClientToken]:
    """Return the tokens of the account that work, the latest first."""
    return ClientToken.objects.filter(account=account, revoked_at=None).order_by("-made_at", "-pk")


def find_account(secret: str) -> Account | None:
    """Return whose token this is, None where it is nobody's or works no more."""
    found = ClientToken.objects.filter(
        digest=_digest(secret), revoked_at=None, account__is_active=True
    ).select_related("account__person")
    token = found.first()
    return token.account if token else None


def _digest(secret: str) -> str:
    """A random secret of 192 bits needs no slow hash: nobody finds it by trying."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


def _note(actor: Actor, now: datetime, verb: str, token: ClientToken) -> None:
    ledger.record(actor=actor, now=now, verb=verb, subject=("client_token", str(token.pk)))
