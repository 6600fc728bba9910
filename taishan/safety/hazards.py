"""What may be done about hazards. Only these functions report one or take a step with it.

The right to each step, and that who put it right never judges it, is asked here, whatever the door.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction

from taishan.core import hazards as core
from taishan.core.hazards import Act, Bar, Given, Grade, Part, Plan, State
from taishan.kit import clock, inserting, jobs, outbox, search_words
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import (
    hazard_counts,
    hazard_criteria,
    hazard_duties,
    hazard_queries,
    hazard_supervision,
    hazard_thumbnails,
    hazard_words,
)
from taishan.safety.hazard_models import Hazard, HazardAct, HazardPhoto

ANONYMOUS = Actor(label="—")
"""Who stands in the ledger for whoever reports without a name."""
CODE_BYTES = 10
WAITS = timedelta(days=7)
"""How long a report may wait on a phone and still count from when it was seen."""


class HazardRefused(ValueError):
    """The step cannot be taken; ``bars`` say why, and the message in the language of the page."""

    def __init__(self, bars: Sequence[Bar], missing: Sequence[Part] = ()) -> None:
        super().__init__(hazard_words.say_why(bars, missing))
        self.bars = tuple(bars)
        self.missing = tuple(missing)


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


@transaction.atomic
def report(
    *,
    actor: Actor | None,
    now: datetime,
    version: UnitVersion,
    key: UUID,
    seen: Seen,
    origin: tuple[str, str] = ("report", ""),
    code: str = "",
) -> tuple[Hazard, str]:
    """Report a hazard; return it, and without an ``actor`` the code by which it is followed.

    An anonymous report keeps nothing that leads to anybody: no account, no address, no name that a
    phone gave to a file, and the code only as its hash. The phone may choose that ``code``, so that
    it is known before there is a network. The same ``key`` again changes nothing.
    """
    code = "" if actor else plain(code) or secrets.token_hex(CODE_BYTES)
    receipt = digest(code) if code else None
    hazard = Hazard(
        key=key, unit_id=version.unit_id, reporter_id=actor.account_id if actor else None,
        receipt=receipt, origin_kind=origin[0], origin_id=origin[1], state=State.FOUND,
        **_columns(seen, version, now),
    )  # fmt: skip
    if not inserting.insert(hazard, unless="key"):
        there = Hazard.objects.get(key=key)
        return there, code if receipt and receipt == there.receipt else ""
    photos = seen.photos if actor else [_unnamed(one) for one in seen.photos]
    _write(hazard, 1, Act.FIND, None, actor or ANONYMOUS, now, photos=photos)
    hazard_duties.ask(actor or ANONYMOUS, now, hazard, 1)
    hazard_counts.move({}, hazard_counts.tally(hazard))
    return hazard, code


def _columns(seen: Seen, version: UnitVersion, now: datetime) -> dict[str, Any]:
    """Return what somebody found as a hazard keeps it."""
    found_at = min(seen.at or now, now)
    return {
        "text": seen.text.strip(), "looks": seen.looks, "area": seen.area.strip(),
        "latitude": seen.latitude, "longitude": seen.longitude,
        "found_at": found_at, "found_on": clock.day_at(found_at, version.time_zone),
        "words": search_words.split(f"{seen.area} {seen.text}"),
    }  # fmt: skip


@transaction.atomic
def add_photos(
    *, actor: Actor, now: datetime, hazard: Hazard, photos: Sequence[Attachment]
) -> None:
    """Put photos that came in later, from the same hand, to how a hazard was found."""
    found = hazard.acts.get(act=Act.FIND)
    ledger.record(
        actor=actor, now=now, verb="hazard.photos_added", subject=("hazard", str(hazard.pk)),
        unit_id=hazard.unit_id, data={"photos": _keep(found, photos)},
    )  # fmt: skip


def _keep(row: HazardAct, photos: Iterable[Attachment]) -> list[dict[str, Any]]:
    """Keep the photos of a step and have them made small; return what the ledger says of them."""
    kept = [photo.about() for photo in HazardPhoto.keep_all(photos, act=row)]
    if kept:
        jobs.defer(hazard_thumbnails.TASK, act_id=row.pk)
    return kept


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


@transaction.atomic
def grade(
    *, viewer: Viewer, now: datetime, hazard: Hazard, criterion: str, cause: str = "",
    reason: str = "",
) -> Hazard:  # fmt: skip
    """Grade a hazard, or grade it anew, by a criterion that holds today: the grade follows from it.

    A major one is supervised from then on; where its criterion says so, work stops at once.
    Raises HazardRefused, CriterionRefused.
    """
    version = organisation.get_last_version(hazard.unit_id)
    day = clock.day_at(now, version.time_zone)
    found, chosen = hazard_criteria.choose(criterion, cause, day)
    grade = Grade(found.grade)
    settles = {
        "grade": grade, "cause": chosen, "criterion": found.code,
        "lister_id": core.find_lister(organisation.get_line(hazard.unit_id), grade),
    }  # fmt: skip
    also = {"library": f"{found.version.from_library}/{found.version.number}"}
    if found.stops:
        also["stops"] = "1"
    given = Given(now=now, reason=reason)
    graded = _take(viewer, now, hazard, Act.GRADE, given, settles, also=also)
    hazard_supervision.follow_grade(viewer.actor, now, graded, version, stops=found.stops)
    return graded


@transaction.atomic
def dismiss(*, viewer: Viewer, now: datetime, hazard: Hazard, reason: str) -> Hazard:
    """Say that it is no hazard, and why. Raises HazardRefused."""
    return _take(viewer, now, hazard, Act.DISMISS, Given(now=now, reason=reason))


@transaction.atomic
def merge(*, viewer: Viewer, now: datetime, hazard: Hazard, into: Hazard, reason: str) -> Hazard:
    """Let a report go on in another open one of the same unit. Raises HazardRefused."""
    other = Hazard.objects.select_for_update().get(pk=into.pk)
    if other.pk == hazard.pk or other.unit_id != hazard.unit_id or other.ended_at is not None:
        raise HazardRefused([Bar.NOT_NOW])
    given = Given(now=now, reason=reason)
    return _take(viewer, now, hazard, Act.MERGE, given, {"merged_into_id": other.pk})


@transaction.atomic
def assign(*, viewer: Viewer, now: datetime, hazard: Hazard, plan: Plan) -> Hazard:
    """Ask a post to put it right, with all five parts of the plan. Raises HazardRefused."""
    settles = {
        "post_id": plan.post_id, "measures": plan.measures.strip(), "money_cny": plan.money_cny,
        "due_at": plan.due_at, "contingency": plan.contingency.strip(),
    }  # fmt: skip
    return _take(viewer, now, hazard, Act.ASSIGN, Given(now=now, plan=plan), settles)


@transaction.atomic
def accept(*, viewer: Viewer, now: datetime, hazard: Hazard) -> Hazard:
    """Take the assignment on, as who holds the responsible post. Raises HazardRefused."""
    return _take(viewer, now, hazard, Act.ACCEPT, Given(now=now))


@transaction.atomic
def extend(
    *, viewer: Viewer, now: datetime, hazard: Hazard, due_at: datetime, reason: str
) -> Hazard:
    """Give the rectification a later hour. Raises HazardRefused once its hour has come."""
    given = Given(now=now, reason=reason, due_at=due_at)
    return _take(viewer, now, hazard, Act.EXTEND, given, {"due_at": due_at})


@transaction.atomic
def submit(
    *, viewer: Viewer, now: datetime, hazard: Hazard, evidence: str, photos: Sequence[Attachment]
) -> Hazard:
    """Say that it is put right, and show it by a photo. Raises HazardRefused."""
    given = Given(now=now, reason=evidence, has_evidence=bool(photos))
    return _take(viewer, now, hazard, Act.SUBMIT, given, photos=photos)


@transaction.atomic
def verify(
    *, viewer: Viewer, now: datetime, hazard: Hazard, reason: str,
    photos: Sequence[Attachment] = (),
) -> Hazard:  # fmt: skip
    """Confirm, as somebody else, what one has seen. Raises HazardRefused."""
    given = Given(now=now, reason=reason)
    return _take(viewer, now, hazard, Act.VERIFY, given, photos=photos)


@transaction.atomic
def give_back(*, viewer: Viewer, now: datetime, hazard: Hazard, reason: str) -> Hazard:
    """Return a hazard to who acted before, with what is missing. Raises HazardRefused."""
    return _take(viewer, now, hazard, Act.RETURN, Given(now=now, reason=reason))


@transaction.atomic
def close(*, viewer: Viewer, now: datetime, hazard: Hazard, reason: str) -> Hazard:
    """Close a major hazard at the level that listed it. Raises HazardRefused."""
    return _take(viewer, now, hazard, Act.CLOSE, Given(now=now, reason=reason))


def _take(
    viewer: Viewer, now: datetime, hazard: Hazard, act: Act, given: Given,
    settles: dict[str, Any] | None = None, photos: Iterable[Attachment] = (),
    also: dict[str, str] | None = None,
) -> Hazard:  # fmt: skip
    """Take a step: of two at once the second finds what the first has done."""
    locked = Hazard.objects.select_for_update().get(pk=hazard.pk)
    position = hazard_queries.find_position(viewer, locked, now)
    bars = core.find_bars(act, locked.record, position, given)
    after, before = core.follow(locked.record, act), State(locked.state)
    if bars or after is None:
        raise HazardRefused(bars, (given.plan or Plan()).find_missing())
    counted = hazard_counts.tally(locked)
    for name, value in (settles or {}).items():
        setattr(locked, name, value)
    locked.state = after
    locked.ended_at = now if after in core.ENDED else None
    hazard_counts.follow(locked, act, now, counted)
    locked.save()
    data = {name: str(value) for name, value in (settles or {}).items()} | (also or {})
    number = locked.acts.count() + 1
    _write(
        locked, number, act, before, viewer.actor, now, reason=given.reason, data=data,
        photos=photos,
    )  # fmt: skip
    hazard_duties.follow(viewer.actor, now, locked, number, act, before, given.reason)
    outbox.publish("hazard.moved", hazard=locked.pk, act=act.value)
    return locked


def _write(
    hazard: Hazard, number: int, act: Act, before: State | None, actor: Actor, now: datetime, *,
    reason: str = "", data: dict[str, str] | None = None, photos: Iterable[Attachment] = (),
) -> None:  # fmt: skip
    row = HazardAct.objects.create(
        hazard=hazard, number=number, act=act, before=before, after=hazard.state,
        at=now, by_id=actor.account_id, reason=reason.strip(), data=data or {},
    )  # fmt: skip
    kept = _keep(row, photos)
    ledger.record(
        actor=actor, now=now, verb=f"hazard.{act.value}", subject=("hazard", str(hazard.pk)),
        unit_id=hazard.unit_id,
        data={"number": number, "after": hazard.state, "photos": kept} | (data or {}),
    )  # fmt: skip
