"""Inspections as they were found: a subtree in numbers, all of them, and one item by item."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from taishan.core import inspections as core
from taishan.core.inspections import Outcome
from taishan.duties import scorecards
from taishan.duties.scorecards import Totals
from taishan.files import actions as files
from taishan.forms import presenting
from taishan.forms import queries as forms
from taishan.forms.models import Form, FormVersion
from taishan.kit import clock, downloads, tables
from taishan.kit.tables import Cell
from taishan.organisation import queries as organisation
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.safety import inspection_figures as figures
from taishan.safety import (
    inspection_list_file,
    inspection_lists,
    inspection_rights,
    inspection_routes,
    inspections,
)
from taishan.safety import inspection_pages as pages
from taishan.safety import inspection_words as words
from taishan.safety.inspection_models import Inspection, InspectionPhoto
from taishan.safety.inspection_rights import KIND
from taishan.safety.inspections import InspectionRefused

PAGE = 50


@login_required
@require_GET
def overview(request: ScopedRequest) -> HttpResponse:
    """A subtree in numbers: what passed, where and of what, over the months up to the day."""
    context = _numbers(request) | {
        "scope": request.scope_,
        "tabs": pages.tabs(request, "overview"),
        "filters": _filters(request, "form"),
    }
    return render(request, "safety/inspections.html", context)


def _numbers(request: ScopedRequest) -> dict[str, Any]:
    form, lang = pages.chosen_form(request), request.scope_.lang
    long = figures.months_to(request.scope_.day, pages.TREND_MONTHS)
    months = long[-pages.SHOWN_MONTHS :]
    branch = pages.find_branch(request, months)
    ids, form_id = list(branch.places), form.pk if form else None
    closed = pages.find_closed(request.viewer, branch, long[0], months[0])
    by_row = figures.find_by_row(branch.row_of, months, form_id)
    rows = pages.unit_rows(request, branch, by_row, months)
    whole = figures.total(row["whole"] for row in rows)
    until = (months[-1] + figures.MONTH).replace(day=1)
    owed = scorecards.find_totals(branch, months[0], until, clock.now(), KIND)
    rows = [row | {"owed": _any(owed[row["place"].unit_id])} for row in rows]
    return {
        "branch": branch,
        "top": branch.top,
        "form": form,
        "title": presenting.title(form, lang) if form else "",
        "months": [f"{month:%Y-%m}" for month in months],
        "rows": rows,
        "idle": [row for row in rows if not row["whole"].inspections and not row["owed"]],
        "tiles": _tiles(whole, owed),
        "areas": _areas(form, ids, months, lang),
        "chart": pages.trend(figures.find(ids + closed, long, "", form_id), long),
        "is_empty": not whole.inspections,
    }


def _any(totals: Totals) -> Totals | None:
    return totals if totals.owed else None


def _areas(form: Form | None, ids: list[int], months: list[date], lang: str) -> list[Any]:
    """Return the items of a checklist, as its last version has them, by area; at the end what was
    found of those that only earlier ones have."""
    if form is None:
        return []
    versions = FormVersion.objects.filter(form=form).exclude(state="draft").order_by("-number")
    version = versions.first()
    if version is None:
        return []
    found = figures.find(ids, months, "code", form.pk)
    rows = pages.item_rows(version, found, months, lang)
    left = found.keys() - {line["item"].code for area in rows for line in area["items"]}
    return rows + pages.dropped_rows(versions[1:] if left else (), left, found, months, lang)


def _tiles(whole: figures.Figures, owed: Any) -> list[dict[str, Any]]:
    missed = sum(one.missed for one in owed.values())
    done = sum(one.on_time + one.late for one in owed.values())
    return [
        {"label": _("Inspections"), "number": whole.inspections, "word": _("in three months")},
        {"label": _("Passed"), "number": words.percent(whole.share), "word": _("of the weight")},
        {"label": _("Failed items"), "number": whole.failed, "word": _("in all")},
        {"label": _("Failed as a whole"), "number": whole.failed_whole, "word": _("inspections")},
        {
            "label": _("Planned ones"), "number": done, "word": _("done"),
            "note": _("%d missed") % missed,
        },
    ]  # fmt: skip


@login_required
@require_GET
def overview_file(request: ScopedRequest) -> HttpResponse:
    """The page's numbers as an Excel file: by unit, and by item where a checklist is chosen."""
    found = _numbers(request)
    heads = [_("Unit"), _("Name"), _("Inspections"), _("Share that passed"), _("Failed items"),
             _("Failed as a whole"), *found["months"]]  # fmt: skip
    rows = [
        [row["place"].code, row["place"].name, row["whole"].inspections, row["share"],
         row["whole"].failed, row["whole"].failed_whole, *(share for _m, share in row["months"])]
        for row in found["rows"]
    ]  # fmt: skip
    sheets = [tables.NewSheet(name=pgettext("by unit", "Units"), headings=heads, rows=rows)]
    if found["areas"]:
        sheets.append(_item_sheet(found))
    return downloads.save(tables.write_book(sheets), f"inspections-{request.scope_.day}.xlsx")


def _item_sheet(found: dict[str, Any]) -> tables.NewSheet:
    heads = [_("Area"), _("Item"), _("Passed"), _("Failed"), _("Share that passed"),
             *found["months"]]  # fmt: skip
    rows: list[list[Cell]] = [
        [area["label"], line["label"], line["whole"].passed, line["whole"].failed, line["share"],
         *(share for _m, share in line["months"])]
        for area in found["areas"] for line in area["items"]
    ]  # fmt: skip
    return tables.NewSheet(name=_("Items"), headings=heads, rows=rows)


@login_required
@require_GET
def found(request: ScopedRequest) -> HttpResponse:
    """The inspections that the viewer may see, the latest first."""
    asked = inspection_lists.ask(request.GET, request.scope_)
    found = inspection_lists.find(request.viewer, asked).select_related(None)
    page = Paginator(found.select_related("unit", "version__form"), PAGE).get_page(
        request.GET.get("page")
    )
    versions = organisation.find_last_versions({one.unit_id for one in page})
    context = {
        "scope": request.scope_,
        "tabs": pages.tabs(request, "found"),
        "filters": _filters(request, "unit", "form", "verdict", "origin"),
        "page": page,
        "rows": [_row(request, one, versions[one.unit_id]) for one in page],
    }
    return render(request, "safety/inspections_found.html", context)


def _row(request: ScopedRequest, one: Inspection, version: UnitVersion) -> dict[str, Any]:
    verdict = core.Verdict(one.verdict)
    return {
        "one": one,
        "href": _to(request, "inspection", one.pk),
        "day": one.day.isoformat(),
        "version": version,
        "share": words.percent(one.score.share),
        "title": presenting.title(one.version.form, request.scope_.lang),
        "verdict": words.SHORT[verdict],
        "icon": words.ICONS.get(verdict, "circle-check"),
    }


def _filters(request: ScopedRequest, *names: str) -> list[dict[str, Any]]:
    everything = [("", _("all"))]
    offered: dict[str, Any] = {
        "unit": {"word": _("Unit"), "options": None},
        "form": {"word": _("Checklist"), "options": pages.form_options(request.scope_.lang)},
        "verdict": {"word": _("Result"), "options": [*everything, *words.SHORT.items()]},
        "origin": {"word": _("Occasion"), "options": [*everything, *Inspection.Origin.choices]},
    }
    return [{"name": name, "value": request.GET.get(name, "")} | offered[name] for name in names]


@login_required
@require_GET
def found_file(request: ScopedRequest) -> HttpResponse:
    """The inspections of the list as an Excel file, at once or by the worker."""
    asked = inspection_lists.ask(request.GET, request.scope_)
    content = inspection_list_file.content_of(request.viewer, asked)
    if content.total > files.LARGE_ROWS:
        inspection_list_file.ask(request.viewer, clock.now(), asked)
        return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")
    book = tables.write_xlsx(_("Inspections"), content.headings, content.rows)
    return downloads.save(book, inspection_list_file.name_of(asked))


@login_required
@require_GET
def checklists(request: ScopedRequest) -> HttpResponse:
    """The checklists in force."""
    lang = request.scope_.lang
    context = {
        "scope": request.scope_,
        "tabs": pages.tabs(request, "checklists"),
        "rows": [(one, presenting.title(one.form, lang)) for one in pages.find_checklists()],
    }
    return render(request, "safety/checklists.html", context)


@login_required
@require_GET
def checklist(request: ScopedRequest, form: str) -> HttpResponse:
    """One checklist in force: its items by area, their weights, and where each is from."""
    version = get_object_or_404(
        FormVersion.objects.select_related("form"), form__code=form, form__is_checklist=True,
        state=FormVersion.State.PUBLISHED,
    )  # fmt: skip
    rows = pages.item_rows(version, {}, [], request.scope_.lang)
    lang = request.scope_.lang
    for line in (line for area in rows for line in area["items"]):
        line["source"] = core.say_source(line["item"], lang)
    context = {
        "scope": request.scope_,
        "title": presenting.title(version.form, lang),
        "version": version,
        "areas": rows,
        "count": len(core.find_items(forms.get_definition(version))),
        "crumbs": [(_("Checklists"), _to(request, "checklists")), (form, "")],
    }
    return render(request, "safety/checklist.html", context)


def _to(request: ScopedRequest, name: str, *args: Any) -> str:
    return f"{reverse(f'inspections:{name}', args=args)}?{request.scope_.query()}"


def _get(request: ScopedRequest, pk: int) -> Inspection:
    return get_object_or_404(inspection_rights.find_visible(request.viewer), pk=pk)


@login_required
@require_GET
def inspection(request: ScopedRequest, pk: int) -> HttpResponse:
    """One inspection: what it comes to, what failed, and what became of that."""
    one, lang = _get(request, pk), request.scope_.lang
    versions = organisation.find_last_versions([one.unit_id, one.by_unit_id])
    version = versions[one.unit_id]
    areas = pages.lines(one, lang)
    every = [line for area in areas for line in area["lines"]]
    route = one.plan.route_at(one.recorded_at) if one.plan else None
    context = {
        "scope": request.scope_, "one": one, "version": version,
        "by_unit": versions[one.by_unit_id].name,
        "title": presenting.title(one.version.form, lang),
        "banner": words.banner(one, pages.count_waiting(every)), "areas": areas,
        "others": pages.others(one, lang),
        "failed": [line for line in every if line.is_failed],
        "other_photos": one.photos.exclude(code__in=[line.item.code for line in every]),
        "may_inspect": inspection_rights.find_inspecting(request.viewer, version, clock.now()),
        "route": route, "missed": inspection_routes.find_missed(one, route) if route else [],
        "visited": len(inspection_routes.find_proven(one)), "outcomes": Outcome,
        "crumbs": [(_("Inspections"), _to(request, "found")), (f"{pk}", "")],
    }  # fmt: skip
    return render(request, "safety/inspection.html", context)


@login_required
@require_GET
def photo(request: ScopedRequest, pk: int, photo: int) -> HttpResponse:
    """A photo of an inspection."""
    return get_object_or_404(InspectionPhoto, inspection=_get(request, pk), pk=photo).respond()


@login_required
@require_POST
def hazard(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """Make a failed item a hazard, in place."""
    one = _get(request, pk)
    version = organisation.find_last_versions([one.unit_id])[one.unit_id]
    if inspection_rights.find_inspecting(request.viewer, version, clock.now()) is None:
        raise PermissionDenied(_("You do not inspect this unit."))
    try:
        inspections.make_hazard(viewer=request.viewer, now=clock.now(), inspection=one, code=code)
    except InspectionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is a hazard now."))
    return HttpResponseRedirect(f"{_to(request, 'inspection', pk)}#item-{code}")
