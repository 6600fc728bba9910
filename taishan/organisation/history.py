"""The tree in time: units change by new versions, and what was before stays as it was."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.organisation.models import UnitVersion


class OrganisationRefused(ValueError):
    """A change of the organisation that cannot be; the message says why."""


def lock_tree() -> None:
    """Let one change of the tree at a time through: two moves at once could form a cycle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('organisation.tree'))")


def get_version(code: str, on: date) -> UnitVersion:
    """Return what the unit is on the day. Raises OrganisationRefused where it is not open."""
    found = (
        UnitVersion.objects.select_related("unit")
        .filter(unit__code=code, valid__contains=on)
        .first()
    )
    if found is None:
        raise OrganisationRefused(_("no unit %(code)s on %(day)s") % {"code": code, "day": on})
    return found


def find_below(version: UnitVersion, on: date) -> QuerySet[UnitVersion]:
    """Return the versions of the units below (not the unit itself) on the day."""
    return UnitVersion.objects.filter(path__descends_from=version.path, valid__contains=on).exclude(
        pk=version.pk
    )


def end(version: UnitVersion, on: date) -> None:
    """End a version before the day; one that would begin on it was never there."""
    if version.valid.lower == on:
        version.delete()
        return
    version.valid = DateRange(version.valid.lower, on)
    version.save(update_fields=["valid"])


def supersede(version: UnitVersion, on: date, **changes: object) -> None:
    """Let a changed version follow from the day. Raises OrganisationRefused over a later plan."""
    if version.valid.upper is not None:
        raise OrganisationRefused(
            _("%(code)s: a later change is planned for %(day)s")
            % {"code": version.unit.code, "day": version.valid.upper}
        )
    values = {
        field.attname: getattr(version, field.attname)
        for field in UnitVersion._meta.concrete_fields  # noqa: SLF001 - Django's documented API
        if not field.primary_key
    }
    end(version, on)
    UnitVersion.objects.create(**values | changes | {"valid": DateRange(on, None)})


def reparent(version: UnitVersion, target: UnitVersion, on: date) -> None:
    """Hang a unit and all below it under another. Raises OrganisationRefused for a cycle."""
    if target.path == version.path or target.path.startswith(f"{version.path}."):
        raise OrganisationRefused(
            _("%(unit)s cannot move below %(parent)s, which is part of %(unit)s")
            % {"unit": version.unit.code, "parent": target.unit.code}
        )
    for below in list(
        find_below(version, on).select_related("unit").select_for_update(of=["self"])
    ):
        tail = below.path[len(version.path) :]
        supersede(below, on, path=f"{target.path}.{version.unit_id}{tail}")
    supersede(version, on, path=f"{target.path}.{version.unit_id}", parent_id=target.unit_id)
