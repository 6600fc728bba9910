"""Changing the organisation. Every action is one transaction with its line in the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit import outbox, pinyin
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import history, staffing
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Account, Place, Role, Unit, UnitVersion


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
    """Open a unit from a day. Raises OrganisationRefused for a code in use, an unknown name, and a
    second unit that hangs under none: whoever has a role at the headquarters has it over all."""
    history.lock_tree()
    history.refuse_code(details.code)
    if Unit.objects.filter(code=details.code).exists():
        raise OrganisationRefused(_("unit %s exists already") % details.code)
    parent = history.get_version(details.parent, on) if details.parent else None
    if parent:
        history.refuse_moves_of(parent, on)
    else:
        _refuse_second_root(details.code, on)
    version = _first_version(on, details, parent, _place_of(details))
    ledger.record(
        actor=actor,
        now=now,
        verb="unit.opened",
        subject=("unit", details.code),
        unit_id=version.unit_id,
        data={"on": str(on)},
    )
    outbox.publish("unit.opened", unit=details.code)
    return version


def _refuse_second_root(code: str, on: date) -> None:
    if UnitVersion.objects.filter(parent=None, valid__overlap=DateRange(on, None)).exists():
        raise OrganisationRefused(
            _("unit %s: the group has its headquarters already; say what it is a part of") % code
        )


def _place_of(details: UnitDetails) -> Place:
    place = Place.objects.filter(code=details.place).first()
    if place is None:
        raise OrganisationRefused(
            _("unit %(code)s: unknown place %(place)s")
            % {"code": details.code, "place": details.place}
        )
    return place


def _first_version(
    on: date, details: UnitDetails, parent: UnitVersion | None, place: Place
) -> UnitVersion:
    unit = Unit.objects.create(code=details.code)
    return UnitVersion.objects.create(
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
        raise OrganisationRefused(
            _("%(code)s still has open units: %(units)s")
            % {"code": code, "units": ", ".join(sorted(open_below))}
        )
    history.end_unit(version, on)
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
    *, actor: Actor, now: datetime, on: date, staff_no: str, role: str, unit: str, name: str = "",
    until: date | None = None,
) -> Account:  # fmt: skip
    """Give a person a role over a unit and all below it, at most until the unit closes.

    The person gets an account; ``name`` is needed for one who is not recorded yet. Raises
    OrganisationRefused for a role held already in those days, or one given to oneself.
    """
    at = history.get_version(unit, on)
    if role not in Role.values:
        raise OrganisationRefused(_("a role is one of: %s") % ", ".join(Role.values))
    person, account = staffing.give_account(staff_no, name)
    if actor.person_id == person.pk:
        raise OrganisationRefused(_("Nobody gives a role to themselves."))
    ends = min((day for day in (until, history.closes(at.unit_id)) if day), default=None)
    if ends and ends <= on:
        raise OrganisationRefused(_("The last day of a role comes after its first."))
    staffing.add_grant(person, role, at.unit_id, DateRange(on, ends))
    ledger.record(
        actor=actor,
        now=now,
        verb="role.granted",
        subject=("person", str(person.pk)),
        unit_id=at.unit_id,
        data={"role": role, "on": str(on), "until": str(ends) if ends else None},
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
                raise OrganisationRefused(_("a cycle of units: %s") % ", ".join(sorted(waiting)))
            for unit in ready:
                opened.append(open_unit(actor=actor, now=now, on=on, details=unit))
                del waiting[unit.code]
    return opened
