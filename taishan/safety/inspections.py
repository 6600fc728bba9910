"""What may be done about inspections: recording one, and making a hazard of what failed.

Recording is one transaction: the inspection with its items, its sums, the hazards made in place,
and the duty that it discharges stand or fall together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from taishan.core import inspections as core
from taishan.core.answers import Problem, say
from taishan.core.inspections import HAZARD_OF, PHOTO_OF, Item, Outcome
from taishan.forms import queries as forms
from taishan.forms.models import FormVersion
from taishan.kit import attachments, clock, outbox
from taishan.kit.attachments import Attachment, AttachmentLost
from taishan.ledger import actions as ledger
from taishan.organisation import queries as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion, is_chinese
from taishan.organisation.scope import LANGUAGES
from taishan.safety import (
    hazard_reports,
    inspection_due,
    inspection_rights,
    inspection_routes,
    inspection_sums,
)
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Report, Seen
from taishan.safety.inspection_due import Done
from taishan.safety.inspection_models import (
    Inspection,
    InspectionItem,
    InspectionPhoto,
    InspectionPlan,
)

ORIGIN = "inspection"
"""The kind under which a hazard names the inspection and item that it came of."""
SUBJECT = "site_inspection"
REACH = timedelta(days=7)
"""How far back a phone's clock is believed, which was without a network since."""
DONE = "OK"


class InspectionRefused(ValueError):
    """The act cannot be; the message says why, ``problems`` which answers are wrong."""

    def __init__(self, said: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(said)
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A checklist filled in. ``files`` are by the names that the answers give them; ``codes`` those
    of points, as typed or scanned, beside what answers say; ``plan_id`` is on which plan, where
    that was said; the instants are the phone's, None where it told none."""

    version: FormVersion
    answers: Mapping[str, Any]
    files: Mapping[str, Attachment] = field(default_factory=dict)
    codes: Sequence[str] = ()
    plan_id: int | None = None
    place: str = ""
    is_unannounced: bool = False
    started_at: datetime | None = None
    ended_at: datetime | None = None


@transaction.atomic
def record(
    *, viewer: Viewer, now: datetime, key: UUID, unit: UnitVersion, filled: Filled
) -> Inspection:
    """Record an inspection of a unit, as this was on its day of the end. Raises InspectionRefused.

    The same ``key`` again adds what files are still missing, and changes nothing else; also where
    both come in at once: one waits for the other, and then finds it.
    """
    known = Inspection.objects.filter(key=key).first()
    if known is not None:
        return _again(viewer, now, known, filled)
    by_unit = inspection_rights.find_inspecting(viewer, unit, believed(filled.ended_at, now))
    if by_unit is None:
        raise InspectionRefused(_("You do not inspect this unit."))
    values = _check(filled, now.astimezone(ZoneInfo(unit.time_zone)))
    filled = replace(filled, codes=[*filled.codes, *core.find_codes(values)])
    items = core.find_items(forms.get_definition(filled.version))
    outcomes = core.judge(items, values)
    try:
        with transaction.atomic():
            made = _make(viewer, now, key, unit, by_unit, filled, values, (items, outcomes))
    except IntegrityError:
        return _again(viewer, now, Inspection.objects.get(key=key), filled)
    _complete(viewer, now, made, unit, filled, (items, outcomes))
    return made


def _check(filled: Filled, local: datetime) -> dict[str, Any]:
    """Return the answers with their values. Raises InspectionRefused."""
    if filled.version.state == FormVersion.State.DRAFT:
        raise InspectionRefused(_("This version of the checklist is a draft: it is not in force."))
    checked = forms.get_checker(filled.version).check(filled.answers, now=local)
    if checked.problems:
        raise InspectionRefused(_("It is not recorded."), checked.problems)
    return checked.values


def _complete(
    viewer: Viewer, now: datetime, made: Inspection, unit: UnitVersion, filled: Filled,
    found: tuple[Sequence[Item], dict[str, Outcome]],
) -> None:  # fmt: skip
    """Write what goes with an inspection: sums, photos, points, hazards, the duty it discharges."""
    items, outcomes = found
    inspection_sums.add(made, filled.version.form_id, items, outcomes)
    photos = keep_photos(made, filled.files)
    inspection_routes.prove(viewer=viewer, now=made.ended_at, inspection=made, codes=filled.codes)
    for item in _asked(items, outcomes, made.answers):
        _report(viewer, now, made, item, unit)
    if made.plan is not None:
        inspection_due.discharge(actor=viewer.actor, now=now, inspection=made)
    _note(viewer, now, made, photos)
    outbox.publish("inspection.recorded", inspection_id=made.pk)


def _again(viewer: Viewer, now: datetime, known: Inspection, filled: Filled) -> Inspection:
    if known.by_id != viewer.account_id:
        raise InspectionRefused(_("An inspection of somebody else has this number."))
    kept = keep_photos(known, filled.files)
    if kept:
        ledger.record(
            actor=viewer.actor, now=now, verb="inspection.photos_added",
            subject=(SUBJECT, str(known.pk)), unit_id=known.unit_id,
            data={"photos": [row.about() for row in kept]},
        )  # fmt: skip
    for code in sorted({row.code for row in kept}):
        photos = [filled.files[row.answer] for row in kept if row.code == code]
        for hazard in Hazard.objects.filter(key=_key(known, code)):
            hazard_reports.add_photos(actor=viewer.actor, now=now, hazard=hazard, photos=photos)
    return known


def _key(inspection: Inspection, code: str) -> UUID:
    """Return the key of the one hazard that is made of an item."""
    return uuid5(inspection.key, code)


def _make(
    viewer: Viewer, now: datetime, key: UUID, unit: UnitVersion, by_unit: int, filled: Filled,
    values: dict[str, Any], found: tuple[Sequence[Item], dict[str, Outcome]],
) -> Inspection:  # fmt: skip
    score, (started, ended) = core.score(*found), _instants(filled, now)
    plan = _find_plan(viewer, now, unit, filled)
    made = Inspection.objects.create(
        key=key, unit_id=unit.unit_id, version=filled.version, by_id=viewer.account_id,
        by_unit_id=plan.by_id if plan else by_unit, plan=plan,
        origin=_origin(plan, unit.unit_id, by_unit, filled), place=filled.place.strip()[:200],
        started_at=started, ended_at=ended, recorded_at=now,
        day=clock.day_at(ended, unit.time_zone),
        verdict=score.verdict, passed_weight=score.passed_weight,
        counted_weight=score.counted_weight, failed=score.failed,
        failed_critical=score.failed_critical, answers=values,
    )  # fmt: skip
    items, outcomes = found
    InspectionItem.objects.bulk_create(
        InspectionItem(
            unit_id=unit.unit_id, inspection=made, code=item.code, form_id=filled.version.form_id,
            day=made.day, outcome=outcomes[item.code], weight=item.weight, cause=item.cause,
        )
        for item in items if item.code in outcomes
    )  # fmt: skip
    return made


def _find_plan(
    viewer: Viewer, now: datetime, unit: UnitVersion, filled: Filled
) -> InspectionPlan | None:
    started, ended = _instants(filled, now)
    done = Done(
        at=ended, plan_id=filled.plan_id, find_points=lambda: inspection_routes.find_given(
            viewer, unit.unit_id, filled.codes, started, ended
        ),
    )  # fmt: skip
    return inspection_due.find_plan(viewer, unit, filled.version.form_id, now, done)


def believed(ended_at: datetime | None, now: datetime) -> datetime:
    """Return when an inspection ended: a phone's clock that is ahead or far off is not believed."""
    return ended_at if ended_at and now - REACH < ended_at < now else now


def _instants(filled: Filled, now: datetime) -> tuple[datetime, datetime]:
    ended = believed(filled.ended_at, now)
    started = filled.started_at or ended
    return (started if ended - REACH < started < ended else ended), ended


def _origin(
    plan: InspectionPlan | None, unit_id: int, by_unit: int, filled: Filled
) -> Inspection.Origin:
    origin = Inspection.Origin
    if plan is not None:
        return origin.SURPRISE if plan.is_surprise else origin.SCHEDULED
    if by_unit == unit_id:
        return origin.OWN
    return origin.SURPRISE if filled.is_unannounced else origin.UPPER


def keep_photos(inspection: Inspection, files: Mapping[str, Attachment]) -> list[InspectionPhoto]:
    """Keep the files that answers name and that are not kept yet; return their rows."""
    named = forms.get_definition(inspection.version).files(inspection.answers)
    if not named:
        return []
    known = set(inspection.photos.values_list("answer", flat=True))
    suffix = PHOTO_OF.format("")
    return [
        InspectionPhoto.keep(
            files[name], inspection=inspection, code=named[name].removesuffix(suffix), answer=name
        )
        for name in sorted(files.keys() & named.keys() - known)
    ]


def _asked(
    items: Sequence[Item], outcomes: Mapping[str, Outcome], values: Mapping[str, Any]
) -> list[Item]:
    """Return the failed items of which whoever inspected wants a hazard."""
    return [
        item for item in items
        if outcomes.get(item.code) is Outcome.FAILED
        and values.get(HAZARD_OF.format(item.code)) == DONE
    ]  # fmt: skip


@transaction.atomic
def make_hazard(*, viewer: Viewer, now: datetime, inspection: Inspection, code: str) -> Hazard:
    """Make a hazard of an item that failed, once. Raises InspectionRefused."""
    unit = organisation.get_last_version(inspection.unit_id, now)
    if inspection_rights.find_inspecting(viewer, unit, now) is None:
        raise InspectionRefused(_("You do not inspect this unit."))
    items = {one.code: one for one in core.find_items(forms.get_definition(inspection.version))}
    failed = inspection.items.filter(code=code, outcome=Outcome.FAILED)
    if code not in items or not failed.exists():
        raise InspectionRefused(_("This item did not fail."))
    _wait_for_others(_key(inspection, code))
    made = Hazard.objects.filter(key=_key(inspection, code)).first()
    return made or _report(viewer, now, inspection, items[code], unit)


def _wait_for_others(key: UUID) -> None:
    """Let one at a time make a hazard of an item: the second then finds what the first has made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])


def _named(item: Item) -> list[str]:
    """Name what failed in the languages of its checklist, the inspector's own first: who puts it
    right at a site abroad and who reads it at headquarters may share neither."""
    said: dict[str, str] = {}
    for lang in ("zh", "en") if is_chinese() else ("en", "zh"):
        label = say(item.labels, lang)
        with translation.override(LANGUAGES[lang]):
            said.setdefault(label, _("Failed in an inspection: %s") % label)
    return list(said.values())


def _report(
    viewer: Viewer, now: datetime, inspection: Inspection, item: Item, unit: UnitVersion
) -> Hazard:
    comment = str(inspection.answers.get(core.COMMENT_OF.format(item.code), ""))
    looks = Hazard.Looks.SERIOUS if item.is_critical else Hazard.Looks.MINOR
    hazard, _code = hazard_reports.report(Report(
        actor=viewer.actor, now=now, version=unit, key=_key(inspection, item.code),
        seen=Seen(
            text="\n".join([*_named(item), comment]).strip(), looks=looks, area=inspection.place,
            photos=_photos(inspection, item.code),
        ),
        origin=(ORIGIN, origin_id(inspection, item.code)),
    ))  # fmt: skip
    ledger.record(
        actor=viewer.actor, now=now, verb="inspection.hazard_made",
        subject=(SUBJECT, str(inspection.pk)), unit_id=inspection.unit_id,
        data={"item": item.code, "hazard": hazard.pk},
    )  # fmt: skip
    return hazard


def _photos(inspection: Inspection, code: str) -> list[Attachment]:
    """Return the photos of an item, but for those whose files are lost."""
    found = []
    for row in inspection.photos.filter(code=code).order_by("pk"):
        with suppress(AttachmentLost):
            found.append(
                attachments.read(row.kept_as, name=row.name, kind=row.kind, sha256=row.sha256)
            )
    return found


def origin_id(inspection: Inspection, code: str) -> str:
    """Return how a hazard names the item that it came of."""
    return f"{inspection.pk}:{code}"


def _note(viewer: Viewer, now: datetime, made: Inspection, photos: list[InspectionPhoto]) -> None:
    ledger.record(
        actor=viewer.actor, now=now, verb="inspection.recorded", subject=(SUBJECT, str(made.pk)),
        unit_id=made.unit_id,
        data={
            "form": made.version.form.code, "number": made.version.number, "origin": made.origin,
            "by_unit": made.by_unit_id, "verdict": made.verdict, "failed": made.failed,
            "photos": [photo.about() for photo in photos],
        },
    )  # fmt: skip
