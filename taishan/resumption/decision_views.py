"""What is done with an application: handed in, decided, confirmed, unlocked, given its papers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.core.approvals import Act
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import posted
from taishan.organisation.scope import ScopedRequest
from taishan.resumption import application_steps, applications, deciding
from taishan.resumption.actions import AttestationRefused
from taishan.resumption.application_forms import DecisionForm, FileForm, LocalForm
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.application_views import (
    REFUSED,
    back,
    get_application,
    local_conditions,
    page_of,
)
from taishan.resumption.applications import LocalPaper
from taishan.resumption.models import Application, ApplicationFile, LocalFile
from taishan.resumption.queries import find_units

DECISIONS = {"approval": Act.APPROVE, "return": Act.RETURN, "forwarding": Act.FORWARD}
AGAIN: dict[str, Callable[..., Any]] = {
    "confirmation": deciding.confirm,
    "unlocking": deciding.unlock,
}


@login_required
@require_POST
def submission(request: ScopedRequest, pk: int) -> HttpResponse:
    """Hand an application in, with the verdict of this moment."""
    found, version = get_application(request, pk)
    access.require(request.viewer, Capability.ATTEST, version.path)
    units = find_units(request.viewer, clock.today(), codes=[version.unit.code])
    if not units:
        raise Http404(_("There is no such unit on this day, or it is not yours to see."))
    form = DecisionForm(request.POST)
    return _act(request, found, version, form, applications.submit, unit=units[0])


def _act(
    request: ScopedRequest, found: Application, version: UnitVersion, form: DecisionForm,
    do: Callable[..., Any], **given: Any,
) -> HttpResponse:  # fmt: skip
    """Do it; where it is refused, say why and show what stands there now, the words kept."""
    try:
        do(
            actor=request.viewer.actor, now=clock.now(), application=found,
            seen=form.cleaned_data["seen"] if form.is_valid() else -1, **given,
        )  # fmt: skip
        messages.success(request, _("Recorded."))
        return back(request, found)
    except ApplicationRefused as refused:
        messages.error(request, str(refused))
    last = application_steps.find_last(found)
    shown = {"seen": last.number if last else 0, "reason": posted(request, "reason")}
    form = DecisionForm(initial=shown)
    return page_of(request, found, version, status=REFUSED, deciding=form)


def _require_decider(request: ScopedRequest, found: Application) -> None:
    """Raise PermissionDenied unless the viewer approves at the level whose turn it is."""
    last = application_steps.find_last(found)
    if last is None:
        raise PermissionDenied(access.refusal())
    line = found.submissions.get(round=last.round).line
    decider = organisation.get_last_version(line[last.level])
    access.require(request.viewer, Capability.APPROVE, decider.path)


@login_required
@require_POST
def decision(request: ScopedRequest, pk: int, act: str) -> HttpResponse:
    """Approve, return or forward."""
    found, version = get_application(request, pk)
    _require_decider(request, found)
    form = DecisionForm(request.POST)
    reason = posted(request, "reason")
    given = {"act": DECISIONS[act], "reason": reason}
    return _act(request, found, version, form, deciding.decide, **given)


@login_required
@require_POST
def again(request: ScopedRequest, pk: int, act: str) -> HttpResponse:
    """Confirm an approval anew, or unlock what it rests on."""
    found, version = get_application(request, pk)
    _require_decider(request, found)
    form = DecisionForm(request.POST)
    reason = posted(request, "reason")
    return _act(request, found, version, form, AGAIN[act], reason=reason)


@login_required
@require_POST
def files(request: ScopedRequest, pk: int) -> HttpResponse:
    """Add a file."""
    found, version = get_application(request, pk)
    access.require(request.viewer, Capability.ATTEST, version.path)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            applications.add_file(
                actor=request.viewer.actor, now=clock.now(), application=found, **form.cleaned_data
            )
            return back(request, found)
        except ApplicationRefused as refused:
            form.add_error(None, str(refused))
    return page_of(request, found, version, status=REFUSED, filing=form)


@login_required
@require_GET
def file(request: ScopedRequest, pk: int, file: int) -> HttpResponse:
    """One of its files."""
    found, _version = get_application(request, pk)
    return get_object_or_404(ApplicationFile, application=found, pk=file).respond()


@login_required
@require_POST
def local(request: ScopedRequest, pk: int) -> HttpResponse:
    """Record what the authority of the place has said."""
    found, version = get_application(request, pk)
    access.require(request.viewer, Capability.ATTEST, version.path)
    asked = local_conditions(request, version)
    form = LocalForm(request.POST, request.FILES, conditions=asked)
    if form.is_valid():
        try:
            applications.record_local(
                actor=request.viewer.actor, now=clock.now(), application=found,
                paper=LocalPaper(**form.cleaned_data),
            )  # fmt: skip
            return back(request, found)
        except (ApplicationRefused, AttestationRefused) as refused:
            form.add_error(None, str(refused))
    return page_of(request, found, version, status=REFUSED, local_form=form)


@login_required
@require_GET
def local_file(request: ScopedRequest, pk: int, decision: int) -> HttpResponse:
    """The paper of the authority."""
    found, _version = get_application(request, pk)
    row = get_object_or_404(LocalFile, decision__application=found, decision_id=decision)
    return row.respond()
