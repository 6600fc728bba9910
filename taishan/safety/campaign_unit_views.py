"""The two lists of a unit in a campaign: on a page, out and in as xlsx, and its monthly returns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core.duties import OPEN
from taishan.kit import clock, days, downloads, tables
from taishan.organisation import access, sheets, uploads
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import Unit, UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    campaign_entries,
    campaign_hazards,
    campaign_returns,
    campaign_sheet,
    campaign_unit_presenting,
)
from taishan.safety import campaign_presenting as presenting
from taishan.safety import campaign_queries as queries
from taishan.safety.campaign_forms import EntryForm, ReturnForm
from taishan.safety.campaign_models import Campaign, CampaignEntry
from taishan.safety.campaign_views import REFUSED, get_campaign
from taishan.safety.campaigns import CampaignRefused
from taishan.safety.hazard_models import Hazard

PAGE = 50
SHOWN_ERRORS = 200
_MONTH = re.compile(r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """A unit in a campaign, as an address names them. ``day``: the unit's own today."""

    campaign: Campaign
    version: UnitVersion
    day: date

    @property
    def unit_id(self) -> int:
        return self.version.unit_id

    @property
    def args(self) -> list[Any]:
        return [self.campaign.pk, self.version.unit.code]


def _get(request: ScopedRequest, pk: int, code: str) -> Of:
    """Return what an address names. Raises Http404 for a unit that never took part or is unseen."""
    found, _top = get_campaign(request, pk)
    unit = Unit.objects.filter(code=code).first()
    version = organisation.get_last_version(unit.pk) if unit else None
    if version is None or not request.viewer.may(Capability.SEE, version.path):
        raise Http404(_("No such unit takes part, or not for you to see."))
    takes_part = queries.is_in_scope(found, version.unit_id, clock.now())
    if not takes_part and not found.sums.filter(unit_id=version.unit_id).exists():
        raise Http404(_("No such unit takes part, or not for you to see."))
    day = clock.today(version.time_zone)
    return Of(campaign=found, version=version, day=day)


def _kept(request: ScopedRequest, pk: int, code: str) -> Of:
    of = _get(request, pk, code)
    access.require(request.viewer, Capability.REPORT, of.version.path)
    return of


@login_required
@never_cache
@require_GET
def unit(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """A unit's lists, one at a time, with what it owes and has returned."""
    return _page(request, _get(request, pk, code))


def _list(given: QueryDict, name: str) -> str:
    of = given.get(name, "")
    return of if of in CampaignEntry.Of.values else CampaignEntry.Of.PROBLEMS


def _page(
    request: ScopedRequest, of: Of, form: EntryForm | None = None, status: int = 200
) -> HttpResponse:
    chosen, stand = (
        _list(request.POST, "of") if form else _list(request.GET, "list"),
        request.GET.get("stand", ""),
    )
    lines = of.campaign.entries.filter(unit_id=of.unit_id, of=chosen)
    narrowed = campaign_unit_presenting.narrow(lines, stand, request.GET.get("q", ""), clock.now())
    page = Paginator(narrowed, PAGE).get_page(request.GET.get("page"))
    may_keep = request.viewer.may(Capability.REPORT, of.version.path)
    may_add = may_keep and not hasattr(of.campaign, "closing")
    context: dict[str, Any] = {
        "scope": request.scope_, "campaign": of.campaign, "version": of.version, "page": page,
        "list": chosen, "may_keep": may_keep, "may_add": may_add,
        "lines": [campaign_unit_presenting.line(one, clock.now()) for one in page],
        "returns": campaign_unit_presenting.returns(of.campaign, of.unit_id, clock.now()),
        **campaign_unit_presenting.around(request, of.campaign, of.version, chosen, stand),
    }  # fmt: skip
    if may_add:
        context["adding"] = form or EntryForm(
            unit_id=of.unit_id, day=of.day, initial={"of": chosen}
        )
        context["hazards"] = campaign_hazards.find_listable(of.campaign, of.unit_id)[:50]
    return render(request, "safety/campaign_unit.html", context, status=status)


@login_required
@require_POST
def entries(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """Add a line to a list."""
    of = _kept(request, pk, code)
    form = EntryForm(request.POST, unit_id=of.unit_id, day=of.day)
    if form.is_valid():
        try:
            campaign_entries.add(
                actor=request.viewer.actor, now=clock.now(), campaign=of.campaign,
                unit_id=of.unit_id, wanted=[form.wanted()],
            )  # fmt: skip
            return _back(request, of, form.cleaned_data["of"])
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, of, form, REFUSED)


@login_required
@require_POST
def hazards(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """Put a hazard of the unit on its list of problems."""
    of, asked = _kept(request, pk, code), request.POST.get("hazard", "")
    if not (asked.isdecimal() and len(asked) < 18):
        raise Http404(_("There is no such hazard."))
    hazard = get_object_or_404(Hazard, pk=int(asked), unit_id=of.unit_id)
    try:
        campaign_hazards.add(
            actor=request.viewer.actor, now=clock.now(), campaign=of.campaign, hazard=hazard
        )
    except CampaignRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(_address(request, of, CampaignEntry.Of.PROBLEMS))
    return _back(request, of, CampaignEntry.Of.PROBLEMS)


def _address(request: ScopedRequest, of: Of, chosen: str) -> str:
    page = presenting.unit_address(request.scope_, of.campaign, of.version.unit.code)
    return f"{page}&list={chosen}"


def _back(request: ScopedRequest, of: Of, chosen: str) -> HttpResponse:
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(_address(request, of, chosen))


@login_required
@require_GET
def lists_file(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """Both lists of a unit as an Excel file."""
    of = _get(request, pk, code)
    content = campaign_sheet.content_of(of.campaign.entries.filter(unit_id=of.unit_id))
    book = tables.write_xlsx(_("lists"), content.headings, content.rows)
    return downloads.save(book, f"campaign-{pk}-{code}.xlsx")


@login_required
@require_GET
def template(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """An empty table to fill in, with the unit's posts."""
    of = _get(request, pk, code)
    book = campaign_sheet.write_template(of.unit_id, of.day)
    return downloads.save(book, f"campaign-{pk}-{code}-template.xlsx")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def imports(request: ScopedRequest, pk: int, code: str) -> HttpResponse:
    """Choose a file, and see what it would list and what is wrong with it."""
    of = _kept(request, pk, code)
    if request.method == "GET":
        return _import_page(request, of)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > tables.LIMIT_BYTES:
        return _import_page(request, of, refusal=_("Choose a file of at most 40 MiB."))
    content = file.read()
    try:
        outcome = _run(request, of, content, "preview")
    except (tables.TableError, CampaignRefused) as error:
        return _import_page(request, of, refusal=str(error))
    token = uploads.keep(request.viewer.account_id, content)
    return _import_page(request, of, outcome=outcome, token=token)


@login_required
@require_POST
def confirmation(request: ScopedRequest, pk: int, code: str, token: str) -> HttpResponse:
    """List what a file says, or its good rows."""
    of = _kept(request, pk, code)
    content = uploads.find(request.viewer.account_id, token)
    if content is None:
        return _import_page(request, of, refusal=_("The file is no longer kept: choose it again."))
    chosen: sheets.Mode = (
        "good_rows" if request.POST.get("mode") == "good_rows" else "all_or_nothing"
    )
    try:
        outcome = _run(request, of, content, chosen)
    except CampaignRefused as refused:
        return _import_page(request, of, refusal=str(refused))
    if not outcome.is_applied:
        return _import_page(request, of, outcome=outcome, token=token)
    uploads.drop(request.viewer.account_id, token)
    said = ngettext("%d line was listed.", "%d lines were listed.", outcome.created)
    messages.success(request, said % outcome.created)
    return HttpResponseRedirect(_address(request, of, CampaignEntry.Of.PROBLEMS))


def _run(request: ScopedRequest, of: Of, content: bytes, mode: sheets.Mode) -> sheets.Outcome:
    return campaign_sheet.import_lists(
        actor=request.viewer.actor, now=clock.now(), campaign=of.campaign, unit_id=of.unit_id,
        content=content, mode=mode,
    )  # fmt: skip


def _import_page(request: ScopedRequest, of: Of, **given: Any) -> HttpResponse:
    outcome = given.get("outcome")
    context = given | {
        "scope": request.scope_, "campaign": of.campaign, "version": of.version,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "action": f"{reverse('campaigns:import', args=of.args)}?{request.scope_.query()}",
        "template_href": reverse("campaigns:template", args=of.args),
        "crumbs": [
            *campaign_unit_presenting.crumbs(request, of.campaign, of.version),
            (_("From an Excel file"), ""),
        ],
    }  # fmt: skip
    is_refused = bool(given.get("refusal")) or (request.method == "POST" and not outcome)
    status = REFUSED if is_refused else 200
    return render(request, "safety/campaign_import.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def month_return(request: ScopedRequest, pk: int, code: str, month: str) -> HttpResponse:
    """The return on a month: to be given by who keeps the lists, or as it was given."""
    of = _get(request, pk, code)
    if not _MONTH.fullmatch(month):
        raise Http404(_("There is no such month."))
    first = days.read(f"{month}-01")
    given = of.campaign.returns.filter(unit_id=of.unit_id, month=first).first()
    duty = campaign_returns.find_open(of.campaign, of.unit_id, first)
    if duty is None:
        raise Http404(_("No return on this month is owed."))
    if request.method == "POST":
        access.require(request.viewer, Capability.REPORT, of.version.path)
    form = ReturnForm(sent(request))
    if form.is_valid():
        try:
            campaign_returns.give(
                actor=request.viewer.actor, now=clock.now(), campaign=of.campaign,
                unit_id=of.unit_id, month=first, **form.cleaned_data,
            )  # fmt: skip
            return _back(request, of, CampaignEntry.Of.PROBLEMS)
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    may_give = (
        duty.standing(clock.now()) in OPEN
        and request.viewer.may(Capability.REPORT, of.version.path)
    )  # fmt: skip
    context = {
        "scope": request.scope_, "campaign": of.campaign, "version": of.version, "month": month,
        "given": given, "form": form if may_give else None,
        "sums": of.campaign.sums.filter(unit_id=of.unit_id).first(),
        "banner": campaign_unit_presenting.return_banner(
            duty, given, clock.now(), of.version, may_give=may_give
        ),
        "crumbs": [
            *campaign_unit_presenting.crumbs(request, of.campaign, of.version),
            (_("Return for %s") % month, ""),
        ],
    }  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "safety/campaign_return.html", context, status=status)
