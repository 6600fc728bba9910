"""Red lines: all of them, one with its breaches, reporting that one was crossed, recording them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.kit import clock
from taishan.kit.editions import LibraryRefused
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.organisation import access, history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import require_writer, sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import queries, red_line_files, red_line_queries, red_line_words, red_lines
from taishan.safety.actions import StopRefused
from taishan.safety.red_line_forms import BreachForm, LibraryForm
from taishan.safety.red_line_models import RedLine
from taishan.safety.views import own_unit, read_phone, stopped

REFUSED = 422


@login_required
@require_GET
def lines(request: ScopedRequest) -> HttpResponse:
    """The red lines in force on the day, of the group or of a unit, and the stops they make."""
    basis, code, day = request.GET.get("basis", ""), request.GET.get("unit", ""), request.scope_.day
    rows, refusal = _find(code.strip(), request)
    rows = [row for row in rows if basis in ("", row.basis)]
    names, standing = _names(rows), _count_standing(request)
    context = {
        "scope": request.scope_, "refusal": refusal, "day": day,
        "rows": [red_line_words.row(row, names, standing.get((row.unit_id, row.code), 0))
            for row in rows
        ],
        "filters": [
            {"name": "unit", "word": _("Unit (its code)"), "value": code},
            {"name": "basis", "word": _("Whose rule"), "value": basis,
             "options": [("", _("all")), *RedLine.Basis.choices]},
        ],
        "may_record": bool(request.viewer.roots(Capability.MANAGE_REGULATIONS)),
    }  # fmt: skip
    return render(request, "safety/red_lines.html", context)


def _find(code: str, request: ScopedRequest) -> tuple[list[RedLine], str]:
    day = request.scope_.day
    if not code:
        return list(red_line_queries.find_all(day)), ""
    try:
        return red_line_queries.find_holding(history.get_version(code, day), day), ""
    except OrganisationRefused as refused:
        return [], str(refused)


def _names(rows: list[RedLine]) -> dict[int, str]:
    """Return the names of all units that red lines name."""
    ids = {row.unit_id for row in rows} | {row.lifter_unit_id for row in rows}
    ids |= {row.lifter_post.unit_id for row in rows if row.lifter_post}
    found = organisation.find_last_versions(pk for pk in ids if pk is not None)
    return {pk: version.name for pk, version in found.items()}


def _count_standing(request: ScopedRequest) -> dict[tuple[int, str], int]:
    """Return how many stops that the viewer may see stand by each red line, by unit and code."""
    found = queries.find_visible(request.viewer, in_force=True).exclude(red_line=None).order_by()
    counted = found.values_list("red_line__unit_id", "red_line__code").annotate(Count("pk"))
    return {(unit_id, code): number for unit_id, code, number in counted}


@login_required
@require_GET
def line(request: ScopedRequest, pk: int) -> HttpResponse:
    """One red line: what it says, where from, who lifts it, its versions and its breaches."""
    found = get_object_or_404(RedLine.objects.select_related("unit", "lifter_post"), pk=pk)
    names, of_unit = _names([found]), organisation.get_last_version(found.unit_id)
    today = clock.today(of_unit.time_zone)
    seen = queries.find_visible(request.viewer)
    breaches = list(seen.filter(pk__in=red_line_queries.find_breaches(found).values("pk"))[:50])
    versions = organisation.find_last_versions(one.unit_id for one in breaches)
    same = RedLine.objects.filter(unit_id=found.unit_id, code=found.code).exclude(pk=pk)
    context = {
        "scope": request.scope_, "line": found,
        "is_in_force": today in found.valid,
        "facts": red_line_words.facts(found, names, today),
        "breaches": [(one, versions[one.unit_id]) for one in breaches],
        "others": same.order_by("-valid"),
    }  # fmt: skip
    return render(request, "safety/red_line.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def breach(request: ScopedRequest) -> HttpResponse:
    """Report that a red line was crossed: work stops there at once."""
    require_writer(request)
    now = clock.now()
    first = {"unit": request.GET.get("unit") or own_unit(request), "red_line": _asked(request),
             "client": uuid4()}  # fmt: skip
    form = BreachForm(sent(request), request.FILES or None, now=now, initial=first)
    if form.is_valid():
        try:
            return _report(request, form)
        except StopRefused as refused:
            form.add_error(None, str(refused))
    seen = access.units_visible(request.viewer, clock.day_at(now)).select_related("unit")
    context = {"scope": request.scope_, "form": form, "units": seen.order_by("path")[:200],
               "account": request.viewer.account_id}  # fmt: skip
    return render(request, "safety/breach.html", context, status=REFUSED if form.errors else 200)


def _asked(request: ScopedRequest) -> int | None:
    given = request.GET.get("line", "")
    return int(given) if given.isdecimal() and len(given) < 18 else None


def _report(request: ScopedRequest, form: BreachForm) -> HttpResponse:
    now = clock.now()
    given = read_phone(form.cleaned_data, now)
    version = given.pop("unit")
    made = red_lines.report_breach(actor=request.viewer.actor, now=now, version=version, **given)
    return stopped(request, made, version)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def recording(request: ScopedRequest) -> HttpResponse:
    """Check a library of red lines by line, see what it would change, and record it."""
    if not request.viewer.roots(Capability.MANAGE_REGULATIONS):
        raise PermissionDenied(access.refusal())
    first = {"on": request.scope_.day, "unit": _root_code(request)}
    form = LibraryForm(sent(request), request.FILES or None, initial=first)
    context: dict[str, Any] = {"scope": request.scope_, "form": form}
    if form.is_valid():
        try:
            return _take_in(request, context, **form.cleaned_data)
        except (LibraryInvalid, LibraryRefused, OrganisationRefused) as refused:
            context["problems"] = str(refused).splitlines()
    status = REFUSED if form.errors or "problems" in context else 200
    return render(request, "safety/red_line_library.html", context, status=status)


def _root_code(request: ScopedRequest) -> str:
    roots = request.viewer.roots(Capability.MANAGE_REGULATIONS)
    found = UnitVersion.objects.filter(unit_id__in=[int(root) for root in roots])
    return found.order_by("path").values_list("unit__code", flat=True).first() or ""


def _take_in(
    request: ScopedRequest, context: dict[str, Any], *, unit: str, on: date, content: bytes
) -> HttpResponse:
    access.require_over(request.viewer, Capability.MANAGE_REGULATIONS, unit, on)
    found = red_line_files.parse(content, "library")
    given: dict[str, Any] = {"on": on, "unit": unit, "library": found}
    if request.POST.get("act") == "record":
        red_lines.import_library(actor=request.viewer.actor, now=clock.now(), **given)
        messages.success(request, _("Recorded."))
        return HttpResponseRedirect(f"{reverse('red_lines:lines')}?{request.scope_.query()}")
    text = content.decode("utf-8-sig")
    checked = LibraryForm(initial={"unit": unit, "on": on, "text": text})
    compared = red_lines.compare_library(now=clock.now(), **given)
    context |= {"form": checked, "found": found, "compared": compared}
    return render(request, "safety/red_line_library.html", context)
