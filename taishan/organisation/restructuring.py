"""Changing, merging and splitting units. Who followed whom stays on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from taishan.kit import outbox, pinyin
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation import actions, history, staffing
from taishan.organisation.actions import UnitDetails
from taishan.organisation.models import Place, Succession, UnitVersion


@transaction.atomic
def change_unit(*, actor: Actor, now: datetime, on: date, details: UnitDetails) -> bool:
    """Let a unit be as given from a day, under the given parent; return whether that is new.

    Raises OrganisationRefused for a cycle, an unknown name, or a change planned after the day.
    """
    history.lock_tree()
    version = history.get_version(details.code, on)
    values = _values(details)
    changed = {key: value for key, value in values.items() if getattr(version, key) != value}
    parent = history.get_version(details.parent, on) if details.parent else None
    is_moved = version.parent_id != (parent.unit_id if parent else None)
    if is_moved and parent is None:
        raise history.OrganisationRefused(
            _("%s is a part of the group: it cannot become a second root") % details.code
        )
    if changed:
        history.supersede(version, on, **changed)
    if is_moved and parent is not None:
        history.reparent(history.get_version(details.code, on), parent, on)
    if changed or is_moved:
        ledger.record(
            actor=actor,
            now=now,
            verb="unit.changed",
            subject=("unit", details.code),
            unit_id=version.unit_id,
            data={"on": str(on), "fields": sorted(changed) + ["parent"] * is_moved},
        )
        outbox.publish("unit.changed", unit=details.code)
    return bool(changed) or is_moved


def _values(details: UnitDetails) -> dict[str, object]:
    place = Place.objects.filter(code=details.place).values_list("pk", flat=True).first()
    if place is None:
        raise history.OrganisationRefused(
            _("unit %(code)s: unknown place %(place)s")
            % {"code": details.code, "place": details.place}
        )
    return {
        "place_id": place,
        "name_en": details.name_en,
        "name_zh": details.name_zh,
        "sort_zh": pinyin.sort_key(details.name_zh),
        "kind": details.kind,
        "time_zone": details.time_zone,
        "kinds_of_work": list(details.kinds_of_work),
        "head_count": details.head_count,
        "floor_area_m2": details.floor_area_m2,
        "facilities": list(details.facilities),
    }


@transaction.atomic
def merge_units(*, actor: Actor, now: datetime, on: date, codes: Sequence[str], into: str) -> int:
    """Merge units, with what is below them and their people, into another; return how many people.

    Posts, seats and roles of the merged units end: authority is given anew, never inherited.
    Raises OrganisationRefused where ``into`` is one of the units or part of one.
    """
    history.lock_tree()
    people = 0
    for code in codes:
        former, target = history.get_version(code, on), history.get_version(into, on)
        if target.path == former.path or target.path.startswith(f"{former.path}."):
            raise history.OrganisationRefused(
                _("%(unit)s cannot merge into %(into)s, which is part of it")
                % {"unit": code, "into": into}
            )
        history.refuse_moves_of(target, on)
        _adopt(former, target, on)
        people += staffing.carry_members(former.unit_id, target.unit_id, on)
        _succeed(former, [target], on)
        _add_heads(into, former.head_count, on)
    ledger.record(
        actor=actor,
        now=now,
        verb="units.merged",
        subject=("unit", into),
        unit_id=history.get_version(into, on).unit_id,
        data={"on": str(on), "units": list(codes), "people": people},
    )
    outbox.publish("units.merged", unit=into)
    return people


@transaction.atomic
def split_unit(
    *, actor: Actor, now: datetime, on: date, code: str, parts: Sequence[UnitDetails]
) -> list[UnitVersion]:
    """Split a unit into new ones under its parent; the first takes what is below it and its people.

    Raises OrganisationRefused for fewer than two parts, or the root of the group.
    """
    history.lock_tree()
    former = history.get_version(code, on)
    if len(parts) < len(("one", "other")) or former.parent is None:
        raise history.OrganisationRefused(
            _("%s: only a unit below the root is split, into two parts or more") % code
        )
    opened = [
        actions.open_unit(
            actor=actor, now=now, on=on, details=replace(part, parent=former.parent.code)
        )
        for part in parts
    ]
    _adopt(former, opened[0], on)
    people = staffing.carry_members(former.unit_id, opened[0].unit_id, on)
    _succeed(former, opened, on)
    ledger.record(
        actor=actor,
        now=now,
        verb="unit.split",
        subject=("unit", code),
        unit_id=former.unit_id,
        data={"on": str(on), "parts": [part.code for part in parts], "people": people},
    )
    outbox.publish("unit.split", unit=code)
    return opened


def _adopt(former: UnitVersion, target: UnitVersion, on: date) -> None:
    children = history.find_below(former, on).filter(parent_id=former.unit_id)
    for child in list(children.select_related("unit")):
        history.reparent(child, target, on)


def _succeed(former: UnitVersion, later: Sequence[UnitVersion], on: date) -> None:
    Succession.objects.bulk_create(
        [Succession(former_id=former.unit_id, later_id=unit.unit_id, on=on) for unit in later]
    )
    history.end_unit(former, on)
    staffing.end_all(former.unit_id, on)


def _add_heads(into: str, heads: int | None, on: date) -> None:
    target = history.get_version(into, on)
    if heads is not None and target.head_count is not None:
        history.supersede(target, on, head_count=target.head_count + heads)
