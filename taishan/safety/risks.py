"""What may be done with the risk register: enter points, grade them anew, set their measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.core import duty_matrix, risk_points
from taishan.core.duty_matrix import TemplateRefused
from taishan.core.risk_points import MethodRefused
from taishan.duties import actions as duties
from taishan.duties import queries as owed_queries
from taishan.duties import storing
from taishan.duties.actions import Owed
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation.models import Post, UnitVersion
from taishan.safety.risk_models import RiskGrading, RiskMeasure, RiskMethod, RiskPoint

REVIEW, CHECK = "risk_review", "risk_check"
DAY = timedelta(days=1)
REASSESSED_BY = time(17)


class RiskRefused(ValueError):
    """The act cannot be; the message says why. ``where``: of which part of what was given."""

    def __init__(self, message: str, where: str = "") -> None:
        super().__init__(message)
        self.where = where


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A risk point as somebody enters it."""

    code: str
    name: str
    kind: str
    area: str
    harm: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """How a risk is graded: by which method, with which scores, why, and looked at again when."""

    method: RiskMethod
    scores: Mapping[str, float]
    reassess_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A control measure: who checks it, on which days (RFC 5545), within how many, and on what."""

    kind: str
    text: str
    post: Post
    rule: str
    days: int = 1
    items: Sequence[str] = field(default=())


@transaction.atomic
def enter(
    *, actor: Actor, now: datetime, version: UnitVersion, found: Found, scored: Scored
) -> RiskPoint:
    """Enter a risk point with its first grading. Raises RiskRefused."""
    for name in ("code", "name", "area", "harm"):
        if not getattr(found, name).strip():
            raise RiskRefused(_("This is needed."), name)
    given = _grade(scored, now, version.unit_id)
    try:
        with transaction.atomic():
            point = RiskPoint.objects.create(
                unit_id=version.unit_id, code=found.code.strip(), name=found.name.strip(),
                kind=found.kind, area=found.area.strip(), harm=found.harm.strip(),
                level=given.level,
                reassess_on=scored.reassess_on, entered_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise RiskRefused(_("The unit has a risk point of this code."), "code") from None
    _write_grading(actor, now, point, scored, given, "risk.entered")
    return point


@transaction.atomic
def regrade(*, actor: Actor, now: datetime, point: RiskPoint, scored: Scored) -> RiskGrading:
    """Grade a risk point anew; what was given before stays on record. Raises RiskRefused."""
    locked = lock(point)
    if not scored.reason.strip():
        raise RiskRefused(_("Say what changed, or what you have seen."), "reason")
    given = _grade(scored, now, locked.unit_id)
    locked.level = given.level
    locked.reassess_on = scored.reassess_on
    locked.save(update_fields=["level", "reassess_on"])
    last = locked.gradings.count()
    duties.discharge_subject(
        actor=actor, now=now, kind=REVIEW, subject=(REVIEW, f"{locked.pk}:{last}")
    )
    return _write_grading(actor, now, locked, scored, given, "risk.regraded")


def lock(point: RiskPoint) -> RiskPoint:
    """Return a risk point that nobody else changes or closes meanwhile. Raises RiskRefused."""
    locked = RiskPoint.objects.select_for_update().get(pk=point.pk)
    if locked.closed_at is not None:
        raise RiskRefused(_("This risk point is closed: it is there no more."))
    return locked


def _grade(scored: Scored, now: datetime, unit_id: int) -> risk_points.Grading:
    today = storing.local_day(now, history.zone_of(unit_id, now))
    if scored.reassess_on <= today:
        raise RiskRefused(_("The next assessment lies ahead."), "reassess_on")
    try:
        return risk_points.grade(scored.method.method, scored.scores)
    except MethodRefused as refused:
        code = str(refused.args[1])
        raise RiskRefused(_("This is no score of %s.") % code, code) from None


def _write_grading(
    actor: Actor, now: datetime, point: RiskPoint, scored: Scored, given: risk_points.Grading,
    verb: str,
) -> RiskGrading:  # fmt: skip
    row = RiskGrading.objects.create(
        point=point, number=point.gradings.count() + 1, method=scored.method,
        scores={code: scored.scores[code] for code in scored.method.method.factors},
        value=given.value, level=given.level, reason=scored.reason.strip(),
        reassess_on=scored.reassess_on, by_id=actor.account_id, at=now,
    )  # fmt: skip
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("risk_point", str(point.pk)),
        unit_id=point.unit_id,
        data={"number": row.number, "method": scored.method.code, "scores": row.scores,
              "value": row.value, "level": given.level.word},
    )  # fmt: skip
    duties.assign(actor=actor, now=now, owed=[_review_owed(point, row.number)])
    return row


def _review_owed(point: RiskPoint, number: int) -> Owed:
    zone = history.zone_of(point.unit_id)
    return Owed(
        unit_id=point.unit_id, creditor_id=point.unit_id, kind=REVIEW,
        subject=(REVIEW, f"{point.pk}:{number}"), address=reverse("risks:point", args=[point.pk]),
        what_en=f"Assess risk point {point.code} again: {point.name}"[:300],
        what_zh=f"重新评估风险点 {point.code}：{point.name}"[:300],
        due_at=datetime.combine(point.reassess_on, REASSESSED_BY, ZoneInfo(str(zone))),
    )  # fmt: skip


@transaction.atomic
def add_measure(
    *, actor: Actor, now: datetime, point: RiskPoint, control: Control, on: date
) -> RiskMeasure:
    """Add a control measure, to be checked from a day on. Raises RiskRefused."""
    locked = lock(point)
    items = [one.strip() for one in control.items if one.strip()]
    if not control.text.strip():
        raise RiskRefused(_("This is needed."), "text")
    if control.post.unit_id != locked.unit_id:
        raise RiskRefused(_("A post of the unit itself checks it."), "post")
    row = RiskMeasure(
        point=locked, number=locked.measures.count() + 1, kind=control.kind,
        text=control.text.strip(), post=control.post, rule=control.rule, days=control.days,
        items=items or [control.text.strip()[:200]], valid=DateRange(on, None), recorded_at=now,
        opens_at=now,
    )  # fmt: skip
    try:
        duty_matrix.refuse(row.terms)
    except TemplateRefused:
        message = _("This is no rule such as FREQ=WEEKLY;BYDAY=MO, or has no day from its first.")
        raise RiskRefused(message, "rule") from None
    row.save(force_insert=True)
    _record(actor, now, row, "risk.measure_added")
    return row


@transaction.atomic
def end_measure(
    *, actor: Actor, now: datetime, measure: RiskMeasure, on: date, reason: str
) -> RiskMeasure:
    """Let a measure hold no more from a day on; say why. Raises RiskRefused."""
    lock(measure.point)
    row = RiskMeasure.objects.select_for_update().get(pk=measure.pk)
    if not reason.strip():
        raise RiskRefused(_("Say what changed, or what you have seen."), "reason")
    if row.valid.upper is not None or on <= row.valid.lower:
        raise RiskRefused(_("It has ended already, or began on that day."), "on")
    row.valid = DateRange(row.valid.lower, on)
    row.save(update_fields=["valid"])
    _record(actor, now, row, "risk.measure_ended", reason)
    _waive(actor, now, CHECK, _find_checks(row, now), reason)
    return row


def _find_checks(measure: RiskMeasure, now: datetime) -> list[str]:
    """Return the subjects of the checks of a measure that may be open at an instant."""
    first = now.date() - measure.days * DAY
    return [f"{measure.pk}:{first + n * DAY}" for n in range(measure.days + 2)]


def _waive(actor: Actor, now: datetime, kind: str, subjects: list[str], reason: str) -> None:
    """Owe it no longer; what lapsed before stays missed."""
    owed = owed_queries.find_open_about(kind, subjects)
    duties.waive_many(actor=actor, now=now, duties=owed, reason=reason)


def _record(actor: Actor, now: datetime, row: RiskMeasure, verb: str, reason: str = "") -> None:
    ledger.record(
        actor=actor, now=now, verb=verb, subject=("risk_point", str(row.point_id)),
        unit_id=row.point.unit_id,
        data={"measure": row.number, "kind": row.kind, "rule": row.rule, "reason": reason.strip()},
    )  # fmt: skip


@transaction.atomic
def close(*, actor: Actor, now: datetime, point: RiskPoint, reason: str) -> RiskPoint:
    """Close a risk point that is there no more: what is owed about it is waived. RiskRefused."""
    locked = lock(point)
    if not reason.strip():
        raise RiskRefused(_("Say what changed, or what you have seen."), "reason")
    locked.closed_at = now
    locked.save(update_fields=["closed_at"])
    # Before any waiver: waits for whoever opens checks of them, so that those are waived too.
    measures = list(locked.measures.order_by("pk").select_for_update())
    locked.measures.update(opens_at=None)
    numbers = range(1, locked.gradings.count() + 1)
    _waive(actor, now, REVIEW, [f"{locked.pk}:{number}" for number in numbers], reason)
    checks = [one for measure in measures for one in _find_checks(measure, now)]
    _waive(actor, now, CHECK, checks, reason)
    ledger.record(
        actor=actor, now=now, verb="risk.closed", subject=("risk_point", str(locked.pk)),
        unit_id=locked.unit_id, data={"reason": reason.strip()},
    )  # fmt: skip
    return locked
