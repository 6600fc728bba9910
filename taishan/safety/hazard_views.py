"""A hazard's page, and the steps taken on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taishan.core import hazards as core
from taishan.core.hazards import Act, Bar, Grade
from taishan.kit import clock
from taishan.organisation import queries as organisation
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    hazard_alike,
    hazard_criteria,
    hazard_presenting,
    hazard_queries,
    hazard_steps,
    hazard_supervision,
    hazard_words,
    risk_queries,
)
from taishan.safety.hazard_criteria import CriterionRefused
from taishan.safety.hazard_forms import (
    ExtensionForm,
    GradeForm,
    MergeForm,
    PlanForm,
    ReasonForm,
    RectificationForm,
    RemarkForm,
    TellingForm,
    VerificationForm,
)
from taishan.safety.hazard_models import Hazard, HazardPhoto
from taishan.safety.hazard_steps import STEPS, Step
from taishan.safety.hazard_supervision import SupervisionRefused
from taishan.safety.hazard_supervision_models import HazardTellingFile
from taishan.safety.hazards import HazardRefused

REFUSED = 422
FORMS: dict[Act, Any] = {
    Act.GRADE: GradeForm, Act.ASSIGN: PlanForm, Act.MERGE: MergeForm, Act.EXTEND: ExtensionForm,
    Act.SUBMIT: RectificationForm, Act.VERIFY: VerificationForm, Act.ACCEPT: forms.Form,
}  # fmt: skip
SUPERVISING: dict[str, tuple[type[forms.Form], Any]] = {
    "tellings": (TellingForm, hazard_supervision.tell),
    "remarks": (RemarkForm, hazard_supervision.remark),
}


def get_readable(request: ScopedRequest, pk: int) -> Hazard:
    """Return a hazard that the viewer may open. Raises Http404."""
    rows = hazard_queries.find_readable(request.viewer, clock.now())
    return get_object_or_404(rows.select_related("unit", "post", "lister", "merged_into"), pk=pk)


@login_required
@never_cache
@require_GET
def hazard(request: ScopedRequest, pk: int) -> HttpResponse:
    """One hazard: its state, who acts next, the plan, the photos, what happened, and the forms."""
    return _page(request, get_readable(request, pk))


@login_required
@require_POST
def step(request: ScopedRequest, pk: int, noun: str) -> HttpResponse:
    """Take a step with a hazard."""
    found, taken = get_readable(request, pk), STEPS[noun]
    version = organisation.get_last_version(found.unit_id)
    _refuse_barred(request, found, taken)
    with timezone.override(ZoneInfo(version.time_zone)):
        form = make_form(found, version, taken, clock.now(), request.POST, request.FILES)
        if form.is_valid():
            try:
                hazard_steps.take(
                    taken, viewer=request.viewer, now=clock.now(), hazard=found,
                    seen=_seen(request), **form.cleaned_data,
                )  # fmt: skip
                return _back(request, found)
            except (HazardRefused, CriterionRefused) as refused:
                form.add_error(None, str(refused))
    return _page(request, found, sent={noun: form}, status=REFUSED)


def _seen(request: ScopedRequest) -> int | None:
    """Return after how many steps the page was made; None for a sender who does not say."""
    said = request.POST.get("seen", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _refuse_barred(request: ScopedRequest, found: Hazard, taken: Step) -> None:
    """Raise PermissionDenied where it is the viewer, and not only the state, that is in the way."""
    position = hazard_queries.find_position(request.viewer, found, clock.now())
    record = hazard_queries.get_record(found)
    bars = core.find_bars_of_person(taken.act, record, position)
    has_a_say = position.manages or position.is_responsible or position.lists
    if not has_a_say or (bars and bars != (Bar.NOT_NOW,)):
        raise PermissionDenied(hazard_words.say_why(bars))


def make_form(
    found: Hazard, version: UnitVersion, taken: Step, now: datetime, *given: Any
) -> forms.Form:
    """Return the form of a step, filled with what was given or empty."""
    day = clock.day_at(now, version.time_zone)
    more: dict[Act, dict[str, Any]] = {
        Act.GRADE: {"criteria": hazard_criteria.find_in_force(day)},
        Act.ASSIGN: {"posts": hazard_steps.find_posts(found, now), "day": day, "now": now},
        Act.MERGE: {"others": hazard_steps.find_others(found)},
    }
    kind = FORMS.get(taken.act, ReasonForm)
    made: forms.Form = kind(*given, auto_id=f"id_{taken.noun}_%s", **more.get(taken.act, {}))
    return made


def _page(
    request: ScopedRequest, found: Hazard, *, sent: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    version, now = organisation.get_last_version(found.unit_id), clock.now()
    position, given = hazard_queries.find_position(request.viewer, found, now), sent or {}
    with timezone.override(ZoneInfo(version.time_zone)):
        offered = [
            {"step": one, "form": given.get(one.noun) or make_form(found, version, one, now),
             "is_open": one.noun in given or hazard_steps.is_awaited(one, found)}
            for one in hazard_steps.find_open(found, position)
        ]  # fmt: skip
        shown = {one["step"].noun for one in offered} | set(SUPERVISING)  # type: ignore[attr-defined]
        hidden = [form for noun, form in given.items() if noun not in shown]
        context = {
            "scope": request.scope_, "hazard": found, "version": version, "offered": offered,
            "seen": found.acts.count(),
            "refusals": [error for form in hidden for error in form.non_field_errors()],
            "banner": hazard_presenting.banner(found, position, now),
            **_told(request, found, position, version),
            **_supervised(found, position, given),
        }  # fmt: skip
        return render(request, "safety/hazard.html", context, status=status)


def _told(
    request: ScopedRequest, found: Hazard, position: core.Position, version: UnitVersion
) -> dict[str, Any]:
    """Return what the page of any hazard tells."""
    viewer, now, into = request.viewer, clock.now(), found.merged_into
    named = hazard_presenting.find_named(viewer, position, found, version.path)
    readable = hazard_queries.find_readable(viewer, now)
    is_new = found.state in {core.State.FOUND, core.State.GRADED}
    return {
        "failed_check": risk_queries.find_failed_check(found),
        "photos": hazard_presenting.photos(found),
        "story": hazard_presenting.story(found, named=named),
        "reporters": hazard_presenting.reporters(named),
        "cause": hazard_presenting.cause(found),
        "grade": hazard_words.GRADES[Grade(found.grade)] if found.grade else "",
        "criterion": hazard_presenting.criterion(found),
        "responsible": hazard_presenting.responsible(found, now),
        "alike": hazard_alike.find_alike(found) if is_new else [],
        "repeats": hazard_alike.find_repeats(found, viewer, now),
        "merged": readable.filter(merged_into=found).order_by("pk"),
        "follows": into is not None and readable.filter(pk=into.pk).exists(),
        "goes_on": hazard_words.STATES[into.record.state] if into else "",
    }


def _supervised(
    found: Hazard, position: core.Position, given: dict[str, forms.Form]
) -> dict[str, Any]:
    """Return what the page of a major hazard shows beside: tellings, remarks, the stop."""
    if found.grade != Grade.MAJOR:
        return {"stop": hazard_supervision.find_stop(found)}
    is_open = found.state not in core.ENDED
    return {
        "stop": hazard_supervision.find_stop(found),
        "tellings": hazard_presenting.tellings(found),
        "remarks": found.remarks.select_related("by__person").order_by("-at"),
        "lister": organisation.get_last_version(found.lister_id or found.unit_id),
        "telling": (given.get("tellings") or TellingForm()) if position.manages else None,
        "remark": (given.get("remarks") or RemarkForm()) if position.lists and is_open else None,
    }  # fmt: skip


@login_required
@require_POST
def supervision(request: ScopedRequest, pk: int, noun: str) -> HttpResponse:
    """Record who was told of a major hazard, or what headquarters says to it."""
    found = get_readable(request, pk)
    version = organisation.get_last_version(found.unit_id)
    position = hazard_queries.find_position(request.viewer, found, clock.now())
    if not (position.manages if noun == "tellings" else position.lists):
        raise PermissionDenied(_("Only who handles hazards there does this."))
    kind, act = SUPERVISING[noun]
    with timezone.override(ZoneInfo(version.time_zone)):
        form = kind(request.POST, request.FILES)
        if form.is_valid():
            try:
                act(viewer=request.viewer, now=clock.now(), hazard=found, **form.cleaned_data)
                return _back(request, found)
            except SupervisionRefused as refused:
                form.add_error(None, str(refused))
    return _page(request, found, sent={noun: form}, status=REFUSED)


def _back(request: ScopedRequest, found: Hazard) -> HttpResponse:
    messages.success(request, _("Recorded."))
    address = reverse("hazards:hazard", args=[found.pk])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")


@login_required
@require_GET
def photo(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """A photo of a hazard, or of one merged into it."""
    found = get_readable(request, pk)
    return get_object_or_404(
        HazardPhoto, pk=number, act__hazard__in=[found, *found.merged.all()]
    ).respond()


@login_required
@require_GET
def proof(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """What proves that somebody was told of a major hazard."""
    found = get_readable(request, pk)
    kept = HazardTellingFile.objects.filter(telling_id=number, telling__hazard=found).first()
    if kept is None:
        raise Http404
    return kept.respond()
