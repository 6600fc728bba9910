"""Corrections that wait for an officer: which, what they would change, and the ruling on them."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.forms import presenting
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import actions, comparing, corrections, reading
from taishan.reporting.correction_forms import FindForm, ReasonForm
from taishan.reporting.corrections import Listed
from taishan.reporting.models import Correction, Ruling
from taishan.reporting.reading import Proposed

PAGE = 50
REFUSED = 422


@login_required
@require_http_methods(["GET", "POST"])
def corrections_waiting(request: ScopedRequest) -> HttpResponse:
    """What waits for the viewer to rule on it; finding the report of one person."""
    if not request.viewer.paths(Capability.REPORT):
        raise PermissionDenied(access.refusal())
    lang = request.scope_.lang
    form = FindForm(units.sent(request), lang=lang, today=request.scope_.day)
    found = _address(request, form) if form.is_valid() else ""
    if found:
        return HttpResponseRedirect(found)
    waiting = corrections.find_waiting(request.viewer)
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "rows": [listed(one, lang) for one in corrections.name(list(page))],
        "page": page,
        "form": form,
    }
    status = REFUSED if form.errors else 200
    return render(request, "reporting/corrections.html", context, status=status)


def _address(request: ScopedRequest, form: FindForm) -> str:
    """Return the address of the answers looked for, empty where nobody has the staff number."""
    person = form.find_person()
    if person is None:
        form.add_error("staff_no", _("Nobody is known by this staff number."))
        return ""
    query = request.scope_.query(day=form.cleaned_data["day"])
    asked = f"form={form.cleaned_data['form'].code}&of={person.pk}&{query}"
    return f"{reverse('corrections:answers')}?{asked}"


def listed(one: Listed, lang: str) -> dict[str, Any]:
    """Return a correction of a list as pages show it."""
    return {"one": one, "title": presenting.title(one.form, lang)}


@login_required
@never_cache
@require_GET
def correction(request: ScopedRequest, pk: int) -> HttpResponse:
    """One correction beside the answers in force; to accept it, or to refuse it."""
    return _page(request, _get(request, pk), ReasonForm(label=_("Why it is refused")))


@login_required
@require_POST
def ruling(request: ScopedRequest, pk: int) -> HttpResponse:
    """Accept or refuse a correction."""
    found = _get(request, pk)
    if not corrections.may_rule(request.viewer, found.correction):
        raise PermissionDenied(access.refusal())
    is_refused = request.POST.get("outcome") == Ruling.Outcome.REFUSED
    form = ReasonForm(request.POST, label=_("Why it is refused"))
    reason = form.cleaned_data["reason"] if is_refused and form.is_valid() else ""
    try:
        actions.rule(
            actor=request.viewer.actor, now=clock.now(), correction_id=pk, reason=reason,
            outcome=Ruling.Outcome.REFUSED if is_refused else Ruling.Outcome.ACCEPTED,
            seen=number(request.POST.get("seen", "")),
        )  # fmt: skip
    except actions.CorrectionRefused as refused:
        messages.error(request, str(refused))
        return _page(request, _get(request, pk), form, status=REFUSED)
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(f"{reverse('corrections:all')}?{request.scope_.query()}")


def number(text: str) -> UUID | None:
    """Return the number of a report that a page was about, None where it was about none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def _get(request: ScopedRequest, pk: int) -> Proposed:
    try:
        return reading.read_correction(viewer=request.viewer, now=clock.now(), correction_id=pk)
    except Correction.DoesNotExist:
        raise Http404(_("There is no such correction.")) from None


def _page(
    request: ScopedRequest, found: Proposed, form: ReasonForm, status: int = 200
) -> HttpResponse:
    [one] = corrections.name([found.correction])
    recorded = found.recorded.told if found.recorded else None
    may = one.ruling is None and corrections.may_rule(request.viewer, found.correction)
    context = {
        "scope": request.scope_,
        "one": one,
        "title": presenting.title(found.form, request.scope_.lang),
        "banner": _banner(one, may=may),
        "found": found,
        "lines": comparing.compare(recorded, found.given.told, request.scope_.lang),
        "may_rule": may,
        "form": form,
        "is_refused": form.is_bound,
    }
    return render(request, "reporting/correction.html", context, status=status)


def _banner(one: Listed, *, may: bool) -> dict[str, str]:
    """Return the state, why, and who acts next or why not the viewer."""
    ruled = one.ruling
    if ruled is None:
        officer = _("Somebody else acts next: a safety officer of %(unit)s.")
        if not one.form.is_personal_health:
            officer = _("Somebody else acts next: whoever reports for %(unit)s or above it.")
        return {
            "title": _("Waits for a ruling"), "tone": "warn",
            "text": _("It came when the period was closed. Until it is accepted nothing changes."),
            "next": _("Your turn.") if may else officer % {"unit": one.unit.name},
        }  # fmt: skip
    by = ruled.ruled_by.person.name if ruled.ruled_by and ruled.ruled_by.person else ""
    at = date_format(ruled.ruled_at.astimezone(ZoneInfo(one.unit.time_zone)), "Y-m-d H:i")
    is_accepted = ruled.outcome == Ruling.Outcome.ACCEPTED
    return {
        "title": f"{ruled.get_outcome_display()} · {by} · {at}",
        "tone": "good" if is_accepted else "bad",
        "text": ruled.reason,
        "next": _("Nothing is left to do."),
    }
