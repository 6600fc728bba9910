"""Carrying messages out: taken by one worker at a time, tried, tried again, and never lost.

A message is sent at least once. A worker that dies between sending and recording leaves it to be
sent again after ``LEASE``, under the same Message-ID (e-mail) or webhook-id, by which a receiver
can tell; a group robot has no such mark, and then says the same twice.
"""

from __future__ import annotations

import contextlib
import logging
import smtplib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage as Mime
from email.utils import format_datetime
from uuid import uuid4

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q

from taishan.communications import (
    failures,
    hours,
    outbox,
    outside,
    robots,
    sealing,
    webhooks,
    wording,
)
from taishan.communications.models import Address, Channel, News, Sending

LEASE = timedelta(minutes=30)
"""Longer than a batch takes where every single server keeps us waiting to the end."""
BATCH = 50
_REFUSED = (
    robots.RobotRefused, webhooks.WebhookRefused, outside.NotPublic, outside.NoAnswer,
    sealing.Unreadable, smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError,
)  # fmt: skip
"""What goes wrong with one address; of the mail server itself, everything waits."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The messages that go to one address as one."""

    address: Address
    sendings: list[Sending]


def send_due(*, channel: str, now: datetime) -> int:
    """Send a batch of what is due by a channel; return how many messages were tried."""
    taken = _take(channel, now)
    if not taken:
        return 0
    parcels = _parcels(taken)
    carried = 0
    try:
        with _server(channel) as server:
            for parcel in parcels:
                _carry(parcel, now, server)
                carried += 1
    except (smtplib.SMTPException, OSError) as error:
        is_ours = channel == Channel.EMAIL
        _put_off(parcels[carried:], now, _word(error), is_ours=is_ours)
    return len(taken)


@contextlib.contextmanager
def _server(channel: str) -> Iterator[BaseEmailBackend | None]:
    """Hold the mail server's line open for letters; None for what has a server each."""
    if channel != Channel.EMAIL:
        yield None
        return
    server = mail.get_connection()
    server.open()
    try:
        yield server
    finally:
        server.close()


def _take(channel: str, now: datetime) -> list[Sending]:
    """Take what is due, away from every other worker, until the lease ends."""
    due = Sending.objects.filter(
        channel=channel, state=Sending.State.QUEUED, next_try_at__lte=now
    ).order_by("next_try_at", "pk")
    with transaction.atomic():
        ids = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        taken = Sending.objects.filter(pk__in=ids)
        taken.update(next_try_at=now + LEASE)
    rows = taken.select_related("address__person__account", "round__notice__unit")
    return list(rows.order_by("pk"))


def _parcels(taken: Iterable[Sending]) -> list[Parcel]:
    """Put together what goes as one, and give each message its id, for good."""
    together: dict[tuple[int, object], list[Sending]] = {}
    for one in taken:
        address = one.address
        is_digest = address.is_robot or (
            address.pace == Address.Pace.DAILY and one.purpose == Sending.Purpose.NOTICE
        )
        # What was tried together before stays together: its Message-ID says that it is the same.
        alone: object = one.pk if not is_digest else "" if address.is_robot else one.message_id
        together.setdefault((one.address_id, alone), []).append(one)
    found = []
    for sendings in together.values():
        message_id = sendings[0].message_id or uuid4().hex
        for one in sendings:
            one.message_id = message_id
        found.append(Parcel(address=sendings[0].address, sendings=sendings))
    Sending.objects.bulk_update([one for p in found for one in p.sendings], ["message_id"])
    return found


def _carry(parcel: Parcel, now: datetime, server: BaseEmailBackend | None) -> None:
    """Send one parcel, or record why not. Raises SMTPException or OSError of the mail server."""
    address = parcel.address
    if address.is_robot and not _may_speak(address, now):
        _release(parcel, address.not_before or now)
        return
    try:
        _send(parcel, server)
    except _REFUSED as error:
        _put_off([parcel], now, _word(error), is_ours=False)
    else:
        _record(parcel, now)


def _may_speak(address: Address, now: datetime) -> bool:
    """Take the robot's next turn; False where its limit says to wait."""
    next_at = now + timedelta(seconds=robots.KINDS[address.channel].wait_s)
    free = Address.objects.filter(Q(not_before=None) | Q(not_before__lte=now), pk=address.pk)
    if free.update(not_before=next_at):
        return True
    address.refresh_from_db(fields=["not_before"])
    return False


def _send(parcel: Parcel, server: BaseEmailBackend | None) -> None:
    address, sendings = parcel.address, parcel.sendings
    target, secret = sealing.unseal(address.target), sealing.unseal(address.secret)
    if server is not None:
        server.send_messages([wording.letter(address, target, sendings)])
        return
    if address.is_robot:
        limit = robots.KINDS[address.channel].max_bytes
        text = wording.robot_text(address, sendings, limit)
    else:
        text = wording.webhook_body(sendings[0])
    real_now = datetime.now(UTC)  # signatures are checked against the receiver's own clock
    if not settings.TAISHAN.outside:
        _keep(parcel, text)
    elif address.is_robot:
        robots.say(channel=address.channel, url=target, secret=secret, text=text, at=real_now)
    else:
        webhooks.call(
            url=target, secret=secret, message_id=sendings[0].message_id, at=real_now,
            body=text.encode(),
        )  # fmt: skip


def _keep(parcel: Parcel, text: str) -> None:
    """Keep in the outbox what an instance that sends nothing would have sent."""
    address, first = parcel.address, parcel.sendings[0]
    message = Mime()
    message["Message-ID"] = wording.message_id_of(first)
    message["Date"] = format_datetime(first.queued_at)
    message["To"] = " ".join(address.name.split()) or address.channel
    message["Subject"] = " ".join(text.partition("\n")[0].split())[:100]
    message["X-Taishan-Channel"] = address.channel
    message.set_content(text)
    outbox.keep(message)


@transaction.atomic
def _record(parcel: Parcel, now: datetime) -> None:
    """Record that it went."""
    ids = [one.pk for one in parcel.sendings]
    Sending.objects.filter(pk__in=ids).update(
        state=Sending.State.SENT, sent_at=now, tries=F("tries") + 1, error=""
    )
    Address.objects.filter(pk=parcel.address.pk).update(sent_at=now, error="", error_at=None)


def _release(parcel: Parcel, at: datetime) -> None:
    """Give back what is not yet to be tried."""
    ids = [one.pk for one in parcel.sendings]
    Sending.objects.filter(pk__in=ids).update(next_try_at=at)


@transaction.atomic
def _put_off(parcels: list[Parcel], now: datetime, why: str, *, is_ours: bool) -> None:
    """Record that parcels did not go: to be tried again, or failed and reported.

    ``is_ours``: it is the instance's own mail server that fails, and no single address.
    """
    _log.warning("a message did not go out: %s", why)
    for parcel in parcels:
        address = parcel.address
        Address.objects.filter(pk=address.pk).update(error=why, error_at=now)
        is_given_up = False
        for one in parcel.sendings:
            again = hours.of(address).again(now, one.tries + 1, is_urgent=is_urgent(one))
            is_given_up |= again is None
            Sending.objects.filter(pk=one.pk, state=Sending.State.QUEUED).update(
                tries=one.tries + 1, error=why, next_try_at=again or one.next_try_at,
                state=Sending.State.QUEUED if again else Sending.State.FAILED,
            )  # fmt: skip
        if is_given_up:
            failures.report(address=address, now=now, why=why, is_ours=is_ours)


def is_urgent(sending: Sending) -> bool:
    """Say whether a message goes at any hour: urgent news, and what its owner waits for."""
    return sending.round is None or sending.round.notice.news == News.URGENT


def _word(error: Exception) -> str:
    """Return what went wrong, without addresses: a refusal of a mail server may quote one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = sorted({str(code) for code, _text in error.recipients.values()})
        return f"SMTP {', '.join(codes)}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP {error.smtp_code}"
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return f"{type(error).__name__}: {error.strerror or ''}".rstrip(": ")
    if isinstance(error, _REFUSED[:5]):
        return str(error)[:300]
    return type(error).__name__
