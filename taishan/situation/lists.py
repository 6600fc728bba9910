"""The names behind a number: who has not reported, who was late, of whom an indicator speaks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Collate

from taishan.core.concerns import Sign
from taishan.core.schedules import Stage
from taishan.core.situation import NOTHING, RECEIVED, RECEIVED_ON_TIME, Counts
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Account, Membership, Person, RoleGrant, Unit
from taishan.privacy import grounds, looks, readers
from taishan.privacy.models import Look
from taishan.reporting import queries as reporting
from taishan.reporting import withdrawing
from taishan.reporting.models import Indicator, Report, Tally
from taishan.reporting.my_reports import REPORTERS
from taishan.situation import branches, counting, signs
from taishan.situation.branches import Stay
from taishan.situation.expecting import Expected, Owing

NOT_REPORTED, LATE = "not_reported", "late"
FIRST_UNITS = 8
"""With so many units a page of a list begins; where they do not fill it, with twice as many."""
ORDER = Collate("code", "C"), "sort_name", "staff_no"
TAKEN = (Stage.OPEN, Stage.DUE, Stage.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list that somebody asks for. ``kind``: not_reported, late, a sign, or an indicator's name.

    ``units`` are those of the period's day; ``top`` is None where there are several at the top.
    """

    form: Form
    owed: Owing
    period: date
    kind: str
    units: tuple[Stay, ...]
    top: Stay | None

    @property
    def is_about_health(self) -> bool:
        """Tell whether to stand on the list says something of a person's health."""
        return self.form.is_personal_health and self.kind not in (NOT_REPORTED, LATE)

    @property
    def sign(self) -> Sign:
        """Return the indicators the list is about."""
        watched = {sign.key: sign for sign in signs.of(self.form.code)}
        return watched.get(self.kind) or Sign(key=self.kind, indicators=(self.kind,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person on a list. ``reported_at`` None: not yet. Who has no account gets no notices."""

    person: Person
    unit: Stay
    reported_at: datetime | None
    has_account: bool


def ask(viewer: Viewer, form: Form, day: date, within: str, kind: str, *, is_own: bool) -> Asked:
    """Return the list of the form's latest period up to the day. Three queries.

    ``within`` is a unit's code, or empty for all that the viewer sees; ``is_own``: that unit alone.
    """
    owed = Owing(form)
    period = (owed.periods(day) or [day])[-1]
    branch = branches.find_branch(viewer, within, period, period + timedelta(days=1))
    top = branch.top(period)
    units = (top,) if is_own and top else branch.stays
    return Asked(form=form, owed=owed, period=period, kind=kind, units=units, top=top)


def may_name(viewer: Viewer, asked: Asked) -> list[Stay]:
    """Return the units whose people on the list the viewer may see by name.

    Of health: where they may read the answers. Else: whose people they may see, but across a border
    totals alone, unless a rule says so.
    """
    find = readers.find_readable if asked.is_about_health else readers.find_named
    named = find(viewer, asked.form, [unit.unit_id for unit in asked.units], asked.period)
    return [unit for unit in asked.units if unit.unit_id in named]


def find_readable(viewer: Viewer, asked: Asked) -> set[int]:
    """Return the units of which the viewer may read what people answered, from a list of names."""
    if asked.kind == NOT_REPORTED or asked.form.subject != Form.Subject.PERSON:
        return set()
    find = readers.find_readable if asked.form.is_personal_health else readers.find_named
    return find(viewer, asked.form, [unit.unit_id for unit in asked.units], asked.period)


def find_amounts(asked: Asked) -> list[tuple[Stay, int]]:
    """Return how many of the list each unit itself has, the most first. Three queries."""
    days = asked.period, asked.period + timedelta(days=1)
    only = {RECEIVED, RECEIVED_ON_TIME, *asked.sign.indicators}
    counts = counting.sums(asked.form.pk, asked.units, days, _itself, counting.names(), only=only)
    expected = {}
    if asked.kind == NOT_REPORTED:
        expected = Expected(asked.owed, asked.units, *days).sums(*days, _itself)
    found = []
    for unit in asked.units:
        key = unit.unit_id, asked.period
        if amount := _amount(asked, counts.get(key, NOTHING), expected.get(key, 0)):
            found.append((unit, amount))
    return sorted(found, key=lambda one: (-one[1], one[0].code))


def _itself(unit: Stay) -> int:
    return unit.unit_id


def _amount(asked: Asked, counts: Counts, expected: int) -> int:
    received, on_time = (int(counts.get(name, 0)) for name in (RECEIVED, RECEIVED_ON_TIME))
    if asked.kind == NOT_REPORTED:
        return max(expected - received, 0)
    return received - on_time if asked.kind == LATE else asked.sign.amount(counts)


def find_missing(
    asked: Asked, units: Iterable[Stay], now: datetime | None = None
) -> QuerySet[Membership]:
    """Return who of the units owes a report and has none on record, by unit and name.

    With ``now`` only those who can still give it then. Units by the bytes of their codes, as Python
    sorts them too: ``find_page`` relies on it.
    """
    where = {unit.unit_id: unit for unit in units}

    def owes(unit_id: int, shift_id: int | None) -> bool:
        if now is None:
            return asked.owed.find(where[unit_id], asked.period, shift_id) is not None
        return asked.owed.stage(where[unit_id], asked.period, now, shift_id) in TAKEN

    report = Report.objects.filter(
        unit_id=OuterRef("unit_id"), form_id=asked.form.pk, period=asked.period,
        subject_id=OuterRef("person_id"),
    )  # fmt: skip
    people = reporting.find_owing(where, asked.owed.shifts, asked.period, owes)
    gone = find_withdrawn(asked) | withdrawing.find_erased(asked.form.pk, asked.period)
    people = people.exclude(any_of("person_id", gone))
    people = people.annotate(
        code=F("unit__code"), sort_name=F("person__sort_name"), staff_no=F("person__staff_no")
    )
    return people.exclude(Exists(report)).order_by(*ORDER)


def find_page(
    asked: Asked, units: Iterable[Stay], behind: int | None, size: int
) -> list[Membership] | list[Report]:
    """Return so many of the list, those who come behind a person; None: the first.

    The units are gone through a few at a time until these are found, so that a page of a million
    people takes as long as one of a thousand. Whoever reports meanwhile shifts nobody.
    """
    waiting = sorted(units, key=lambda unit: unit.code)
    people = Membership.objects.filter(person_id=behind or 0, valid__contains=asked.period)
    last = people.select_related("unit", "person").first()
    if last:
        waiting = [unit for unit in waiting if unit.code >= last.unit.code]
    found: list[Any] = []
    step = FIRST_UNITS
    while waiting and len(found) < size:
        some, waiting, step = waiting[:step], waiting[step:], step * 2
        rows = find_all(asked, some)
        found += (rows.filter(_behind(last)) if last else rows)[: size - len(found)]
    return found


def find_all(asked: Asked, units: Iterable[Stay]) -> QuerySet[Any]:
    """Return everybody of the units on the list: ``find_missing`` or ``find_reports``."""
    is_missing = asked.kind == NOT_REPORTED
    return find_missing(asked, units) if is_missing else find_reports(asked, units)


def _behind(last: Membership) -> Q:
    """Everybody of the other units, which come later, and the rest of the person's own."""
    name, staff_no = last.person.sort_name, last.person.staff_no
    later = Q(sort_name__gt=name) | Q(sort_name=name, staff_no__gt=staff_no)
    return ~Q(unit_id=last.unit_id) | later


def find_withdrawn(asked: Asked) -> set[int]:
    """Return who owes nothing since they withdrew their consent; to be told as a number alone."""
    return grounds.find_withdrawn(asked.form, [unit.unit_id for unit in asked.units], asked.period)


def count_erased(asked: Asked) -> int:
    """Return how many reports are counted of whom no list can name any more."""
    units = [unit.unit_id for unit in asked.units]
    return withdrawing.count_erased(asked.form.pk, units, asked.period)


def find_reports(asked: Asked, units: Iterable[Stay]) -> QuerySet[Report]:
    """Return the reports of the units that stand on the list, by unit and name, in the order of
    ``find_missing``. No answer is read.

    What a report adds to the counters is kept apart from it, once for all that add the same.
    """
    ids = [unit.unit_id for unit in units]
    found = Report.objects.filter(
        any_of("unit_id", ids), form_id=asked.form.pk, period=asked.period
    ).defer("answers")
    if asked.kind == LATE:
        found = found.filter(is_late=True)
    else:
        named = Indicator.objects.filter(name__in=asked.sign.indicators)
        numbers = list(named.values_list("pk", flat=True))
        found = found.filter(
            tally_id__in=Tally.objects.filter(indicators__overlap=numbers).values("pk")
        )
    person = Person.objects.filter(pk=OuterRef("subject_id"))
    unit = Unit.objects.filter(pk=OuterRef("unit_id"))
    return found.annotate(
        code=Subquery(unit.values("code")), sort_name=Subquery(person.values("sort_name")),
        staff_no=Subquery(person.values("staff_no")),
    ).order_by(*ORDER)  # fmt: skip


def name(viewer: Viewer, now: datetime, asked: Asked, rows: Sequence[Any]) -> list[Listed]:
    """Return the persons of a page of ``find_all``."""
    if asked.kind == NOT_REPORTED:
        return _name_missing(asked, rows)
    return _name_reports(viewer, now, asked, rows)


def _name_missing(asked: Asked, rows: Sequence[Membership]) -> list[Listed]:
    """Return the persons of rows of ``find_missing``. Two queries."""
    where = {unit.unit_id: unit for unit in asked.units}
    people = _people(row.person_id for row in rows)
    with_account = _with_account(people)
    return [
        Listed(
            person=people[row.person_id], unit=where[row.unit_id], reported_at=None,
            has_account=row.person_id in with_account,
        )
        for row in rows
    ]  # fmt: skip


@transaction.atomic
def _name_reports(
    viewer: Viewer, now: datetime, asked: Asked, rows: Sequence[Report]
) -> list[Listed]:
    """Return the persons of rows of ``find_reports``.

    To see who stands on a list about health is a look at their answers, and recorded.
    """
    where = {unit.unit_id: unit for unit in asked.units}
    people = _people(row.subject_id for row in rows)
    with_account = _with_account(people)
    if asked.is_about_health:
        looks.record(
            viewer=viewer, now=now, form=asked.form, door=Look.Door.LIST, person_ids=people,
            unit_ids={row.unit_id for row in rows}, period=asked.period,
        )  # fmt: skip
    return [
        Listed(
            person=people[row.subject_id], unit=where[row.unit_id], reported_at=row.submitted_at,
            has_account=row.subject_id in with_account,
        )
        for row in rows
    ]  # fmt: skip


def _people(ids: Iterable[int]) -> dict[int, Person]:
    return {person.pk: person for person in Person.objects.filter(any_of("pk", ids))}


def _with_account(ids: Iterable[int]) -> set[int]:
    accounts = Account.objects.filter(any_of("person_id", ids), is_active=True)
    return set(accounts.values_list("person_id", flat=True))


def find_to_remind(viewer: Viewer, asked: Asked, now: datetime) -> tuple[set[int], set[int]]:
    """Return who is to be reminded, and who of them has no account and cannot be told here.

    Those whose report can still be given, in units whose people the viewer may tell something; for
    a unit's return, whoever answers for it.
    """
    units = [unit for unit in asked.units if viewer.may(Capability.NOTIFY, unit.path)]
    if asked.form.subject == Form.Subject.PERSON:
        rows = find_missing(asked, units, now).order_by()
        found = dict(rows.values_list("person_id", "person__account__is_active"))
        with_account = {pk for pk, is_active in found.items() if is_active}
        return with_account, found.keys() - with_account
    open_units = [one for one in units if asked.owed.stage(one, asked.period, now) in TAKEN]
    missing = _answering_for(asked, open_units, now)
    with_account = _with_account(missing)
    return missing & with_account, missing - with_account


def _answering_for(asked: Asked, units: Sequence[Stay], now: datetime) -> set[int]:
    still = {unit.unit_id for unit, _amount in find_amounts(asked)}
    ids = [unit.unit_id for unit in units if unit.unit_id in still]
    grants = RoleGrant.objects.filter(
        any_of("unit_id", ids), role__in=REPORTERS, valid__contains=now.date()
    )
    return set(grants.values_list("person_id", flat=True))
