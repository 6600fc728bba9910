"""What the pages of a unit and of a person show, put into their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from taishan.ledger.models import Entry
from taishan.organisation import access, consequences, presenting
from taishan.organisation.access import Capability
from taishan.organisation.models import (
    Membership,
    Person,
    Post,
    PostHolding,
    RoleGrant,
    Seat,
    Succession,
    UnitVersion,
)
from taishan.organisation.scope import ScopedRequest

CHANGES = ("facts", "parts", "move", "merger", "split", "closure", "roles")


def facts(version: UnitVersion) -> list[tuple[str, str]]:
    """Return what the unit is, field by field."""
    words = presenting.field_words()
    shown = ("place", "time_zone", "head_count", "floor_area_m2", "kinds_of_work", "facilities")
    return [(words[name], consequences.words(version, name) or "—") for name in shown]


def seats(version: UnitVersion, day: date) -> list[Seat]:
    """Return the seats of the unit's leadership group on the day: lead, deputies, members."""
    found = Seat.objects.filter(unit_id=version.unit_id, valid__contains=day)
    rank = {role: number for number, role in enumerate(Seat.Role.values)}
    return sorted(found.select_related("person").order_by("pk"), key=lambda one: rank[one.role])


def posts(version: UnitVersion, day: date) -> list[dict[str, Any]]:
    """Return the unit's posts of the day, each with its holder or None. Two queries."""
    holdings = PostHolding.objects.filter(
        post__unit_id=version.unit_id, valid__contains=day
    ).select_related("person")
    held = {holding.post_id: holding for holding in holdings}
    found = Post.objects.filter(unit_id=version.unit_id, valid__contains=day).order_by("code")
    return [{"post": post, "holding": held.get(post.pk)} for post in found]


def roles(version: UnitVersion, day: date) -> QuerySet[RoleGrant]:
    """Return the roles that reach the unit on the day: over itself and over units above it."""
    line = [int(step) for step in version.path.split(".")]
    grants = RoleGrant.objects.filter(unit_id__in=line, valid__contains=day)
    return grants.select_related("person", "unit").order_by("role", "person__sort_name", "pk")


def changes(request: ScopedRequest, version: UnitVersion) -> list[tuple[str, str]]:
    """Return the addresses and words of what the viewer may do to the unit; empty for others."""
    code, day = version.unit.code, request.scope_.day
    if not access.may_over(request.viewer, Capability.MANAGE_ORGANISATION, code, day):
        return []
    words = {
        "facts": _("Change what it is"), "parts": _("Open a unit below"), "move": _("Move"),
        "merger": _("Merge"), "split": _("Split"), "closure": _("Close"), "roles": _("Roles"),
    }  # fmt: skip
    is_root = version.parent_id is None
    return [
        (presenting.address(request, name, code), words[name])
        for name in CHANGES
        if not (is_root and name in ("move", "merger", "split"))
    ]


def history(version: UnitVersion, day: date) -> list[dict[str, Any]]:
    """Return what became of the unit, version by version, for a timeline. Four queries."""
    code, unit_id = version.unit.code, version.unit_id
    versions = list(
        UnitVersion.objects.filter(unit_id=unit_id)
        .select_related("parent", "place", "unit")
        .order_by("valid")
    )
    recorded = Entry.objects.filter(subject_kind="unit", subject_id=code).order_by("recorded_at")
    people = Person.objects.in_bulk({entry.person_id for entry in recorded if entry.person_id})
    names = {pk: person.name for pk, person in people.items()}
    who = {
        entry.data.get("on"): names.get(entry.person_id or 0, entry.actor_label)
        for entry in recorded
    }
    earlier: list[UnitVersion | None] = [None, *versions]
    events = [
        _event(row.valid.lower, *_told(before, row), who=who, is_now=day in row.valid)
        for before, row in zip(earlier, versions, strict=False)
    ]
    last = versions[-1].valid.upper
    if last:
        events.append(_event(last, _("Closed"), "", who=who))
    events += _successions(unit_id)
    return sorted(events, key=lambda event: str(event["iso"]))


def _told(before: UnitVersion | None, row: UnitVersion) -> tuple[str, str]:
    if before is None:
        return _("Opened"), row.name
    words = presenting.field_words()
    told = [
        f"{words[name]}: {was or '—'} → {now or '—'}"
        for name, was, now in consequences.differing_fields(before, row)
    ]
    return _("Changed"), "; ".join(told) or _("A unit above it moved.")


def _event(
    on: date, title: str, text: str, *, who: dict[str, str] | None = None, is_now: bool = False
) -> dict[str, Any]:
    name = (who or {}).get(str(on), "")
    return {
        "when": str(on), "iso": str(on), "title": title, "text": text, "who": name,
        "is_now": is_now,
    }  # fmt: skip


def _successions(unit_id: int) -> list[dict[str, Any]]:
    found = Succession.objects.filter(Q(former_id=unit_id) | Q(later_id=unit_id))
    return [
        _event(
            one.on,
            _("Taken over") if one.former_id == unit_id else _("Took over"),
            f"{one.former.code} → {one.later.code}",
        )
        for one in found.select_related("former", "later").order_by("on", "pk")
    ]


def person(request: ScopedRequest, found: Person) -> list[dict[str, Any]]:
    """Return a person's units, posts, seats and roles over time, newest first. Five queries.

    Each section has ``title`` and ``rows``: what, the unit's name, its address (empty where the
    viewer does not see it), the first day, the day after the last, and whether it is so now.
    """
    rows: dict[str, Sequence[Any]] = {
        name: list(_of(model, found).order_by("-valid"))
        for name, model in (
            ("units", Membership), ("posts", PostHolding), ("roles", RoleGrant), ("seats", Seat),
        )
    }  # fmt: skip
    names = _unit_names(request, {_unit_id(row) for each in rows.values() for row in each})
    titles = {
        "units": _("Units"), "posts": _("Posts"), "roles": _("Roles"),
        "seats": _("Leadership groups"),
    }  # fmt: skip
    day = request.scope_.day
    return [
        {
            "title": titles[name],
            "rows": [
                names[_unit_id(row)]
                | {"what": _what(row), "valid": row.valid, "is_now": day in row.valid}
                for row in each
            ],
        }
        for name, each in rows.items()
    ]


def _of(model: type[Model], found: Person) -> QuerySet[Any]:
    rows = model._default_manager.filter(person=found)  # noqa: SLF001 - documented API
    return rows.select_related("post") if model is PostHolding else rows


def _unit_id(row: Any) -> int:
    unit_id: int = row.post.unit_id if isinstance(row, PostHolding) else row.unit_id
    return unit_id


def _what(row: Any) -> str:
    if isinstance(row, PostHolding):
        return row.post.title
    return _("on the staff") if isinstance(row, Membership) else str(row.get_role_display())


def _unit_names(request: ScopedRequest, unit_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return each unit's latest name, with its address where it is open that day and to be seen."""
    day = request.scope_.day
    latest = UnitVersion.objects.filter(unit_id__in=set(unit_ids)).select_related("unit")
    seen = set(
        access.units_visible(request.viewer, day)
        .filter(unit_id__in=set(unit_ids))
        .values_list("unit_id", flat=True)
    )
    query = request.scope_.query()
    return {
        row.unit_id: {
            "unit": row.name if row.unit_id in seen else row.unit.code,
            "href": f"{reverse('organisation:unit', args=[row.unit.code])}?{query}"
            if row.unit_id in seen
            else "",
        }
        for row in latest.order_by("unit_id", "valid")
    }
