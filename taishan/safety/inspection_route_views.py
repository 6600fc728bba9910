"""Routes: all of a viewer's units, a printable sheet of codes, and being at a point."""

from __future__ import annotations

from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import get_visible, sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import inspection_pages as pages
from taishan.safety import inspection_rights, inspection_routes
from taishan.safety.inspection_forms import RouteForm
from taishan.safety.inspection_models import Route, RoutePoint
from taishan.safety.inspection_routes import RouteRefused

REFUSED, SHOWN = 422, 200


@login_required
@require_GET
def routes(request: ScopedRequest) -> HttpResponse:
    """The routes in force of the units for which the viewer inspects."""
    found = _mine(request).filter(ended_at=None).prefetch_related("points")[:SHOWN]
    versions = organisation.find_last_versions({one.unit_id for one in found})
    units = UnitVersion.objects.filter(
        unit_id__in=access.unit_ids_with(request.viewer, Capability.CHECK),
        valid__contains=clock.today(),
    )
    context = {
        "scope": request.scope_,
        "tabs": pages.tabs(request, "routes"),
        "rows": [(one, versions[one.unit_id], len(one.points.all())) for one in found],
        "units": units.select_related("unit").order_by("path")[:SHOWN],
    }
    return render(request, "safety/routes.html", context)


def _mine(request: ScopedRequest) -> Any:
    """Return the routes whose codes the viewer may read: who only walks them must go there."""
    units = access.unit_ids_with(request.viewer, Capability.CHECK)
    return Route.objects.filter(unit_id__in=units).order_by("unit_id", "name")


@login_required
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest, unit: str) -> HttpResponse:
    """Make a route of a unit."""
    version = get_visible(request, unit)
    access.require(request.viewer, Capability.CHECK, version.path)
    form = RouteForm(sent(request))
    if form.is_valid():
        try:
            made = inspection_routes.make(
                actor=request.viewer.actor, now=clock.now(), unit=version, **form.cleaned_data
            )
            return _to(request, "route", made.pk)
        except RouteRefused as refused:
            form.add_error(None, str(refused))
    context = {"scope": request.scope_, "version": version, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "safety/route_new.html", context, status=status)


@login_required
@require_GET
def route(request: ScopedRequest, pk: int) -> HttpResponse:
    """A route's points with their codes, to be printed and put up."""
    found = get_object_or_404(_mine(request), pk=pk)
    points = list(found.points.order_by("number"))
    context = {
        "scope": request.scope_,
        "route": found,
        "version": organisation.find_last_versions([found.unit_id])[found.unit_id],
        "points": [
            (point, f"{point.code[:4]} {point.code[4:]}", _drawn(request, point))
            for point in points
        ],
    }
    return render(request, "safety/route.html", context)


def _drawn(request: ScopedRequest, point: RoutePoint) -> SafeString:
    """Return the code as a QR, which leads to the point's page: a phone opens it by itself."""
    address = request.build_absolute_uri(reverse("inspections:point", args=[point.code]))
    drawn = segno.make(address, error="m").svg_inline(scale=4, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - our own


@login_required
@require_POST
def end(request: ScopedRequest, pk: int) -> HttpResponse:
    """End a route."""
    found = get_object_or_404(_mine(request), pk=pk)
    try:
        inspection_routes.end(viewer=request.viewer, now=clock.now(), route=found)
        messages.success(request, _("The route has ended: its codes prove nothing now."))
    except RouteRefused as refused:
        messages.error(request, str(refused))
    return _to(request, "routes")


def _to(request: ScopedRequest, name: str, *args: int) -> HttpResponse:
    address = reverse(f"inspections:{name}", args=args)
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")


@login_required
@require_http_methods(["GET", "POST"])
def point(request: ScopedRequest, code: str) -> HttpResponse:
    """Where a scanned code leads: I am here."""
    try:
        found = inspection_routes.get_point(code)
    except RoutePoint.DoesNotExist:
        raise Http404(_("No point has this code, or its route has ended.")) from None
    version = organisation.find_last_versions([found.route.unit_id])[found.route.unit_id]
    inspects = inspection_rights.find_inspecting(request.viewer, version, clock.now())
    if inspects is None:
        raise Http404(_("No point has this code, or its route has ended."))
    visited = None
    if request.method == "POST":
        visited = inspection_routes.visit(viewer=request.viewer, now=clock.now(), point=found)
    context = {"scope": request.scope_, "point": found, "version": version, "visited": visited}
    return render(request, "safety/point.html", context)
