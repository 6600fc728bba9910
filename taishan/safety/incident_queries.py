"""Reading incidents: which a viewer may see, what follows from one, and who is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from taishan.core import incidents as core
from taishan.core.incidents import Facts, Grading
from taishan.duties import queries as duties
from taishan.kit import arrays
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import Role, UnitVersion
from taishan.safety import incident_library as library
from taishan.safety.incident_models import Incident, Telling
from taishan.safety.investigation_models import Investigator

DAY = timedelta(days=1)
LEADERS = (Role.UNIT_HEAD, Role.SAFETY_OFFICER, Role.DUTY_OFFICE)


def find_visible(viewer: Viewer) -> QuerySet[Incident]:
    """Return the incidents of the units that the viewer may see, those the viewer reported, and
    those the viewer looks into; the latest first.
    """
    rows = Incident.objects.order_by("-occurred_at", "-pk")
    if access.is_group_wide(viewer, Capability.SEE):
        return rows
    units = access.unit_ids_with(viewer, Capability.SEE).values_list("unit_id", flat=True)
    looked_into = Investigator.objects.filter(person_id=viewer.person_id or 0)
    # Spelt out, each has an index of its own: one unit's are found without walking the group's.
    return rows.filter(
        Q(arrays.any_of("unit_id", set(units))) | Q(by_id=viewer.account_id)
        | Q(arrays.any_of("id", looked_into.values_list("incident_id", flat=True)))
    )  # fmt: skip


def with_days(rows: QuerySet[Incident]) -> QuerySet[Any]:
    """Return the incidents, each with the ``day`` on which it happened, and ``zone_name``, both by
    the clock that its unit had then.
    """
    versions = UnitVersion.objects.filter(unit_id=OuterRef("unit_id"))
    zones = history.latest_first(versions, OuterRef("occurred_at"))
    local = Func(F("zone_name"), F("occurred_at"), function="timezone")
    return rows.annotate(
        zone_name=Subquery(zones.values("time_zone")[:1]), day=Cast(local, DateField())
    )


def on_days(rows: QuerySet[Incident], since: date | None, last: date | None) -> QuerySet[Incident]:
    """Return those of the incidents that happened from one day to another, each by the clock of its
    unit. None: without an end.
    """
    dated = with_days(rows)
    # A unit's day lies within a day of the same day in Greenwich: by this, the index is walked.
    if since:
        dated = dated.filter(occurred_at__gte=datetime.combine(since, time(), UTC) - DAY)
        dated = dated.filter(day__gte=since)
    if last:
        dated = dated.filter(occurred_at__lt=datetime.combine(last, time(), UTC) + 2 * DAY)
        dated = dated.filter(day__lte=last)
    return dated


def may_handle(viewer: Viewer, incident: Incident) -> bool:
    return viewer.may(Capability.HANDLE_INCIDENTS, organisation.get_path(incident.unit_id))


def may_see_injured(viewer: Viewer, incident: Incident) -> bool:
    return viewer.may(Capability.SEE_INJURED, organisation.get_path(incident.unit_id))


def may_appoint(viewer: Viewer, incident: Incident) -> bool:
    """Tell whether the viewer directs a unit above: nobody has their own incident looked into.

    The unit at the top has nobody above it and appoints by itself.
    """
    above, _point, _own = organisation.get_path(incident.unit_id).rpartition(".")
    return viewer.may(Capability.DIRECT, above or str(incident.unit_id))


def is_investigator(viewer: Viewer, incident: Incident) -> bool:
    return incident.investigators.filter(person_id=viewer.person_id or 0).exists()


def get_country(version: UnitVersion) -> str:
    """Return the ISO 3166 code of the country in which a unit stands."""
    return organisation.place_chains({version.place_id})[version.place_id][0][:2]


def find_countries(viewer: Viewer) -> list[str]:
    """Return the countries in which units stand or stood that the viewer may see."""
    seen = access.unit_ids_with(viewer, Capability.SEE)
    places = UnitVersion.objects.filter(unit_id__in=seen).values_list("place_id", flat=True)
    chains = organisation.place_chains(set(places.distinct()))
    return sorted({chain[0][:2] for chain in chains.values()})


def get_facts(incident: Incident, *, known_at: datetime) -> Facts:
    """Return what starts clocks, by the incident's numbers as they stand."""
    return Facts(
        country=incident.country, time_zone=incident.zone.key,
        kind=core.Kind(incident.kind), is_road_traffic=incident.is_road_traffic,
        numbers=incident.numbers, occurred_at=incident.occurred_at, known_at=known_at,
    )  # fmt: skip


def find_grading(incident: Incident) -> Grading:
    """Return the grade by the table of the day; abroad too, where it serves comparison."""
    entry = library.get_grades(incident.occurred_at.astimezone(incident.zone).date())
    if entry is None:
        return Grading(grade=None)
    return core.find_grade(entry.table, core.Kind(incident.kind), incident.numbers)


def find_above(unit_id: int, at: datetime) -> int:
    """Return the unit above, to which tellings and measures are owed; the top owes to itself."""
    return organisation.get_line(unit_id, at)[-2:][0]


def find_told(incident: Incident, at: datetime) -> set[int]:
    """Return whom the group tells: the unit's leaders, and unless it is and was light all up the
    line, who also hear that it was less than they were told.
    """
    steps = organisation.get_line(incident.unit_id, at)
    if incident.was_always_light():
        steps = steps[-1:]
    return organisation.find_holders(steps, LEADERS, history.day_of(incident.unit_id, at))


def find_open_tellings(incident: Incident) -> QuerySet[Telling]:
    return incident.tellings.filter(proof=None, waiver=None)


def count_open_measures(incident: Incident) -> int:
    ids = [str(pk) for pk in incident.measures.values_list("pk", flat=True)]
    return duties.find_open_about("incident_measure", ids).count()
