"""Incidents: all of them, one, and reporting one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.kit import clock, tables
from taishan.organisation import history
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    incident_forms,
    incident_lists,
    incident_page,
    incident_queries,
    incident_sheet,
    incidents,
)
from taishan.safety import incident_words as words
from taishan.safety.incident_models import Incident, IncidentPhoto, Kind, Stage
from taishan.safety.incidents import IncidentRefused, What
from taishan.safety.views import own_unit

REFUSED = 422


def tabs(request: ScopedRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages about incidents."""
    pages = [("incidents", _("Incidents")), ("statistics", _("Statistics"))]
    if request.viewer.roots(Capability.HANDLE_INCIDENTS):
        pages.append(("hours", _("Hours worked")))
    return [
        {"word": word, "href": address(request, name), "is_on": name == here}
        for name, word in pages
    ]  # fmt: skip


def address(request: ScopedRequest, name: str, *args: Any) -> str:
    return f"{reverse(f'incidents:{name}', args=args)}?{request.scope_.query()}"


@login_required
@require_GET
def all_of_them(request: ScopedRequest) -> HttpResponse:
    """The incidents that the viewer may see, narrowed by the address."""
    wanted = incident_lists.ask(request.GET, request.scope_.within)
    rows = incident_lists.narrow(incident_queries.find_visible(request.viewer), wanted)
    page = incident_lists.Pages(rows, wanted.text).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": _rows(page),
        "tabs": tabs(request, "incidents"),
        "filters": _filters(request),
        "query": request.GET.urlencode(),
        "is_more": page.paginator.count == incident_lists.MOST_COUNTED,
    }
    return render(request, "safety/incidents.html", context)


def _filters(request: ScopedRequest) -> list[dict[str, Any]]:
    given = request.GET
    codes = incident_queries.find_countries(request.viewer)
    names = organisation.find_place_names(codes)
    chinese = request.scope_.lang == "zh"
    every = ("", _("all"))
    choices = {
        "kind": (_("Kind"), [every, *Kind.choices]),
        "grade": (_("Grade"), [every, *((one.value, word) for one, word in words.GRADES.items())]),
        "stage": (_("State"), [every, *Stage.choices]),
        "country": (_("Country"), [every, *((c, names[c][chinese]) for c in codes if c in names)]),
    }
    found: list[dict[str, Any]] = [
        {"name": "text", "word": _("Words"), "value": given.get("text", "")}
    ]
    found += [
        {"name": name, "word": word, "value": given.get(name, ""), "options": options}
        for name, (word, options) in choices.items()
    ]
    return found + [
        {"name": name, "word": word, "value": given.get(name, ""), "type": "date"}
        for name, word in (("since", _("From")), ("until", _("Until")))
    ]


def _rows(found: Iterable[Incident]) -> list[dict[str, Any]]:
    rows = list(found)
    versions = organisation.find_last_versions({one.unit_id for one in rows})
    return [
        {
            "incident": one, "version": versions[one.unit_id],
            "when": words.local(one.occurred_at, one.zone),
            "grade": words.grade(one.grade), "people": words.counted(one.numbers),
        }
        for one in rows
    ]  # fmt: skip


@login_required
@require_GET
def as_file(request: ScopedRequest) -> HttpResponse:
    """The same list as an Excel file, at once or by the worker."""
    wanted = incident_lists.ask(request.GET, request.scope_.within)
    content, now = incident_sheet.content_of(request.viewer, wanted), clock.now()
    if incident_sheet.is_large(content):
        incident_sheet.ask(request.viewer, now, wanted)
        return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")
    written = tables.write_xlsx("incidents", content.headings, content.rows)
    return workbook(incident_sheet.name_of(now), written)


def workbook(name: str, content: bytes) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Report an incident: the viewer's own unit and the hour are filled in."""
    home = _home(request)
    form = incident_forms.ReportForm(
        sent(request), request.FILES or None, initial=_initial(home)
    )  # fmt: skip
    if form.is_valid():
        made = _report(request, form)
        if made is not None:
            return made
    context = {
        "scope": request.scope_, "form": form, "units": incident_page.find_offered(request.viewer),
    }  # fmt: skip
    return render(
        request, "safety/incident_new.html", context, status=REFUSED if form.errors else 200
    )


def _home(request: ScopedRequest) -> UnitVersion | None:
    code = request.GET.get("unit") or own_unit(request)
    versions = UnitVersion.objects.filter(unit__code=code, valid__contains=clock.today())
    return versions.select_related("unit").first()


def _initial(home: UnitVersion | None) -> dict[str, Any]:
    if home is None:
        return {"client": uuid4()}
    local = clock.now().astimezone(ZoneInfo(home.time_zone))
    return {"unit": home.unit.code, "occurred_at": local.replace(tzinfo=None), "client": uuid4()}


def _report(request: ScopedRequest, form: incident_forms.ReportForm) -> HttpResponse | None:
    given = dict(form.cleaned_data)
    version, numbers, photo = given.pop("unit"), given.pop("numbers"), given.pop("photo")
    key = given.pop("client")
    at = incident_forms.at(given["occurred_at"], ZoneInfo(version.time_zone))
    zone_then = history.zone_of(version.unit_id, at)
    given["occurred_at"] = incident_forms.at(given["occurred_at"], zone_then)
    try:
        made = incidents.report(
            actor=request.viewer.actor, now=clock.now(), version=version, what=What(**given),
            numbers=numbers, photos=[photo] if photo else [], key=key,
        )  # fmt: skip
    except IncidentRefused as refused:
        form.add_error(None, str(refused))
        return None
    messages.success(request, _("Reported. Those who lead have been told, and the clocks run."))
    return HttpResponseRedirect(address(request, "incident", made.pk))


def get(request: ScopedRequest, pk: int) -> Incident:
    """Return an incident that the viewer may see. Raises Http404."""
    return get_object_or_404(incident_queries.find_visible(request.viewer), pk=pk)


@login_required
@never_cache
@require_GET
def incident(request: ScopedRequest, pk: int) -> HttpResponse:
    """One incident: its state, its clocks, what is known and found, and the forms to act."""
    context = incident_page.build(request, get(request, pk))
    return render(request, "safety/incident.html", context)


@login_required
@require_GET
def photo(request: ScopedRequest, pk: int, photo: int) -> HttpResponse:
    """A photo of an incident."""
    return get_object_or_404(IncidentPhoto, incident=get(request, pk), pk=photo).respond()
