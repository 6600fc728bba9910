"""Situation reports: the series, one report, its files, its words and its steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, days
from taishan.kit.documents import DOCX
from taishan.kit.tables import XLSX
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.presenting import posted, sent
from taishan.organisation.scope import ScopedRequest
from taishan.situation import bulletin, bulletin_files, series, situation_reports, standing
from taishan.situation.forms import TextForm
from taishan.situation.models import SituationReport
from taishan.situation.situation_reports import SECTIONS, ReportRefused, State

PAGE = 30
STEPS: dict[str, tuple[Callable[..., Any], Capability]] = {
    "submission": (situation_reports.submit, Capability.WRITE_SITUATION),
    "return": (situation_reports.give_back, Capability.RELEASE_SITUATION),
    "review": (situation_reports.review, Capability.RELEASE_SITUATION),
    "publication": (situation_reports.publish, Capability.RELEASE_SITUATION),
}


@login_required
@require_GET
def reports(request: ScopedRequest) -> HttpResponse:
    """The reports that the viewer may read, by unit, month and words."""
    viewer, scope = request.viewer, request.scope_
    unit, text = request.GET.get("unit", ""), request.GET.get("text", "").strip()[:100]
    month = _month(request)
    found = series.find_reports(viewer, unit=unit, month=month, text=text)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": scope,
        "page": page,
        "rows": [_row(request, one) for one in page],
        "filters": _filters(request, unit, month, text),
        "is_narrowed": bool(unit or month or text),
        "to_write": series.find_to_write(viewer, scope.day, scope.within),
    }
    return render(request, "situation/reports.html", context)


def _month(request: ScopedRequest) -> date | None:
    try:
        return days.read(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return None


def _filters(
    request: ScopedRequest, unit: str, month: date | None, text: str
) -> list[dict[str, Any]]:
    months = [f"{day:%Y-%m}" for day in series.find_months(request.viewer)]
    units = [("", _("all")), *series.find_units(request.viewer)]
    return [
        {"name": "unit", "word": _("Unit"), "value": unit, "options": units},
        {
            "name": "month", "word": _("Month"), "value": f"{month:%Y-%m}" if month else "",
            "options": [("", _("all")), *((one, one) for one in months)],
        },
        {"name": "text", "word": _("Words in it"), "value": text},
    ]  # fmt: skip


def _row(request: ScopedRequest, one: Any) -> dict[str, Any]:
    published = getattr(one, "publication", None)
    corrected = getattr(one.corrects, "publication", None)
    state = State.PUBLISHED if published else State(one.last_step or State.DRAFT)
    return {
        "report": one,
        "unit": one.name_zh if request.scope_.lang == "zh" else one.name_en,
        "number": bulletin.number_word(published) if published else "",
        "state": standing.state_word(state),
        "corrects": bulletin.number_word(corrected) if corrected else "",
    }


@login_required
@require_GET
def report(request: ScopedRequest, pk: int) -> HttpResponse:
    """One report: what it says, where it stands, and what the viewer may do with it."""
    found = _find(request, pk)
    edition = found.editions.latest("number")
    stands = standing.get_standing(request.viewer, found, standing.path_of(found))
    told = bulletin.compose(found, edition)
    context = {
        "scope": request.scope_,
        "report": found,
        "edition": edition,
        "told": told,
        "stands": stands,
        "banner": standing.banner(found, stands),
        "story": standing.story(found, told["zone"]),
        "is_intact": _is_intact(found),
        "crumbs": [(_("Situation reports"), _address(request, "reports")), (_title(told), "")],
    } | _names(found, told)
    return render(request, "situation/report.html", context)


def _find(request: ScopedRequest, pk: int) -> SituationReport:
    return get_object_or_404(series.find_readable(request.viewer), pk=pk)


def _address(request: ScopedRequest, name: str, *args: Any) -> str:
    return f"{reverse(f'situation:{name}', args=args)}?{request.scope_.query()}"


def _title(told: dict[str, Any]) -> str:
    return str(_("Situation report: %s") % told["unit"])


def _is_intact(found: SituationReport) -> bool:
    published = getattr(found, "publication", None)
    return published is None or situation_reports.is_as_published(published)


def _names(found: SituationReport, told: dict[str, Any]) -> dict[str, Any]:
    """Return what the report is called, and the numbers of those that it corrects or that do it."""
    published = getattr(found, "publication", None)
    later = found.corrections.exclude(publication=None).select_related("publication")
    return {
        "title": _title(told),
        "number": bulletin.number_word(published) if published else _("Draft"),
        "corrected": bulletin.number_word(found.corrects.publication) if found.corrects else "",
        "corrections": [(one.pk, bulletin.number_word(one.publication)) for one in later],
    }


@login_required
@require_GET
def workbook(request: ScopedRequest, pk: int) -> HttpResponse:
    """The report's tables as xlsx."""
    found = _find(request, pk)
    told = bulletin.compose(found, found.editions.latest("number"))
    names = _names(found, told)
    return _file(found, bulletin_files.as_workbook(told, names["number"]), "xlsx", XLSX)


@login_required
@require_GET
def document(request: ScopedRequest, pk: int) -> HttpResponse:
    """The report as docx."""
    found = _find(request, pk)
    told = bulletin.compose(found, found.editions.latest("number"))
    names = _names(found, told)
    marks = [_("Corrects %s") % names["corrected"]] if names["corrected"] else []
    marks += [_("Corrected by %s") % number for _pk, number in names["corrections"]]
    content = bulletin_files.as_document(told, names["title"], names["number"], marks)
    return _file(found, content, "docx", DOCX)


def _file(found: SituationReport, content: bytes, ending: str, kind: str) -> HttpResponse:
    published = getattr(found, "publication", None)
    which = f"{published.year}-{published.number}" if published else f"draft-{found.day}"
    name = f"situation-{found.unit.code}-{which}.{ending}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def text(request: ScopedRequest, pk: int) -> HttpResponse:
    """Write in a draft; what was written stays on the page where it is refused."""
    found = _find(request, pk)
    access.require(request.viewer, Capability.WRITE_SITUATION, standing.path_of(found))
    edition = found.editions.latest("number")
    written = {name: getattr(edition, name) for name in SECTIONS} | {"edition": edition.number}
    form = TextForm(sent(request), initial=written)
    if form.is_valid() and _revise(request, found, form):
        return HttpResponseRedirect(_address(request, "report", pk))
    title = _title(bulletin.compose(found, edition))
    crumbs = [
        (_("Situation reports"), _address(request, "reports")),
        (title, _address(request, "report", pk)),
        (_("Text"), ""),
    ]
    context = {"scope": request.scope_, "report": found, "form": form, "title": title}
    status = 422 if form.errors else 200
    return render(
        request, "situation/report_text.html", context | {"crumbs": crumbs}, status=status
    )


def _revise(request: ScopedRequest, found: SituationReport, form: TextForm) -> bool:
    try:
        situation_reports.revise(
            actor=request.viewer.actor, now=clock.now(), report=found,
            edition=form.cleaned_data["edition"], words=form.words(),
        )  # fmt: skip
    except ReportRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@login_required
@require_POST
def step(request: ScopedRequest, pk: int, step: str) -> HttpResponse:
    """Submit, return, review or publish a draft."""
    found = _find(request, pk)
    take, capability = STEPS[step]
    access.require(request.viewer, capability, standing.path_of(found))
    given: dict[str, Any] = {"reason": posted(request, "reason")} if step == "return" else {}
    edition = request.POST.get("edition", "")
    try:
        take(
            actor=request.viewer.actor, now=clock.now(), report=found,
            edition=int(edition) if edition.isdecimal() else 0, **given,
        )  # fmt: skip
    except ReportRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(_address(request, "report", pk))
