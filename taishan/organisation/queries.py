"""Reading the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery, Value

from taishan.kit import clock
from taishan.organisation import history
from taishan.organisation.models import (
    Membership,
    Place,
    PostHolding,
    RoleGrant,
    Seat,
    Unit,
    UnitVersion,
)

Row = TypeVar("Row", bound=Model)
_STEP = 1000


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
    rows = list(versions.values_list(*_FIELDS))
    chains = place_chains({row[-2] for row in rows})
    codes = {row[0]: row[1] for row in rows}
    codes |= _codes({int(step) for row in rows for step in row[-1].split(".")} - codes.keys())
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


def search(versions: QuerySet[UnitVersion], text: str) -> QuerySet[UnitVersion]:
    """Return the units whose name, code or pinyin (in full or by initials) holds the text."""
    wanted = text.strip()
    found = (
        Q(unit__code__icontains=wanted)
        | Q(name_en__icontains=wanted)
        | Q(name_zh__icontains=wanted)
    )
    letters = wanted.casefold().replace(" ", "").replace("'", "")
    if letters.isascii() and letters.isalpha():
        # The key is "wen1 zhou1": syllables with tones, from the beginning of one of them.
        found |= Q(sort_zh__regex="(^| )" + "[0-9 ]*".join(letters))
        found |= Q(sort_zh__regex="(^| )" + "[^ ]* ".join(letters))
    return versions.filter(found)


def find_last_versions(
    unit_ids: Iterable[int], at: datetime | None = None
) -> dict[int, UnitVersion]:
    """Return by id what each unit is at an instant (None: now), or was last. One query.

    Plans change nothing: who answers for a unit and who sees its people follow from it.
    """
    versions = UnitVersion.objects.filter(unit_id__in=set(unit_ids))
    rows = history.latest_first(versions, at or clock.now())
    return {row.unit_id: row for row in rows.distinct("unit_id").select_related("unit")}


def each_with_unit(rows: QuerySet[Row]) -> Iterator[tuple[Row, UnitVersion]]:
    """Yield the rows of a long list as they are read, each with what its unit is, or was last."""
    left = rows.iterator(chunk_size=_STEP)
    while part := list(islice(left, _STEP)):
        ids = [one.unit_id for one in part]  # type: ignore[attr-defined]
        units = find_last_versions(ids)
        yield from zip(part, (units[pk] for pk in ids), strict=True)


def find_others(unit_ids: Iterable[int]) -> set[int]:
    """Return the ids of all units, open or closed, but these. One query."""
    return set(Unit.objects.values_list("pk", flat=True)).difference(unit_ids)


def find_open_above(closed: Iterable[UnitVersion], on: date) -> dict[int, UnitVersion]:
    """Return by id, for units as they were last, the nearest above that is open on the day."""
    lines = {one.unit_id: [int(step) for step in one.path.split(".")][-2::-1] for one in closed}
    above = {step for line in lines.values() for step in line}
    rows = UnitVersion.objects.filter(unit_id__in=above, valid__contains=on).select_related("unit")
    is_open = {row.unit_id: row for row in rows}
    nearest = {pk: next((s for s in line if s in is_open), None) for pk, line in lines.items()}
    return {pk: is_open[step] for pk, step in nearest.items() if step is not None}


def get_answering(unit_id: int, at: datetime) -> int:
    """Return what answers for a unit: itself while it is open, else the nearest above that is.

    So what a unit owes passes to the unit above on the day on which it closes.
    """
    version = get_last_version(unit_id, at)
    day = clock.day_at(at, version.time_zone)
    if version.valid.upper is None or day < version.valid.upper:
        return unit_id
    above = find_open_above([version], day).get(unit_id)
    return above.unit_id if above else unit_id


def get_last_version(unit_id: int, at: datetime | None = None) -> UnitVersion:
    """Return what a unit is at an instant (None: now), or was last."""
    return find_last_versions([unit_id], at)[unit_id]


def get_path(unit_id: int, at: datetime | None = None) -> str:
    """Return where a unit hangs at an instant (None: now), or hung last."""
    return str(get_last_version(unit_id, at).path)


def get_line(unit_id: int, at: datetime | None = None) -> list[int]:
    """Return the units from the top down to a unit, where it hangs or hung last."""
    return [int(step) for step in get_path(unit_id, at).split(".")]


def find_holders(unit_ids: Iterable[int], roles: Iterable[str], on: date) -> set[int]:
    """Return the ids of the people who hold one of the roles at one of the units themselves."""
    rows = RoleGrant.objects.filter(
        unit_id__in=list(unit_ids), role__in=list(roles), valid__contains=on
    )
    return set(rows.values_list("person_id", flat=True))


def find_held(person_id: int, on: date) -> set[int]:
    """Return the units in which a person works, or holds a role, a seat or a post on the day."""
    held = {"person_id": person_id, "valid__contains": on}
    return {
        *Membership.objects.filter(**held).values_list("unit_id", flat=True),
        *RoleGrant.objects.filter(**held).values_list("unit_id", flat=True),
        *Seat.objects.filter(**held).values_list("unit_id", flat=True),
        *PostHolding.objects.filter(**held).values_list("post__unit_id", flat=True),
    }


def find_tops(versions: QuerySet[UnitVersion]) -> QuerySet[UnitVersion]:
    """Return those of the units that hang below none of them."""
    return versions.exclude(parent_id__in=versions.values("unit_id"))


def with_counts(versions: QuerySet[UnitVersion], on: date) -> QuerySet[UnitVersion]:
    """Return the units, each with ``below``: how many units hang below it on the day."""
    below = (
        UnitVersion.objects.filter(valid__contains=on, path__descends_from=OuterRef("path"))
        .values(one=Value(1))
        .annotate(number=Count("pk"))
        .values("number")
    )
    return versions.annotate(below=Subquery(below) - 1).select_related("unit", "place")


def count_below(version: UnitVersion, on: date) -> int:
    """Return how many units hang below the unit on the day."""
    versions = UnitVersion.objects.filter(valid__contains=on, path__descends_from=version.path)
    return versions.exclude(pk=version.pk).count()


_FIELDS = (
    "unit_id", "unit__code", "name_en", "name_zh", "kind", "place__name_en", "place__name_zh",
    "time_zone", "kinds_of_work", "head_count", "floor_area_m2", "facilities", "place_id", "path",
)  # fmt: skip


def _on_day(
    row: tuple[Any, ...], chains: dict[int, tuple[str, ...]], codes: dict[int, str]
) -> UnitOnDay:
    (pk, code, name_en, name_zh, kind, place_en, place_zh, time_zone, kinds, head_count, area,
     facilities, place, path) = row  # fmt: skip
    chain = chains[place]
    return UnitOnDay(
        id=pk, code=code, name_en=name_en, name_zh=name_zh, kind=kind, place=chain[-1],
        place_en=place_en, place_zh=place_zh, chain=chain,
        line=tuple([codes[int(step)] for step in path.split(".")]), path=path,
        time_zone=time_zone, kinds_of_work=frozenset(kinds), head_count=head_count,
        floor_area_m2=area, facilities=frozenset(facilities),
    )  # fmt: skip


def _codes(ids: set[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=ids).values_list("pk", "code"))


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


def find_place_names(codes: Iterable[str] | None = None) -> dict[str, tuple[str, str]]:
    """Return the English and the Chinese name of each place (None: of all) that is recorded."""
    places = Place.objects.all() if codes is None else Place.objects.filter(code__in=set(codes))
    rows = places.values_list("code", "name_en", "name_zh")
    return {code: (en, zh) for code, en, zh in rows}
