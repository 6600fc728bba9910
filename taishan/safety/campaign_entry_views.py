"""One line of a list: where it stands, who acts next, what happened, and the forms to act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taishan.core.campaigns import Act, Stand
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability, Viewer
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.safety import campaign_entries as actions
from taishan.safety import campaign_unit_presenting as presenting
from taishan.safety import campaign_words as words
from taishan.safety.campaign_forms import DoneForm, TextForm
from taishan.safety.campaign_models import CampaignActFile, CampaignEntry
from taishan.safety.campaign_views import REFUSED
from taishan.safety.campaigns import CampaignRefused

LABELS = {
    Act.DONE: gettext_lazy("What was done"),
    Act.RETURNED: gettext_lazy("What is still missing"),
    Act.VERIFIED: gettext_lazy("What you have seen"),
    Act.WITHDRAWN: gettext_lazy("Why it should not have been listed"),
}
SUBMITS = {
    Act.DONE: (gettext_lazy("Say that it is done"), "completion", "check"),
    Act.VERIFIED: (gettext_lazy("Verify and close"), "verification", "circle-check"),
    Act.RETURNED: (gettext_lazy("Return it"), "giving_back", "history"),
    Act.WITHDRAWN: (gettext_lazy("Withdraw it"), "withdrawal", "trash"),
}
"""In the order in which a page offers them: the word, the name of the address, the icon."""


def _get(request: ScopedRequest, pk: int) -> tuple[CampaignEntry, UnitVersion]:
    rows = CampaignEntry.objects.select_related("campaign", "unit", "post", "hazard")
    found = get_object_or_404(rows, pk=pk)
    version = organisation.get_last_version(found.unit_id)
    may_see = request.viewer.may(Capability.SEE, version.path)
    if not may_see and not _holds(request.viewer, found):
        raise Http404(_("There is no such line, or not for you to see."))
    return found, version


def _may(viewer: Viewer, act: Act, entry: CampaignEntry, path: str) -> bool:
    """Tell whether the viewer's role, or post, is for an act."""
    match act:
        case Act.DONE:
            return viewer.may(Capability.REPORT, path) or _holds(viewer, entry)
        case Act.VERIFIED | Act.RETURNED:
            return viewer.may(Capability.ATTEST, path)
        case Act.WITHDRAWN:
            return viewer.may(Capability.DIRECT, path)


def _holds(viewer: Viewer, entry: CampaignEntry) -> bool:
    return viewer.person_id in actions.find_holders(entry, clock.now())


@login_required
@never_cache
@require_GET
def entry(request: ScopedRequest, pk: int) -> HttpResponse:
    """A line of a list."""
    return _page(request, *_get(request, pk))


def _page(
    request: ScopedRequest, found: CampaignEntry, version: UnitVersion,
    asked: tuple[Act, Form] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    now, acts = clock.now(), list(found.acts.select_related("file").order_by("number"))
    context: dict[str, Any] = {
        "scope": request.scope_, "entry": found, "version": version, "campaign": found.campaign,
        "banner": words.entry_banner(found, request.viewer, version.path, now),
        "story": words.story(found, acts, version.time_zone),
        "files": [one for one in acts if hasattr(one, "file")],
        "forms": _forms(request.viewer, found, version.path, asked),
        "crumbs": _crumbs(request, found, version),
    }  # fmt: skip
    return render(request, "safety/campaign_entry.html", context, status=status)


def _crumbs(
    request: ScopedRequest, found: CampaignEntry, version: UnitVersion
) -> list[tuple[str, str]]:
    """Return the way to a line: whoever took it over from elsewhere sees nothing around it."""
    sees = request.viewer.may(Capability.SEE, version.path)
    around = presenting.crumbs(request, found.campaign, version) if sees else []
    return [*around, (f"{found.get_of_display()} {found.number}", "")]


def _forms(
    viewer: Viewer, found: CampaignEntry, path: str, asked: tuple[Act, Form] | None
) -> list[dict[str, Any]]:
    """Return the forms of the acts that are possible now and for the viewer."""
    stand, offered = Stand(found.stand), []
    possible = {Stand.OPEN: (Act.DONE, Act.WITHDRAWN), Stand.DONE: (Act.VERIFIED, Act.RETURNED)}
    for act in possible.get(stand, ()) if found.hazard_id is None else ():
        if not _may(viewer, act, found, path):
            continue
        if act is Act.VERIFIED and viewer.person_id in actions.find_doers(found, clock.now()):
            continue
        word, name, icon = SUBMITS[act]
        is_asked = asked is not None and asked[0] is act
        offered.append(
            {
                "word": word, "icon": icon, "is_open": is_asked or act in (Act.DONE, Act.VERIFIED),
                "action": reverse(f"campaigns:{name}", args=[found.pk]),
                "form": asked[1] if asked and is_asked else _form(act),
                "is_grave": act in (Act.RETURNED, Act.WITHDRAWN),
            }
        )  # fmt: skip
    return offered


def _form(act: Act, *sent: Any) -> Form:
    form = DoneForm if act is Act.DONE else TextForm
    return form(*sent, label=LABELS[act], auto_id=f"{act}_%s")


@login_required
@require_POST
def act(request: ScopedRequest, pk: int, act: str) -> HttpResponse:
    """Take a step of a line."""
    found, version = _get(request, pk)
    wanted = Act(act)
    if not _may(request.viewer, wanted, found, version.path):
        raise PermissionDenied(access.refusal())
    form = _form(wanted, request.POST, request.FILES)
    if form.is_valid():
        try:
            _take(request, wanted, found, form.cleaned_data)
            messages.success(request, _("Recorded."))
            page = reverse("campaigns:entry", args=[pk])
            return HttpResponseRedirect(f"{page}?{request.scope_.query()}")
        except CampaignRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, version, (wanted, form), REFUSED)


def _take(request: ScopedRequest, act: Act, found: CampaignEntry, given: dict[str, Any]) -> None:
    of: dict[str, Any] = {"actor": request.viewer.actor, "now": clock.now(), "entry": found}
    steps: dict[Act, Callable[[], Any]] = {
        Act.DONE: lambda: actions.record_done(**of, text=given["text"], file=given.get("file")),
        Act.RETURNED: lambda: actions.give_back(**of, reason=given["text"]),
        Act.VERIFIED: lambda: actions.verify(**of, text=given["text"]),
        Act.WITHDRAWN: lambda: actions.withdraw(**of, reason=given["text"]),
    }
    steps[act]()


@login_required
@require_GET
def file(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """What shows that a line was done."""
    found, _version = _get(request, pk)
    return get_object_or_404(CampaignActFile, act__entry=found, act__number=number).respond()
