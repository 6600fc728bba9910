"""Checks of control measures: owed by a post again and again; a failed one opens a hazard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.core.duty_matrix import HORIZON
from taishan.duties import actions as duties
from taishan.duties import storing
from taishan.duties.actions import Owed
from taishan.kit.actor import Actor
from taishan.kit.attachments import Attachment
from taishan.ledger import actions as ledger
from taishan.organisation import history
from taishan.organisation import queries as organisation
from taishan.safety import hazard_reports
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Report, Seen
from taishan.safety.risk_models import RiskCheck, RiskCheckPhoto, RiskMeasure
from taishan.safety.risks import CHECK, DAY, RiskRefused, lock


@transaction.atomic
def check(
    *,
    actor: Actor,
    now: datetime,
    measure: RiskMeasure,
    failed: Sequence[str],
    note: str = "",
    looks: int = Hazard.Looks.SERIOUS,
    photo: Attachment | None = None,
) -> tuple[RiskCheck, Hazard | None]:
    """Record that a measure was checked; what failed is reported as a hazard. Raises RiskRefused.

    ``failed``: which of its items do not hold, none where all do. The check that was owed is done.
    """
    lock(measure.point)
    locked = RiskMeasure.objects.select_for_update().get(pk=measure.pk)
    today = storing.local_day(now, _zone(locked))
    _refuse(locked, failed, note, today)
    row = RiskCheck.objects.create(
        measure=locked, number=locked.checks.count() + 1, failed=list(failed), note=note.strip(),
        by_id=actor.account_id, at=now,
    )  # fmt: skip
    kept = {"photo": RiskCheckPhoto.keep(photo, check_of=row).about()} if photo else {}
    ledger.record(
        actor=actor, now=now, verb="risk.failed" if failed else "risk.checked",
        subject=("risk_point", str(locked.point_id)), unit_id=locked.point.unit_id,
        data={"measure": locked.number, "check": row.number, "failed": list(failed)} | kept,
    )  # fmt: skip
    _discharge(actor, now, locked, today)
    return row, _report(actor, now, row, looks, photo) if failed else None


def _zone(measure: RiskMeasure) -> ZoneInfo:
    return history.zone_of(measure.point.unit_id)


def _refuse(measure: RiskMeasure, failed: Sequence[str], note: str, today: date) -> None:
    if measure.valid.upper is not None and measure.valid.upper <= today:
        raise RiskRefused(_("This measure holds no more."))
    if not {*failed} <= {*measure.items}:
        raise RiskRefused(_("This is no item of the measure."), "failed")
    if failed and not note.strip():
        raise RiskRefused(_("Say what you have seen."), "note")


def _report(
    actor: Actor, now: datetime, row: RiskCheck, looks: int, photo: Attachment | None
) -> Hazard:
    point = row.measure.point
    version = organisation.get_last_version(point.unit_id)
    text = f"{point.name}: {', '.join(row.failed)}. {row.note}"
    hazard, _code = hazard_reports.report(Report(
        actor=actor, now=now, version=version, key=uuid4(), origin=(CHECK, str(row.pk)),
        seen=Seen(text=text, looks=looks, area=point.area, photos=[photo] if photo else []),
    ))  # fmt: skip
    return hazard


def _discharge(actor: Actor, now: datetime, measure: RiskMeasure, today: date) -> None:
    """End the checks that are owed now: more than one where the days of one overlap the next's."""
    days = list(measure.terms.occurrences(today - (measure.days - 1) * DAY, today + DAY))
    for day in days:
        duties.discharge_subject(
            actor=actor, now=now, kind=CHECK, subject=(CHECK, f"{measure.pk}:{day}")
        )


@transaction.atomic
def open_checks(*, actor: Actor, now: datetime) -> int:
    """Open every check that has begun and was not opened yet; return how many duties are new.

    A worker that slept opens what it slept through, too: that is missed at its own instant.
    """
    return _open(actor, now, find_due(now))


def find_due(now: datetime) -> QuerySet[RiskMeasure]:
    """Return the measures a check of which begins now or has begun: an index holds just these."""
    due = RiskMeasure.objects.filter(opens_at__lte=now, point__closed_at=None)
    return due.select_related("point", "post").order_by("pk")


@transaction.atomic
def open_first(*, actor: Actor, now: datetime, measure: RiskMeasure) -> None:
    """Open what is owed of a new measure already, without waiting for the job that opens all."""
    _open(actor, now, find_due(now).filter(pk=measure.pk))


def _open(actor: Actor, now: datetime, due: QuerySet[RiskMeasure]) -> int:
    """Open what has begun of measures, and write down when to look at each again.

    Of a point that is closed meanwhile nothing is due any more.
    """
    measures = list(due.select_for_update(of=("self",)))
    zones = history.find_zones((one.point.unit_id for one in measures), now)
    both = [(measure, zones[measure.point.unit_id]) for measure in measures]
    owed = [one for measure, zone in both for one in _owed(measure, zone, now)]
    opened = len(duties.assign(actor=actor, now=now, owed=owed))
    for measure, zone in both:
        measure.opens_at = _find_next(measure, zone, now)
    RiskMeasure.objects.bulk_update(measures, ["opens_at"], batch_size=1000)
    return opened


def _find_next(measure: RiskMeasure, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Return when the next check begins; of a rule that comes later than ``HORIZON``, when to look
    for it again.
    """
    today = now.astimezone(zone).date()
    until = min(today + HORIZON, measure.valid.upper or date.max)
    for day in measure.terms.occurrences(max(today, measure.valid.lower), until):
        if (opens := measure.terms.window(day, str(zone)).opens) > now:
            return opens
    return None if until == measure.valid.upper else now + HORIZON


def _owed(measure: RiskMeasure, zone: ZoneInfo, now: datetime) -> Iterator[Owed]:
    point = measure.point
    for day in _days(measure, now):
        window = measure.terms.window(day, str(zone))
        if window.opens <= now and window.due > measure.recorded_at:
            yield Owed(
                unit_id=measure.post.unit_id, post_id=measure.post_id, creditor_id=point.unit_id,
                kind=CHECK, subject=(CHECK, f"{measure.pk}:{day}"),
                what_en=f"Check at risk point {point.code}: {measure.text}"[:300],
                what_zh=f"检查风险点 {point.code} 的管控措施：{measure.text}"[:300],
                address=reverse("risks:check", args=[measure.pk]),
                opened_at=window.opens, due_at=window.due, lapses_at=window.closes,
            )  # fmt: skip


def _days(measure: RiskMeasure, now: datetime) -> Iterator[date]:
    """Yield the days whose check begins, somewhere on earth, since the measure was looked at."""
    since = measure.opens_at or now
    first, until = since.date() - measure.days * DAY, now.date() + 2 * DAY
    if measure.valid.upper:
        until = min(until, measure.valid.upper)
    yield from measure.terms.occurrences(max(first, measure.valid.lower), until)
