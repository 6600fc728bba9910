"""Injury statistics, the hours that they divide by, and OSHA's forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote_plus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core import injury_rates
from taishan.core.injury_rates import RATES, Reckoned
from taishan.kit import clock, days, tables
from taishan.organisation import access, history, sheets
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    hazard_months,
    incident_forms,
    incident_hours,
    incident_page,
    incident_people,
    osha_forms,
)
from taishan.safety import incident_statistics as numbers
from taishan.safety import incident_words as words
from taishan.safety.incident_models import WorkedHours
from taishan.safety.incident_statistics import Branch, Line
from taishan.safety.incident_views import REFUSED, address, tabs, workbook
from taishan.safety.incidents import IncidentRefused

SHOWN_ERRORS = 200
SHOWN_MONTHS = 24
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
YEARS = {str(year) for year in range(EARLIEST.year, LATEST.year)}
OF_A_BRANCH = ("ltifr", "trir", "dart", "severity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a page of statistics is of: whole months, ``since <= month < until``."""

    since: date
    until: date
    country: str
    units: list[UnitVersion]
    lines: dict[int, Line]

    @property
    def last(self) -> date:
        """The first day of the last month."""
        return hazard_months.add(self.until, -1)


def _asked(request: ScopedRequest) -> Asked:
    day = request.scope_.day
    since = _month(request.GET.get("since", "")) or date(day.year, 1, 1)
    last = _month(request.GET.get("until", "")) or day.replace(day=1)
    until = hazard_months.add(max(last, since), 1)
    country = request.GET.get("country", "")[:2].upper()
    units = numbers.find_units(request.viewer, request.scope_.within, country)
    lines = numbers.find_lines([one.unit_id for one in units], since, until, day)
    return Asked(since=since, until=until, country=country, units=units, lines=lines)


def _month(text: str) -> date | None:
    try:
        found = days.read(f"{text[:7]}-01")
    except ValueError:
        return None
    return found if EARLIEST <= found < LATEST else None


@login_required
@require_GET
def statistics(request: ScopedRequest) -> HttpResponse:
    """Rates of a subtree and a period, each with its formula, source and interval."""
    of = _asked(request)
    whole = numbers.add(list(of.lines.values()))
    rows, page_of = numbers.find_branches(of.units, of.lines), _pages(request)
    branches = [(one, _branch(one, request.scope_.day, page_of)) for one in rows]
    context = {
        "scope": request.scope_, "tabs": tabs(request, "statistics"), "whole": whole,
        "rates": [_rate(injury_rates.reckon(rate, whole.sums)) for rate in RATES.values()],
        "tiles": _tiles(whole, request.scope_.day),
        "branches": [row for one, row in branches if one.line.is_eventful],
        "quiet": [row for one, row in branches if not one.line.is_eventful],
        "chart": _chart(of),
        "heads": [code.upper() if code != "severity" else words.RATES[code][0]
                  for code in OF_A_BRANCH],
        "countries": _countries(request, of), "filters": _filters(request, of),
        "period": f"{of.since:%Y-%m} – {of.last:%Y-%m}", "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "safety/incident_statistics.html", context)


def _chart(of: Asked) -> dict[str, Any]:
    months = numbers.find_months([one.unit_id for one in of.units], of.since, of.until)
    return {
        "kind": "bar", "days": [f"{row['month']:%Y-%m}" for row in months],
        "series": [
            {"word": str(word), "values": [row[name] for row in months]}
            for name, word in (("dead", _("Dead")), ("away", _("Away from work")))
        ],
    }  # fmt: skip


def _rate(one: Reckoned) -> dict[str, Any]:
    name, formula = words.RATES[one.rate.code]
    return {
        "name": name, "formula": formula, "source": one.rate.source,
        "count": number_format(one.count, force_grouping=True),
        "exposure": None if one.exposure is None else number_format(
            round(one.exposure), force_grouping=True
        ),
        "value": _shown(one.value), "low": _shown(one.low), "high": _shown(one.high),
    }  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else number_format(round(value, 2), 2, force_grouping=True)


def _tiles(whole: Line, today: date) -> list[dict[str, Any]]:
    days = _("none yet") if whole.last_lost_on is None else (today - whole.last_lost_on).days
    return [
        {"label": _("Days since"), "number": days, "word": _("the last lost-time incident"),
         "note": whole.last_lost_on.isoformat() if whole.last_lost_on else ""},
        {"label": _("Dead"), "number": whole.sums.deaths, "word": _("people")},
        {"label": _("Away from work"), "number": whole.sums.away_cases, "word": _("people")},
        {"label": _("Near misses"), "number": whole.near_misses, "word": _("reported")},
    ]  # fmt: skip


def _branch(one: Branch, today: date, page_of: Callable[[str], str]) -> dict[str, Any]:
    line = one.line
    rates = [injury_rates.reckon(RATES[code], line.sums) for code in OF_A_BRANCH]
    return {
        "version": one.version, "is_alone": one.is_alone, "line": line,
        "hours": "" if line.sums.hours is None else number_format(
            line.sums.hours, force_grouping=True
        ),
        "rates": [_shown(rate.value) for rate in rates],
        "days": (today - line.last_lost_on).days if line.last_lost_on else None,
        "href": page_of(one.version.unit.code),
    }  # fmt: skip


def _pages(request: ScopedRequest) -> Callable[[str], str]:
    """Return what gives the address of the same statistics of another unit, by its code."""
    kept = "".join(f"&{name}={request.GET[name]}" for name in ("since", "until", "country")
                   if request.GET.get(name, "").replace("-", "").isalnum())  # fmt: skip
    page = address(request, "statistics").partition("?")[0]
    before, _within, after = request.scope_.query(within="").partition("within=")
    return lambda code: f"{page}?{before}within={quote_plus(code)}{after}{kept}"


def _countries(request: ScopedRequest, of: Asked) -> list[dict[str, Any]]:
    rows = numbers.add_by_country(of.units, of.lines)
    names = organisation.find_place_names([code for code, _line in rows])
    chinese = request.scope_.lang == "zh"
    return [
        {"name": names.get(code, (code, code))[chinese], "line": line,
         "rates": [_shown(injury_rates.reckon(RATES[rate], line.sums).value)
                   for rate in OF_A_BRANCH]}
        for code, line in rows
    ]  # fmt: skip


def _filters(request: ScopedRequest, of: Asked) -> list[dict[str, Any]]:
    given = request.scope_
    return [
        {"name": "within", "word": _("Unit"), "value": given.within},
        {"name": "since", "word": _("From"), "value": f"{of.since:%Y-%m}", "type": "month"},
        {"name": "until", "word": _("Until"), "value": f"{of.last:%Y-%m}", "type": "month"},
        {"name": "country", "word": _("Country"), "value": of.country},
    ]


@login_required
@require_GET
def statistics_file(request: ScopedRequest) -> HttpResponse:
    """The same numbers as an Excel file: a sheet of the rates, a sheet of the units."""
    of = _asked(request)
    whole = numbers.add(list(of.lines.values()))
    rates = [injury_rates.reckon(rate, whole.sums) for rate in RATES.values()]
    book = tables.write_book([
        tables.NewSheet(
            name=_("Rates"),
            headings=[_("Rate"), pgettext("how many", "Number"), _("Divided by"), _("Value"),
                      _("From (95 %)"), _("To (95 %)"), _("Formula"), _("Source")],
            rows=[
                [str(words.RATES[one.rate.code][0]), one.count, one.exposure, one.value, one.low,
                 one.high, str(words.RATES[one.rate.code][1]), one.rate.source]
                for one in rates
            ],
        ),
        tables.NewSheet(
            name=pgettext("a sheet", "Units"),
            headings=[_("Code"), _("Unit"), _("Hours worked"), _("Incidents"), _("Dead"),
                      _("Away from work"), *(code.upper() for code in OF_A_BRANCH)],
            rows=[_unit_row(one) for one in numbers.find_branches(of.units, of.lines)],
        ),
    ])  # fmt: skip
    return workbook(f"injuries-{of.since:%Y-%m}", book)


def _unit_row(one: Branch) -> list[tables.Cell]:
    sums = one.line.sums
    rates = [injury_rates.reckon(RATES[code], sums).value for code in OF_A_BRANCH]
    return [one.version.unit.code, one.version.name, sums.hours, one.line.incidents, sums.deaths,
            sums.away_cases, *rates]  # fmt: skip


def _get_handled(request: ScopedRequest, code: str) -> UnitVersion:
    """Return a unit whose incidents the viewer handles, be it closed: its hours and forms are kept.

    Raises Http404, PermissionDenied.
    """
    versions = UnitVersion.objects.filter(unit__code=code).select_related("unit")
    version = history.latest_first(versions, clock.now()).first()
    if version is None or not request.viewer.may(Capability.SEE, version.path):
        raise Http404(_("No such unit is recorded, or not for you to see."))
    access.require(request.viewer, Capability.HANDLE_INCIDENTS, version.path)
    return version


@login_required
@require_http_methods(["GET", "POST"])
def hours(request: ScopedRequest) -> HttpResponse:
    """The hours worked at a unit, month by month, and a form for one more."""
    if not request.viewer.roots(Capability.HANDLE_INCIDENTS):
        raise PermissionDenied(access.refusal())
    code = request.GET.get("unit", "") or request.scope_.within or _own(request)
    version = _get_handled(request, code)
    form = incident_forms.HoursForm(sent(request))
    if form.is_valid():
        try:
            incident_hours.record_hours(
                actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id,
                **form.cleaned_data,
            )  # fmt: skip
            messages.success(request, _("Recorded."))
            return HttpResponseRedirect(f"{address(request, 'hours')}&unit={version.unit.code}")
        except IncidentRefused as refused:
            form.add_error(None, str(refused))
    return _hours_page(request, version, form)


def _own(request: ScopedRequest) -> str:
    """Return the code of the first unit whose incidents the viewer handles."""
    roots = request.viewer.roots(Capability.HANDLE_INCIDENTS)
    rows = UnitVersion.objects.filter(unit_id__in=roots, valid__contains=clock.today())
    return rows.order_by("path").values_list("unit__code", flat=True).first() or ""


def _hours_page(
    request: ScopedRequest, version: UnitVersion, form: incident_forms.HoursForm,
    outcome: sheets.Outcome | None = None, refusal: str = "",
) -> HttpResponse:  # fmt: skip
    rows = WorkedHours.objects.filter(unit_id=version.unit_id).order_by("-month")
    year = request.scope_.day.year
    context = {
        "scope": request.scope_, "tabs": tabs(request, "hours"), "version": version, "form": form,
        "rows": rows[:SHOWN_MONTHS], "outcome": outcome, "refusal": refusal,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "units": incident_page.find_offered(request.viewer, Capability.HANDLE_INCIDENTS),
        "year": year,
        "months": osha_forms.find_hours(version.unit_id, year).count(),
        "all_months": osha_forms.MONTHS,
        "may_see_injured": request.viewer.may(Capability.SEE_INJURED, version.path),
    }  # fmt: skip
    status = REFUSED if form.errors or refusal or (outcome and outcome.errors) else 200
    return render(request, "safety/incident_hours.html", context, status=status)


@login_required
@require_POST
def hours_import(request: ScopedRequest) -> HttpResponse:
    """Record the hours of a table, all of it or nothing."""
    if not request.viewer.roots(Capability.HANDLE_INCIDENTS):
        raise PermissionDenied(access.refusal())
    version, file = _get_handled(request, _own(request)), request.FILES.get("file")
    form = incident_forms.HoursForm()
    if file is None:
        return _hours_page(request, version, form, refusal=_("Choose a file."))
    try:
        outcome = incident_hours.import_hours(
            actor=request.viewer.actor, now=clock.now(), viewer=request.viewer,
            content=file.read(tables.LIMIT_BYTES + 1),
        )  # fmt: skip
    except tables.TableError as error:
        return _hours_page(request, version, form, refusal=str(error))
    if outcome.is_applied:
        counts = {"new": outcome.created, "changed": outcome.changed}
        messages.success(request, _("Recorded: %(new)d new, %(changed)d changed.") % counts)
    return _hours_page(request, version, form, outcome)


@login_required
@require_GET
def hours_template(request: ScopedRequest) -> HttpResponse:
    """An empty table of hours to fill in."""
    chinese = request.scope_.lang == "zh"
    content = sheets.template(incident_hours.COLUMNS, "hours", in_chinese=chinese)
    return workbook("hours", content)


@login_required
@never_cache
@require_GET
def osha(request: ScopedRequest, form: str) -> HttpResponse:
    """A form of OSHA of a unit and year. The summary names nobody; the others are a look."""
    if form not in osha_forms.FORMS:
        raise Http404(_("There is no such form."))
    version = _get_handled(request, request.GET.get("unit", ""))
    year = request.GET.get("year", "")
    chosen = int(year) if year in YEARS else request.scope_.day.year
    if form != "300a":
        access.require(request.viewer, Capability.SEE_INJURED, version.path)
        incident_people.record_look(
            viewer=request.viewer, now=clock.now(), incident=None, unit_id=version.unit_id
        )
    content = osha_forms.FORMS[form](osha_forms.Year(version, chosen))
    return workbook(f"osha-{form}-{version.unit.code}-{chosen}", content)
