"""Stop-works: all of them, one, stopping, and what leads to its lifting."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import Membership, UnitVersion
from taishan.organisation.presenting import require_writer, sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import actions, hazard_reports, queries, words
from taishan.safety.actions import StopRefused
from taishan.safety.forms import AnswerForm, LiftingForm, StopForm
from taishan.safety.models import LiftingFile, LiftingRequest, StopPhoto, StopWork

PAGE = 30
REFUSED = 422
ANSWERS = {"lifting": actions.lift, "refusal": actions.refuse_lifting}


@login_required
@require_GET
def stops(request: ScopedRequest) -> HttpResponse:
    """The stops that the viewer may see: those in force, or those lifted."""
    in_force = request.GET.get("state", "") != "lifted"
    found = queries.find_visible(request.viewer, in_force=in_force)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    versions = organisation.find_last_versions(one.unit_id for one in page)
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": [(one, versions[one.unit_id]) for one in page],
        "in_force": in_force,
        "tabs": [
            {"word": pgettext("stop", "In force"), "href": "?state=", "is_on": in_force},
            {"word": _("Lifted"), "href": "?state=lifted", "is_on": not in_force},
        ],
    }
    return render(request, "safety/stops.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Stop work: the viewer's own unit is filled in, any other may be named."""
    require_writer(request)
    day = clock.today()
    form = StopForm(
        sent(request), request.FILES or None, day=day, reaches_below=_leads(request),
        initial={"unit": request.GET.get("unit") or own_unit(request), "client": uuid4()},
    )  # fmt: skip
    if form.is_valid():
        made = _stop(request, form)
        if made is not None:
            return made
    seen = access.units_visible(request.viewer, day).select_related("unit").order_by("path")
    context = {"scope": request.scope_, "form": form, "units": seen[:200],
               "account": request.viewer.account_id}  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "safety/new.html", context, status=status)


def _leads(request: ScopedRequest) -> bool:
    """Tell whether the viewer leads anywhere: only then a stop may reach the units below too."""
    return bool(request.viewer.roots(Capability.ATTEST))


def own_unit(request: ScopedRequest) -> str:
    """Return the code of the unit of which the viewer is a member; an empty text for none."""
    here = Membership.objects.filter(
        person_id=request.viewer.person_id or 0, valid__contains=clock.today()
    )
    return here.values_list("unit__code", flat=True).first() or ""


def _stop(request: ScopedRequest, form: StopForm) -> HttpResponse | None:
    now = clock.now()
    given = read_phone(form.cleaned_data, now)
    version = given.pop("unit")
    if given.get("with_below") and not request.viewer.may(Capability.ATTEST, version.path):
        form.add_error("with_below", _("Only who leads there stops the units below it too."))
        return None
    try:
        made = actions.stop_work(actor=request.viewer.actor, now=now, version=version, **given)
    except StopRefused as refused:
        form.add_error(None, str(refused))
        return None
    return stopped(request, made, version)


def read_phone(given: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return what a form was given, and what a phone added to it as a stop takes it."""
    said_at = hazard_reports.when_seen(given["device_at"], now)
    fields = {name: value for name, value in given.items() if name not in ("client", "device_at")}
    return fields | {"key": given["client"], "said_at": said_at}


def stopped(request: ScopedRequest, made: StopWork, version: UnitVersion) -> HttpResponse:
    """Answer at once with the page that says so: a phone that sends later follows no redirect."""
    is_seen = queries.find_visible(request.viewer).filter(pk=made.pk).exists()
    context = {"scope": request.scope_, "stop": made, "version": version, "is_seen": is_seen}
    return render(request, "safety/stopped.html", context)


def _get(request: ScopedRequest, pk: int) -> StopWork:
    return get_object_or_404(queries.find_visible(request.viewer), pk=pk)


def _open_request(stop: StopWork) -> LiftingRequest | None:
    return stop.requests.filter(answer=None).order_by("-number").first()


@login_required
@never_cache
@require_GET
def stop(request: ScopedRequest, pk: int) -> HttpResponse:
    """One stop: its state, who acts next, what happened, and the forms to act."""
    return _page(request, _get(request, pk))


def _page(
    request: ScopedRequest, found: StopWork, *, asked: LiftingForm | None = None,
    answered: AnswerForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    versions = organisation.find_last_versions([found.unit_id, found.authority_id])
    version, authority = versions[found.unit_id], versions[found.authority_id]
    waiting, viewer, on = _open_request(found), request.viewer, clock.today()
    may_know = queries.may_see_name(viewer, found, on)
    is_open = found.lifted_at is None
    context: dict[str, Any] = {
        "scope": request.scope_, "stop": found, "version": version,
        "authority": words.lifter(found, authority.name, on),
        "banner": words.banner(found, waiting, viewer, version.path, authority.name, on),
        "story": words.story(found, version, with_name=may_know),
        "name": queries.name_of(found) if may_know else "",
        "photo": StopPhoto.objects.filter(stop=found).first(),
        "files": LiftingFile.objects.filter(request__stop=found).select_related("request"),
        "may_ask": is_open and not waiting and viewer.may(Capability.ATTEST, version.path),
        "may_answer": waiting is not None and waiting.by_id != viewer.account_id
        and queries.may_lift(viewer, found, on),
        "waiting": waiting,
        "asking": asked or LiftingForm(needs_file=bool(found.red_line_id)),
        "answering": answered or AnswerForm(),
    }  # fmt: skip
    return render(request, "safety/stop.html", context, status=status)


@login_required
@require_GET
def photo(request: ScopedRequest, pk: int) -> HttpResponse:
    """The photo of a stop."""
    return get_object_or_404(StopPhoto, stop=_get(request, pk)).respond()


@login_required
@require_GET
def request_file(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """The file handed in with a request."""
    found = _get(request, pk)
    return get_object_or_404(LiftingFile, request__stop=found, request__number=number).respond()


@login_required
@require_POST
def requests(request: ScopedRequest, pk: int) -> HttpResponse:
    """Ask for a stop to be lifted."""
    found = _get(request, pk)
    version = organisation.get_last_version(found.unit_id)
    access.require(request.viewer, Capability.ATTEST, version.path)
    form = LiftingForm(request.POST, request.FILES, needs_file=bool(found.red_line_id))
    if form.is_valid():
        try:
            actions.ask_lifting(
                actor=request.viewer.actor, now=clock.now(), stop=found, **form.cleaned_data
            )
            return _back(request, found)
        except StopRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, asked=form, status=REFUSED)


@login_required
@require_POST
def answer(request: ScopedRequest, pk: int, act: str) -> HttpResponse:
    """Lift a stop, or say what is still missing."""
    found = _get(request, pk)
    if not queries.may_lift(request.viewer, found, clock.today()):
        raise PermissionDenied(access.refusal())
    waiting = _open_request(found)
    if waiting is None:
        raise Http404(_("Nobody has asked for it to be lifted, or it has been answered already."))
    form = AnswerForm(request.POST)
    if request.POST.get("seen", str(waiting.number)) != str(waiting.number):
        form.add_error(None, _("It has changed meanwhile: look at it once more."))
    if form.is_valid():
        try:
            ANSWERS[act](
                actor=request.viewer.actor, viewer=request.viewer, now=clock.now(),
                request=waiting, **form.cleaned_data,
            )  # fmt: skip
            return _back(request, found)
        except StopRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, found, answered=form, status=REFUSED)


def _back(request: ScopedRequest, found: StopWork) -> HttpResponse:
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(
        f"{reverse('safety:stop', args=[found.pk])}?{request.scope_.query()}"
    )
