"""One report as a page asks for it: whom it is about, what is on record, what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from taishan.core.schedules import Stage, Window
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.organisation import whereabouts
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Person, Shift, UnitVersion
from taishan.organisation.whereabouts import Whereabouts
from taishan.reporting import comparing, corrections, owing, reading
from taishan.reporting.comparing import Line
from taishan.reporting.models import Earlier, Report

REMEMBERED = timedelta(days=35)
"""How far back answers are taken from to fill in a page."""
REACH = timedelta(days=400)


class NotOwed(LookupError):
    """There is no such report for the viewer to give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A report to answer. ``subject`` is a staff number or a unit's code, ``unit_name`` the unit's,
    ``shift`` the name of the shift that has hours of its own, empty for everybody's hours.

    ``recorded`` are the answers in force, under the number ``seen``; ``last`` those of the latest
    period before that has any.
    """

    version: FormVersion
    subject: str
    key: reading.Key
    time_zone: str
    unit_name: str
    shift: str
    window: Window
    stage: Stage
    local_now: datetime
    seen: UUID | None
    recorded: reading.Answers | None
    last: reading.Answers | None
    last_period: date | None

    @property
    def period(self) -> date:
        return self.key[2]

    @property
    def filled_in(self) -> Mapping[str, Any] | None:
        """The answers to begin with; None for the form's own defaults."""
        given = self.recorded or self.last
        return given.values if given else None


def get_sheet(
    *, viewer: Viewer, now: datetime, form: str, period: date, unit: str, version: int | None
) -> Sheet:
    """Return the report of the viewer's own, or of a unit they report for, for a period.

    Raises NotOwed where there is none, or where it is not theirs.
    """
    if abs(period - now.date()) > REACH:
        raise NotOwed
    found = _version(form, version)
    subject = _subject(viewer, found.form, unit)
    where = _whereabouts(found.form, subject, period)
    if where.unit_id is None or where.subject_id is None:
        raise NotOwed
    if unit and not viewer.may(Capability.REPORT, where.path):
        raise NotOwed
    key = (where.unit_id, found.form.pk, period, where.subject_id)
    last = _last_period(key)
    return _sheet(viewer, now, found, subject, where, key, last)


def get_sheet_of(
    *, viewer: Viewer, now: datetime, form: str, period: date, person: Person
) -> Sheet:
    """Return a person's report of a period that has begun, for who may correct it for them.

    Filled in with nothing but what is on record. Raises NotOwed where there is none to give, or
    where it is not the viewer's to correct.
    """
    found = _version(form, None)
    if found.form.subject != Form.Subject.PERSON:
        raise NotOwed
    where = _whereabouts(found.form, person.staff_no, period)
    if where.unit_id is None:
        raise NotOwed
    key = (where.unit_id, found.form.pk, period, person.pk)
    if not corrections.may_correct(viewer, found.form, key, where.path):
        raise NotOwed
    sheet = _sheet(viewer, now, found, person.staff_no, where, key, None)
    if sheet.stage == Stage.NOT_OPEN:
        raise NotOwed
    return sheet


def _sheet(
    viewer: Viewer, now: datetime, version: FormVersion, subject: str, where: Whereabouts,
    key: reading.Key, last_period: date | None,
) -> Sheet:  # fmt: skip
    unit_id, form_id, period, subject_id = key
    given = form_id, where.path, where.kind, period, where.shift_id
    book = owing.load([form_id])
    shift_id = next((row.shift_id for row in book.rows_holding(*given)), None)
    schedule = book.find(*given)
    if schedule is None:
        raise NotOwed
    window = schedule.window(period, where.time_zone)
    last = (unit_id, form_id, last_period, subject_id) if last_period else None
    return Sheet(
        version=version,
        subject=subject,
        key=key,
        time_zone=where.time_zone,
        unit_name=UnitVersion.objects.get(unit_id=unit_id, valid__contains=period).name,
        shift=Shift.objects.get(pk=shift_id).name if shift_id else "",
        window=window,
        stage=window.stage(now),
        local_now=now.astimezone(ZoneInfo(where.time_zone)),
        seen=_number(key),
        recorded=_read(viewer, now, key),
        last=_read(viewer, now, last) if last else None,
        last_period=last_period,
    )


def _version(form: str, number: int | None) -> FormVersion:
    try:
        found = forms.get_version(form, number)
    except FormVersion.DoesNotExist:
        raise NotOwed from None
    if found.state == FormVersion.State.DRAFT:
        raise NotOwed
    return found


def _subject(viewer: Viewer, form: Form, unit: str) -> str:
    """Return whom the form is about; the address names units, and never a person."""
    if bool(unit) != (form.subject == Form.Subject.UNIT):
        raise NotOwed
    if unit:
        return unit
    person = Person.objects.filter(pk=viewer.person_id or 0).first()
    if person is None:
        raise NotOwed
    return person.staff_no


def _whereabouts(form: Form, subject: str, period: date) -> Whereabouts:
    is_of_unit = form.subject == Form.Subject.UNIT
    find = whereabouts.find_units if is_of_unit else whereabouts.find_people
    return find([(subject, period)])[0]


def _number(key: reading.Key) -> UUID | None:
    return Report.objects.filter(pk=key).values_list("client", flat=True).first()


def _last_period(key: reading.Key) -> date | None:
    """Return the latest period before with a report; days one by one, since the key goes by day."""
    unit_id, form_id, period, subject_id = key
    days = [period - timedelta(days=n) for n in range(1, REMEMBERED.days + 1)]
    rows = Report.objects.filter(
        unit_id=unit_id, form_id=form_id, period__in=days, subject_id=subject_id
    )
    return max(rows.values_list("period", flat=True), default=None)


def _read(viewer: Viewer, now: datetime, key: reading.Key) -> reading.Answers | None:
    try:
        return reading.read_answers(viewer=viewer, now=now, key=key)[0]
    except Report.DoesNotExist:
        return None


def find_conflict(
    sheet: Sheet, given: Mapping[str, Any], client: UUID, seen: str, lang: str
) -> list[Line]:
    """Return where answers differ from recorded ones that their sender had not seen; else none.

    Wrong answers conflict with nothing: they go back to the sender first. Nor does what has been
    on record before under the same number.
    """
    if sheet.recorded is None or str(sheet.seen) in (seen, str(client)):
        return []
    unit_id, form_id, period, subject_id = sheet.key
    if Earlier.objects.filter(pk=(unit_id, form_id, period, subject_id, client)).exists():
        return []
    checker = forms.get_checker(sheet.version)
    checked = checker.check(given, now=sheet.local_now)
    if checked.problems:
        return []
    # The answers in force as the version shown has them: what it no longer asks is no conflict.
    recorded = (checker.definition, sheet.recorded.values)
    lines = comparing.compare(recorded, (checker.definition, checked.values), lang)
    return [line for line in lines if line.differs]
