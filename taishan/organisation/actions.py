"""Changing the organisation. Every action is one transaction with its line in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from psycopg.types.range import DateRange

from taishan.kit import outbox, pinyin
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, staffing
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Account, Person, Place, RoleGrant, Unit, UnitVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDetails:
    """What a unit is; codes of its place and its parent (empty for the root)."""

    code: str
    name_en: str
    name_zh: str
    kind: str
    place: str
    time_zone: str
    parent: str = ""
    kinds_of_work: tuple[str, ...] = ()
    head_count: int | None = None
    floor_area_m2: float | None = None
    facilities: tuple[str, ...] = ()


@transaction.atomic
def open_unit(*, actor: Actor, now: datetime, on: date, details: UnitDetails) -> UnitVersion:
    """Open a unit from a day. Raises OrganisationRefused for a code in use or an unknown name."""
    if Unit.objects.filter(code=details.code).exists():
        raise OrganisationRefused(f"unit {details.code} exists already")
    parent = history.get_version(details.parent, on) if details.parent else None
    place = Place.objects.filter(code=details.place).first()
    if place is None:
        raise OrganisationRefused(f"unit {details.code}: unknown place {details.place}")
    unit = Unit.objects.create(code=details.code)
    version = UnitVersion.objects.create(
        unit=unit,
        valid=DateRange(on, None),
        parent=parent.unit if parent else None,
        path=f"{parent.path}.{unit.pk}" if parent else str(unit.pk),
        place=place,
        name_en=details.name_en,
        name_zh=details.name_zh,
        sort_zh=pinyin.sort_key(details.name_zh),
        kind=details.kind,
        time_zone=details.time_zone,
        kinds_of_work=list(details.kinds_of_work),
        head_count=details.head_count,
        floor_area_m2=details.floor_area_m2,
        facilities=list(details.facilities),
    )
    ledger.record(
        actor=actor,
        now=now,
        verb="unit.opened",
        subject=("unit", details.code),
        unit_id=unit.pk,
        data={"on": str(on)},
    )
    outbox.publish("unit.opened", unit=details.code)
    return version


@transaction.atomic
def move_unit(*, actor: Actor, now: datetime, on: date, code: str, parent: str) -> None:
    """Hang a unit and all below it under another from a day; what was before stays as it was.

    Raises OrganisationRefused for a cycle, an unknown unit, or a change planned after the day.
    """
    history.lock_tree()
    moving = history.get_version(code, on)
    history.reparent(moving, history.get_version(parent, on), on)
    ledger.record(
        actor=actor,
        now=now,
        verb="unit.moved",
        subject=("unit", code),
        unit_id=moving.unit_id,
        data={"on": str(on), "to": parent},
    )
    outbox.publish("unit.moved", unit=code)


@transaction.atomic
def close_unit(*, actor: Actor, now: datetime, on: date, code: str) -> None:
    """Close a unit from a day. Raises OrganisationRefused while units below it are open."""
    history.lock_tree()
    version = history.get_version(code, on)
    open_below = history.find_below(version, on).values_list("unit__code", flat=True)
    if open_below:
        raise OrganisationRefused(f"{code} still has open units: {', '.join(sorted(open_below))}")
    history.end(version, on)
    staffing.end_all(version.unit_id, on)
    ledger.record(
        actor=actor,
        now=now,
        verb="unit.closed",
        subject=("unit", code),
        unit_id=version.unit_id,
        data={"on": str(on)},
    )
    outbox.publish("unit.closed", unit=code)


@transaction.atomic
def grant_role(
    *, actor: Actor, now: datetime, on: date, staff_no: str, name: str, role: str, unit: str
) -> Account:
    """Give a person a role over a unit and all below it; the person gets an account."""
    at = history.get_version(unit, on)
    person, _ = Person.objects.get_or_create(
        staff_no=staff_no, defaults={"name": name, "sort_name": pinyin.sort_key(name)}
    )
    account, is_new = Account.objects.get_or_create(username=staff_no, defaults={"person": person})
    if is_new:
        account.set_unusable_password()
        account.save()
    RoleGrant.objects.create(
        person=person, role=role, unit_id=at.unit_id, valid=DateRange(on, None)
    )
    ledger.record(
        actor=actor,
        now=now,
        verb="role.granted",
        subject=("person", str(person.pk)),
        unit_id=at.unit_id,
        data={"role": role, "on": str(on)},
    )
    return account


def open_units(
    *, actor: Actor, now: datetime, on: date, details: Iterable[UnitDetails]
) -> list[UnitVersion]:
    """Open many units, parents first whatever their order; all of them or none."""
    waiting = {unit.code: unit for unit in details}
    opened: list[UnitVersion] = []
    with transaction.atomic():
        while waiting:
            ready = [u for u in waiting.values() if u.parent not in waiting]
            if not ready:
                raise OrganisationRefused(f"a cycle of units: {', '.join(sorted(waiting))}")
            for unit in ready:
                opened.append(open_unit(actor=actor, now=now, on=on, details=unit))
                del waiting[unit.code]
    return opened
