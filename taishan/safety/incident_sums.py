"""What a unit's months amount to: counted anew, month by month, with every change in one.

A month is the unit's own: the day on which it happened, by the clock that the unit had then. Since
only the month is read again, the cost of a change does not grow with history, and a correction
cannot leave a rest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet

from taishan.kit import arrays
from taishan.organisation.models import Unit
from taishan.safety import hazard_months, incident_queries
from taishan.safety.incident_models import Incident, IncidentSum, Injury, Kind

Outcome = Injury.Outcome


def lock(unit_id: int) -> None:
    """Let changes of a unit's incidents come one after the other."""
    # Without "no key", every report that comes in for the unit would wait.
    Unit.objects.select_for_update(no_key=True).get(pk=unit_id)


def count_around(incident_ids: Collection[int]) -> None:
    """Count the months of some incidents of one unit anew; the caller holds its lock."""
    rows = incident_queries.with_days(Incident.objects.filter(pk__in=incident_ids))
    for unit_id, months in _months(rows).items():
        count(unit_id, months)


def count(unit_id: int, months: Iterable[date]) -> None:
    """Write down what the months of a unit amount to; the caller holds its lock."""
    for month in sorted(set(months)):
        IncidentSum.objects.update_or_create(
            unit_id=unit_id, month=month, defaults=recount(unit_id, month)
        )


def recount(unit_id: int, month: date) -> dict[str, Any]:
    """Return what a month amounts to by its incidents themselves."""
    rows = find_incidents([unit_id], month, hazard_months.add(month, 1))
    by_incident: dict[int, list[Injury]] = {}
    for one in find_last_injuries([row.pk for row in rows]):
        by_incident.setdefault(one.incident_id, []).append(one)
    living = [
        one for row in rows for one in _find_living(row, by_incident.get(row.pk, []))
    ]  # fmt: skip
    by = {outcome: [one for one in living if one.outcome == outcome] for outcome in Outcome}
    return {
        "incidents": sum(row.kind != Kind.NEAR_MISS for row in rows),
        "near_misses": sum(row.kind == Kind.NEAR_MISS for row in rows),
        "first_aid_cases": len(by[Outcome.FIRST_AID]),
        "deaths": sum(row.deaths for row in rows),
        "away_cases": len(by[Outcome.AWAY]),
        "restricted_cases": len(by[Outcome.RESTRICTED]),
        "other_cases": len(by[Outcome.OTHER]),
        "lost_days": sum(one.lost_days for one in living),
        "hurt": sum(row.deaths + row.serious + row.light for row in rows),
        "living_cases": len(living),
        "last_lost_on": max((day for _unit_id, day in _list_lost(rows, living)), default=None),
    }


def find_last_lost(unit_ids: Collection[int], since: date, until: date) -> dict[int, date]:
    """Return the last of ``since <= day < until`` on which each unit had a lost-time incident, of
    those that had one. Two queries.
    """
    rows = find_incidents(unit_ids, since, until)
    return dict(sorted(_list_lost(rows, find_last_injuries([row.pk for row in rows]))))


def _list_lost(rows: Sequence[Incident], cases: Sequence[Injury]) -> list[tuple[int, date]]:
    """Return the unit and the day of each lost-time incident."""
    lost = {one.incident_id for one in cases if one.outcome == Outcome.AWAY}
    return [
        (row.unit_id, row.occurred_at.astimezone(row.zone).date()) for row in rows
        if row.deaths or row.serious or row.pk in lost
    ]  # fmt: skip


def _find_living(incident: Incident, cases: Sequence[Injury]) -> list[Injury]:
    """Return what became of the living: by the numbers, no more than are hurt.

    Whoever died meanwhile is among the dead as soon as the numbers say so, and no more away from
    work: the worst of those recorded as living, until it is recorded who it was.
    """
    living = [one for one in cases if one.outcome != Outcome.DEATH]
    worst_first = sorted(living, key=lambda one: Outcome.values.index(one.outcome))
    return worst_first[max(len(living) - incident.serious - incident.light, 0) :]


def find_differences() -> list[tuple[object, ...]]:
    """Return where a full recount differs from the sums: unit, month, name, what is right, what is
    kept (None where the month has no sums). Reads every incident; two queries a unit and month.
    """
    kept = {(row.unit_id, row.month): row for row in IncidentSum.objects.all()}
    return [
        (unit_id, month, name, right, was)
        for unit_id, months in _find_months()
        for month in months
        for name, right in recount(unit_id, month).items()
        if right != (was := getattr(kept.get((unit_id, month)), name, None))
    ]


def mend() -> None:
    """Count every unit's months anew; no incident is reported at those done meanwhile."""
    for unit_id, months in _find_months():
        lock(unit_id)
        count(unit_id, months)


def _find_months() -> list[tuple[int, list[date]]]:
    """Return each unit that has incidents or sums with the months of either."""
    found = _months(incident_queries.with_days(Incident.objects.all()))
    for unit_id, month in IncidentSum.objects.values_list("unit_id", "month"):
        found.setdefault(unit_id, set()).add(month)
    return [(unit_id, sorted(found[unit_id])) for unit_id in sorted(found)]


def _months(rows: QuerySet[Any]) -> dict[int, set[date]]:
    found: dict[int, set[date]] = {}
    for unit_id, day in rows.values_list("unit_id", "day").iterator():
        found.setdefault(unit_id, set()).add(day.replace(day=1))
    return found


def find_incidents(unit_ids: Collection[int], since: date, until: date) -> list[Incident]:
    """Return the incidents of units of ``since <= day < until``, in their order, each by the
    clock that its unit had then.
    """
    of_units = Incident.objects.filter(arrays.any_of("unit_id", unit_ids))
    rows = incident_queries.on_days(of_units, since, until - timedelta(days=1))
    return list(rows.order_by("occurred_at", "pk"))


def find_last_injuries(incident_ids: Sequence[int]) -> list[Injury]:
    """Return the last revision of each injury of some incidents, in their order."""
    rows = Injury.objects.filter(incident_id__in=incident_ids)
    return list(rows.order_by("incident_id", "number", "-revision").distinct(
        "incident_id", "number"
    ))  # fmt: skip
