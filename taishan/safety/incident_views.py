"""Incidents: all of them, one, and reporting one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, cast
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.kit import clock, days, tables
from taishan.organisation import history
from taishan.organisation import queries as organisation
from taishan.organisation.models import Unit, UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import incident_forms, incident_page, incident_queries, incidents
from taishan.safety import incident_words as words
from taishan.safety.incident_models import Incident, IncidentPhoto, Kind, Stage
from taishan.safety.incident_queries import Wanted
from taishan.safety.incidents import IncidentRefused, What
from taishan.safety.views import own_unit

PAGE = 30
MOST_ROWS = 20_000
MOST_COUNTED = 3_000
REFUSED = 422
FIRST, LAST = date(1900, 1, 1), date(2200, 1, 1)


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list that are counted no further than anybody turns them: history only grows."""

    @cached_property
    def count(self) -> int:
        rows = cast(QuerySet[Incident], self.object_list)
        return rows[:MOST_COUNTED].count()


def tabs(request: ScopedRequest, here: str) -> list[dict[str, Any]]:
    """Return the pages about incidents."""
    pages = [
        ("incidents", _("Incidents")),
        ("statistics", _("Statistics")),
        ("hours", _("Hours worked")),
    ]
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
    found = _find(request)
    page = Pages(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": _rows(page),
        "tabs": tabs(request, "incidents"),
        "filters": _filters(request),
        "query": request.GET.urlencode(),
        "is_more": page.paginator.count == MOST_COUNTED,
    }
    return render(request, "safety/incidents.html", context)


def _find(request: ScopedRequest) -> QuerySet[Incident]:
    given = request.GET
    wanted = Wanted(
        text=given.get("text", "")[:100], kind=given.get("kind", ""), grade=given.get("grade", ""),
        stage=given.get("stage", ""), country=given.get("country", "")[:2].upper(),
        since=_day(given.get("since", "")), until=_day(given.get("until", "")),
        unit_ids=_within(request),
    )  # fmt: skip
    return incident_queries.narrow(incident_queries.find_visible(request.viewer), wanted)


def _within(request: ScopedRequest) -> Any:
    """Return the ids of the units at and below the page's subtree, as they are or were last, as in
    the statistics; None where it is all.
    """
    top = Unit.objects.filter(code=request.scope_.within).first()
    if top is None:
        return None
    ever = UnitVersion.objects.filter(path__passes_through=str(top.pk)).values("unit_id")
    versions = UnitVersion.objects.filter(unit_id__in=ever)
    last = history.latest_first(versions, clock.now()).distinct("unit_id")
    return [
        pk for pk, path in last.values_list("unit_id", "path") if str(top.pk) in path.split(".")
    ]


def _day(text: str) -> date | None:
    try:
        found = days.read(text)
    except ValueError:
        return None
    return found if FIRST < found < LAST else None


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
            "when": words.local(one.occurred_at, ZoneInfo(versions[one.unit_id].time_zone)),
            "grade": words.grade(one.grade), "people": words.counted(one.numbers),
        }
        for one in rows
    ]  # fmt: skip


@login_required
@require_GET
def as_file(request: ScopedRequest) -> HttpResponse:
    """The same list as an Excel file."""
    found = list(_find(request).select_related("unit")[:MOST_ROWS])
    heads = [
        pgettext("of an incident", "Number"), _("Code"), _("Unit"), _("When"), _("Kind"),
        _("Grade"), _("State"), _("Country"), _("What happened"), _("Where exactly"),
        *(words.capitalised(str(word)) for word in words.MEASURES.values()),
    ]  # fmt: skip
    rows = [
        [
            one.pk, one.unit.code, row["version"].name, row["when"], one.get_kind_display(),
            row["grade"] if one.grade else "", one.get_stage_display(), one.country, one.what,
            one.place, *(getattr(one, name) for name in words.MEASURES),
        ]
        for one, row in zip(found, _rows(found), strict=True)
    ]  # fmt: skip
    return workbook("incidents", tables.write_xlsx(_("Incidents"), heads, rows))


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
