"""Accountability cases: the list, one case, and the acts in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core.accountability import Finding, Measure
from taishan.duties import case_forms, case_presenting, case_queries
from taishan.duties import cases as actions
from taishan.duties.case_models import Case
from taishan.kit import clock
from taishan.organisation import access, presenting
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

PAGE = 30
ALL, OPEN = "all", "open"


@login_required
@require_GET
def cases(request: ScopedRequest) -> HttpResponse:
    """The cases that the viewer holds to account, inspects, or answers in."""
    shown = ALL if request.GET.get("show") == ALL else OPEN
    found = case_queries.find_visible(request.viewer)
    rows = found if shown == ALL else case_queries.find_open(found)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    names = organisation.find_last_versions(one.unit_id for one in page)
    context = {
        "scope": request.scope_,
        "page": page,
        "tabs": _tabs(request, shown),
        "rows": [case_presenting.row(one, names[one.unit_id], clock.now()) for one in page],
    }
    return render(request, "duties/cases.html", context)


@login_required
@require_GET
def case(request: ScopedRequest, pk: int) -> HttpResponse:
    """One case: the facts, what was said, what was decided, and what may be done now."""
    found, version = _get(request, pk)
    return render(request, "duties/case.html", _context(request, found, version))


@login_required
@require_http_methods(["GET", "POST"])
def explanation(request: ScopedRequest, pk: int) -> HttpResponse:
    """Explain, as the debtor, with all that is held against them in sight."""
    found, version = _get(request, pk)
    if not actions.is_debtor(request.viewer, found):
        raise PermissionDenied(_("Only whoever owed explains."))
    form = case_forms.ExplanationForm(presenting.sent(request))
    if form.is_valid() and _done(request, actions.explain, found, form):
        return _back(request, pk)
    context = _context(request, found, version) | {"form": form}
    status = 422 if form.errors else 200
    return render(request, "duties/explanation.html", context, status=status)


@login_required
@require_POST
def remarks(request: ScopedRequest, pk: int) -> HttpResponse:
    """Add a statement, as the debtor or the discipline office."""
    found, version = _get(request, pk)
    if not actions.is_debtor(request.viewer, found):
        access.require(request.viewer, Capability.HOLD_TO_ACCOUNT, version.path)
    _answer(request, actions.remark, found, case_forms.RemarkForm(request.POST))
    return _back(request, pk)


@login_required
@require_POST
def finding(request: ScopedRequest, pk: int) -> HttpResponse:
    """Say whether it was negligence."""
    return _judge(request, pk, actions.find, case_forms.FindingForm(request.POST))


@login_required
@require_POST
def measure(request: ScopedRequest, pk: int) -> HttpResponse:
    """Say what follows."""
    return _judge(request, pk, actions.measure, case_forms.MeasureForm(request.POST))


@login_required
@require_POST
def closure(request: ScopedRequest, pk: int) -> HttpResponse:
    """Close the case."""
    return _judge(request, pk, actions.close, case_forms.ClosureForm(request.POST))


def _tabs(request: ScopedRequest, shown: str) -> list[dict[str, Any]]:
    address = f"{reverse('cases:cases')}?{request.scope_.query()}"
    return [
        {"word": _("Open"), "href": address, "is_on": shown == OPEN, "count": None},
        {"word": _("All"), "href": f"{address}&show={ALL}", "is_on": shown == ALL, "count": None},
    ]


def _judge(
    request: ScopedRequest, pk: int, act: Callable[..., object], form: forms.Form
) -> HttpResponse:
    found, version = _get(request, pk)
    access.require(request.viewer, Capability.HOLD_TO_ACCOUNT, version.path)
    _answer(request, act, found, form, viewer=request.viewer)
    return _back(request, pk)


def _answer(
    request: ScopedRequest, act: Callable[..., object], found: Case, form: forms.Form, **more: Any
) -> None:
    """Do the act, or say what is wrong with what was sent."""
    if form.is_valid():
        _done(request, act, found, form, **more)
        return
    for field, problems in form.errors.items():
        messages.error(request, f"{form[field].label}: {' '.join(map(str, problems))}")


def _done(
    request: ScopedRequest, act: Callable[..., object], found: Case, form: forms.Form, **more: Any
) -> bool:
    given = dict(form.cleaned_data)
    for name, kind in (("finding", Finding), ("measure", Measure)):
        if name in given:
            given[name] = kind(given[name])
    try:
        act(actor=request.viewer.actor, now=clock.now(), case=found, **given, **more)
    except actions.CaseRefused as refused:
        messages.error(request, str(refused))
        return False
    messages.success(request, _("Recorded."))
    return True


def _get(request: ScopedRequest, pk: int) -> tuple[Case, UnitVersion]:
    found = case_queries.find_visible(request.viewer).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such case, or it is not for you to see."))
    return found, organisation.find_last_versions([found.unit_id])[found.unit_id]


def _context(request: ScopedRequest, found: Case, version: UnitVersion) -> dict[str, Any]:
    page = case_presenting.page(found, version, request.viewer, clock.now())
    address = f"{reverse('cases:cases')}?{request.scope_.query()}"
    return page | {"scope": request.scope_, "crumbs": [(_("Cases"), address)]}


def _back(request: ScopedRequest, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('cases:case', args=[pk])}?{request.scope_.query()}")
