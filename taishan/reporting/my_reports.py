"""What a person owes now: their own reports, and those of the units they answer for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from taishan.core.schedules import Stage, Window
from taishan.forms.models import Form
from taishan.organisation import access, whereabouts
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, Role, RoleGrant
from taishan.organisation.whereabouts import Whereabouts
from taishan.privacy import grounds
from taishan.privacy.models import Consent, Ground
from taishan.reporting import owing
from taishan.reporting.models import Report, Schedule

REPORTERS = [role for role in Role if Capability.REPORT in access.CAPABILITIES[role]]
"""The roles whose holders answer for the returns of the unit their role stands at."""

_Day = tuple[str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A report that can be given now. ``subject`` is the staff number or the unit's code."""

    form: Form
    subject: str
    subject_id: int
    unit_id: int
    period: date
    time_zone: str
    window: Window
    stage: Stage
    is_received: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A form that is asked for again and again, and about whom; ``subject`` as in Owed."""

    form: Form
    subject: str


def find_asked(person: Person, on: date) -> list[Asked]:
    """Return which forms the person is to answer by the schedules of the day, owed today or not."""
    rows = list(Schedule.objects.select_related("form").order_by("pk"))
    book, forms = owing.Book(rows), {row.form_id: row.form for row in rows}
    about = {
        Form.Subject.PERSON: _places(whereabouts.find_people, [person.staff_no], [on]),
        Form.Subject.UNIT: _places(whereabouts.find_units, answered_for(person, [on]), [on]),
    }
    return [
        Asked(form=form, subject=subject)
        for form in forms.values()
        for (subject, _day), where in about[Form.Subject(form.subject)]
        if next(book.holding(form.pk, where.path, where.kind, on, where.shift_id), None)
    ]


def find_owed(person: Person, now: datetime) -> list[Owed]:
    """Return what the person may report at the instant, received or not, the most urgent first.

    What they withdrew their consent to is not owed. Six queries.
    """
    rows = list(Schedule.objects.select_related("form").order_by("pk"))
    if not rows:
        return []
    days = _days(rows, now)
    book = owing.Book(rows)
    forms = {row.form_id: row.form for row in rows}
    about: dict[str, list[tuple[_Day, Whereabouts]]] = {
        Form.Subject.PERSON: _places(whereabouts.find_people, [person.staff_no], days),
        Form.Subject.UNIT: _places(whereabouts.find_units, answered_for(person, days), days),
    }
    found = [
        owed
        for form in forms.values()
        for asked, where in about[form.subject]
        for owed in _owed(book, form, asked, where, now)
    ]
    said = grounds.find_said((form.pk, person.pk) for form in forms.values())
    withdrawn = {
        form_id for (form_id, _person), one in said.items() if one.state == Consent.State.WITHDRAWN
    }
    found = [one for one in found if one.form.pk not in withdrawn or not _needs_consent(one)]
    return _received(sorted(found, key=lambda owed: (owed.window.late, owed.form.code)))


def _needs_consent(owed: Owed) -> bool:
    ground = grounds.find_ground(owed.form, owed.unit_id, owed.period)
    return ground is not None and ground.basis == Ground.Basis.CONSENT


def _days(rows: Iterable[Schedule], now: datetime) -> list[date]:
    """Return the days whose periods may be open now, somewhere on earth."""
    back = max(row.closes_day for row in rows) + 1
    ahead = max(-row.opens_day for row in rows) + 1
    return [now.date() + timedelta(days=n) for n in range(-back, max(ahead, 1) + 1)]


def answered_for(person: Person, days: Sequence[date]) -> list[str]:
    """Return the codes of the units for which the person answers on some of the days."""
    grants = RoleGrant.objects.filter(
        person=person,
        role__in=REPORTERS,
        valid__overlap=(days[0], days[-1] + timedelta(days=1)),
    )
    return sorted(set(grants.values_list("unit__code", flat=True)))


def _places(
    find: object, codes: Iterable[str], days: Sequence[date]
) -> list[tuple[_Day, Whereabouts]]:
    asked = [(code, day) for code in codes for day in days]
    return list(zip(asked, find(asked), strict=True))  # type: ignore[operator]


def _owed(
    book: owing.Book, form: Form, asked: _Day, where: Whereabouts, now: datetime
) -> Iterator[Owed]:
    subject, period = asked
    if where.unit_id is None or where.subject_id is None:
        return
    schedule = book.find(form.pk, where.path, where.kind, period, where.shift_id)
    if schedule is None:
        return
    window = schedule.window(period, where.time_zone)
    stage = window.stage(now)
    if stage not in (Stage.NOT_OPEN, Stage.CLOSED):
        yield Owed(
            form=form, subject=subject, subject_id=where.subject_id, unit_id=where.unit_id,
            period=period, time_zone=where.time_zone, window=window, stage=stage,
            is_received=False,
        )  # fmt: skip


def _received(found: list[Owed]) -> list[Owed]:
    """Mark what is on record, by one query."""
    wanted = Q(pk__in=[])
    for owed in found:
        wanted |= Q(
            unit_id=owed.unit_id, form_id=owed.form.pk, period=owed.period,
            subject_id=owed.subject_id,
        )  # fmt: skip
    there = set(
        Report.objects.filter(wanted).values_list("unit_id", "form_id", "period", "subject_id")
    )
    return [
        replace(
            owed,
            is_received=(owed.unit_id, owed.form.pk, owed.period, owed.subject_id) in there,
        )
        for owed in found
    ]
