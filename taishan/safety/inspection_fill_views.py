"""Inspecting on the phone: what is mine today, and a checklist to go through, item by item.

Light pages, which open and are sent without a network like the reports.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taishan.core.answers import Problem
from taishan.core.duties import OPEN
from taishan.duties import words as duty_words
from taishan.duties.models import Duty
from taishan.forms import photos, presenting, rendering
from taishan.forms import queries as forms
from taishan.forms.models import FormVersion
from taishan.kit import clock
from taishan.kit.attachments import Attachment
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import require_writer
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    inspection_due,
    inspection_hindrances,
    inspection_pages,
    inspection_rights,
    inspection_routes,
    inspections,
)
from taishan.safety.inspection_due import Done
from taishan.safety.inspection_models import InspectionPlan, PointVisit
from taishan.safety.inspections import Filled, InspectionRefused

SHOWN_UNITS, REFUSED = 5, 422


@login_required
@require_GET
def today(request: ScopedRequest) -> HttpResponse:
    """What I am to inspect, and what else I may."""
    now, viewer = clock.now(), request.viewer
    lang = request.scope_.lang
    context = {
        "scope": request.scope_,
        "owed": _owed(viewer, now, lang),
        "mine": _units(request),
        "checklists": inspection_pages.form_options(lang)[1:],
        "lately": [
            (one, presenting.title(one.version.form, lang))
            for one in inspection_rights.find_visible(viewer).filter(by_id=viewer.account_id)
            .select_related("unit", "version__form").order_by("-pk")[:5]
        ],
    }  # fmt: skip
    return render(request, "safety/inspections_today.html", context)


def _owed(viewer: Viewer, now: datetime, lang: str) -> list[dict[str, Any]]:
    """Return what the viewer is to inspect and can; as many queries for much as for little."""
    on = clock.day_at(now)
    rows = inspection_rights.find_theirs(viewer, on, now)
    hindered = inspection_hindrances.find(list(rows), on)
    plans = {plan.pk: plan for plan in rows if plan.pk not in hindered}
    versions = organisation.find_last_versions({plan.unit_id for plan in plans.values()})
    return [
        _line(duty, plan := plans[inspection_due.plan_of(duty)], versions[plan.unit_id], now, lang)
        for duty in inspection_due.find_doable(plans.values(), now)
        if duty.person_id in (None, viewer.person_id)
    ]


def _line(
    duty: Duty, plan: InspectionPlan, version: UnitVersion, now: datetime, lang: str
) -> dict[str, Any]:
    standing = duty.standing(now)
    return {
        "href": f"{inspection_due.address(plan, plan.unit.code)}&lang={lang}",
        "title": presenting.title(plan.form, lang),
        "unit": version.name,
        "due_at": duty.due_at,
        "zone": version.time_zone,
        "state": duty_words.STATES[standing],
        "is_late": standing not in OPEN or now >= duty.due_at,
        "is_surprise": plan.is_surprise,
    }


def _units(request: ScopedRequest) -> dict[str, Any]:
    """The units one may inspect: those asked for by code, or all where they are few."""
    rows = UnitVersion.objects.filter(
        unit_id__in=access.unit_ids_with(request.viewer, Capability.CHECK),
        valid__contains=clock.today(),
    ).select_related("unit").order_by("path")  # fmt: skip
    code = request.GET.get("unit", "").strip()
    first = list(rows[: SHOWN_UNITS + 1])
    are_many = len(first) > SHOWN_UNITS
    found = list(rows.filter(unit__code__iexact=code)) if code else [] if are_many else first
    return {"asked": code, "found": found, "are_many": are_many}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A checklist at a unit, on which plan the viewer goes through it, if on any, and when they
    scanned points lately, by their ids."""

    version: FormVersion
    unit: UnitVersion
    by_unit: int
    plan: InspectionPlan | None
    seen: Mapping[int, datetime]


@login_required
@require_http_methods(["GET", "POST"])
def fill(request: ScopedRequest, unit: str, form: str) -> HttpResponse:
    """A checklist to go through; sent, what it comes to."""
    sheet = _sheet(request, unit, form)
    if request.method == "GET":
        return _ask(request, sheet, None)
    require_writer(request)
    definition = forms.get_definition(sheet.version)
    taken = photos.take(definition, request.POST, request.FILES, {}, request.scope_.lang)
    posted = rendering.read(sheet.version, taken.data)
    if taken.problems or not posted.is_final:
        refusal = _("It is not sent.") if taken.problems else ""
        return _ask(request, sheet, posted.answers, taken.problems, refusal)
    return _take(request, sheet, posted.answers, taken.files)


def _sheet(request: ScopedRequest, unit: str, form: str) -> Sheet:
    """Return the checklist at the unit, which may have closed since it was inspected."""
    now = clock.now()
    ended = inspections.believed(clock.read(request.POST.get("device_at", "")), now)
    try:
        version = _get_version(form, request.POST.get("version", ""))
        here = history.get_version_at(unit, ended)
    except (FormVersion.DoesNotExist, history.OrganisationRefused):
        raise Http404(_("There is no such checklist, or no such unit.")) from None
    by_unit = inspection_rights.find_inspecting(request.viewer, here, ended)
    if by_unit is None:
        if request.viewer.may(Capability.SEE, here.path):
            raise PermissionDenied(_("You do not inspect this unit."))
        raise Http404(_("There is no such checklist, or no such unit."))
    seen = _find_seen(request.viewer, now)
    done = Done(at=ended, plan_id=_plan_id(request), find_points=lambda: seen)
    plan = inspection_due.find_plan(request.viewer, here, version.form_id, now, done)
    return Sheet(version=version, unit=here, by_unit=by_unit, plan=plan, seen=seen)


def _find_seen(viewer: Viewer, now: datetime) -> dict[int, datetime]:
    since = now - inspection_routes.LATELY
    visits = PointVisit.objects.filter(by_id=viewer.account_id, at__gte=since, inspection=None)
    return dict(visits.order_by("at").values_list("point_id", "at"))


def _plan_id(request: ScopedRequest) -> int | None:
    """Return the plan that the page was opened for, as it says, else as its address does."""
    given = request.POST.get("plan") or request.GET.get("plan", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None


def _get_version(form: str, number: str) -> FormVersion:
    """Return the version that was filled in, also where a later one is in force since."""
    given = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else None
    version = forms.get_version(form, given)
    if not version.form.is_checklist or version.state == FormVersion.State.DRAFT:
        raise FormVersion.DoesNotExist
    return version


def _typed(text: str) -> str:
    """Return what no form has looked through, without what no text in PostgreSQL can hold."""
    return text.replace("\x00", "")


def _take(
    request: ScopedRequest, sheet: Sheet, given: Mapping[str, Any], files: Mapping[str, Attachment]
) -> HttpResponse:
    filled = Filled(
        version=sheet.version, answers=given, files=files,
        codes=[_typed(code) for code in request.POST.getlist("point")],
        plan_id=_plan_id(request), place=_typed(request.POST.get("place", "")),
        is_unannounced="is_unannounced" in request.POST,
        started_at=clock.read(request.POST.get("opened_at", "")),
        ended_at=clock.read(request.POST.get("device_at", "")),
    )  # fmt: skip
    try:
        made = inspections.record(
            viewer=request.viewer, now=clock.now(), key=_key(request), unit=sheet.unit,
            filled=filled,
        )  # fmt: skip
    except InspectionRefused as refused:
        return _ask(request, sheet, given, refused.problems, str(refused))
    context = _context(request, sheet) | {
        "one": made,
        "hazards": list(inspection_pages.find_hazards(made).values()),
    }
    return render(request, "safety/inspection_sent.html", context)


def _ask(
    request: ScopedRequest, sheet: Sheet, values: Mapping[str, Any] | None,
    problems: Sequence[Problem] = (), refusal: str = "",
) -> HttpResponse:  # fmt: skip
    lang = request.scope_.lang
    context = _context(request, sheet) | {
        "fields": rendering.render(sheet.version, values, problems, lang, {}),
        "problems": problems,
        "refusal": refusal,
        "lost": any(request.FILES.values()),
        "key": _key(request),
        "opened_at": request.POST.get("opened_at") or clock.now().isoformat(),
        "is_kept": "opened_at" in request.POST,
        "place": request.POST.get("place", ""),
        "is_unannounced": "is_unannounced" in request.POST,
    }
    status = REFUSED if refusal else 200
    return render(request, "safety/inspection_fill.html", context, status=status)


def _context(request: ScopedRequest, sheet: Sheet) -> dict[str, Any]:
    route = sheet.plan.route_at(clock.now()) if sheet.plan else None
    points = list(route.points.order_by("number")) if route else []
    typed = [*request.POST.getlist("point"), *[""] * len(points)]
    return {
        "scope": request.scope_,
        "sheet": sheet,
        "title": presenting.title(sheet.version.form, request.scope_.lang),
        "account": request.viewer.account_id,
        "points": [
            (point, sheet.seen.get(point.pk), code)
            for point, code in zip(points, typed, strict=False)
        ],
        "is_from_above": sheet.by_unit != sheet.unit.unit_id and sheet.plan is None,
        "today": f"{reverse('inspections:today')}?lang={request.scope_.lang}",
    }


def _key(request: ScopedRequest) -> UUID:
    """Return the number that the phone, or the page, gave the inspection."""
    try:
        return UUID(request.POST.get("client") or request.POST.get("key", ""))
    except ValueError:
        return uuid4()
