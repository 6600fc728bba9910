"""Injury statistics of units and periods, from sums that are kept by unit and month.

What is read is as much as there are units and months asked for, whatever happened before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, Sum

from taishan.core import injury_rates
from taishan.core.injury_rates import Sums
from taishan.kit import arrays, clock
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import incident_sums
from taishan.safety.incident_models import IncidentSum, WorkedHours

COUNTED = (
    "incidents", "near_misses", "first_aid_cases", "deaths", "away_cases", "restricted_cases",
    "other_cases", "lost_days", "hurt", "living_cases",
)  # fmt: skip
_SHOWN = ("unit__code", "name_en", "name_zh", "sort_zh", "path", "place_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What some units amount to. ``unreckoned``: people hurt of whom no outcome is recorded;
    ``months_without_hours``: months with an incident in them and no hours.
    """

    sums: Sums
    incidents: int = 0
    near_misses: int = 0
    first_aid_cases: int = 0
    unreckoned: int = 0
    months_without_hours: int = 0
    last_lost_on: date | None = None

    @property
    def is_eventful(self) -> bool:
        """Whether anything happened, be it a near miss."""
        return bool(self.incidents or self.near_misses)


NOTHING = Line(sums=Sums())
_ADDED = ("incidents", "near_misses", "first_aid_cases", "unreckoned", "months_without_hours")


def add(lines: Sequence[Line]) -> Line:
    """Return the sum of lines; the last of their lost-time incidents counts."""
    lost = [one.last_lost_on for one in lines if one.last_lost_on]
    return Line(
        sums=injury_rates.total(one.sums for one in lines), last_lost_on=max(lost, default=None),
        **{name: sum(map(attrgetter(name), lines)) for name in _ADDED},
    )  # fmt: skip


def find_units(viewer: Viewer, within: str, country: str) -> list[UnitVersion]:
    """Return the units whose statistics the viewer may see, as they are or were last, the highest
    first; only those below ``within`` (a code) and in ``country`` where given. Of each only its
    code, names, path and place are read.
    """
    seen = access.unit_ids_with(viewer, Capability.SEE)
    rows = UnitVersion.objects.filter(unit_id__in=seen).select_related("unit").only(*_SHOWN)
    last = list(history.latest_first(rows, clock.now()).distinct("unit_id"))
    if within:
        top = next((one for one in last if one.unit.code == within), None)
        last = [one for one in last if top and str(top.unit_id) in one.path.split(".")]
    if country:
        chains = organisation.place_chains({one.place_id for one in last})
        last = [one for one in last if chains[one.place_id][0][:2] == country]
    return sorted(last, key=lambda one: (one.path.count("."), one.sort_zh))


def find_lines(
    unit_ids: Collection[int], since: date, until: date, day: date = date.max
) -> dict[int, Line]:
    """Return what units amount to in the months ``since <= month < until``; those with neither an
    incident nor hours are left out. Their last lost-time incident is that of all time until a day.

    Workers are averages over the months in which any of the units has hours: so they add up, where
    one unit worked in spring alone and another in autumn.
    """
    span, of_units = Q(month__gte=since, month__lt=until), arrays.any_of("unit_id", unit_ids)
    worked = WorkedHours.objects.filter(of_units, span)
    in_hours = WorkedHours.objects.filter(unit_id=OuterRef("unit_id"), month=OuterRef("month"))
    counted = IncidentSum.objects.filter(of_units, span).values_list("unit_id").annotate(
        *(Sum(name) for name in COUNTED),
        without=Count("pk", filter=Q(~Exists(in_hours), incidents__gt=0)),
    )  # fmt: skip
    counts = {pk: dict(zip((*COUNTED, "without"), row, strict=True)) for pk, *row in counted}
    months = worked.values("month").distinct().count()
    hours = {
        pk: (total, people / months)
        for pk, total, people in worked.values_list("unit_id").annotate(
            Sum("hours"), Sum("workers")
        )
    }  # fmt: skip
    lost = _find_lost(unit_ids, day)
    return {
        pk: _line(counts.get(pk, _NONE), hours.get(pk, (None, None)), lost.get(pk))
        for pk in counts.keys() | hours.keys() | lost.keys()
    }


def find_last_lost(unit_ids: Collection[int], day: date) -> date | None:
    """Return the day of the last lost-time incident of units until a day."""
    return max(_find_lost(unit_ids, day).values(), default=None)


def _find_lost(unit_ids: Collection[int], day: date) -> dict[int, date]:
    """Return the day of the last lost-time incident of each unit that had one until a day. Each is
    the first that an index has of its unit, whatever happened before; of the month of the day
    itself, where its last is later, the incidents are read.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [arrays.literal(unit_ids), day])
        found: dict[int, date] = dict(cursor.fetchall())
    month = day.replace(day=1)
    later = IncidentSum.objects.filter(
        arrays.any_of("unit_id", unit_ids), month=month, last_lost_on__gt=day
    ).values_list("unit_id", flat=True)
    if later:
        found |= incident_sums.find_last_lost(list(later), month, day + timedelta(days=1))
    return found


_LOST = """
SELECT of_units.unit_id, lost.last_lost_on FROM unnest(%s::bigint[]) AS of_units (unit_id)
CROSS JOIN LATERAL (
  SELECT last_lost_on FROM safety_incidentsum AS sums
  WHERE sums.unit_id = of_units.unit_id AND last_lost_on IS NOT NULL AND last_lost_on <= %s
  ORDER BY last_lost_on DESC LIMIT 1
) AS lost
"""
_NONE = dict.fromkeys((*COUNTED, "without"), 0)


def _line(
    of: Mapping[str, int], hours: tuple[float | None, float | None], lost: date | None
) -> Line:
    return Line(
        sums=Sums(
            hours=hours[0], workers=hours[1], deaths=of["deaths"], away_cases=of["away_cases"],
            restricted_cases=of["restricted_cases"], other_cases=of["other_cases"],
            lost_days=of["lost_days"],
        ),
        incidents=of["incidents"], near_misses=of["near_misses"],
        first_aid_cases=of["first_aid_cases"],
        unreckoned=max(of["hurt"] - of["deaths"] - of["living_cases"], 0),
        months_without_hours=of["without"], last_lost_on=lost,
    )  # fmt: skip


def find_months(unit_ids: Collection[int], since: date, until: date) -> list[dict[str, Any]]:
    """Return for each month with an incident its ``dead`` and ``away``, in their order."""
    rows = IncidentSum.objects.filter(
        arrays.any_of("unit_id", unit_ids), month__gte=since, month__lt=until
    )
    found = rows.values("month").annotate(dead=Sum("deaths"), away=Sum("away_cases"))
    return [dict(row) for row in found.order_by("month")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A unit and what it and all below it amount to; the top of a page by itself alone."""

    version: UnitVersion
    line: Line
    is_alone: bool


def find_branches(units: Sequence[UnitVersion], lines: Mapping[int, Line]) -> list[Branch]:
    """Return a row for the highest unit by itself, and one for each branch right below it.

    Units with no common top among those seen are rows of their own.
    """
    if not units:
        return []
    top = units[0]
    found: dict[int, list[Line]] = {}
    for one in units:
        line = lines.get(one.unit_id, NOTHING)
        found.setdefault(_branch_of(one, top), []).append(line)
    by_id = {one.unit_id: one for one in units}
    return [
        Branch(version=by_id[pk], line=add(of), is_alone=pk == top.unit_id)
        for pk, of in found.items()
    ]


def _branch_of(one: UnitVersion, top: UnitVersion) -> int:
    """Return the unit right below the top through which a unit hangs; where it hangs elsewhere or
    is the top, the unit itself.
    """
    if not one.path.startswith(f"{top.path}."):
        return one.unit_id
    return int(one.path.removeprefix(f"{top.path}.").split(".")[0])


def add_by_country(
    units: Sequence[UnitVersion], lines: Mapping[int, Line]
) -> list[tuple[str, Line]]:
    """Return by country what its units amount to, the most hurt first."""
    chains = organisation.place_chains({one.place_id for one in units})
    found: dict[str, list[Line]] = {}
    for one in units:
        if one.unit_id in lines:
            found.setdefault(chains[one.place_id][0][:2], []).append(lines[one.unit_id])
    totals = [(country, add(of)) for country, of in found.items()]
    return sorted(totals, key=lambda row: (-row[1].sums.lost_time, row[0]))
