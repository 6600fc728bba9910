"""What may be done about hazards. Only these functions take a step with one.

The right to each step, and that who put it right never judges it, is asked here, whatever the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from taishan.core import hazards as core
from taishan.core.hazards import Act, Bar, Given, Grade, Part, Plan, State
from taishan.kit import clock, outbox
from taishan.kit.attachments import Attachment
from taishan.organisation import queries as organisation
from taishan.organisation.access import Viewer
from taishan.safety import (
    hazard_acts,
    hazard_counts,
    hazard_criteria,
    hazard_duties,
    hazard_queries,
    hazard_supervision,
    hazard_words,
)
from taishan.safety.hazard_acts import Step
from taishan.safety.hazard_models import Hazard, HazardPhoto


class HazardRefused(ValueError):
    """The step cannot be taken; ``bars`` say why, and the message in the language of the page."""

    def __init__(self, bars: Sequence[Bar], missing: Sequence[Part] = ()) -> None:
        super().__init__(hazard_words.say_why(bars, missing))
        self.bars = tuple(bars)
        self.missing = tuple(missing)


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
    given = Given(now=now, reason=reason, grade=grade)
    graded = _take(viewer, now, hazard, Act.GRADE, given, settles, also=also)
    hazard_supervision.follow_grade(viewer.actor, now, graded, version, stops=found.stops)
    return graded


@transaction.atomic
def dismiss(*, viewer: Viewer, now: datetime, hazard: Hazard, reason: str) -> Hazard:
    """Say that it is no hazard, and why. Raises HazardRefused."""
    return _take(viewer, now, hazard, Act.DISMISS, Given(now=now, reason=reason))


@transaction.atomic
def merge(*, viewer: Viewer, now: datetime, hazard: Hazard, into: Hazard, reason: str) -> Hazard:
    """Let a report go on in another open one of the same unit, with all that goes on in it.

    A major one goes on in a major one, unless who listed it says so. Raises HazardRefused.
    """
    # In one order: of two that are merged into each other at once, the second is refused.
    both = Q(pk__in=[hazard.pk, into.pk]) | Q(merged_into=hazard.pk)
    locked = {one.pk: one for one in Hazard.objects.select_for_update().filter(both).order_by("pk")}
    other = locked[into.pk]
    if other.pk == hazard.pk or other.unit_id != hazard.unit_id or other.ended_at is not None:
        raise HazardRefused([Bar.NOT_NOW])
    given = Given(now=now, reason=reason, grade=other.record.grade)
    merged = _take(viewer, now, hazard, Act.MERGE, given, {"merged_into_id": other.pk})
    hazard_acts.carry_on(viewer.actor, now, merged, other)
    hazard_supervision.follow_merger(viewer.actor, now, merged)
    return merged


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
    bars = core.find_bars(act, hazard_queries.get_record(locked), position, given)
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
    hazard_acts.write([
        Step(
            hazard=locked, number=number, act=act, before=before, actor=viewer.actor, now=now,
            reason=given.reason, data=data, photos=HazardPhoto.put_down(photos),
        )
    ])  # fmt: skip
    hazard_duties.follow(viewer.actor, now, locked, number, act, before, given.reason)
    outbox.publish("hazard.moved", hazard=locked.pk, act=act.value)
    return locked
