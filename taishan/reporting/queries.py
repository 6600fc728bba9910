"""Reading counters, and who owes what. Answers of single people are read by ``reading`` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from taishan.core.situation import Counts
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
from taishan.organisation import shifts
from taishan.organisation.models import Membership, UnitVersion
from taishan.privacy import grounds
from taishan.reporting import owing, storage
from taishan.reporting.models import Correction, Counter, Indicator


def erased_until(form: Form, now: datetime) -> date:
    """Return the day before which the form's answers are erased, or may be at any moment."""
    past = form.erasures.aggregate(until=Max("until"))["until"] or date.min
    if form.retention_days is None:
        return past
    return max(past, now.date() - timedelta(days=form.retention_days))


def expected(unit_ids: Iterable[int], form_code: str, period: date) -> dict[int, int]:
    """Return how many reports each of the units itself owes for the period, by the roster of then.

    Units that owe none are left out, and who withdrew their consent. Five queries, however many the
    units, and one more where somebody works a shift.
    """
    form = forms.get_form(form_code)
    book = owing.load([form.pk])
    versions = UnitVersion.objects.filter(any_of("unit_id", unit_ids), valid__contains=period)
    units = {version.unit_id: version for version in versions}

    def owes(unit_id: int, shift_id: int | None) -> bool:
        unit = units[unit_id]
        return book.find(form.pk, unit.path, unit.kind, period, shift_id) is not None

    if form.subject == Form.Subject.UNIT:
        return {unit_id: 1 for unit_id in units if owes(unit_id, None)}
    people = find_owing(units, book.shifts, period, owes)
    withdrawn = grounds.find_withdrawn(form, units, period)
    people = people.exclude(any_of("person_id", withdrawn))
    return dict(people.values_list("unit_id").annotate(number=Count("pk")))


def find_owing(
    unit_ids: Iterable[int],
    shift_ids: Iterable[int],
    day: date,
    owes: Callable[[int, int | None], bool],
) -> QuerySet[Membership]:
    """Return who of the units owes something on the day.

    ``owes`` tells it of a unit's people on one of the shifts, and, with None, of all others. One
    query besides, where there are shifts.
    """
    ids, apart = list(unit_ids), set(shift_ids)
    whole = {unit_id for unit_id in ids if owes(unit_id, None)}
    added: list[int] = []
    left_out: list[int] = []
    for one in shifts.find_spells(ids, apart, day, day + timedelta(days=1)) if apart else ():
        is_owing = owes(one.unit_id, one.shift_id)
        if is_owing != (one.unit_id in whole):
            (added if is_owing else left_out).append(one.person_id)
    people = Membership.objects.filter(valid__contains=day)
    if added:
        people = people.filter(Q(any_of("unit_id", whole)) | Q(any_of("person_id", added)))
    else:
        people = people.filter(any_of("unit_id", whole))
    return people.exclude(any_of("person_id", left_out)) if left_out else people


def find_counts(
    unit_ids: Iterable[int], form_code: str, since: date, until: date
) -> dict[tuple[int, date], Counts]:
    """Return the counts of each unit itself for each period with ``since <= period < until``.

    What is above a unit is the sum over its branch (``core.situation.combine``). Three queries.
    """
    form_id = forms.get_form(form_code).pk
    rows = Counter.objects.filter(
        any_of("unit_id", unit_ids), form_id=form_id, period__gte=since, period__lt=until
    ).values_list("unit_id", "period", "indicator_id", "amount")
    names = dict(Indicator.objects.values_list("pk", "name"))
    found: dict[tuple[int, date], dict[str, object]] = defaultdict(dict)
    for unit_id, period, indicator_id, amount in rows:
        if amount:
            found[unit_id, period][names[indicator_id]] = amount
    return dict(found)  # type: ignore[arg-type]


def is_settled(period: date, now: datetime) -> bool:
    """Tell whether whatever moves the period's counters from now on leaves an amendment.

    A day later than need be: an action may have begun by another clock.
    """
    return period < now.date() - timedelta(days=storage.OVER_AFTER_DAYS + 1)


def find_revisions(form_id: int, since: date, until: date) -> dict[date, int]:
    """Return a number for each period in ``since <= period < until`` that was amended.

    It is another one after each amendment; a period that is not named was never amended.
    """
    with connection.cursor() as cursor:
        cursor.execute(REVISIONS, [form_id, since, until])
        return dict(cursor.fetchall())


REVISIONS = """
SELECT period, bit_xor(hashtextextended(id::text, 0)) FROM reporting_amendment
WHERE form_id = %s AND period >= %s AND period < %s GROUP BY period
"""


def find_corrections(unit_ids: Iterable[int]) -> list[Correction]:
    """Return the corrections that wait for a ruling in the units, the oldest first."""
    waiting = Correction.objects.filter(any_of("unit_id", unit_ids), ruling=None)
    return list(waiting.order_by("recorded_at", "pk"))
