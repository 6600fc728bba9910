"""Carrying out a round: each of its people told in Taishan, their letters put on their way.

A round of few people is carried out at once; of many by the worker, in parts of ``PART`` people,
each a transaction of its own. A part is done once: a worker that died leaves the rest to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from taishan.communications import hours
from taishan.communications.models import Address, Channel, Delivery, News, Notice, Round, Sending
from taishan.kit import arrays, jobs
from taishan.kit.actor import Actor

CARRY_OUT, SEND = "communications.carry_out", "communications.send"
AT_ONCE = 2_000
PART = 5_000


def begin(
    *,
    actor: Actor,
    now: datetime,
    notice: Notice,
    kind: Round.Kind,
    person_ids: Collection[int],
    goes_outside: bool,
) -> Round:
    """Tell people of a notice: at once, or by the worker where they are many."""
    ids = sorted(person_ids)
    is_later = len(ids) > AT_ONCE
    round_ = Round.objects.create(
        notice=notice, kind=kind, asked_at=now, asked_by=actor.label,
        person_ids=ids if is_later else [], people=len(ids), goes_outside=goes_outside,
        people_done=0 if is_later else len(ids), ended_at=None if is_later else now,
    )  # fmt: skip
    if is_later:
        jobs.defer(CARRY_OUT, round_id=round_.pk)
    else:
        _tell(round_, ids, now)
    return round_


def carry_out(*, now: datetime, round_id: int) -> None:
    """Tell the people of a round who were not told yet; nothing where it has ended."""
    round_ = Round.objects.select_related("notice").get(pk=round_id)
    while round_.ended_at is None:
        with transaction.atomic():
            if not _carry_part(round_, now):
                return  # another worker is at it


def _carry_part(round_: Round, now: datetime) -> bool:
    part = round_.person_ids[round_.people_done : round_.people_done + PART]
    done = round_.people_done + len(part)
    mine = Round.objects.filter(pk=round_.pk, people_done=round_.people_done, ended_at=None)
    if not mine.update(people_done=done):
        return False
    _tell(round_, part, now)
    round_.people_done = done
    if done == round_.people:
        round_.ended_at, round_.person_ids = now, []
        round_.save(update_fields=["ended_at", "person_ids"])
    return True


def _tell(round_: Round, ids: Sequence[int], now: datetime) -> None:
    if round_.kind in (Round.Kind.FIRST, Round.Kind.JOINED):
        _deliver(round_.notice_id, ids, now)
    else:
        waiting = Delivery.objects.filter(notice_id=round_.notice_id, person_id__in=ids)
        waiting.update(reminded_at=now)
    if round_.goes_outside:
        wanted = _open_addresses(round_.notice.news).filter(
            channel=Channel.EMAIL, person_id__in=ids
        )
        _put_on_their_way(round_, wanted, now)


def _deliver(notice_id: int, ids: Sequence[int], now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO communications_delivery"
            " (person_id, notice_id, told_at, opened_by, confirmed_by)"
            " SELECT unnest(%s::bigint[]), %s, %s, '', '' ON CONFLICT DO NOTHING",
            [arrays.literal(ids), notice_id, now],
        )


def tell_groups(now: datetime, round_: Round, unit_ids: Any) -> None:
    """Have the robots and webhooks of units tell what a round tells their people."""
    wanted = _open_addresses(round_.notice.news).exclude(channel=Channel.EMAIL)
    _put_on_their_way(round_, wanted.filter(unit_id__in=unit_ids), now)


def _open_addresses(news: str) -> Any:
    return Address.objects.filter(
        ended_at=None, verified_at__isnull=False, wanted__contains=[news]
    ).order_by("pk")


def _put_on_their_way(round_: Round, addresses: Any, now: datetime) -> None:
    is_urgent = round_.notice.news == News.URGENT
    due: dict[hours.Hours, datetime] = {}  # most people's hours are the same
    rows = []
    for address in addresses:
        own = hours.of(address)
        if own not in due:
            due[own] = own.first(now, is_urgent=is_urgent)
        rows.append(Sending(address=address, round=round_, queued_at=now, next_try_at=due[own]))
        rows[-1].channel = address.channel
    Sending.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
    send_soon({row.channel for row in rows if row.next_try_at <= now})


def send_soon(channels: Collection[str]) -> None:
    """Have what is due by these channels sent right after this transaction."""
    for channel in sorted(channels):
        if not jobs.is_waiting(SEND, channel=channel):
            jobs.defer(SEND, channel=channel)
