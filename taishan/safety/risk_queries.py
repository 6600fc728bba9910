"""Reading the risk register: points, how they stand now, the picture of a site, what failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from taishan.core import risk_points as core
from taishan.core.hazards import Grade
from taishan.core.risk_points import Level, Weakness
from taishan.kit import arrays
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import PostHolding
from taishan.safety.hazard_models import Hazard
from taishan.safety.risk_models import RiskCheck, RiskMeasure, RiskPoint

ORIGIN = "risk_check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A risk point as it stands: its grade, its level now, and the open hazards by measure."""

    point: RiskPoint
    current: Level
    open_hazards: dict[int, list[Hazard]]

    @property
    def is_weakened(self) -> bool:
        return bool(self.open_hazards)

    @property
    def graded(self) -> Level:
        return Level(self.point.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """An area of a unit, coloured by its worst risk as it stands now."""

    unit_id: int
    name: str
    level: Level
    points: int
    weakened: int


def find_visible(viewer: Viewer) -> QuerySet[RiskPoint]:
    """Return the risk points, closed ones too, of the units that the viewer may see."""
    return RiskPoint.objects.filter(unit_id__in=access.unit_ids_with(viewer, Capability.SEE))


def find_standings(points: Sequence[RiskPoint]) -> list[Standing]:
    """Return how points stand now, in their order. Three queries, however many they are.

    Its cost is that of the open hazards of checks in their units, and of those merged.
    """
    weak = find_open_hazards([point.pk for point in points], {point.unit_id for point in points})
    return [_stand(point, weak.get(point.pk, {})) for point in points]


def _stand(point: RiskPoint, weak: dict[int, list[Hazard]]) -> Standing:
    weaknesses = [
        Weakness(is_major=any(one.grade == Grade.MAJOR for one in those)) for those in weak.values()
    ]
    current = core.find_current(Level(point.level), weaknesses)
    return Standing(point=point, current=current, open_hazards=weak)


def find_open_hazards(
    point_ids: Collection[int], unit_ids: Collection[int]
) -> dict[int, dict[int, list[Hazard]]]:
    """Return the open hazards that checks opened, or that go on in what one was merged into, by
    point and by measure.
    """
    goes_on = Q(merged_into__isnull=False, merged_into__ended_at=None)
    rows = Hazard.objects.filter(
        Q(ended_at=None) | goes_on, unit_id__in=unit_ids, origin_kind=ORIGIN
    )
    hazards = {
        int(row.origin_id): row.merged_into or row
        for row in rows.select_related("merged_into").order_by("pk")
    }
    checks = RiskCheck.objects.filter(pk__in=hazards, measure__point_id__in=point_ids)
    found: dict[int, dict[int, list[Hazard]]] = defaultdict(lambda: defaultdict(list))
    for pk, measure, point in checks.values_list("pk", "measure_id", "measure__point_id"):
        found[point][measure].append(hazards[pk])
    return found


def find_areas(standings: Iterable[Standing]) -> list[Area]:
    """Return the four-colour picture: areas by unit and name, the worst first."""
    by_area: dict[tuple[int, str], list[Standing]] = defaultdict(list)
    for one in standings:
        by_area[one.point.unit_id, one.point.area].append(one)
    areas = [
        Area(
            unit_id=unit_id, name=name, points=len(those),
            level=core.find_worst(one.current for one in those) or Level.LOW,
            weakened=sum(one.is_weakened for one in those),
        )
        for (unit_id, name), those in by_area.items()
    ]  # fmt: skip
    return sorted(areas, key=lambda one: (-one.level, one.unit_id, one.name))


def count_levels(unit_ids: Collection[int]) -> dict[Level, int]:
    """Return how many open risk points of units were given each level, the worst first."""
    rows = RiskPoint.objects.filter(arrays.any_of("unit_id", unit_ids), closed_at=None)
    counted = dict(rows.values_list("level").annotate(Count("pk")))
    return {level: counted.get(level.value, 0) for level in sorted(Level, reverse=True)}


def find_failed_check(hazard: Hazard) -> RiskCheck | None:
    """Return the check that opened a hazard: which measure of which risk point failed, on what."""
    if hazard.origin_kind != ORIGIN:
        return None
    rows = RiskCheck.objects.select_related("measure__point", "measure__post")
    return rows.filter(pk=int(hazard.origin_id)).first()


def may_manage(viewer: Viewer, unit_id: int) -> bool:
    """Tell whether the viewer enters and grades the risks of a unit."""
    return viewer.may(Capability.HANDLE_HAZARDS, organisation.get_last_version(unit_id).path)


def find_last_checks(measures: Collection[RiskMeasure]) -> dict[int, RiskCheck]:
    """Return the last check of each measure, with its photo, by the measure."""
    rows = RiskCheck.objects.filter(measure__in=measures).select_related("photo")
    last = rows.order_by("measure_id", "-number").distinct("measure_id")
    return {row.measure_id: row for row in last}


def find_checked_by(viewer: Viewer, measures: Collection[RiskMeasure], on: date) -> set[int]:
    """Return which measures of one point the viewer checks: those of a post that they hold, or all
    where they handle the hazards.
    """
    if any(may_manage(viewer, unit_id) for unit_id in {one.point.unit_id for one in measures}):
        return {one.pk for one in measures}
    held = PostHolding.objects.filter(person_id=viewer.person_id or 0, valid__contains=on)
    posts = set(held.values_list("post_id", flat=True))
    return {one.pk for one in measures if one.post_id in posts}


def may_check(viewer: Viewer, measure: RiskMeasure, on: date) -> bool:
    """Tell whether the viewer checks a measure."""
    return measure.pk in find_checked_by(viewer, [measure], on)
