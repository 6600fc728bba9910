"""Who is told when: the tables that hold, what units added, and their working days."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.duties import escalation_presenting, holidays
from taishan.duties import steps as actions
from taishan.duties.escalation_forms import DayForm, StepForm
from taishan.duties.escalation_models import AddedStep, CalendarDay, HolidayDay
from taishan.kit import clock
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

BACK = timedelta(days=30)
"""Days of the calendar that are longer past are not shown."""


@login_required
@require_GET
def table(request: ScopedRequest) -> HttpResponse:
    """For each kind of duty who is told when, and what units added to it."""
    of_units = Q(unit_id__in=access.unit_ids_with(request.viewer, Capability.SEE))
    # What a unit above said holds here too.
    paths = request.viewer.paths(Capability.SEE)
    of_units |= Q(unit_id__in={int(step) for path in paths for step in path.split(".")})
    added = AddedStep.objects.filter(of_units, withdrawn_at=None).order_by("pk")
    mine = request.viewer.roots(Capability.DIRECT)
    days = CalendarDay.objects.filter(of_units, day__gte=clock.today() - BACK)
    context = {
        "scope": request.scope_,
        "kinds": escalation_presenting.kinds(request.viewer, list(added.select_related("unit"))),
        "holidays": HolidayDay.objects.filter(
            country__in=_countries(request), day__gte=clock.today() - BACK
        ).order_by("country", "day"),
        "days": days.select_related("unit").order_by("day", "unit__code"),
        "step_form": StepForm(auto_id="step-%s") if mine else None,
        "day_form": DayForm(auto_id="day-%s") if mine else None,
    }
    return render(request, "duties/escalation.html", context)


def _countries(request: ScopedRequest) -> set[str]:
    """Return the countries in which units stand that the viewer sees."""
    seen = access.units_visible(request.viewer, clock.today())
    codes = seen.values_list("place__code", flat=True).distinct()
    return {holidays.country_of(code) for code in codes}


@login_required
@require_POST
def steps(request: ScopedRequest) -> HttpResponse:
    """Add a step for a unit and all below it."""
    form = StepForm(request.POST)
    if (version := _unit(request, form)) is not None:
        try:
            actions.add(
                actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id,
                details=form.details(),
            )  # fmt: skip
            messages.success(request, _("Recorded."))
        except actions.StepRefused as refused:
            messages.error(request, str(refused))
    return _back(request)


@login_required
@require_POST
def withdrawal(request: ScopedRequest, pk: int) -> HttpResponse:
    """Let an added step tell no more."""
    step = get_object_or_404(AddedStep.objects.select_related("unit"), pk=pk)
    path = organisation.get_path(step.unit_id)
    access.require(request.viewer, Capability.DIRECT, path)
    actions.withdraw(actor=request.viewer.actor, now=clock.now(), step=step)
    messages.success(request, _("Recorded."))
    return _back(request)


@login_required
@require_POST
def days(request: ScopedRequest) -> HttpResponse:
    """Say that a unit works, or does not, on a day."""
    form = DayForm(request.POST)
    if (version := _unit(request, form)) is not None:
        given = form.cleaned_data
        actions.say_of_day(
            actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id, day=given["day"],
            works=given["works"] == "works", name=given["name"],
        )  # fmt: skip
        messages.success(request, _("Recorded."))
    return _back(request)


def _unit(request: ScopedRequest, form: forms.Form) -> UnitVersion | None:
    """Return the unit that was named, if the form is right. Raises PermissionDenied."""
    if not request.viewer.roots(Capability.DIRECT):
        raise PermissionDenied(access.refusal())
    if not form.is_valid():
        for field, problems in form.errors.items():
            messages.error(request, f"{form[field].label}: {' '.join(map(str, problems))}")
        return None
    try:
        version = history.get_version(form.cleaned_data["unit"], clock.today())
    except history.OrganisationRefused as refused:
        messages.error(request, str(refused))
        return None
    access.require(request.viewer, Capability.DIRECT, version.path)
    return version


def _back(request: ScopedRequest) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('escalation:table')}?{request.scope_.query()}")
