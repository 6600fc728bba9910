"""Telling people, and their confirming it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from taishan.communications.models import Delivery, Notice
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger

AGAIN_AFTER = timedelta(hours=1)
"""Nobody is told of the same thing twice within this time, however often somebody asks for it."""


class NoticeRefused(ValueError):
    """A notice that cannot be sent; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a notice says, in both languages."""

    title_en: str
    title_zh: str
    text_en: str
    text_zh: str


@transaction.atomic
def send(
    *,
    actor: Actor,
    now: datetime,
    unit_id: int,
    person_ids: Iterable[int],
    words: Words,
    about: tuple[str, str] = ("", ""),
    address: str = "",
) -> Notice:
    """Tell people something in the name of a unit.

    Whoever was told of the same thing within the last hour is left out. Raises NoticeRefused where
    nobody is left. Three statements, whatever the number of people.
    """
    told = set(person_ids)
    if about != ("", ""):
        told -= _told_lately(about, now)
    if not told:
        raise NoticeRefused(_("There is nobody to tell: all were told within the last hour."))
    notice = Notice.objects.create(
        **asdict(words), unit_id=unit_id, about_kind=about[0], about_id=about[1], address=address,
        sent_at=now, sent_by=actor.label,
    )  # fmt: skip
    _deliver(notice, told)
    ledger.record(
        actor=actor, now=now, verb="notice.sent", subject=("notice", str(notice.pk)),
        unit_id=unit_id, data={"people": len(told), "about": list(about)},
    )  # fmt: skip
    return notice


def _deliver(notice: Notice, person_ids: Collection[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO communications_delivery (person_id, notice_id)"
            " SELECT unnest(%s::bigint[]), %s",
            [sorted(person_ids), notice.pk],
        )


def _told_lately(about: tuple[str, str], now: datetime) -> set[int]:
    rows = Delivery.objects.filter(
        notice__about_kind=about[0],
        notice__about_id=about[1],
        notice__sent_at__gt=now - AGAIN_AFTER,
    )
    return set(rows.values_list("person_id", flat=True))


@transaction.atomic
def confirm(*, actor: Actor, now: datetime, notice_id: int) -> bool:
    """Record that the actor's person has read the notice; say whether it was news to the record."""
    rows = Delivery.objects.filter(
        person_id=actor.person_id or 0, notice_id=notice_id, confirmed_at=None
    )
    if not rows.update(confirmed_at=now):
        return False
    ledger.record(actor=actor, now=now, verb="notice.confirmed", subject=("notice", str(notice_id)))
    return True
