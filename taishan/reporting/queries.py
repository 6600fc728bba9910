"""Reading counters, and who owes what. Answers of single people are read by ``reading`` alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import Count, Max

from taishan.core.situation import Counts
from taishan.forms import queries as forms
from taishan.forms.models import Form
from taishan.kit.arrays import any_of
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
    units.
    """
    ids, form = list(unit_ids), forms.get_form(form_code)
    book = owing.load([form.pk])
    versions = UnitVersion.objects.filter(any_of("unit_id", ids), valid__contains=period)
    owed_by = [
        unit_id
        for unit_id, path, kind in versions.values_list("unit_id", "path", "kind")
        if book.find(form.pk, path, kind, period) is not None
    ]
    if form.subject == Form.Subject.UNIT:
        return dict.fromkeys(owed_by, 1)
    people = Membership.objects.filter(any_of("unit_id", owed_by), valid__contains=period)
    withdrawn = grounds.find_withdrawn(form, owed_by, period)
    people = people.exclude(any_of("person_id", withdrawn))
    return dict(people.values_list("unit_id").annotate(number=Count("pk")))


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
