"""Writing steps with hazards down: the step, its photos, its line in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from taishan.core.hazards import Act, State
from taishan.kit import jobs
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.ledger.actions import Event
from taishan.safety import hazard_thumbnails
from taishan.safety.hazard_models import Hazard, HazardAct, HazardPhoto


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The step of this ``number`` with a hazard, which is in its state of after already.

    ``photos`` are put down (``HazardPhoto.put_down``), not yet stored; ``data``: what it settled.
    """

    hazard: Hazard
    number: int
    act: Act
    before: State | None = None
    actor: Actor
    now: datetime
    reason: str = ""
    data: dict[str, str] = field(default_factory=dict)
    photos: Sequence[HazardPhoto] = ()


def write(steps: Sequence[Step]) -> None:
    """Write steps down: four statements, whatever their number."""
    rows = HazardAct.objects.bulk_create(
        HazardAct(
            hazard=one.hazard, number=one.number, act=one.act, before=one.before,
            after=one.hazard.state, at=one.now, by_id=one.actor.account_id,
            reason=one.reason.strip(), data=one.data,
        )
        for one in steps
    )  # fmt: skip
    store_photos((row, one.photos) for row, one in zip(rows, steps, strict=True))
    ledger.record_each(map(_event, steps))


def carry_on(actor: Actor, now: datetime, merged: Hazard, into: Hazard) -> None:
    """Let what went on in a hazard that is merged go on in the one into which it was merged.

    Nothing has to be followed further than one step: not by a receipt, and not by a risk point.
    """
    held = list(merged.merged.order_by("pk"))
    Hazard.objects.filter(pk__in=[one.pk for one in held]).update(merged_into=into)
    ledger.record_each(
        Event(
            actor=actor, now=now, verb="hazard.carried_on",
            about=[(("hazard", str(one.pk)), one.unit_id, {"merged_into_id": str(into.pk)})],
        )
        for one in held
    )  # fmt: skip


def store_photos(of: Iterable[tuple[HazardAct, Sequence[HazardPhoto]]]) -> None:
    """Store the photos of steps, and have them made small."""
    pairs = [(row, photo) for row, photos in of for photo in photos]
    for row, photo in pairs:
        photo.act = row
    HazardPhoto.objects.bulk_create(photo for _row, photo in pairs)
    numbers = dict.fromkeys(row.pk for row, _photo in pairs)
    jobs.defer_each(hazard_thumbnails.TASK, [{"act_id": pk} for pk in numbers])


def _event(step: Step) -> Event:
    about = {"number": step.number, "after": step.hazard.state,
             "photos": [photo.about() for photo in step.photos]}  # fmt: skip
    subject = ("hazard", str(step.hazard.pk))
    return Event(
        actor=step.actor, now=step.now, verb=f"hazard.{step.act.value}",
        about=[(subject, step.hazard.unit_id, about | step.data)],
    )  # fmt: skip
