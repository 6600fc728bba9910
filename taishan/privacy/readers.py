"""Whose answers a viewer may read by name: the one place that decides it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from taishan.core import disclosure
from taishan.core.disclosure import Place, Reach, Rule
from taishan.forms.models import Form
from taishan.kit import clock
from taishan.kit.arrays import any_of
from taishan.organisation import access
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import RoleGrant, UnitVersion
from taishan.privacy.models import DisclosureRule


def find_readable(viewer: Viewer, form: Form, unit_ids: Iterable[int], day: date) -> set[int]:
    """Return the units of the day whose people's answers about health the viewer may read.

    Those whose safety officer the viewer is, and those that a rule which holds now opens to one of
    their roles. Three queries at most.
    """
    asked = set(unit_ids)
    own = {pk for pk in asked if str(pk) in viewer.roots(Capability.SEE_HEALTH)}
    return own | _opened(viewer, form, asked - own, day)


def find_named(viewer: Viewer, form: Form, unit_ids: Iterable[int], day: date) -> set[int]:
    """Return the units of the day whose people the viewer may name in what does not tell of health:
    who has not reported, who was late.

    Who may see the unit's people, where no border lies between; across one, by a rule as well.
    Four queries at most.
    """
    roots = viewer.roots(Capability.SEE_PEOPLE)
    at = _places([int(root) for root in roots], clock.today())
    seen = {
        pk: about
        for pk, about in _places(unit_ids, day).items()
        if not roots.isdisjoint(about.path.split("."))
    }
    near = {pk for pk, about in seen.items() if any(_is_near(one, about) for one in at.values())}
    return near | _opened(viewer, form, seen.keys() - near, day)


def _is_near(reader: Place, about: Place) -> bool:
    """Tell whether one stands above the other in the same country."""
    is_above = reader.unit in about.path.split(".")
    return is_above and disclosure.reach(reader, about) is Reach.WITHIN


def find_officers(unit_id: int) -> list[str]:
    """Return the names of the unit's own safety officers today, who read without a rule."""
    held = RoleGrant.objects.filter(
        unit_id=unit_id, role__in=access.roles_with(Capability.SEE_HEALTH),
        valid__contains=clock.today(),
    )  # fmt: skip
    names = held.order_by("person__sort_name").values_list("person__name", flat=True)
    return list(dict.fromkeys(names))


def _opened(viewer: Viewer, form: Form, unit_ids: set[int], day: date) -> set[int]:
    rules = _rules(viewer, form) if unit_ids else {}
    if not rules:
        return set()
    readers = _places([int(pk) for pk in rules], clock.today()).values()
    return {
        pk
        for pk, about in _places(unit_ids, day).items()
        if any(
            disclosure.is_open(reader, about, rules[reader.unit], clock.today())
            for reader in readers
        )
    }


def _rules(viewer: Viewer, form: Form) -> Mapping[str, list[Rule]]:
    """Return the rules for roles that the viewer has, by the unit at which they have them."""
    held = {(role, path.rpartition(".")[2]) for role, path in viewer.grants}
    rows = DisclosureRule.objects.filter(
        any_of("reader_id", {int(unit) for _role, unit in held}), form=form
    ).select_related("end")
    found: dict[str, list[Rule]] = defaultdict(list)
    for row in rows:
        if (row.role, str(row.reader_id)) in held:
            found[str(row.reader_id)].append(as_rule(row))
    return found


def as_rule(row: DisclosureRule) -> Rule:
    """Return a recorded rule as the core thinks of it."""
    end = getattr(row, "end", None)
    return Rule(
        unit=str(row.unit_id),
        reader=str(row.reader_id),
        reach=Reach(row.kind),
        starts=row.starts,
        until=min(row.until, end.on) if end else row.until,
    )


def _places(unit_ids: Iterable[int], day: date) -> dict[int, Place]:
    rows = UnitVersion.objects.filter(any_of("unit_id", unit_ids), valid__contains=day)
    return {
        unit_id: Place(path=path, country=disclosure.country(place))
        for unit_id, path, place in rows.values_list("unit_id", "path", "place__code")
    }
