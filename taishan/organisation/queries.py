"""Reading the organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from taishan.organisation.models import Place, UnitVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOnDay:
    """A unit as it was on a day. ``line``: units, root first; ``chain``: places, country first."""

    id: int
    code: str
    name_en: str
    name_zh: str
    kind: str
    place: str
    place_en: str
    place_zh: str
    chain: tuple[str, ...]
    line: tuple[str, ...]
    path: str
    time_zone: str
    kinds_of_work: frozenset[str]
    head_count: int | None
    floor_area_m2: float | None
    facilities: frozenset[str]


def find_units(versions: QuerySet[UnitVersion]) -> list[UnitOnDay]:
    """Return the given versions as units, each after the one above it, siblings by code.

    Three queries, whatever the number of units: the rows, the places, and the codes of ancestors.
    """
    rows = list(versions.select_related("unit", "place"))
    chains = place_chains({row.place_id for row in rows})
    codes = _codes({int(step) for row in rows for step in row.path.split(".")})
    return sorted((_on_day(row, chains, codes) for row in rows), key=lambda unit: unit.line)


def find_units_today(
    now: datetime, unit_ids: Iterable[int] | None = None
) -> dict[date, list[UnitOnDay]]:
    """Return the units that are open at an instant, each under its own local day.

    Not scoped: for what the system does by itself, never for what a person sees.
    """
    versions = UnitVersion.objects.all()
    if unit_ids is not None:
        versions = versions.filter(unit_id__in=list(unit_ids))
    zones: dict[date, list[str]] = {}
    for zone in versions.values_list("time_zone", flat=True).distinct():
        zones.setdefault(now.astimezone(ZoneInfo(zone)).date(), []).append(zone)
    return {
        day: find_units(versions.filter(valid__contains=day, time_zone__in=names))
        for day, names in zones.items()
    }


def _on_day(
    row: UnitVersion, chains: dict[int, tuple[str, ...]], codes: dict[int, str]
) -> UnitOnDay:
    return UnitOnDay(
        id=row.unit_id,
        code=row.unit.code,
        name_en=row.name_en,
        name_zh=row.name_zh,
        kind=row.kind,
        place=chains[row.place_id][-1],
        place_en=row.place.name_en,
        place_zh=row.place.name_zh,
        chain=chains[row.place_id],
        line=tuple(codes[int(step)] for step in row.path.split(".")),
        path=row.path,
        time_zone=row.time_zone,
        kinds_of_work=frozenset(row.kinds_of_work),
        head_count=row.head_count,
        floor_area_m2=row.floor_area_m2,
        facilities=frozenset(row.facilities),
    )


def _codes(ids: Iterable[int]) -> dict[int, str]:
    versions = UnitVersion.objects.filter(unit_id__in=set(ids))
    return dict(versions.values_list("unit_id", "unit__code"))


def place_chains(ids: set[int]) -> dict[int, tuple[str, ...]]:
    """Return for each place id its codes, country first. One query a level at most."""
    known: dict[int, tuple[str, int | None]] = {}
    wanted = set(ids)
    while wanted:
        for pk, code, parent in Place.objects.filter(pk__in=wanted).values_list(
            "pk", "code", "parent_id"
        ):
            known[pk] = (code, parent)
        wanted = {parent for _, parent in known.values() if parent} - known.keys()
    return {pk: _climb(pk, known) for pk in ids}


def _climb(pk: int, known: dict[int, tuple[str, int | None]]) -> tuple[str, ...]:
    code, parent = known[pk]
    return (*(_climb(parent, known) if parent else ()), code)


def get_chain(code: str) -> tuple[str, ...]:
    """Return the codes of a place and all above it, country first. Raises Place.DoesNotExist."""
    place = Place.objects.get(code=code)
    return place_chains({place.pk})[place.pk]


def find_place_names(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return the English and the Chinese name of each place that is recorded."""
    rows = Place.objects.filter(code__in=set(codes)).values_list("code", "name_en", "name_zh")
    return {code: (en, zh) for code, en, zh in rows}
