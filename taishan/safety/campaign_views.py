"""Campaigns: all of them, opening one, the whole of one, what it asks, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core import campaigns as core
from taishan.core.campaigns import Standing
from taishan.files.actions import LARGE_ROWS
from taishan.kit import clock, downloads, tables
from taishan.kit.documents import DOCX
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    campaign_freezing,
    campaign_lists_file,
    campaign_report,
    campaign_sheet,
    campaign_words,
)
from taishan.safety import campaign_presenting as presenting
from taishan.safety import campaign_queries as queries
from taishan.safety import campaign_ranking as ranking
from taishan.safety import campaigns as actions
from taishan.safety.campaign_forms import ClosingForm, MilestoneForm, TargetForm, TextForm
from taishan.safety.campaign_models import Campaign, CampaignMilestone
from taishan.safety.campaign_queries import Branch
from taishan.safety.campaigns import CampaignRefused

PAGE = 60
REFUSED = 422


@login_required
@require_GET
def campaigns(request: ScopedRequest) -> HttpResponse:
    """The campaigns that the viewer's units take part in, or took part in."""
    closed = request.GET.get("state") == "closed"
    found = queries.find_visible(request.viewer).exclude(closing__isnull=closed)
    page = Paginator(found.prefetch_related("phases"), PAGE).get_page(request.GET.get("page"))
    today, versions = clock.today(), organisation.find_last_versions(c.unit_id for c in page)
    context = {
        "scope": request.scope_, "page": page, "is_closed": closed,
        "rows": [
            {"campaign": one, "unit": versions[one.unit_id], "last": one.ends - core.DAY,
             "phase": _phase(one, today)}
            for one in page
        ],
        "tabs": [
            {"word": _("Running"), "href": "?state=", "is_on": not closed},
            {"word": _("Ended"), "href": "?state=closed", "is_on": closed},
        ],
        "may_open": bool(request.viewer.roots(Capability.DIRECT)),
    }  # fmt: skip
    return render(request, "safety/campaigns.html", context)


def _phase(campaign: Campaign, day: date) -> str:
    running = [one for one in campaign.phases.all() if one.starts <= day < one.ends]
    return running[0].title if running else ""


def get_campaign(request: ScopedRequest, pk: int) -> tuple[Campaign, UnitVersion]:
    """Return a campaign that the viewer may see, and the unit that runs it. Raises Http404."""
    found = get_object_or_404(queries.find_visible(request.viewer), pk=pk)
    return found, organisation.get_last_version(found.unit_id)


def get_branch(request: ScopedRequest, campaign: Campaign) -> Branch:
    """Return the part of a campaign that an address asks for. Raises Http404."""
    try:
        return queries.get_branch(request.viewer, campaign, clock.now(), request.scope_.within)
    except UnitVersion.DoesNotExist:
        raise Http404(_("No such unit takes part, or not for you to see.")) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was sent to a form of the page, to be shown again with what is wrong. ``reached``: with
    the number of its milestone.
    """

    milestone: MilestoneForm | None = None
    reached: tuple[int, TextForm] | None = None
    target: TargetForm | None = None


@login_required
@never_cache
@require_GET
def campaign(request: ScopedRequest, pk: int) -> HttpResponse:
    """The whole of a campaign, or its part below a unit, as one picture."""
    return _page(request, *get_campaign(request, pk), Asked())


def _page(
    request: ScopedRequest, found: Campaign, top: UnitVersion, asked: Asked, status: int = 200
) -> HttpResponse:
    day, branch = clock.today(top.time_zone), get_branch(request, found)
    sees_all = not request.scope_.within and request.viewer.may(Capability.SEE, top.path)
    forms = _forms(request, found, top, day, asked)
    context: dict[str, Any] = {
        "scope": request.scope_, "campaign": found, "top": top, "last": found.ends - core.DAY,
        "banner": campaign_words.banner(found, top.name, request.viewer, top.path),
        "picture": presenting.picture(
            found, day, lambda one: _reaching(one, asked, may_direct=forms["may_direct"])
        ),
        "branch": branch,
        "targets": ranking.targets(found, branch, day, top if sees_all else None),
        "crumbs": presenting.crumbs(request, found, branch.top, dict(branch.places)),
        "formula": campaign_words.explain(core.FORMULAS[found.formula]),
        **_numbers(request, found, branch, day), **forms,
    }  # fmt: skip
    if branch.top is not None and branch.top.unit_id == found.unit_id:
        context["gone"] = queries.find_gone(found, branch)
    return render(request, "safety/campaign.html", context, status=status)


def _numbers(request: ScopedRequest, found: Campaign, branch: Branch, day: date) -> dict[str, Any]:
    whole = branch.sum_of(branch.places.values())
    by_standing, chosen = ranking.standings(found, branch, day), request.GET.get("state", "")
    if chosen not in set(Standing):
        chosen = ""
    rows = ranking.rank(found, branch, day, by_standing)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {
        "tiles": presenting.tiles(whole, ""),
        "chips": presenting.chips(request, by_standing, chosen), "whole": whole,
        "chosen": presenting.badge(Standing(chosen)) if chosen else None,
        "units": presenting.units_of(request, found, branch, by_standing[Standing(chosen)], day)
        if chosen else [],
        "page": page, "rows": [presenting.row(request, found, one) for one in page],
    }  # fmt: skip


def _reaching(one: CampaignMilestone, asked: Asked, *, may_direct: bool) -> TextForm | None:
    if asked.reached and asked.reached[0] == one.pk:
        return asked.reached[1]
    return _reaching_form(one.pk) if may_direct and not hasattr(one, "reached") else None


def _reaching_form(number: int, given: QueryDict | None = None) -> TextForm:
    return TextForm(given, label=_("What shows it"), auto_id=f"reached-{number}-%s")


def _forms(
    request: ScopedRequest, found: Campaign, top: UnitVersion, day: date, asked: Asked
) -> dict[str, Any]:
    if hasattr(found, "closing") or not presenting.may_direct(request, top.path):
        return {"may_direct": False}
    return {
        "may_direct": True,
        "setting": asked.milestone or MilestoneForm(phases=found.phases.order_by("number")),
        "targeting": asked.target
        or TargetForm(day=day, initial={"unit": request.scope_.within or top.unit.code}),
    }


@login_required
@require_GET
def units_file(request: ScopedRequest, pk: int) -> HttpResponse:
    """The table of the page as an Excel file."""
    found, top = get_campaign(request, pk)
    branch, day = get_branch(request, found), clock.today(top.time_zone)
    rows = ranking.rank(found, branch, day, ranking.standings(found, branch, day))
    kept = [campaign_freezing.as_row(row) for row in rows]
    cells = [campaign_report.row_cells(campaign_report.row_of(line)) for line in kept]
    content = tables.write_xlsx(_("units"), campaign_report.row_heads(), cells)
    return downloads.save(content, f"campaign-{pk}.xlsx")


@login_required
@require_GET
def lists_file(request: ScopedRequest, pk: int) -> HttpResponse:
    """The lists of all units of the page as an Excel file, at once or by the worker."""
    found, _top = get_campaign(request, pk)
    within, now = get_within(request, found), clock.now()
    lines = campaign_lists_file.find(request.viewer, found, now, within)
    if lines.count() > LARGE_ROWS:
        campaign_lists_file.ask(request.viewer, now, found, within)
        return HttpResponseRedirect(f"/files/?{request.scope_.query()}")
    content = campaign_sheet.content_of(lines)
    book = tables.write_xlsx(_("lists"), content.headings, content.rows)
    return downloads.save(book, f"campaign-{pk}-lists.xlsx")


def get_within(request: ScopedRequest, found: Campaign) -> str:
    """Return the unit that an address narrows to. Raises Http404 where it is not to be seen."""
    get_branch(request, found)
    return request.scope_.within


def _directed(request: ScopedRequest, pk: int) -> tuple[Campaign, UnitVersion]:
    found, top = get_campaign(request, pk)
    access.require(request.viewer, Capability.DIRECT, top.path)
    return found, top


@login_required
@require_POST
def milestones(request: ScopedRequest, pk: int) -> HttpResponse:
    """Set one more milestone."""
    found, top = _directed(request, pk)
    form = MilestoneForm(request.POST, phases=found.phases.order_by("number"))
    if form.is_valid():
        try:
            actions.set_milestone(actor=request.viewer.actor, now=clock.now(), **form.cleaned_data)
            return back(request, found)
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, top, Asked(milestone=form), REFUSED)


@login_required
@require_POST
def reaching(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """Record that a milestone was reached."""
    found, top = _directed(request, pk)
    milestone = get_object_or_404(CampaignMilestone, pk=number, phase__campaign=found)
    form = _reaching_form(number, request.POST)
    if form.is_valid():
        try:
            actions.reach_milestone(
                actor=request.viewer.actor, now=clock.now(), milestone=milestone,
                **form.cleaned_data,
            )  # fmt: skip
            return back(request, found)
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, top, Asked(reached=(number, form)), REFUSED)


@login_required
@require_POST
def targets(request: ScopedRequest, pk: int) -> HttpResponse:
    """Set a target."""
    found, top = _directed(request, pk)
    form = TargetForm(request.POST, day=clock.today(top.time_zone))
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.set_target(
                actor=request.viewer.actor, now=clock.now(), campaign=found,
                unit_id=given["unit"].unit_id, measure=given["measure"], amount=given["amount"],
                by_day=given["by_day"],
            )  # fmt: skip
            return back(request, found)
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, top, Asked(target=form), REFUSED)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def closing(request: ScopedRequest, pk: int) -> HttpResponse:
    """Close a campaign with its report: the numbers of this instant are frozen with the words."""
    found, top = _directed(request, pk)
    form, now = ClosingForm(sent(request)), clock.now()
    if form.is_valid():
        numbers = campaign_freezing.take(request.viewer, found, top, now)
        try:
            actions.close(
                actor=request.viewer.actor, now=now, campaign=found, numbers=numbers,
                **form.cleaned_data,
            )  # fmt: skip
            return back(request, found)
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    context = {
        "scope": request.scope_, "campaign": found, "form": form,
        "crumbs": [*presenting.crumbs(request, found, None, {}), (_("Closing report"), "")],
    }  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "safety/campaign_closing.html", context, status=status)


def _reported(request: ScopedRequest, pk: int) -> tuple[Campaign, dict[str, Any]]:
    found, top = get_campaign(request, pk)
    viewer = request.viewer
    if not (viewer.may(Capability.SEE, top.path) or viewer.roots(Capability.REPORT)):
        raise Http404(_("There is no such report, or not for you to see."))
    if not hasattr(found, "closing"):
        raise Http404(_("It has not been closed: there is no report yet."))
    return found, campaign_report.compose(found.closing)


@login_required
@require_GET
def report(request: ScopedRequest, pk: int) -> HttpResponse:
    """The closing report."""
    found, told = _reported(request, pk)
    context = {
        "scope": request.scope_, "campaign": found, "told": told,
        "crumbs": [*presenting.crumbs(request, found, None, {}), (_("Closing report"), "")],
    }  # fmt: skip
    return render(request, "safety/campaign_report.html", context)


@login_required
@require_GET
def report_file(request: ScopedRequest, pk: int, form: str) -> HttpResponse:
    """The closing report as a workbook or a document."""
    _found, told = _reported(request, pk)
    name = f"campaign-{pk}-report.{form}"
    if form == "xlsx":
        return downloads.save(campaign_report.as_workbook(told), name)
    if form == "docx":
        return downloads.save(campaign_report.as_document(told), name, DOCX)
    raise Http404(_("There is no such file."))


def back(request: ScopedRequest, found: Campaign) -> HttpResponse:
    """Return to the page of a campaign, saying that it is recorded."""
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(presenting.campaign_address(request.scope_, found))
