"""What is done with the risk register by pages: enter, grade, control, check, close."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import risk_checks, risk_methods, risk_queries, risk_views, risk_words, risks
from taishan.safety.risk_forms import CheckForm, MeasureForm, PointForm, ReasonForm, ScoresForm
from taishan.safety.risk_models import RiskMeasure, RiskPoint
from taishan.safety.risks import RiskRefused
from taishan.safety.views import own_unit

REFUSED = 422


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Enter a risk point, graded by the method that the address names."""
    if not request.viewer.roots(Capability.HANDLE_HAZARDS):
        raise PermissionDenied(access.refusal())
    day, chosen = clock.today(), request.GET.get("method", "")
    methods = list(risk_methods.find_methods(day))
    method = next((one for one in methods if one.code == chosen), methods[0] if methods else None)
    context: dict[str, Any] = {"scope": request.scope_, "methods": methods, "method": method}
    if method is not None:
        first = {"unit": request.GET.get("unit") or own_unit(request)}
        form = PointForm(sent(request), method=method, day=day, initial=first)
        if form.is_valid() and (made := _enter(request, form)):
            return made
        handled = access.units_with(request.viewer, Capability.HANDLE_HAZARDS, day)
        units = handled.select_related("unit").order_by("path")
        context |= {"form": form, "units": units[:200]}
    status = REFUSED if "form" in context and context["form"].errors else 200
    return render(request, "safety/risk_new.html", context, status=status)


def _enter(request: ScopedRequest, form: PointForm) -> HttpResponse | None:
    version = form.cleaned_data["unit"]
    if not request.viewer.may(Capability.HANDLE_HAZARDS, version.path):
        form.add_error("unit", access.refusal())
        return None
    try:
        made = risks.enter(
            actor=request.viewer.actor, now=clock.now(), version=version, found=form.found,
            scored=form.scored,
        )  # fmt: skip
    except RiskRefused as refused:
        _say(form, refused)
        return None
    return _back(request, made)


def _say(form: Form, refused: RiskRefused) -> None:
    form.add_error(refused.where if refused.where in form.fields else None, str(refused))


def _back(request: ScopedRequest, point: RiskPoint) -> HttpResponse:
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(
        f"{reverse('risks:point', args=[point.pk])}?{request.scope_.query()}"
    )


def _get_managed(request: ScopedRequest, pk: int) -> RiskPoint:
    """Return a point that the viewer manages. Raises Http404 or PermissionDenied."""
    found = get_object_or_404(risk_queries.find_visible(request.viewer), pk=pk)
    if not risk_queries.may_manage(request.viewer, found.unit_id):
        raise PermissionDenied(access.refusal())
    return found


@login_required
@require_POST
def gradings(request: ScopedRequest, pk: int) -> HttpResponse:
    """Grade a risk point anew."""
    found = _get_managed(request, pk)
    day = clock.today(organisation.get_last_version(found.unit_id).time_zone)
    used = found.gradings.select_related("method").order_by("-number")[0].method
    form = ScoresForm(request.POST, method=risk_views.current_method(used, day), day=day)
    if form.is_valid():
        try:
            risks.regrade(
                actor=request.viewer.actor, now=clock.now(), point=found, scored=form.scored
            )
            return _back(request, found)
        except RiskRefused as refused:
            _say(form, refused)
    return risk_views.page(request, found, status=REFUSED, scores=form)


@login_required
@require_POST
def measures(request: ScopedRequest, pk: int) -> HttpResponse:
    """Set a control measure, checked from today on."""
    found = _get_managed(request, pk)
    day = clock.today(organisation.get_last_version(found.unit_id).time_zone)
    form = MeasureForm(request.POST, unit_id=found.unit_id, day=day)
    if form.is_valid():
        given: dict[str, Any] = {"actor": request.viewer.actor, "now": clock.now()}
        try:
            made = risks.add_measure(**given, point=found, control=form.control, on=day)
            risk_checks.open_first(**given, measure=made)
            return _back(request, found)
        except RiskRefused as refused:
            _say(form, refused)
    return risk_views.page(request, found, status=REFUSED, measure_form=form)


@login_required
@require_POST
def closing(request: ScopedRequest, pk: int) -> HttpResponse:
    """Close a risk point that is there no more."""
    found, form = _get_managed(request, pk), ReasonForm(request.POST)
    if form.is_valid():
        try:
            risks.close(
                actor=request.viewer.actor, now=clock.now(), point=found, **form.cleaned_data
            )
            return _back(request, found)
        except RiskRefused as refused:
            _say(form, refused)
    return risk_views.page(request, found, status=REFUSED, ending=form)


def _get_measure(request: ScopedRequest, pk: int) -> RiskMeasure:
    seen = risk_queries.find_visible(request.viewer)
    rows = RiskMeasure.objects.select_related("point__unit", "post").filter(point__in=seen)
    return get_object_or_404(rows, pk=pk)


@login_required
@require_POST
def end(request: ScopedRequest, pk: int) -> HttpResponse:
    """Let a measure hold no more from today on."""
    measure, form = _get_measure(request, pk), ReasonForm(request.POST)
    found = _get_managed(request, measure.point_id)
    day = clock.today(organisation.get_last_version(found.unit_id).time_zone)
    if form.is_valid():
        try:
            risks.end_measure(
                actor=request.viewer.actor, now=clock.now(), measure=measure, on=day,
                **form.cleaned_data,
            )  # fmt: skip
            return _back(request, found)
        except RiskRefused as refused:
            _say(form, refused)
    return risk_views.page(request, found, status=REFUSED, ending=form)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def check(request: ScopedRequest, pk: int) -> HttpResponse:
    """Check a measure; what does not hold becomes a hazard."""
    measure = _get_measure(request, pk)
    if not risk_queries.may_check(request.viewer, measure, clock.today()):
        raise PermissionDenied(access.refusal())
    form = CheckForm(sent(request), request.FILES or None, measure=measure)
    if form.is_valid():
        try:
            risk_checks.check(
                actor=request.viewer.actor, now=clock.now(), measure=measure, **form.cleaned_data
            )
            return _back(request, measure.point)
        except RiskRefused as refused:
            _say(form, refused)
    version = organisation.get_last_version(measure.point.unit_id)
    context = {"scope": request.scope_, "form": form, "measure": measure, "version": version,
               "often": risk_words.often(measure)}  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "safety/risk_check.html", context, status=status)
