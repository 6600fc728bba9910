"""A meeting's minutes, and what it decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from taishan.communications import directive_presenting, directive_queries
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.attempts import attempt
from taishan.learning import decisions as actions
from taishan.learning import meeting_page, meetings
from taishan.learning.forms import DoneForm, MinutesForm
from taishan.learning.meetings import MeetingRefused
from taishan.learning.models import Decision, Meeting
from taishan.learning.views import REFUSALS, address, get_meeting, show
from taishan.organisation import access
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest


@login_required
@require_http_methods(["GET", "POST"])
def minutes(request: ScopedRequest, pk: int) -> HttpResponse:
    """Write the minutes; what was written stays on the page where it is refused."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    last = found.minutes.order_by("-number").first()
    written = {"text": last.text if last else "", "edition": last.number if last else 0}
    form = MinutesForm(sent(request), initial=written)
    if form.is_valid() and _write(request, found, form):
        return HttpResponseRedirect(address(request, "meeting", pk))
    crumbs = [
        (_("Meetings"), address(request, "meetings")),
        (found.title, address(request, "meeting", pk)),
        (_("Minutes"), ""),
    ]
    context = {"scope": request.scope_, "form": form, "meeting": found, "crumbs": crumbs}
    status = 422 if form.errors else 200
    return render(request, "learning/minutes.html", context, status=status)


def _write(request: ScopedRequest, found: Meeting, form: MinutesForm) -> bool:
    try:
        meetings.write(
            actor=request.viewer.actor, now=clock.now(), meeting=found, **form.cleaned_data
        )  # fmt: skip
    except MeetingRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@login_required
@require_POST
def confirmation(request: ScopedRequest, pk: int) -> HttpResponse:
    """Confirm the minutes, as the chair."""
    found, _version = get_meeting(request, pk)
    if not meeting_page.is_chair(request.viewer, found):
        raise PermissionDenied(access.refusal())
    edition = request.POST.get("edition", "")
    try:
        meetings.confirm(
            actor=request.viewer.actor, now=clock.now(), meeting=found,
            edition=int(edition) if edition.isdecimal() else 0,
        )  # fmt: skip
    except MeetingRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_POST
def decisions(request: ScopedRequest, pk: int) -> HttpResponse:
    """Record a decision: a duty on the spot, or the draft of a directive."""
    found, version = get_meeting(request, pk)
    if not meeting_page.may_decide(request.viewer, found, version):
        raise PermissionDenied(access.refusal())
    with timezone.override(directive_presenting.zone_of(version)):
        form = meeting_page.decision_form(found, version, clock.today(), request.POST)
        form.full_clean()

    def decide(**given: Any) -> object:
        return actions.decide(meeting=found, **form.decided(found.unit_id), **given)

    if not attempt(form, decide, refusals=REFUSALS, actor=request.viewer.actor):
        return show(request, *get_meeting(request, pk), {"decide": form})
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_POST
def done(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """Say that a decision was carried out."""
    found, _version = get_meeting(request, pk)
    decision = get_object_or_404(Decision, meeting=found, number=number)
    duty = get_object_or_404(Duty, subject_kind=actions.DECISION, subject_id=str(decision.pk))
    version = directive_queries.get_version(duty.unit_id, clock.today())
    if not meeting_page.may_report(request.viewer, duty, version, clock.today()):
        raise PermissionDenied(access.refusal())
    form = DoneForm(request.POST, number=number)

    def report(**given: Any) -> object:
        return actions.report_done(decision=decision, **form.cleaned_data, **given)

    if not attempt(form, report, refusals=REFUSALS, actor=request.viewer.actor):
        refused = {meeting_page.act_on("done", number): form}
        return show(request, *get_meeting(request, pk), refused)
    return HttpResponseRedirect(address(request, "meeting", pk))
