"""Accounts and the links that open them: a link is shown once, works once, and not for long."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import staffing, withdrawals
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Account, Invitation

AGE_S = 72 * 3600


@transaction.atomic
def invite(
    *, actor: Actor, now: datetime, staff_no: str, name: str = "", only_unused: bool = False
) -> str:
    """Open the person's account where there is none; return the path of a new link to it.

    Earlier links to the account end. ``only_unused``: refuse an account that its owner can enter
    already, for a new password is a way in as somebody else. Raises OrganisationRefused.
    """
    person, account = staffing.give_account(staff_no, name)
    if only_unused and not is_unused(account):
        raise OrganisationRefused(
            _(
                "%s uses the account already. For a lost password, whoever runs the instance "
                "makes a new link: taishan organisation account."
            )
            % staff_no
        )
    token, given_at = secrets.token_urlsafe(32), timezone.now()
    account.invitations.filter(_good(given_at)).update(expires_at=given_at)
    Invitation.objects.create(
        account=account, digest=_digest(token), given_at=given_at,
        expires_at=given_at + timedelta(seconds=AGE_S),
    )  # fmt: skip
    ledger.record(actor=actor, now=now, verb="account.invited", subject=("person", str(person.pk)))
    return reverse("organisation:invitation", args=[token])


@transaction.atomic
def accept(*, actor: Actor, now: datetime, token: str, password: str) -> None:
    """Give the account of the link its password. Raises OrganisationRefused for a spent link."""
    at = timezone.now()
    which = Invitation.objects.filter(_good(at), digest=_digest(token))
    account = Account.objects.filter(invitations__in=which).first()
    if account is None or not which.update(used_at=at):
        raise OrganisationRefused(spent())
    account.set_password(password)
    account.save(update_fields=["password"])
    withdrawals.withdraw(Account.objects.filter(pk=account.pk))
    ledger.record(
        actor=actor, now=now, verb="account.opened", subject=("person", str(account.person_id))
    )


def find_account(token: str) -> Account | None:
    """Return the account of a link that still works, None for any other."""
    which = Invitation.objects.filter(_good(timezone.now()), digest=_digest(token))
    return Account.objects.filter(invitations__in=which).select_related("person").first()


def is_unused(account: Account) -> bool:
    """Tell whether nobody ever entered the account: no password, passkey or provider did."""
    return not account.has_usable_password() and account.last_login is None


def spent() -> str:
    return _("This link was used already, or is too old. Ask your duty office for a new one.")


def _good(at: datetime) -> Q:
    return Q(used_at=None, expires_at__gt=at, account__is_active=True)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
