"""Who may see and do what: the one place where queries are scoped (DESIGN, house style)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum, auto
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from taishan.kit.actor import Actor
from taishan.organisation.models import Account, Role, RoleGrant, UnitVersion


class Capability(StrEnum):
    """Something a role lets a person do within the role's subtree."""

    SEE = auto()
    SEE_PEOPLE = auto()
    ATTEST = auto()
    REFUTE = auto()
    MANAGE_REGULATIONS = auto()
    MANAGE_ORGANISATION = auto()
    NOTIFY = auto()
    MANAGE_FORMS = auto()
    MANAGE_SCHEDULES = auto()
    REPORT = auto()
    SEE_HEALTH = auto()
    RULE_FOLLOW_UP = auto()
    DISCLOSE = auto()
    WRITE_SITUATION = auto()
    RELEASE_SITUATION = auto()
    DIRECT = auto()
    APPROVE = auto()
    HOLD_TO_ACCOUNT = auto()
    INSPECT = auto()
    LIFT_STOP = auto()
    SEE_CASES = auto()
    HANDLE_HAZARDS = auto()
    HANDLE_INCIDENTS = auto()
    SEE_INJURED = auto()
    CHECK = auto()


_LEADS = frozenset(
    {
        Capability.SEE,
        Capability.SEE_PEOPLE,
        Capability.ATTEST,
        Capability.NOTIFY,
        Capability.REPORT,
        Capability.WRITE_SITUATION,
        Capability.HANDLE_HAZARDS,
        Capability.HANDLE_INCIDENTS,
        Capability.CHECK,
    }
)
CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.DUTY_OFFICE: frozenset(
        {
            Capability.SEE,
            Capability.SEE_PEOPLE,
            Capability.ATTEST,
            Capability.MANAGE_REGULATIONS,
            Capability.MANAGE_ORGANISATION,
            Capability.NOTIFY,
            Capability.MANAGE_FORMS,
            Capability.MANAGE_SCHEDULES,
            Capability.REPORT,
            Capability.RULE_FOLLOW_UP,
            Capability.WRITE_SITUATION,
            Capability.RELEASE_SITUATION,
            Capability.DIRECT,
            Capability.APPROVE,
            Capability.LIFT_STOP,
            Capability.HANDLE_HAZARDS,
            Capability.HANDLE_INCIDENTS,
            Capability.CHECK,
        }
    ),
    Role.UNIT_HEAD: _LEADS
    | {
        Capability.DISCLOSE,
        Capability.RELEASE_SITUATION,
        Capability.DIRECT,
        Capability.APPROVE,
        Capability.LIFT_STOP,
    },
    Role.SAFETY_OFFICER: _LEADS
    | {
        Capability.SEE_HEALTH,
        Capability.RULE_FOLLOW_UP,
        Capability.MANAGE_SCHEDULES,
        Capability.SEE_INJURED,
    },
    Role.INSPECTOR: frozenset(
        {Capability.SEE, Capability.SEE_PEOPLE, Capability.SEE_CASES, Capability.INSPECT}
    ),
    Role.DISCIPLINE_OFFICE: frozenset(
        {
            Capability.SEE,
            Capability.SEE_PEOPLE,
            Capability.REFUTE,
            Capability.HOLD_TO_ACCOUNT,
            Capability.INSPECT,
            Capability.SEE_CASES,
        }
    ),
    Role.EMPLOYEE: frozenset({Capability.SEE}),
}


def roles_with(capability: Capability) -> list[str]:
    """Return the roles that have the capability."""
    return [role for role, held in CAPABILITIES.items() if capability in held]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A signed-in person and the subtrees of their roles today: ``(role, path of the unit)``."""

    account_id: int
    person_id: int | None
    name: str
    grants: tuple[tuple[str, str], ...]

    @property
    def actor(self) -> Actor:
        """Return the viewer as whoever acts by a page."""
        return Actor(
            label=self.name,
            account_id=self.account_id,
            person_id=self.person_id,
            post=",".join(sorted({role for role, _path in self.grants})),
        )

    def paths(self, capability: Capability) -> tuple[str, ...]:
        """Return the roots of the subtrees in which the viewer has the capability."""
        return tuple(path for role, path in self.grants if capability in CAPABILITIES[role])

    def roots(self, capability: Capability) -> frozenset[str]:
        """Return the ids of the units over which the viewer has the capability."""
        return frozenset(path.rpartition(".")[2] for path in self.paths(capability))

    def may(self, capability: Capability, path: str) -> bool:
        """Tell whether the viewer has the capability over a unit with ``path`` on any day.

        A role goes with its unit: what counts is whether that unit stands in the path, not where
        it hangs today.
        """
        return not self.roots(capability).isdisjoint(path.split("."))

    def limited_to(self, roots: Iterable[str]) -> Viewer:
        """Return the viewer with their roles over the units of these ids alone."""
        kept = set(roots)
        grants = (one for one in self.grants if one[1].rpartition(".")[2] in kept)
        return replace(self, grants=tuple(grants))


def viewer_for(account: Account, on: date) -> Viewer:
    """Return what the account may see, by the roles its person holds on the day."""
    held = RoleGrant.objects.filter(
        person_id=account.person_id or 0, valid__contains=on, unit__versions__valid__contains=on
    )
    # The name comes with the roles: every page asks for this, and a query of its own is spared.
    rows = list(held.values_list("role", "unit__versions__path", "person__name"))
    return Viewer(
        account_id=account.pk,
        person_id=account.person_id,
        name=rows[0][2] if rows else _name(account),
        grants=tuple((role, path) for role, path, _of in rows),
    )


def _name(account: Account) -> str:
    return account.person.name if account.person else account.username


def units_visible(viewer: Viewer, on: date) -> QuerySet[UnitVersion]:
    """Return the units of the day that the viewer may see."""
    return units_with(viewer, Capability.SEE, on)


def units_with(viewer: Viewer, capability: Capability, on: date) -> QuerySet[UnitVersion]:
    """Return the units of the day over which the viewer has the capability."""
    return UnitVersion.objects.filter(_within(viewer, capability), valid__contains=on)


def versions_visible(viewer: Viewer, since: date, until: date) -> QuerySet[UnitVersion]:
    """Return what units were in ``since <= day < until``, where the viewer may see them so."""
    days = DateRange(since, until)
    return UnitVersion.objects.filter(_within(viewer, Capability.SEE), valid__overlap=days)


def _within(viewer: Viewer, capability: Capability) -> Q:
    allowed = Q(pk__in=[])
    for root in viewer.roots(capability):
        allowed |= Q(path__passes_through=root)
    return allowed


def require(viewer: Viewer, capability: Capability, path: str) -> None:
    """Raise PermissionDenied unless the viewer has the capability over the unit at ``path``."""
    if not viewer.may(capability, path):
        raise PermissionDenied(refusal())


def refusal() -> str:
    return _("Your role does not allow this here.")


def may_over(
    viewer: Viewer, capability: Capability, code: str, since: date, until: date | None = None
) -> bool:
    """Tell whether the viewer has the capability over the unit wherever it hangs in those days.

    Who manages only where a unit once hung must not change, through a day of the past, what it is
    now: so every version of the unit from the day on is asked.
    """
    versions = UnitVersion.objects.filter(unit__code=code, valid__overlap=DateRange(since, until))
    paths = list(versions.values_list("path", flat=True))
    return bool(paths) and all(viewer.may(capability, path) for path in paths)


def require_over(
    viewer: Viewer, capability: Capability, code: str, since: date, until: date | None = None
) -> None:
    """Raise PermissionDenied unless ``may_over``."""
    if not may_over(viewer, capability, code, since, until):
        raise PermissionDenied(refusal())


def is_group_wide(viewer: Viewer, capability: Capability) -> bool:
    """Tell whether the viewer has the capability over the whole group."""
    return any("." not in path for path in viewer.paths(capability))


def require_group_wide(viewer: Viewer, capability: Capability) -> None:
    """Raise PermissionDenied unless the viewer has the capability over the whole group."""
    if not is_group_wide(viewer, capability):
        raise PermissionDenied(_("Only a role over the whole group allows this."))


def unit_ids_of_people(viewer: Viewer, on: date) -> set[int]:
    """Return the ids of the units of the day whose people the viewer may see."""
    return set(units_with(viewer, Capability.SEE_PEOPLE, on).values_list("unit_id", flat=True))


def unit_ids_with(viewer: Viewer, capability: Capability) -> QuerySet[UnitVersion, Any]:
    """Return, for ``unit_id__in``, the units over which the viewer has the capability on any day.

    For records that outlive a unit: they stay with whoever the unit hung under.
    """
    return UnitVersion.objects.filter(_within(viewer, capability)).values("unit_id")
