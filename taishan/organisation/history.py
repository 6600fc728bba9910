"""The tree in time: units change by new versions, and what was before stays as it was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, DateField, F, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import clock
from taishan.organisation.models import UnitVersion

CODE = re.compile(r"(?!\.{1,2}$)[^\s/?#]{1,40}")
"""A code stands in addresses: “..” or a slash would lead elsewhere."""


class OrganisationRefused(ValueError):
    """A change of the organisation that cannot be; the message says why."""


def lock_tree() -> None:
    """Let one change of the tree at a time through: two moves at once could form a cycle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation.tree'))")


def refuse_code(code: str) -> None:
    """Raise OrganisationRefused for a code that could not stand in an address or a table."""
    if not CODE.fullmatch(code):
        raise OrganisationRefused(
            _("“%s”: a code has 1 to 40 characters, no spaces and none of / ? #") % code
        )


def get_version(code: str, on: date) -> UnitVersion:
    """Return what the unit is on the day. Raises OrganisationRefused where it is not open."""
    versions = UnitVersion.objects.filter(unit__code=code, valid__contains=on)
    found = list(versions.select_related("unit"))  # one at most: versions never overlap
    if not found:
        raise OrganisationRefused(_("no unit %(code)s on %(day)s") % {"code": code, "day": on})
    return found[0]


def get_version_at(code: str, at: datetime) -> UnitVersion:
    """Return what the unit is on its own day of an instant. Raises OrganisationRefused."""
    found = latest_first(UnitVersion.objects.filter(unit__code=code), at).first()
    zone = ZoneInfo(found.time_zone) if found else UTC
    return get_version(code, at.astimezone(zone).date())


def find_below(version: UnitVersion, on: date) -> QuerySet[UnitVersion]:
    """Return the versions of the units below (not the unit itself) on the day."""
    return UnitVersion.objects.filter(path__descends_from=version.path, valid__contains=on).exclude(
        pk=version.pk
    )


def latest_first(versions: QuerySet[UnitVersion], at: Any) -> QuerySet[UnitVersion]:
    """Return the versions, of each unit the one of an instant first: what it was on its own day.

    Of one that is closed by then it is the last, of one that is yet to be the first. A change that
    is only planned changes nothing before its day. ``at`` may be an expression.
    """
    instant = at if hasattr(at, "resolve_expression") else Value(at)
    day = Cast(Func(F("time_zone"), instant, function="timezone"), DateField())
    begins = Lower("valid", output_field=DateField())
    begun = Case(When(Q(begins__lte=F("local_day")), then=F("begins")))
    return versions.alias(begins=begins, local_day=day).order_by(
        "unit_id", begun.desc(nulls_last=True), "begins"
    )


def find_zones(unit_ids: Iterable[int], at: datetime | None = None) -> dict[int, ZoneInfo]:
    """Return the time zone that each unit has at an instant (None: now), or had last.

    One query, written out: every duty asks it, and making it takes Django seven times as long.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ZONES, [at or clock.now(), list(set(unit_ids))])
        return {pk: ZoneInfo(name) for pk, name in cursor.fetchall()}


_ZONES = """
SELECT DISTINCT ON (unit_id) unit_id, time_zone
FROM organisation_unitversion, timezone(time_zone, %s) AS local
WHERE unit_id = ANY(%s)
ORDER BY unit_id, CASE WHEN lower(valid) <= local::date THEN lower(valid) END DESC NULLS LAST,
         lower(valid)
"""
"""As ``latest_first`` has it."""


def zone_of(unit_id: int, at: datetime | None = None) -> ZoneInfo:
    """Return the time zone that a unit has at an instant (None: now), or had last."""
    return find_zones([unit_id], at)[unit_id]


def day_of(unit_id: int, at: datetime) -> date:
    """Return a unit's own local day at an instant."""
    return at.astimezone(zone_of(unit_id, at)).date()


def closes(unit_id: int) -> date | None:
    """Return the day from which the unit is closed, None while no such day is set."""
    last = UnitVersion.objects.filter(unit_id=unit_id).order_by("-valid").first()
    return last.valid.upper if last else None


def end(version: UnitVersion, on: date) -> None:
    """End a version before the day; one that would begin on it was never there."""
    if version.valid.lower == on:
        version.delete()
        return
    version.valid = DateRange(version.valid.lower, on)
    version.save(update_fields=["valid"])


def end_unit(version: UnitVersion, on: date) -> None:
    """Let the unit be no more from the day. Raises OrganisationRefused over a later plan."""
    refuse_plans(version)
    refuse_plans_below(version, on)
    end(version, on)


def supersede(version: UnitVersion, on: date, **changes: object) -> None:
    """Let a changed version follow from the day. Raises OrganisationRefused over a later plan."""
    refuse_plans(version)
    values = {
        field.attname: getattr(version, field.attname)
        for field in UnitVersion._meta.concrete_fields  # noqa: SLF001 - Django's documented API
        if not field.primary_key
    }
    end(version, on)
    UnitVersion.objects.create(**values | changes | {"valid": DateRange(on, None)})


def refuse_plans(version: UnitVersion) -> None:
    """Raise OrganisationRefused where the unit is to change or close later."""
    if version.valid.upper is not None:
        raise _planned(version.unit.code, version.valid.upper)


def refuse_plans_below(version: UnitVersion, on: date) -> None:
    """Raise OrganisationRefused where a unit is to come or change below after the day."""
    later = UnitVersion.objects.filter(
        path__passes_through=version.unit_id, valid__startswith__gt=on
    ).exclude(unit_id=version.unit_id)
    found = later.select_related("unit").order_by("valid").first()
    if found:
        raise _planned(found.unit.code, found.valid.lower)


def refuse_moves_of(above: UnitVersion, on: date) -> None:
    """Raise OrganisationRefused where a unit that gets a new part is to move or close later."""
    later = UnitVersion.objects.filter(
        unit_id=above.unit_id, valid__overlap=DateRange(on, None)
    ).order_by("valid")
    for version in later:
        if version.path != above.path:
            raise _planned(above.unit.code, version.valid.lower)
    last = later.last()
    if last and last.valid.upper:
        raise _planned(above.unit.code, last.valid.upper)


def _planned(code: str, day: date) -> OrganisationRefused:
    return OrganisationRefused(
        _("%(code)s: a later change is planned for %(day)s") % {"code": code, "day": day}
    )


def reparent(version: UnitVersion, target: UnitVersion, on: date) -> None:
    """Hang a unit and all below it under another. Raises OrganisationRefused for a cycle."""
    if target.path == version.path or target.path.startswith(f"{version.path}."):
        raise OrganisationRefused(
            _("%(unit)s cannot move below %(parent)s, which is part of %(unit)s")
            % {"unit": version.unit.code, "parent": target.unit.code}
        )
    refuse_plans_below(version, on)
    refuse_moves_of(target, on)
    for below in list(
        find_below(version, on).select_related("unit").select_for_update(of=["self"])
    ):
        tail = below.path[len(version.path) :]
        supersede(below, on, path=f"{target.path}.{version.unit_id}{tail}")
    supersede(version, on, path=f"{target.path}.{version.unit_id}", parent_id=target.unit_id)
