"""Reporting hazards, from whatever door. Only these functions report one.

What several people report at the same time is stored together (``Together``): most of what a
hazard costs the database, it costs once.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction

from taishan.core.hazards import Act, State
from taishan.kit import attachments, clock, inserting, search_words
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.kit.together import Together
from taishan.ledger import actions as ledger
from taishan.organisation.models import UnitVersion
from taishan.safety import hazard_acts, hazard_counts, hazard_duties
from taishan.safety.hazard_acts import Step
from taishan.safety.hazard_models import Hazard, HazardPhoto

ANONYMOUS = Actor(label="—")
"""Who stands in the ledger for whoever reports without a name."""
CODE_BYTES = 10
WAITS = timedelta(days=7)
"""How long a report may wait on a phone and still count from when it was seen."""
APART_S = 0.02
"""From the beginning of one transaction to that of the next: of fifty hazards a second several go
into each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What somebody found: where in the unit, what, how bad it looks (``Hazard.Looks``).

    ``at``: when, where that was before it is reported; an hour to come counts as now.
    """

    text: str
    looks: int
    area: str = ""
    latitude: float | None = None
    longitude: float | None = None
    at: datetime | None = None
    photos: Sequence[Attachment] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of a hazard. ``key`` is a number of the phone's: sent twice is reported once.

    An anonymous report, without an ``actor``, keeps nothing that leads to anybody: no account, no
    address, no name that a phone gave to a file, and the code by which it is followed only as its
    hash. The phone may choose that ``code``, so that it is known before there is a network.
    """

    actor: Actor | None
    now: datetime
    version: UnitVersion
    key: UUID
    seen: Seen
    origin: tuple[str, str] = ("report", "")
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A report of which all is done that need not be done in the transaction."""

    hazard: Hazard
    photos: Sequence[HazardPhoto]
    actor: Actor
    now: datetime
    code: str


Made = tuple[Hazard, str]
"""A hazard, and without an actor the code of its receipt."""


def report(one: Report) -> Made:
    """Report a hazard, together with what others report at the same time.

    The same ``key`` again changes nothing.
    """
    ready = _make_ready(one)
    made = _together.do(ready)
    _tidy([ready], [made])
    return made


@transaction.atomic
def report_all(reports: Iterable[Report]) -> list[Made]:
    """Report many hazards: twelve statements at most, whatever their number."""
    ready = [_make_ready(one) for one in reports]
    made = _store(ready)
    _tidy(ready, made)
    return made


def _make_ready(one: Report) -> _Ready:
    code = "" if one.actor else plain(one.code) or secrets.token_hex(CODE_BYTES)
    photos = one.seen.photos if one.actor else [_unnamed(photo) for photo in one.seen.photos]
    hazard = Hazard(
        key=one.key, unit_id=one.version.unit_id,
        reporter_id=one.actor.account_id if one.actor else None,
        receipt=digest(code) if code else None, origin_kind=one.origin[0],
        origin_id=one.origin[1], state=State.FOUND, **_columns(one.seen, one.version, one.now),
    )  # fmt: skip
    return _Ready(
        hazard=hazard, photos=HazardPhoto.put_down(photos), actor=one.actor or ANONYMOUS,
        now=one.now, code=code,
    )  # fmt: skip


def _columns(seen: Seen, version: UnitVersion, now: datetime) -> dict[str, Any]:
    """Return what somebody found as a hazard keeps it."""
    found_at = min(seen.at or now, now)
    return {
        "text": seen.text.strip(), "looks": seen.looks, "area": seen.area.strip(),
        "latitude": seen.latitude, "longitude": seen.longitude,
        "found_at": found_at, "found_on": clock.day_at(found_at, version.time_zone),
        "words": search_words.split(f"{seen.area} {seen.text}"),
    }  # fmt: skip


def _store(ready: Sequence[_Ready]) -> list[Made]:
    """Store reports, and all that follows from them, but for those that were stored before."""
    for row in chain.from_iterable((one.hazard, *one.photos) for one in ready):
        row.pk = None  # of a transaction that failed with all that were in it
    ready = _with_own_codes(ready)
    inserting.insert([one.hazard for one in ready], unless="key")
    new = [one for one in ready if one.hazard.pk is not None]
    hazard_acts.write([
        Step(hazard=one.hazard, number=1, act=Act.FIND, actor=one.actor, now=one.now,
             photos=one.photos)
        for one in new
    ])  # fmt: skip
    hazard_duties.ask_each([(one.actor, one.now, one.hazard, 1, Act.FIND) for one in new])
    hazard_counts.count_found(one.hazard for one in new)
    there = _find(one.hazard for one in ready if one.hazard.pk is None)
    return [_made(one, there) for one in ready]


def _with_own_codes(ready: Sequence[_Ready]) -> list[_Ready]:
    """Return the reports, with another code where the one that a phone chose leads elsewhere: a
    form that is filled in again after going back brings the code of the report before it.
    """
    codes = [one.hazard.receipt for one in ready if one.hazard.receipt]
    rows = Hazard.objects.filter(receipt__in=codes).values_list("receipt", "key") if codes else ()
    taken, own = dict(rows), []
    for one in ready:
        receipt = one.hazard.receipt
        if receipt and taken.setdefault(receipt, one.hazard.key) != one.hazard.key:
            code = secrets.token_hex(CODE_BYTES)
            one.hazard.receipt = digest(code)
            own.append(replace(one, code=code))
        else:
            own.append(one)
    return own


def _find(again: Iterable[Hazard]) -> dict[UUID, Hazard]:
    """Return, by key, what was reported before."""
    keys = [row.key for row in again]
    return {row.key: row for row in Hazard.objects.filter(key__in=keys)} if keys else {}


def _made(one: _Ready, there: dict[UUID, Hazard]) -> Made:
    if one.hazard.pk is not None:
        return one.hazard, one.code
    before = there[one.hazard.key]
    is_theirs = one.hazard.receipt is not None and one.hazard.receipt == before.receipt
    return before, one.code if is_theirs else ""


def _tidy(ready: Sequence[_Ready], made: Sequence[Made]) -> None:
    """Erase the photos of what was reported before, with photos of its own.

    Those may be the same: where a COMMIT came about and was not heard of, all is tried again.
    """
    again = [(one, there) for one, (there, _code) in zip(ready, made, strict=True)
             if there is not one.hazard and one.photos]  # fmt: skip
    if again:
        rows = HazardPhoto.objects.filter(act__hazard__in=[there for _one, there in again])
        theirs = set(rows.values_list("kept_as", flat=True))
        for photo in chain.from_iterable(one.photos for one, _there in again):
            if photo.kept_as not in theirs:
                attachments.discard(photo.kept_as)


_together: Together[_Ready, Made] = Together(_store, apart_s=APART_S)


@transaction.atomic
def add_photos(
    *, actor: Actor, now: datetime, hazard: Hazard, photos: Sequence[Attachment]
) -> None:
    """Put photos that came in later, from the same hand, to how a hazard was found."""
    found, kept = hazard.acts.get(act=Act.FIND), HazardPhoto.put_down(photos)
    hazard_acts.store_photos([(found, kept)])
    ledger.record(
        actor=actor, now=now, verb="hazard.photos_added", subject=("hazard", str(hazard.pk)),
        unit_id=hazard.unit_id, data={"photos": [photo.about() for photo in kept]},
    )  # fmt: skip


def when_seen(said: datetime | None, now: datetime) -> datetime | None:
    """Return when a phone says that something was seen; None where its clock can hardly be right,
    so that it counts from now.
    """
    return said if said is not None and said >= now - WAITS else None


def _unnamed(photo: Attachment) -> Attachment:
    """A phone may name a photo after its owner."""
    return replace(photo, name=f"photo{PurePath(photo.name).suffix}")


def plain(code: str) -> str:
    """Return a receipt's code without what people write between its parts; "" if it is none."""
    bare = re.sub(r"[\s-]", "", code).lower()
    return bare if re.fullmatch(rf"[0-9a-f]{{{2 * CODE_BYTES}}}", bare) else ""


def digest(code: str) -> str:
    """Return what is kept of a receipt's code: 80 random bits need no salt."""
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
