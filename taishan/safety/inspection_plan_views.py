"""Plans of inspections: all that the viewer may know of, a new one, and ending one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core.duties import State
from taishan.duties import words as duty_words
from taishan.forms import presenting
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import get_visible, sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    inspection_due,
    inspection_hindrances,
    inspection_plans,
    inspection_rights,
)
from taishan.safety import inspection_pages as pages
from taishan.safety import inspection_words as words
from taishan.safety.inspection_forms import RULES, PlanForm
from taishan.safety.inspection_models import InspectionPlan
from taishan.safety.inspection_plans import PlanRefused, Terms

PAGE, REFUSED = 50, 422


@login_required
@require_GET
def plans(request: ScopedRequest) -> HttpResponse:
    """The plans in force, and what is open of each."""
    rows = inspection_rights.find_plans(request.viewer, clock.today())
    page = Paginator(_within(request, rows), PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "tabs": pages.tabs(request, "plans"),
        "page": page,
        "rows": _rows(request, list(page)),
        "units": _plannable(request),
    }
    return render(request, "safety/inspection_plans.html", context)


def _within(request: ScopedRequest, rows: Any) -> Any:
    """Narrow plans to those of a unit, and of all that is or was below it."""
    within = request.scope_.within
    if not within:
        return rows
    top = UnitVersion.objects.filter(unit__code=within).order_by("-valid").first()
    below = UnitVersion.objects.filter(path__passes_through=top.unit_id if top else 0)
    return rows.filter(unit_id__in=below.values("unit_id"))


def _rows(request: ScopedRequest, found: list[InspectionPlan]) -> list[dict[str, Any]]:
    ids = {one.unit_id for one in found} | {one.by_id for one in found}
    versions = organisation.find_last_versions(ids)
    now, rules = clock.now(), dict(RULES)
    due = {inspection_due.plan_of(duty): duty for duty in reversed(inspection_due.find_open(found))}
    roots = request.viewer.roots(Capability.CHECK)
    hindered = inspection_hindrances.find(found, clock.today())
    return [
        {
            "plan": one, "unit": versions[one.unit_id], "by": versions[one.by_id],
            "title": presenting.title(one.form, request.scope_.lang),
            "often": words.say_rule(one.rule, rules),
            "hindrance": hindered[one.pk].label if one.pk in hindered else "",
            "duty": due.get(one.pk), "zone": versions[one.unit_id].time_zone,
            "state": _state(due[one.pk].standing(now)) if one.pk in due else "",
            "may_end": str(one.by_id) in roots or request.viewer.may(
                Capability.CHECK, versions[one.by_id].path
            ),
        }
        for one in found
    ]  # fmt: skip


def _state(state: State) -> str:
    return str(duty_words.STATES[state])


def _plannable(request: ScopedRequest) -> list[UnitVersion]:
    """Return the units that somebody may plan for, by their roots: others are named by address."""
    rows = UnitVersion.objects.filter(
        unit_id__in=access.unit_ids_with(request.viewer, Capability.CHECK),
        valid__contains=clock.today(),
    )
    return list(rows.select_related("unit").order_by("path")[:200])


@login_required
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest, unit: str) -> HttpResponse:
    """Plan inspections of a unit."""
    version = get_visible(request, unit)
    access.require(request.viewer, Capability.CHECK, version.path)
    form = PlanForm(
        sent(request), unit=version, inspecting=_inspecting(request, version),
        lang=request.scope_.lang, initial={"starts": clock.today()},
    )  # fmt: skip
    if form.is_valid():
        try:
            terms = Terms(unit=version, **form.cleaned_data)
            inspection_plans.make(actor=request.viewer.actor, now=clock.now(), terms=terms)
            messages.success(request, _("It is planned."))
            return _back(request)
        except PlanRefused as refused:
            form.add_error(None, str(refused))
    context = {"scope": request.scope_, "version": version, "form": form}
    status = REFUSED if form.errors else 200
    return render(request, "safety/inspection_plan.html", context, status=status)


def _inspecting(request: ScopedRequest, version: UnitVersion) -> list[UnitVersion]:
    """Return the units of the line for which the viewer plans, the unit itself first."""
    line = [int(step) for step in reversed(version.path.split("."))]
    rows = UnitVersion.objects.filter(unit_id__in=line, valid__contains=clock.today())
    allowed = [row for row in rows if request.viewer.may(Capability.CHECK, row.path)]
    return sorted(allowed, key=lambda row: line.index(row.unit_id))


@login_required
@require_POST
def end(request: ScopedRequest, pk: int) -> HttpResponse:
    """End a plan."""
    found = inspection_rights.find_plans(request.viewer, clock.today())
    plan = get_object_or_404(found, pk=pk)
    by = organisation.find_last_versions([plan.by_id])[plan.by_id]
    if not request.viewer.may(Capability.CHECK, by.path):
        raise PermissionDenied(access.refusal())
    try:
        inspection_plans.end(actor=request.viewer.actor, now=clock.now(), plan=plan)
        messages.success(request, _("The plan has ended."))
    except PlanRefused as refused:
        messages.error(request, str(refused))
    return _back(request)


def _back(request: ScopedRequest) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('inspections:plans')}?{request.scope_.query()}")
