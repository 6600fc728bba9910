"""What a change of the tree does: worked out by doing it, shown, and undone until confirmed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum, auto

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.organisation import history
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import (
    Membership,
    Post,
    PostHolding,
    RoleGrant,
    Seat,
    UnitVersion,
)

FIELDS = (
    "parent", "name_en", "name_zh", "kind", "place", "time_zone", "kinds_of_work", "head_count",
    "floor_area_m2", "facilities",
)  # fmt: skip
ENDING: dict[str, type[Model]] = {
    "members": Membership,
    "posts": Post,
    "holdings": PostHolding,
    "seats": Seat,
    "roles": RoleGrant,
}


class ChangedMeanwhile(OrganisationRefused):
    """Somebody else changed the organisation since the consequences were shown.

    ``found``: what the change would do now.
    """

    def __init__(self, found: Consequences) -> None:
        self.found = found
        super().__init__(
            _("This is no longer what you were shown. See what would change, and confirm that.")
        )


class Fate(StrEnum):
    """What becomes of a unit."""

    OPENED = auto()
    CLOSED = auto()
    CHANGED = auto()
    CARRIED = auto()
    """It stays as it is under a unit that moves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One unit before and after. ``fields``: name of the field, its words before and after."""

    fate: Fate
    code: str
    name_en: str
    name_zh: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """All that a change does from its day; ``mark`` is the same for the same differences only."""

    differences: tuple[Difference, ...]
    people: int
    """How many people change their unit."""
    ended: dict[str, int]
    """How many memberships, posts, holdings of posts, seats and roles end."""
    mark: str


def work_out(*, on: date, act: Callable[[], object]) -> Consequences:
    """Return what the change would do; nothing of it stays. Raises what the change raises."""
    with transaction.atomic():
        found = _observe(on, act)
        transaction.set_rollback(True)
    return found


def carry_out(*, on: date, act: Callable[[], object], mark: str) -> Consequences:
    """Make the change that was shown. Raises ChangedMeanwhile where it would do anything else."""
    with transaction.atomic():
        found = _observe(on, act)
        if found.mark != mark:
            raise ChangedMeanwhile(found)
    return found


def _observe(on: date, act: Callable[[], object]) -> Consequences:
    history.lock_tree()
    before, people, lasting = _tree(on), _arrivals(on), _lasting(on)
    act()
    differences = tuple(_differences(before, _tree(on)))
    ended = {name: lasting[name] - n for name, n in _lasting(on).items()}
    arrived = _arrivals(on) - people
    was = sorted(before[d.code].pk for d in differences if d.code in before)
    content = repr((on, [asdict(d) for d in differences], arrived, ended, was))
    return Consequences(
        differences=differences,
        people=arrived,
        ended={name: n for name, n in ended.items() if n},
        mark=hashlib.sha256(content.encode()).hexdigest()[:32],
    )


def _tree(on: date) -> dict[str, UnitVersion]:
    rows = UnitVersion.objects.filter(valid__contains=on).order_by("path")
    return {row.unit.code: row for row in rows.select_related("unit", "parent", "place")}


def _arrivals(on: date) -> int:
    return Membership.objects.filter(valid__startswith=on).count()


def _lasting(on: date) -> dict[str, int]:
    period = DateRange(on, None)
    return {
        name: model._default_manager.filter(valid__overlap=period).count()  # noqa: SLF001
        for name, model in ENDING.items()
    }


def _differences(
    before: dict[str, UnitVersion], after: dict[str, UnitVersion]
) -> Iterator[Difference]:
    for code in {**before, **after}:
        old, new = before.get(code), after.get(code)
        shown = new or old
        if shown is None or (old and new and old.pk == new.pk):
            continue
        fields = differing_fields(old, new) if new else ()
        yield Difference(
            fate=_fate(old, new, fields), code=code, fields=fields, name_en=shown.name_en,
            name_zh=shown.name_zh,
        )  # fmt: skip


def _fate(
    old: UnitVersion | None, new: UnitVersion | None, fields: tuple[tuple[str, str, str], ...]
) -> Fate:
    if old is None or new is None:
        return Fate.OPENED if new else Fate.CLOSED
    return Fate.CHANGED if fields else Fate.CARRIED


def differing_fields(old: UnitVersion | None, new: UnitVersion) -> tuple[tuple[str, str, str], ...]:
    """Return the fields that differ: each with its words before (empty for no unit) and after."""
    pairs = [(name, words(old, name) if old else "", words(new, name)) for name in FIELDS]
    return tuple((name, was, now) for name, was, now in pairs if was != now)


def words(version: UnitVersion, field: str) -> str:
    """Return what a unit's field holds, in the language of the page; empty for nothing."""
    match field:
        case "parent":
            return version.parent.code if version.parent else ""
        case "place":
            return f"{version.place.name} ({version.place.code})"
        case "kind":
            return str(version.get_kind_display())
        case "kinds_of_work":
            return version.work_in_words
        case "facilities":
            return version.facilities_in_words
    value = getattr(version, field)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
