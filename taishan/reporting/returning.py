"""The return of a unit as a duty: opened with its period, discharged by the report itself.

What a population owes each day is no row: it is derived from roster and reports.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from taishan.core.schedules import Window
from taishan.duties import actions as duties
from taishan.duties import queries
from taishan.duties.actions import Owed
from taishan.duties.matrix_models import Reached
from taishan.kit.actor import Actor
from taishan.organisation.models import UnitVersion
from taishan.reporting import owing
from taishan.reporting.models import Report, Schedule

KIND, ABOUT = "unit_return", "return"
DAY = timedelta(days=1)
Came = Mapping[tuple[int, int, date], datetime]
"""When the return of a unit, to a form, for a period was submitted."""


def discharge(*, actor: Actor, now: datetime, came: Came) -> int:
    """Discharge what units owed, since their returns came; return how many duties there were."""
    done = {(unit, _subject(form, period)): at for (unit, form, period), at in came.items()}
    return duties.discharge_many(actor=actor, now=now, kind=KIND, about=ABOUT, done=done)


def open_returns(*, actor: Actor, now: datetime) -> int:
    """Open the duties of every period that has begun and was not opened yet; return how many.

    Of a schedule seen for the first time, those of the periods that can still be reported. A return
    that came before its duty, or with it, discharges it.
    """
    rows = Schedule.objects.exclude(owed_by=Schedule.OwedBy.PEOPLE).select_related("form")
    schedules = list(rows.order_by("pk"))
    book = owing.Book(schedules)
    return sum(_open(actor, now, one, book) for one in schedules)


@transaction.atomic
def _open(actor: Actor, now: datetime, one: Schedule, book: owing.Book) -> int:
    """Open one schedule's; a second worker waits here, and then finds nothing left to do."""
    what, length = f"{KIND}:{one.pk}", (one.closes_day - min(one.opens_day, 0) + 2) * DAY
    reached, is_new = Reached.objects.select_for_update().get_or_create(
        what=what, defaults={"until": now - length}
    )
    owed = [
        _owed(one, unit, period, window)
        for unit, period, window in _begun(one, book, reached.until, now)
        if not is_new or window.closes > now
    ]
    opened = duties.assign(actor=actor, now=now, owed=owed)
    _catch_up(actor, now, one, min(reached.until, now - length).date())
    Reached.objects.filter(what=what).update(until=now)
    return len(opened)


def _begun(
    one: Schedule, book: owing.Book, since: datetime, now: datetime
) -> Iterator[tuple[UnitVersion, date, Window]]:
    """Yield the units, periods and windows that opened between two instants."""
    rule, spare = owing.as_rule(one), (abs(one.opens_day) + 1) * DAY
    for period in rule.between(since.date() - spare, now.date() + spare + DAY):
        kind = owing.KINDS[Schedule.OwedBy(one.owed_by)]
        units = UnitVersion.objects.filter(
            valid__contains=period, path__passes_through=one.unit_id
        ).select_related("unit")
        for unit in units if kind is None else units.filter(kind=kind):
            window = rule.window(period, unit.time_zone)
            if since < window.opens <= now and one in book.rows_holding(
                one.form_id, unit.path, unit.kind, period
            ):
                yield unit, period, window


def _owed(one: Schedule, unit: UnitVersion, period: date, window: Window) -> Owed:
    return Owed(
        unit_id=unit.unit_id, creditor_id=one.unit_id, kind=KIND,
        subject=(ABOUT, _subject(one.form_id, period)),
        what_en=f"{one.form.title_en} · {period}", what_zh=f"{one.form.title_zh} · {period}",
        address=reverse("reporting:report", args=[one.form.code, period, unit.unit.code]),
        opened_at=window.opens, due_at=window.late, lapses_at=window.closes,
    )  # fmt: skip


def _catch_up(actor: Actor, now: datetime, one: Schedule, since: date) -> None:
    """Discharge what came while its duty was being opened: neither transaction saw the other."""
    periods = {
        _subject(one.form_id, period): period
        for period in owing.as_rule(one).between(since, now.date() + DAY)
    }
    waiting = queries.find_open_about(ABOUT, periods).values_list("unit_id", flat=True)
    found = Report.objects.filter(
        unit_id__in=set(waiting), form_id=one.form_id, period__in=periods.values()
    )
    rows = found.values_list("unit_id", "form_id", "period", "submitted_at")
    came = {(unit, form, period): at for unit, form, period, at in rows}
    if came:
        discharge(actor=actor, now=now, came=came)


def _subject(form_id: int, period: date) -> str:
    return f"{form_id}:{period}"
