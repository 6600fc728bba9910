"""What may be done with addresses: given, shown to be one's own, changed, tried, removed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.communications import distribution, outside, robots, sealing, webhooks, wording
from taishan.communications.models import Address, Channel, Sending
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.models import Person, Unit

OF_A_PERSON, OF_A_UNIT = 3, 20
"""How many addresses one may have."""
GIVEN_A_DAY = 10
"""Each gets a letter: nobody is to have strangers written to without end."""


class ChannelRefused(ValueError):
    """An address that cannot be; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """Which news an address gets, and when. ``quiet``: no news from and until, local time."""

    wanted: tuple[str, ...]
    pace: str = Address.Pace.NOW
    quiet_from: time | None = None
    quiet_until: time | None = None


@transaction.atomic
def add_email(
    *, actor: Actor, now: datetime, person: Person, target: str, time_zone: str, wishes: Wishes
) -> Address:
    """Write a letter to an address that a person gives as theirs; nothing else before they confirm.

    Raises ChannelRefused.
    """
    Person.objects.select_for_update().get(pk=person.pk)
    mine = list(find_of_person(person.pk))
    if len(mine) >= OF_A_PERSON:
        raise ChannelRefused(_("You have %d addresses already: remove one first.") % OF_A_PERSON)
    if any(_is_at(one, target) for one in mine):
        raise ChannelRefused(_("You gave this address already."))
    lately = Address.objects.filter(person=person, added_at__gt=now - timedelta(days=1))
    if lately.count() >= GIVEN_A_DAY:
        raise ChannelRefused(_("You gave many addresses today: go on tomorrow."))
    address = Address.objects.create(
        person=person, channel=Channel.EMAIL, name=masked(target), target=sealing.seal(target),
        time_zone=time_zone, added_at=now, added_by=actor.label, **_fields(wishes),
    )  # fmt: skip
    _note(actor, now, "channel.added", address)
    _write(address, Sending.Purpose.CONFIRMATION, now)
    return address


def _is_at(address: Address, email: str) -> bool:
    try:
        return sealing.unseal(address.target).lower() == email.lower()
    except sealing.Unreadable:
        return False


@transaction.atomic
def confirm_email(*, actor: Actor, now: datetime, token: str) -> Address:
    """Let an address be written to, whose letter led its person here. Raises ChannelRefused."""
    address = get_to_confirm(actor.person_id, token)
    if address.verified_at is None:
        Address.objects.filter(pk=address.pk).update(verified_at=now)
        _note(actor, now, "channel.confirmed", address)
    return address


def get_to_confirm(person_id: int | None, token: str) -> Address:
    """Return the address of a confirming link, for its own person. Raises ChannelRefused."""
    refusal = _("This link is too old, or for somebody else: sign in as who gave the address.")
    try:
        pk = signing.loads(token, salt=wording.SALT, max_age=wording.CONFIRMATION_AGE_S)
    except signing.BadSignature:
        raise ChannelRefused(refusal) from None
    found = Address.objects.filter(pk=pk, person_id=person_id or 0, ended_at=None).first()
    if found is None:
        raise ChannelRefused(refusal)
    return found


@transaction.atomic
def add_of_unit(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    channel: str,
    name: str,
    target: str,
    secret: str,
    language: str,
    time_zone: str,
    wishes: Wishes,
) -> tuple[Address, str]:
    """Add a robot or a webhook of a unit; return it with its secret, for the only time.

    Raises ChannelRefused for an address that cannot be one.
    """
    Unit.objects.select_for_update().get(pk=unit.pk)
    if find_of_unit(unit.pk).count() >= OF_A_UNIT:
        raise ChannelRefused(_("There are %d already: remove one first.") % OF_A_UNIT)
    target = _checked(channel, target)
    secret = webhooks.new_secret() if channel == Channel.WEBHOOK else secret
    address = Address.objects.create(
        unit=unit, channel=channel, name=name, target=sealing.seal(target),
        secret=sealing.seal(secret), language=language, time_zone=time_zone, added_at=now,
        added_by=actor.label, verified_at=now, **_fields(wishes),
    )  # fmt: skip
    _note(actor, now, "channel.added", address)
    return address, secret


def _checked(channel: str, target: str) -> str:
    try:
        if channel != Channel.WEBHOOK:
            return robots.check(channel, target)
        outside.check(target)
    except (outside.NotPublic, robots.RobotRefused) as refused:
        raise ChannelRefused(str(refused)) from None
    return target


@transaction.atomic
def change(*, actor: Actor, now: datetime, address: Address, wishes: Wishes) -> None:
    """Change which news an address gets, and when; what waits already goes when it was to go."""
    open_ = Address.objects.filter(pk=address.pk, ended_at=None)
    if open_.update(**_fields(wishes)):
        _note(actor, now, "channel.changed", address)


@transaction.atomic
def remove(*, actor: Actor, now: datetime, address: Address) -> None:
    """End an address and forget its target; what waits for it is withdrawn, and says so."""
    open_ = Address.objects.filter(pk=address.pk, ended_at=None)
    if not open_.update(ended_at=now, target="", secret=""):
        return
    waiting = Sending.objects.filter(address=address, state=Sending.State.QUEUED)
    waiting.update(state=Sending.State.WITHDRAWN)
    _note(actor, now, "channel.removed", address)


@transaction.atomic
def test(*, actor: Actor, now: datetime, address: Address) -> None:
    """Send a test message. Raises ChannelRefused while another waits, or before confirmation."""
    locked = Address.objects.select_for_update().get(pk=address.pk)
    if locked.ended_at is not None or locked.verified_at is None:
        raise ChannelRefused(_("Nothing is sent to this address."))
    tests = Sending.objects.filter(address=address, purpose=Sending.Purpose.TEST)
    if tests.filter(state=Sending.State.QUEUED).exists():
        raise ChannelRefused(_("A test is on its way already."))
    _note(actor, now, "channel.tested", address)
    _write(address, Sending.Purpose.TEST, now)


def find_of_person(person_id: int | None) -> QuerySet[Address]:
    """Return a person's addresses, in the order they were given."""
    return Address.objects.filter(person_id=person_id or 0, ended_at=None).order_by("pk")


def find_of_unit(unit_id: int) -> QuerySet[Address]:
    """Return a unit's robots and webhooks, in the order they were added."""
    return Address.objects.filter(unit_id=unit_id, ended_at=None).order_by("pk")


def masked(email: str) -> str:
    """Return an e-mail address as its owner recognises it and nobody else can use it."""
    local, _at, host = email.partition("@")
    return f"{local[:2]}…@{host}"[:60]


def _fields(wishes: Wishes) -> dict[str, object]:
    return asdict(wishes) | {"wanted": list(wishes.wanted)}


def _write(address: Address, purpose: str, now: datetime) -> None:
    Sending.objects.create(
        address=address, channel=address.channel, purpose=purpose, queued_at=now, next_try_at=now
    )
    distribution.send_soon({address.channel})


def _note(actor: Actor, now: datetime, verb: str, address: Address) -> None:
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("address", str(address.pk)),
        unit_id=address.unit_id, data={"channel": address.channel},
    )  # fmt: skip
