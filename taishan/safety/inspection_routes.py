"""Routes: making one, ending it, and proving that somebody was at its points."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.ledger import actions as ledger
from taishan.organisation.access import Viewer
from taishan.organisation.models import UnitVersion
from taishan.safety import inspection_rights
from taishan.safety.inspection_models import (
    Inspection,
    PointVisit,
    Route,
    RoutePoint,
)

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without the letters that are read for digits: a code may have to be typed from a label."""
LENGTH = 8
MOST_POINTS = 60
SUBJECT = "inspection_route"
LATELY = timedelta(hours=4)
"""How long before an inspection a point may have been scanned, and after it as the phone's clock
has it, which may be slow."""


class RouteRefused(ValueError):
    """The route cannot be; the message says why."""


@transaction.atomic
def make(
    *, actor: Actor, now: datetime, unit: UnitVersion, name: str, points: Sequence[str]
) -> Route:
    """Make a route of a unit past points, each with a code of its own. Raises RouteRefused."""
    named = [point.strip()[:120] for point in points if point.strip()]
    if not name.strip() or not named:
        raise RouteRefused(_("A route has a name and at least one point."))
    if len(named) > MOST_POINTS:
        raise RouteRefused(_("A route has at most %d points.") % MOST_POINTS)
    route = Route.objects.create(unit_id=unit.unit_id, name=name.strip()[:120], made_at=now)
    RoutePoint.objects.bulk_create(
        RoutePoint(route=route, number=number, name=one, code=new_code())
        for number, one in enumerate(named, start=1)
    )
    ledger.record(
        actor=actor, now=now, verb="inspection.route_made", subject=(SUBJECT, str(route.pk)),
        unit_id=unit.unit_id, data={"name": route.name, "points": named},
    )  # fmt: skip
    return route


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))


@transaction.atomic
def end(*, viewer: Viewer, now: datetime, route: Route) -> None:
    """End a route: its codes prove nothing from now on. Raises RouteRefused while a plan needs it
    that the viewer may know of.

    Codes that got about are replaced so: by a new route with new ones. A plan that nobody announces
    is not given away by a refusal: it goes on without the route, and its planner sees that.
    """
    if inspection_rights.find_plans(viewer, clock.day_at(now)).filter(route=route).exists():
        raise RouteRefused(_("A plan goes along this route: end the plan first."))
    if not Route.objects.filter(pk=route.pk, ended_at=None).update(ended_at=now):
        raise RouteRefused(_("This route has been ended already."))
    ledger.record(
        actor=viewer.actor, now=now, verb="inspection.route_ended",
        subject=(SUBJECT, str(route.pk)), unit_id=route.unit_id,
    )  # fmt: skip


def get_point(code: str) -> RoutePoint:
    """Return the point of a code, as it is typed or scanned. Raises RoutePoint.DoesNotExist."""
    points = RoutePoint.objects.select_related("route__unit")
    return points.get(code=read_code(code), route__ended_at=None)


def read_code(text: str) -> str:
    """Return the code in what a tag says: the code itself, or the address that ends with it."""
    return re.sub(r"[\s-]", "", text.strip().rstrip("/").rpartition("/")[2]).upper()


@transaction.atomic
def visit(*, viewer: Viewer, now: datetime, point: RoutePoint) -> PointVisit:
    """Record that the viewer is at a point."""
    made = PointVisit.objects.create(point=point, by_id=viewer.account_id, at=now)
    ledger.record(
        actor=viewer.actor, now=now, verb="inspection.point_visited",
        subject=(SUBJECT, str(point.route_id)), unit_id=point.route.unit_id,
        data={"point": point.number},
    )  # fmt: skip
    return made


def prove(*, viewer: Viewer, now: datetime, inspection: Inspection, codes: Iterable[str]) -> int:
    """Record at which points of the unit an inspection was, by the codes given; return how many.

    A code that no point has proves nothing, and says nothing either.
    """
    rows = [
        PointVisit(point=point, by_id=viewer.account_id, at=now, inspection=inspection)
        for point in _find_points(inspection.unit_id, codes).order_by("pk")
    ]
    PointVisit.objects.bulk_create(rows)
    return len(rows)


def _find_points(unit_id: int, codes: Iterable[str]) -> QuerySet[RoutePoint]:
    given = {read_code(code) for code in codes if code.strip()}
    return RoutePoint.objects.filter(code__in=given, route__unit_id=unit_id, route__ended_at=None)


def _find_scans(
    account_id: int, unit_id: int, started_at: datetime, ended_at: datetime
) -> QuerySet[PointVisit]:
    """Return what somebody scanned at a unit about when they inspected it."""
    return PointVisit.objects.filter(
        inspection=None, by_id=account_id, point__route__unit_id=unit_id,
        at__gte=started_at - LATELY, at__lte=ended_at + LATELY,
    )  # fmt: skip


def find_given(
    viewer: Viewer, unit_id: int, codes: Iterable[str], started_at: datetime, ended_at: datetime
) -> set[int]:
    """Return the points that an inspection to be recorded proves, by its codes or by scans."""
    scans = _find_scans(viewer.account_id, unit_id, started_at, ended_at)
    typed = _find_points(unit_id, codes).values_list("pk", flat=True)
    return {*typed, *scans.values_list("point_id", flat=True)}


def find_proven(inspection: Inspection) -> dict[int, datetime]:
    """Return when each point was visited, by its id: with the inspection, or about then."""
    own = PointVisit.objects.filter(inspection=inspection)
    about_then = _find_scans(
        inspection.by_id, inspection.unit_id, inspection.started_at, inspection.ended_at
    ).filter(at__lte=inspection.recorded_at)
    rows = (own | about_then).order_by("-at").values_list("point_id", "at")
    return dict(rows)


def find_missed(inspection: Inspection, route: Route) -> list[RoutePoint]:
    """Return the points of a route at which nothing shows that the inspection was."""
    proven = find_proven(inspection)
    return [point for point in route.points.order_by("number") if point.pk not in proven]
