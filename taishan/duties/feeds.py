"""A calendar of what somebody owes, at a secret address of their own.

Calendar programs cannot sign in. Whoever has the address reads the list, and nothing else; only its
digest is kept, a new address ends the one before it, and a shut account has none.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import icalendar
from django.db import transaction
from django.urls import reverse

from taishan.core.duties import OPEN
from taishan.duties import queries, words
from taishan.duties.matrix_models import FeedAddress
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.models import Account

SHOWN = 500
_LASTS = timedelta(minutes=30)


@transaction.atomic
def make(*, actor: Actor, now: datetime, account: Account) -> str:
    """Return a new secret for an account's address; the one before it is worthless."""
    _revoke(account)
    token = secrets.token_urlsafe(32)
    FeedAddress.objects.create(account=account, digest=_digest(token), made_at=datetime.now(UTC))
    _note(actor, now, "feed.made", account)
    return token


@transaction.atomic
def revoke(*, actor: Actor, now: datetime, account: Account) -> None:
    """Let nobody read an account's calendar any more."""
    if _revoke(account):
        _note(actor, now, "feed.revoked", account)


def find_address(account: Account) -> FeedAddress | None:
    """Return the address of an account that is in force."""
    return FeedAddress.objects.filter(account=account, revoked_at=None).first()


def find_account(token: str) -> Account | None:
    """Return whose calendar stands at a secret, None for none."""
    found = FeedAddress.objects.select_related("account__person").filter(
        digest=_digest(token), revoked_at=None, account__is_active=True
    )
    address = found.first()
    return address.account if address else None


def find_owed(account: Account, now: datetime) -> list[Duty]:
    """Return what is open for whoever has the account, the soonest first."""
    if account.person_id is None:
        return []
    today = clock.today()
    viewer = access.viewer_for(account, today)
    roots = [int(root) for root in viewer.roots(Capability.REPORT)]
    units = queries.find_answered_for(roots, today)
    found = queries.find_open_of(account.person_id, units, today).select_related("unit")
    return [duty for duty in found[:SHOWN] if duty.standing(now) in OPEN]


def write(duties: Iterable[Duty], base: str, now: datetime) -> bytes:
    """Return duties as an iCalendar file (RFC 5545): an event of each that ends at its hour.

    Events, since few programs show the to-dos of a feed that they subscribe to. ``base`` is the
    instance's address.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Taishan//Duties//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Taishan 泰山")
    for duty in duties:
        event = icalendar.Event()
        event.add("uid", f"{duty.id}@taishan")
        event.add("dtstamp", now)
        event.add("dtstart", duty.due_at.astimezone(UTC) - _LASTS)
        event.add("dtend", duty.due_at.astimezone(UTC))
        event.add("summary", duty.what)
        event.add("description", f"{words.KINDS.get(duty.kind, duty.kind)}\n{_other(duty)}")
        event.add("url", base + reverse("duties:one", args=[duty.unit.code, duty.id]))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _other(duty: Duty) -> str:
    """Return the words in the other language than the calendar's."""
    return duty.what_en if duty.what == duty.what_zh else duty.what_zh


def _revoke(account: Account) -> int:
    return FeedAddress.objects.filter(account=account, revoked_at=None).update(
        revoked_at=datetime.now(UTC)
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _note(actor: Actor, now: datetime, verb: str, account: Account) -> None:
    ledger.record(actor=actor, now=now, verb=verb, subject=("account", str(account.pk)))
