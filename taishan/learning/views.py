"""Meetings: the list, calling one, one with all that became of it, and who came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.communications import directive_presenting, directive_queries
from taishan.communications.directive_forms import ReasonForm, take_files
from taishan.duties.actions import DutyRefused
from taishan.kit import clock
from taishan.kit.attachments import AttachmentRefused
from taishan.kit.attempts import attempt
from taishan.learning import meeting_page, queries
from taishan.learning import meetings as actions
from taishan.learning.forms import AttendanceForm, CallForm
from taishan.learning.meetings import MeetingRefused
from taishan.learning.models import Material, Meeting, Presence
from taishan.organisation import access, presenting
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest

PAGE = 30
NOTHING: Mapping[str, Form] = {}
REFUSALS = (MeetingRefused, DutyRefused)


@login_required
@require_GET
def meetings(request: ScopedRequest) -> HttpResponse:
    """The meetings of the units I see, and those I am called to."""
    found = queries.with_counts(queries.find_visible(request.viewer))
    code = request.GET.get("unit", "")
    if code:
        found = found.filter(unit__code=code)
    page = Paginator(found.select_related("unit", "confirmed", "cancelled"), PAGE).get_page(
        request.GET.get("page")
    )
    roots = request.viewer.roots(Capability.NOTIFY)
    callers = UnitVersion.objects.filter(unit_id__in=roots, valid__contains=clock.today())
    context = {
        "scope": request.scope_,
        "page": page,
        "names": directive_queries.find_names((one.unit_id for one in page), clock.today()),
        "unit": code,
        "callers": callers.select_related("unit").order_by("path"),
    }
    return render(request, "learning/meetings.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest, code: str) -> HttpResponse:
    """Call a meeting of a unit."""
    version = presenting.get_visible(request, code)
    access.require(request.viewer, Capability.NOTIFY, version.path)
    with timezone.override(directive_presenting.zone_of(version)):
        form = CallForm(sent(request), posts=meeting_page.find_posts(version, clock.today()))
        if form.is_valid():
            called = _call(request, form, version)
            if called is not None:
                return HttpResponseRedirect(address(request, "meeting", called.pk))
        crumbs = [(_("Meetings"), address(request, "meetings")), (_("New meeting"), "")]
        context = {"scope": request.scope_, "form": form, "version": version, "crumbs": crumbs}
        status = 422 if form.errors else 200
        return render(request, "learning/new.html", context, status=status)


def _call(request: ScopedRequest, form: CallForm, version: UnitVersion) -> Meeting | None:
    try:
        return actions.call(
            actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id, to=form.call()
        )
    except MeetingRefused as refused:
        form.add_error(None, str(refused))
        return None


def address(request: ScopedRequest, name: str, *args: Any) -> str:
    """Return the address of a page of meetings with the day and language of this one."""
    return f"{reverse(f'meetings:{name}', args=args)}?{request.scope_.query()}"


def get_meeting(request: ScopedRequest, pk: int) -> tuple[Meeting, UnitVersion]:
    """Return a meeting and its unit. Raises Http404 where it is not for the viewer."""
    rows = queries.find_visible(request.viewer).select_related(
        "unit", "chair", "confirmed", "cancelled"
    )
    found = get_object_or_404(rows, pk=pk)
    return found, directive_queries.get_version(found.unit_id, clock.today())


@login_required
@require_GET
def meeting(request: ScopedRequest, pk: int) -> HttpResponse:
    """One meeting: its agenda, who came, its minutes, and what became of each decision."""
    return show(request, *get_meeting(request, pk))


def show(
    request: ScopedRequest, found: Meeting, version: UnitVersion,
    refused: Mapping[str, Form] = NOTHING,
) -> HttpResponse:  # fmt: skip
    """Return the page of a meeting, with what was typed for acts that were refused."""
    with timezone.override(directive_presenting.zone_of(version)):
        context = meeting_page.compose(request.viewer, found, version, refused, clock.now())
        context |= {
            "scope": request.scope_,
            "crumbs": [(_("Meetings"), address(request, "meetings")), (found.title, "")],
        }
        status = 422 if refused else 200
        return render(request, "learning/meeting.html", context, status=status)


@login_required
@require_POST
def cancellation(request: ScopedRequest, pk: int) -> HttpResponse:
    """Do not hold a meeting that was called."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    form = ReasonForm(request.POST, act="cancel")

    def cancel(**given: Any) -> object:
        return actions.cancel(meeting=found, **form.cleaned_data, **given)

    if not attempt(form, cancel, refusals=REFUSALS, actor=request.viewer.actor):
        return show(request, *get_meeting(request, pk), {"cancel": form})
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_GET
def code(request: ScopedRequest, pk: int) -> HttpResponse:
    """What is shown in the room: a code to scan or to type."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    letters = actions.code_of(found)
    path = f"{reverse('meetings:presence', args=[pk])}?code={letters}"
    drawn = segno.make(request.build_absolute_uri(path), error="m")
    context = {
        "scope": request.scope_,
        "meeting": found,
        "code": f"{letters[:4]} {letters[4:]}",
        "drawn": mark_safe(drawn.svg_inline(scale=6, light="#fff")),  # noqa: S308 - our own
        "address": request.build_absolute_uri(reverse("meetings:presence", args=[pk])),
    }
    return render(request, "learning/code.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def presence(request: ScopedRequest, pk: int) -> HttpResponse:
    """Sign that I am there, by the code that is shown in the room."""
    found = get_object_or_404(Meeting, pk=pk)
    given = request.POST.get("code") or request.GET.get("code", "")
    status = 200
    if request.method == "POST":
        try:
            actions.sign_in(
                actor=request.viewer.actor, now=clock.now(), meeting=found, code=given
            )  # fmt: skip
            messages.success(request, _("You have signed that you are there."))
            return HttpResponseRedirect(address(request, "meetings"))
        except MeetingRefused as refused:
            messages.error(request, str(refused))
            status = 422
    context = {"scope": request.scope_, "code": given}
    return render(request, "learning/presence.html", context, status=status)


@login_required
@require_POST
def attendance(request: ScopedRequest, pk: int) -> HttpResponse:
    """Record that somebody came who has not signed."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    form = AttendanceForm(request.POST)

    def record(**given: Any) -> object:
        person = form.cleaned_data["staff_no"]
        return actions.record_presence(meeting=found, person=person, **given)

    if not attempt(form, record, refusals=REFUSALS, actor=request.viewer.actor):
        return show(request, *get_meeting(request, pk), {"attend": form})
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_POST
def correction(request: ScopedRequest, pk: int, presence: int) -> HttpResponse:
    """Put right whether somebody came."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    row = get_object_or_404(Presence, pk=presence, meeting=found)
    form = ReasonForm(request.POST, act="correct", of=presence)

    def correct(**given: Any) -> object:
        came = request.POST.get("came") == "yes"
        return actions.correct_presence(presence=row, came=came, **form.cleaned_data, **given)

    if not attempt(form, correct, refusals=REFUSALS, actor=request.viewer.actor):
        refused = {meeting_page.act_on("correct", presence): form}
        return show(request, *get_meeting(request, pk), refused)
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_POST
def materials(request: ScopedRequest, pk: int) -> HttpResponse:
    """Add files that the meeting studies."""
    found, version = get_meeting(request, pk)
    meeting_page.require_keeper(request.viewer, found, version)
    try:
        for file in take_files(request.FILES.getlist("files")):
            actions.add_material(
                actor=request.viewer.actor, now=clock.now(), meeting=found, file=file
            )
    except (MeetingRefused, AttachmentRefused) as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "meeting", pk))


@login_required
@require_GET
def material(request: ScopedRequest, pk: int, file: int) -> HttpResponse:
    """A file that the meeting studies."""
    get_meeting(request, pk)
    return get_object_or_404(Material, pk=file, meeting_id=pk).respond()
