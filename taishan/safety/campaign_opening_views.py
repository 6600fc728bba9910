"""Opening a campaign, from a shipped template or from nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import campaign_templates as templates
from taishan.safety import campaigns as actions
from taishan.safety.campaign_forms import MOST_PHASES, CampaignForm, PhaseForms
from taishan.safety.campaign_models import Campaign
from taishan.safety.campaign_presenting import campaign_address
from taishan.safety.campaign_templates import Template
from taishan.safety.campaigns import CampaignRefused

REFUSED = 422


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Open a campaign, by whoever directs the unit that runs it."""
    if not request.viewer.roots(Capability.DIRECT):
        raise PermissionDenied(access.refusal())
    chosen = templates.find_all().get(request.GET.get("template", ""))
    form = CampaignForm(sent(request), viewer=request.viewer, initial=_initial(request, chosen))
    phases = PhaseForms(sent(request), initial=_phases(chosen), prefix="phase")
    is_valid = request.method == "POST" and form.is_valid() and phases.is_valid()
    made = _open(request, form, phases) if is_valid else None
    if made is not None:
        messages.success(request, _("The campaign is open; those who run it in units are told."))
        return HttpResponseRedirect(campaign_address(request.scope_, made))
    context = {
        "scope": request.scope_, "form": form, "phases": phases, "chosen": chosen,
        "templates": templates.find_all().values(),
        "crumbs": [(_("Campaigns"), reverse("campaigns:campaigns")), (_("New campaign"), "")],
    }  # fmt: skip
    status = REFUSED if request.method == "POST" else 200
    return render(request, "safety/campaign_new.html", context, status=status)


def _initial(request: ScopedRequest, chosen: Template | None) -> dict[str, Any]:
    roots = [int(root) for root in request.viewer.roots(Capability.DIRECT)]
    versions = organisation.find_last_versions(roots)
    top = min(versions.values(), key=lambda one: len(one.path.split(".")))
    given: dict[str, Any] = {"unit": top.unit.code}
    if chosen is not None:
        given |= {
            "title_en": chosen.title.en, "title_zh": chosen.title.zh, "goal_en": chosen.goal.en,
            "goal_zh": chosen.goal.zh, "template": chosen.code,
        }  # fmt: skip
    return given


def _phases(chosen: Template | None) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "title_en": one.title.en, "title_zh": one.title.zh, "starts": one.starts,
            "last": one.last,
            "milestones": "\n".join(f"{m.zh} | {m.en}" for m in one.milestones),
        }
        for one in (chosen.phases if chosen else ())
    ]  # fmt: skip
    return found + [{}] * (min(len(found) + 1, MOST_PHASES) - len(found) if found else 4)


def _open(request: ScopedRequest, form: CampaignForm, phases: Any) -> Campaign | None:
    """Open what was filled in; None where it is refused, with the reason at the form."""
    chosen = templates.find_all().get(form.cleaned_data["template"])
    source = (str(chosen.source), chosen.source.url) if chosen else ("", "")
    wanted = tuple(found for one in phases if (found := one.phase()) is not None)
    try:
        return actions.open_campaign(
            actor=request.viewer.actor, now=clock.now(), order=form.order(wanted, source)
        )
    except CampaignRefused as refused:
        form.add_error(None, str(refused))
        return None
