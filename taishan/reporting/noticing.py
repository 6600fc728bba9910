"""Noticing which reports give cause for a follow-up, after they are in: intake waits for nothing.

Only the answers in force are looked at, and each report gives cause once, however often it is
looked at and by however many workers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from psycopg.types.range import DateRange

from taishan.core.followup import DEFAULT, ENDED, Cause, Rule, State
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.kit.actor import Actor
from taishan.kit.arrays import any_of
from taishan.ledger import actions as ledger
from taishan.organisation.models import Membership, UnitVersion
from taishan.reporting import follow_up_models, follow_up_rules, packing
from taishan.reporting.follow_up_models import Check, FollowUp, Step
from taishan.reporting.models import Counter, Indicator, Report, Tally

FORM = "daily_health"
TEMPERATURE = "body_temperature"
SIGNS: Mapping[Cause, tuple[str, ...]] = {
    Cause.SYMPTOMS: (
        "health_status:unwell",
        "quarantine_status:medical_observation",
        "quarantine_status:confirmed",
    ),
    Cause.FEVER: ("fever",),
    Cause.CONTACT: ("contact_14_days:yes",),
    Cause.TRAVEL: ("travel_14_days:yes",),
}
"""By which indicators of the daily report a cause is known."""

_Report = tuple[int, date, UUID]
"""A person, the period, and the number of their report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Which reports are looked at."""

    form: Form
    since: date
    until: date
    groups: Mapping[Rule, Sequence[int]]
    """The units by the rule that holds in them."""


@transaction.atomic
def look(
    *, actor: Actor, now: datetime, since: date, until: date, unit_id: int | None = None
) -> int:
    """Open follow-ups for reports of ``since <= period < until`` that give cause; return how many.

    Who is followed up already gets the cause added. Of one unit only where one is given.
    """
    form = Form.objects.filter(code=FORM).first()
    if form is None:
        return 0
    _one_at_a_time()
    asked = _Asked(form=form, since=since, until=until, groups=_groups(since, until, unit_id))
    found: dict[_Report, set[Cause]] = defaultdict(set)
    for report, kinds in (*_counted(asked), *_measured(asked)):
        found[report] |= kinds
    opened = _record(now, found)
    _count_checks(now, asked)
    if opened:
        ledger.record(
            actor=actor, now=now, verb="follow_ups.opened",
            subject=("follow_ups", now.isoformat()), unit_id=unit_id,
            data={"follow_ups": sorted(opened)},
        )  # fmt: skip
    return len(opened)


def _one_at_a_time() -> None:
    """Two at once would both find a person without a follow-up, and one would fail."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reporting.noticing'))")


def _groups(since: date, until: date, unit_id: int | None) -> dict[Rule, list[int]]:
    rules = follow_up_rules.load()
    versions = UnitVersion.objects.filter(valid__overlap=DateRange(since, until))
    if unit_id is not None:
        versions = versions.filter(unit_id=unit_id)
    paths = dict(versions.order_by("valid").values_list("unit_id", "path"))
    groups: dict[Rule, list[int]] = defaultdict(list)
    for pk, path in paths.items():
        groups[rules.find(path)].append(pk)
    return groups


def _reports(asked: _Asked, unit_ids: Iterable[int]) -> QuerySet[Report]:
    """Return the reports of units that have given no cause yet."""
    known = follow_up_models.Cause.objects.filter(
        person_id=OuterRef("subject_id"), period=OuterRef("period"), client=OuterRef("client")
    )
    rows = Report.objects.filter(
        any_of("unit_id", unit_ids), form_id=asked.form.pk, period__gte=asked.since,
        period__lt=asked.until,
    )  # fmt: skip
    return rows.exclude(Exists(known))


def _counted(asked: _Asked) -> Iterator[tuple[_Report, set[Cause]]]:
    """Yield reports that the counters count as a cause; no answer is read.

    The counters name the units that have any: of the others no report is touched.
    """
    names = [name for signs in SIGNS.values() for name in signs]
    numbers = dict(Indicator.objects.filter(name__in=names).values_list("name", "pk"))
    counters = Counter.objects.filter(
        form_id=asked.form.pk, period__gte=asked.since, period__lt=asked.until,
        indicator_id__in=numbers.values(), amount__gt=0,
    )  # fmt: skip
    with_any = set(counters.values_list("unit_id", flat=True))
    for rule, units in asked.groups.items():
        kinds = _tallies(rule, numbers)
        rows = _reports(asked, with_any.intersection(units)).filter(any_of("tally_id", kinds))
        for person, period, client, tally in rows.values_list(
            "subject_id", "period", "client", "tally_id"
        ):
            yield (person, period, client), kinds[tally]


def _tallies(rule: Rule, numbers: Mapping[str, int]) -> dict[int, set[Cause]]:
    """Return what the reports of each tally give cause for under a rule."""
    cause_of = {
        numbers[name]: cause for cause in rule.causes for name in SIGNS[cause] if name in numbers
    }
    rows = Tally.objects.filter(indicators__overlap=list(cause_of))
    return {
        pk: {cause_of[number] for number in indicators if number in cause_of}
        for pk, indicators in rows.values_list("pk", "indicators")
    }


def _measured(asked: _Asked) -> Iterator[tuple[_Report, set[Cause]]]:
    """Yield reports with a temperature that counts as a fever only where a unit is stricter."""
    for rule, units in asked.groups.items():
        if rule.temperature_c >= DEFAULT.temperature_c:
            continue
        for version in FormVersion.objects.filter(form=asked.form).defer("source", "xform"):
            places = packing.names(forms.get_definition(version))
            if TEMPERATURE not in places:
                continue
            warm = {f"answers__{places.index(TEMPERATURE)}__gte": float(rule.temperature_c)}
            rows = _reports(asked, units).filter(version=version.number, **warm)
            for report in rows.values_list("subject_id", "period", "client"):
                yield report, {Cause.FEVER}


def _record(now: datetime, found: Mapping[_Report, set[Cause]]) -> list[int]:
    """Keep the causes, with the follow-ups they open; return the ids of those."""
    people = {person for person, _period, _client in found}
    active = FollowUp.objects.filter(any_of("person_id", people)).exclude(state__in=ENDED)
    of_person = {one.person_id: one for one in active}
    first = {person: period for person, period, _client in sorted(found, reverse=True)}
    opened = FollowUp.objects.bulk_create(
        [FollowUp(person_id=pk, state=State.OPENED) for pk in sorted(people - of_person.keys())]
    )
    of_person |= {one.person_id: one for one in opened}
    Step.objects.bulk_create(
        [
            Step(
                follow_up=one, number=1, state=State.OPENED, since=first[one.person_id],
                recorded_at=now,
            )
            for one in opened
        ]
    )  # fmt: skip
    follow_up_models.Cause.objects.bulk_create(
        [
            follow_up_models.Cause(
                follow_up=of_person[person], person_id=person, period=period, client=client,
                kinds=sorted(kinds), noticed_at=now,
            )
            for (person, period, client), kinds in found.items()
        ]
    )  # fmt: skip
    return [one.pk for one in opened]


def _count_checks(now: datetime, asked: _Asked) -> None:
    """Take the daily report of whoever is in quarantine for a check of its day."""
    apart = Step.objects.filter(state=State.QUARANTINED, until=None, starts__isnull=False)
    days = {
        person: (pk, starts)
        for pk, person, starts in apart.values_list(
            "follow_up_id", "follow_up__person_id", "starts"
        )
    }
    memberships = Membership.objects.filter(
        any_of("person_id", days), valid__overlap=DateRange(asked.since, asked.until)
    )
    rows = Report.objects.filter(
        any_of("unit_id", set(memberships.values_list("unit_id", flat=True))),
        any_of("subject_id", days), form_id=asked.form.pk, period__gte=asked.since,
        period__lt=asked.until,
    )  # fmt: skip
    known = set(
        Check.objects.filter(
            any_of("follow_up_id", [pk for pk, _starts in days.values()]), is_report=True,
            day__gte=asked.since,
        ).values_list("follow_up_id", "day")
    )  # fmt: skip
    checks = []
    for person, period in rows.values_list("subject_id", "period"):
        pk, starts = days[person]
        if starts and period >= starts and (pk, period) not in known:
            checks.append(Check(follow_up_id=pk, day=period, recorded_at=now, is_report=True))
    Check.objects.bulk_create(checks, ignore_conflicts=True)
