"""Telling people, once more where they have not read it, and their confirming it.

What a notice asks of its readers is never a row of ``duties``: its deliveries say who was told and
who has confirmed, and ``confirm_by`` by when, so that lateness is derived. A duty a reader would
say the same a second time, three hundred thousand times for one notice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.communications import audiences, distribution
from taishan.communications.models import Delivery, LineList, News, Notice, Round
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger

AGAIN_AFTER = timedelta(hours=1)
"""Nobody is told of the same thing twice within this time, however often somebody asks for it."""
LIST_KEPT = timedelta(days=3)
PRIVATE = Actor(label="—")
"""Who stands in the ledger for a reader of a private notice."""


class NoticeRefused(ValueError):
    """A notice that cannot be sent; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a notice says, in both languages."""

    title_en: str
    title_zh: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Until when joiners are told, by when readers confirm, how often they are reminded."""

    valid_until: datetime | None = None
    confirm_by: datetime | None = None
    remind_every_h: int | None = None


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
    news: str = News.NOTICE,
    terms: Terms | None = None,
    is_inside_only: bool = False,
    is_private: bool = False,
) -> Notice:
    """Tell people something in the name of a unit, in Taishan and by e-mail where they want it.

    Whoever was told of the same thing within the last hour is left out. Raises NoticeRefused where
    nobody is left. As few statements for many people as for one; the worker tells a large number.
    """
    told = set(person_ids)
    if about != ("", ""):
        told -= _told_lately(about, now)
    if not told:
        raise NoticeRefused(_("There is nobody to tell: all were told within the last hour."))
    notice = Notice.objects.create(
        **asdict(words), **asdict(terms or Terms()), unit_id=unit_id, about_kind=about[0],
        about_id=about[1], address=address, sent_at=now, sent_by=actor.label, news=news,
        is_private=is_private,
    )  # fmt: skip
    _begin(actor, now, notice, told, goes_outside=not is_inside_only)
    return notice


@transaction.atomic
def publish(
    *,
    actor: Actor,
    now: datetime,
    on: date,
    unit_id: int,
    path: str,
    audience: str,
    words: Words,
    terms: Terms,
    post_title: str = "",
) -> Notice:
    """Tell an audience below a unit something; its groups' robots too where it is for everybody.

    Raises NoticeRefused where the audience is empty.
    """
    people = audiences.find(path, on, audience, post_title)
    if not people:
        raise NoticeRefused(_("There is nobody to tell: the audience is empty."))
    notice = Notice.objects.create(
        **asdict(words), **asdict(terms), unit_id=unit_id, sent_at=now, sent_by=actor.label,
        audience=audience, post_title=post_title,
    )  # fmt: skip
    _begin(actor, now, notice, people, goes_outside=True)
    if audience == Notice.Audience.EVERYBODY:
        distribution.tell_groups(now, notice.rounds.get(), audiences.units_below(path, on))
    return notice


def _begin(
    actor: Actor, now: datetime, notice: Notice, people: Collection[int], *, goes_outside: bool
) -> None:
    ledger.record(
        actor=actor, now=now, verb="notice.sent", subject=("notice", str(notice.pk)),
        unit_id=notice.unit_id,
        data={"people": len(people), "about": [notice.about_kind, notice.about_id]},
    )  # fmt: skip
    distribution.begin(
        actor=actor, now=now, notice=notice, kind=Round.Kind.FIRST, person_ids=people,
        goes_outside=goes_outside,
    )  # fmt: skip


def _told_lately(about: tuple[str, str], now: datetime) -> set[int]:
    rows = Delivery.objects.filter(
        notice__about_kind=about[0],
        notice__about_id=about[1],
        notice__sent_at__gt=now - AGAIN_AFTER,
    )
    return set(rows.values_list("person_id", flat=True))


@transaction.atomic
def send_again(*, actor: Actor, now: datetime, notice_id: int, only_unopened: bool) -> Round:
    """Tell those who have not opened a notice, or not confirmed it, once more.

    Raises NoticeRefused where that is nobody, or within an hour of the last time.
    """
    notice = _lock(notice_id)
    if notice.rounds.filter(asked_at__gt=now - AGAIN_AFTER).exists():
        raise NoticeRefused(_("It was sent within the last hour: give people time to read it."))
    waiting = Delivery.objects.filter(notice=notice, confirmed_at=None)
    if only_unopened:
        waiting = waiting.filter(opened_at=None)
    people = set(waiting.values_list("person_id", flat=True))
    if not people:
        raise NoticeRefused(_("There is nobody left to remind."))
    return _once_more(actor, now, notice, Round.Kind.AGAIN, people)


def _lock(notice_id: int) -> Notice:
    """Return a notice, so that nobody else begins a round of it meanwhile.

    Its first round is what is locked: a row of notices may not be, since nothing may change it.
    """
    first = Round.objects.select_for_update(of=("self",)).select_related("notice")
    return first.get(notice_id=notice_id, kind=Round.Kind.FIRST).notice


def _once_more(
    actor: Actor, now: datetime, notice: Notice, kind: Round.Kind, people: Collection[int]
) -> Round:
    ledger.record(
        actor=actor, now=now, verb=f"notice.{kind}", subject=("notice", str(notice.pk)),
        unit_id=notice.unit_id, data={"people": len(people)},
    )  # fmt: skip
    return distribution.begin(
        actor=actor, now=now, notice=notice, kind=kind, person_ids=people, goes_outside=True
    )


@transaction.atomic
def remind(*, actor: Actor, now: datetime, notice_id: int) -> int:
    """Remind whoever has not confirmed a notice, if its hours say so; return how many.

    The instant of the last round decides: a worker that slept for a day reminds once.
    """
    notice = _lock(notice_id)
    if notice.remind_every_h is None or notice.confirm_by is None or notice.confirm_by <= now:
        return 0
    since = now - timedelta(hours=notice.remind_every_h)
    if notice.rounds.exclude(kind=Round.Kind.JOINED).filter(asked_at__gt=since).exists():
        return 0
    waiting = Delivery.objects.filter(notice=notice, confirmed_at=None, told_at__lte=since)
    people = set(waiting.values_list("person_id", flat=True))
    if people:
        _once_more(actor, now, notice, Round.Kind.REMINDER, people)
    return len(people)


@transaction.atomic
def tell_joined(*, actor: Actor, now: datetime, on: date, notice_id: int) -> int:
    """Tell whoever has joined the audience of a notice in force; return how many."""
    notice = _lock(notice_id)
    if notice.valid_until is None or notice.valid_until <= now:
        return 0
    if notice.rounds.filter(ended_at=None).exists():
        return 0
    people = audiences.find_untold(notice, on)
    if people:
        _once_more(actor, now, notice, Round.Kind.JOINED, people)
    return len(people)


@transaction.atomic
def receive(*, actor: Actor, now: datetime, on: date) -> int:
    """Give the actor's person, who opens their notices, what is in force and did not reach them.

    The job does the same for everybody each hour, and writes the letters: who looks first waits
    for no job. Returns how many notices that is.
    """
    if actor.person_id is None:
        return 0
    missing = audiences.find_untold_notices(actor.person_id, on, now)
    notices = [_lock(pk) for pk in sorted(missing)]
    # Another of their pages, or the job, may have told them while this waited for the locks.
    untold = set(audiences.find_untold_notices(actor.person_id, on, now)) if notices else set()
    for notice in notices:
        if notice.pk in untold:
            _once_more(actor, now, notice, Round.Kind.JOINED, [actor.person_id])
    return len(untold.intersection(missing))


@transaction.atomic
def open_(*, actor: Actor, now: datetime, notice_ids: Collection[int], by: str = "") -> int:
    """Record that the actor's person has had notices before their eyes; return how many are new."""
    rows = Delivery.objects.filter(
        person_id=actor.person_id or 0, notice_id__in=notice_ids, opened_at=None
    )
    new = list(rows.select_for_update().values_list("notice_id", flat=True))
    rows.filter(notice_id__in=new).update(opened_at=now, opened_by=by)
    private = _find_private(new)
    for pk in new:
        ledger.record(
            actor=PRIVATE if pk in private else actor, now=now, verb="notice.opened",
            subject=("notice", str(pk)),
        )  # fmt: skip
    return len(new)


def _find_private(notice_ids: Collection[int]) -> set[int]:
    rows = Notice.objects.filter(pk__in=notice_ids, is_private=True)
    return set(rows.values_list("pk", flat=True)) if notice_ids else set()


@transaction.atomic
def confirm(*, actor: Actor, now: datetime, notice_id: int, by: str = "") -> bool:
    """Record that the actor's person has read the notice; say whether it was news to the record."""
    rows = Delivery.objects.filter(
        person_id=actor.person_id or 0, notice_id=notice_id, confirmed_at=None
    )
    rows.filter(opened_at=None).update(opened_at=now, opened_by=by)
    if not rows.update(confirmed_at=now, confirmed_by=by):
        return False
    ledger.record(
        actor=PRIVATE if _find_private([notice_id]) else actor, now=now, verb="notice.confirmed",
        subject=("notice", str(notice_id)),
    )  # fmt: skip
    return True


@transaction.atomic
def keep_list(*, actor: Actor, now: datetime, title: str, person_ids: Collection[int]) -> LineList:
    """Keep the people of a page's list, for the actor's account to write to."""
    kept = LineList.objects.create(
        account_id=actor.account_id or 0, title=title[:200], person_ids=sorted(person_ids),
        made_at=now,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb="line_list.kept", subject=("line_list", str(kept.pk)),
        data={"people": len(person_ids)},
    )  # fmt: skip
    return kept


def drop_old_lists(*, now: datetime) -> None:
    """Delete the lists handed over too long ago."""
    LineList.objects.filter(made_at__lte=now - LIST_KEPT).delete()
