"""Hours worked: what injury rates divide by, by hand or from a table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import clock, days, tables
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, sheets
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Unit, UnitVersion
from taishan.organisation.sheets import Mode, Outcome
from taishan.safety.incident_models import WorkedHours
from taishan.safety.incidents import IncidentRefused

MOST_HOURS = 744
"""Of a person in a month: all there are."""
MOST_WORKERS = 1_000_000
"""At one unit: more is a slip of the hand."""
LONGEST = 30
"""Digits that are read as a number at all."""
COLUMNS: tuple[tables.Column, ...] = (
    tables.Column(key="unit", titles=("单位编码", "单位"), is_needed=True),
    tables.Column(key="month", titles=("月份",), is_needed=True),
    tables.Column(key="hours", titles=("实际总工时", "工时"), is_needed=True),
    tables.Column(key="workers", titles=("平均人数", "人数"), is_needed=True),
)


@transaction.atomic
def record_hours(
    *, actor: Actor, now: datetime, unit_id: int, month: date, hours: int, workers: int
) -> WorkedHours:
    """Record the hours of a unit's month, or put them right. Raises IncidentRefused."""
    for _column, why in _complaints(hours, workers):
        raise IncidentRefused(why)
    if month > history.day_of(unit_id, now):
        raise IncidentRefused(_("That month is yet to come."))
    row, _is_new = WorkedHours.objects.update_or_create(
        unit_id=unit_id, month=month.replace(day=1),
        defaults={"hours": hours, "workers": workers, "recorded_at": now},
    )  # fmt: skip
    _tell(actor, now, [row])
    return row


def _complaints(hours: int, workers: int) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, with its column."""
    if workers > MOST_WORKERS:
        yield "workers", _("at most %d people") % MOST_WORKERS
    elif hours < 0 or workers < 0 or (hours and not workers):
        yield "hours", _("numbers from 0 on, and people where there are hours")
    elif hours > workers * MOST_HOURS:
        yield "hours", _("at most %d hours a month for each person") % MOST_HOURS


def _tell(actor: Actor, now: datetime, rows: list[WorkedHours]) -> None:
    units = {row.unit_id for row in rows}
    ledger.record(
        actor=actor, now=now, verb="hours.recorded", subject=("worked_hours", ""),
        unit_id=units.pop() if len(units) == 1 else None,
        data={
            "months": [[row.unit_id, f"{row.month:%Y-%m}", row.hours, row.workers] for row in rows]
        },
    )  # fmt: skip


@transaction.atomic
def import_hours(
    *, actor: Actor, now: datetime, viewer: Viewer, content: bytes,
    mode: Mode = "all_or_nothing",
) -> Outcome:  # fmt: skip
    """Record the hours that a table holds, for units whose incidents the viewer handles.

    The same table twice changes nothing. Raises tables.TableError for a file that is not read.
    """
    sheet = tables.read(content, columns=COLUMNS)
    outcome, kept = Outcome(), []
    units = _find_units({row.values["unit"] for row in sheet.rows})
    known = {
        (one.unit_id, one.month): one
        for one in WorkedHours.objects.filter(unit_id__in=[one.unit_id for one in units.values()])
    }  # fmt: skip
    seen: set[tuple[int, date]] = set()
    for row in sheet.rows:
        read = _read(sheet.name, row, units, viewer, now, outcome)
        if read is None:
            continue
        unit_id, month, hours, workers = read
        was = known.get((unit_id, month))
        if (unit_id, month) in seen:
            outcome.wrong(sheet.name, row, "month", _("each month of a unit once"))
        elif was is not None and (was.hours, was.workers) == (hours, workers):
            outcome.unchanged += 1
        else:
            outcome.created += was is None
            outcome.changed += was is not None
            kept.append(WorkedHours(
                unit_id=unit_id, month=month, hours=hours, workers=workers, recorded_at=now
            ))  # fmt: skip
        seen.add((unit_id, month))
    _keep(actor, now, kept)
    sheets.settle(outcome, mode)
    return outcome


def _keep(actor: Actor, now: datetime, rows: list[WorkedHours]) -> None:
    if not rows:
        return
    WorkedHours.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit", "month"],
        update_fields=["hours", "workers", "recorded_at"],
    )  # fmt: skip
    _tell(actor, now, rows)


def _find_units(codes: set[str]) -> dict[str, UnitVersion]:
    """Return by code what each unit is, or was last."""
    ids = Unit.objects.filter(code__in=codes).values_list("pk", flat=True)
    return {one.unit.code: one for one in organisation.find_last_versions(ids).values()}


def _read(
    name: str, row: tables.Row, units: dict[str, UnitVersion], viewer: Viewer, now: datetime,
    outcome: Outcome,
) -> tuple[int, date, int, int] | None:  # fmt: skip
    """Return what a row says; None where it cannot be, which is then in the outcome."""
    before, values = len(outcome.errors), row.values
    unit = units.get(values["unit"])
    if unit is None or not viewer.may(Capability.HANDLE_INCIDENTS, unit.path):
        outcome.wrong(name, row, "unit", _("the code of a unit whose incidents you handle"))
    month = _month(values["month"])
    today = clock.day_at(now, unit.time_zone if unit else clock.HOME)
    if month is None or month > today:
        outcome.wrong(name, row, "month", _("a month until now, such as 2020-02"))
    numbers = [_whole(values[key]) for key in ("hours", "workers")]
    for key, number in zip(("hours", "workers"), numbers, strict=True):
        if number is None:
            outcome.wrong(name, row, key, _("a whole number"))
    if None not in numbers:
        for column, why in _complaints(numbers[0] or 0, numbers[1] or 0):
            outcome.wrong(name, row, column, why)
    if len(outcome.errors) > before or unit is None or month is None:
        return None
    return unit.unit_id, month, numbers[0] or 0, numbers[1] or 0


def _month(text: str) -> date | None:
    try:
        return days.read(f"{text.replace('/', '-')[:7]}-01")
    except ValueError:
        return None


def _whole(text: str) -> int | None:
    cleaned = text.replace(",", "")
    return int(cleaned) if cleaned.isdecimal() and len(cleaned) <= LONGEST else None
