"""A unit's duties, one duty, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.core.duty_rights import Act
from taishan.duties import actions, listing, pages, presenting, words
from taishan.duties.actions import DutyRefused
from taishan.duties.forms import DischargeForm, ExtensionForm, HandoverForm, WaiverForm
from taishan.duties.models import Duty, ProofFile
from taishan.duties.pages import Whole
from taishan.kit import clock
from taishan.organisation import presenting as units
from taishan.organisation.models import Unit
from taishan.organisation.scope import ScopedRequest

PAGE = 50
REFUSED = 422


@login_required
@require_GET
def of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """What a unit owes, narrowed by state, kind and the period in which it falls due."""
    version, now = units.get_visible(request, code), clock.now()
    asked = listing.ask(request)
    found = listing.find(request.viewer, version, asked, now)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    zone = ZoneInfo(version.time_zone)
    context = {
        "scope": request.scope_,
        "version": version,
        "asked": asked,
        "tabs": presenting.tabs(request, "of_unit", code),
        "filters": listing.filters(asked),
        "lines": listing.lines(list(page), code, request.scope_.day, now, zone),
        "page": page,
        "crumbs": presenting.crumbs(request, version.path),
    }
    return render(request, "duties/of_unit.html", context)


@login_required
@require_GET
def one(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """One duty: its state, who may act next, what happened, what stands beneath, the acts."""
    return _page(request, _get(request, code, pk))


@login_required
@require_GET
def file(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """The file handed in with what shows that it was done, to whoever may see the duty."""
    whole = _get(request, code, pk)
    row = ProofFile.objects.filter(unit_id=whole.duty.unit_id, duty_id=pk).first()
    if row is None:
        raise Http404(_("No file was handed in."))
    return row.respond()


@login_required
@require_POST
def discharge(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """Record that it was done, of what is done by saying so."""
    whole = _get_to(request, code, pk, Act.DISCHARGE)
    form = DischargeForm(request.POST, request.FILES)
    return _act(request, whole, Act.DISCHARGE, form, actions.discharge)


@login_required
@require_POST
def waiver(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """Ask for it no longer."""
    whole = _get_to(request, code, pk, Act.WAIVE)
    return _act(request, whole, Act.WAIVE, WaiverForm(request.POST), actions.waive)


@login_required
@require_POST
def extension(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """Give it a later hour."""
    whole = _get_to(request, code, pk, Act.EXTEND)
    form = ExtensionForm(request.POST)

    def extend(**given: Any) -> Duty:
        return actions.extend(**given | {"due_at": form.instant(whole.zone)})

    return _act(request, whole, Act.EXTEND, form, extend)


@login_required
@require_POST
def handover(request: ScopedRequest, code: str, pk: UUID) -> HttpResponse:
    """Let the unit, a post or somebody else in it owe it."""
    whole = _get_to(request, code, pk, Act.HAND_OVER)
    form = HandoverForm(request.POST, duty=whole.duty, on=clock.today(whole.zone.key))
    return _act(request, whole, Act.HAND_OVER, form, actions.hand_over)


def _get(request: ScopedRequest, code: str, pk: UUID) -> Whole:
    try:
        unit = Unit.objects.get(code=code)
        return pages.read(request.viewer, clock.now(), unit.pk, pk)
    except (Unit.DoesNotExist, Duty.DoesNotExist):
        raise Http404(_("There is no such duty, or it is not for you to see.")) from None


def _get_to(request: ScopedRequest, code: str, pk: UUID, act: Act) -> Whole:
    whole = _get(request, code, pk)
    why = whole.refusals[act]
    if why is not None:
        raise PermissionDenied(words.say_why(why, whole.debtor_words))
    return whole


def _act(
    request: ScopedRequest, whole: Whole, act: Act, form: forms.Form, do: Callable[..., Duty]
) -> HttpResponse:
    if form.is_valid():
        try:
            do(actor=request.viewer.actor, now=clock.now(), duty=whole.duty, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return HttpResponseRedirect(_address(request, whole))
        except DutyRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, whole, {act: form}, status=REFUSED)


def _address(request: ScopedRequest, whole: Whole) -> str:
    address = reverse("duties:one", args=[whole.debtor.unit.code, whole.duty.id])
    return f"{address}?{request.scope_.query()}"


def _page(
    request: ScopedRequest,
    whole: Whole,
    sent: dict[Act, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "scope": request.scope_,
        "whole": whole,
        "kind": words.KINDS.get(whole.duty.kind, whole.duty.kind),
        "banner": pages.banner(whole),
        "address": whole.address,
        "acts": _acts(whole, sent or {}),
        "proof": pages.proof(whole),
        "children": presenting.lines(whole.children, whole.now),
        "events": pages.story(whole),
        "crumbs": presenting.crumbs(request, whole.debtor.path),
    }
    return render(request, "duties/one.html", context, status=status)


def _acts(whole: Whole, sent: dict[Act, forms.Form]) -> list[dict[str, Any]]:
    code, today = whole.debtor.unit.code, clock.today(whole.zone.key)
    blank: dict[Act, tuple[str, str, Callable[[], forms.Form]]] = {
        Act.DISCHARGE: (_("Record that it is done"), "discharge", DischargeForm),
        Act.EXTEND: (_("Give it a later hour"), "extension", ExtensionForm),
        Act.HAND_OVER: (
            _("Hand it over"), "handover", lambda: HandoverForm(duty=whole.duty, on=today)
        ),
        Act.WAIVE: (_("Ask for it no longer"), "waiver", WaiverForm),
    }  # fmt: skip
    acts = []
    for act, (word, name, make) in blank.items():
        if whole.may(act):
            form = sent.get(act) or make()
            form.auto_id = f"{name}-%s"  # each asks for a reason
            acts.append({
                "word": word, "form": form, "is_open": act in sent or act is Act.DISCHARGE,
                "href": reverse(f"duties:{name}", args=[code, whole.duty.id]),
            })  # fmt: skip
    return acts
