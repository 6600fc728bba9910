"""Notices: one's own, and those of a unit."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.communications import actions, queries
from taishan.communications.forms import OFFICERS, NoticeForm
from taishan.communications.models import Delivery, Notice
from taishan.kit import clock
from taishan.organisation import access, presenting
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

PAGE = 30


@login_required
@require_GET
def notices(request: ScopedRequest) -> HttpResponse:
    """What I was told: what waits for me first, then the latest."""
    mine = queries.find_mine(request.viewer.person_id)
    roots = request.viewer.roots(Capability.NOTIFY)
    units = UnitVersion.objects.filter(unit_id__in=roots, valid__contains=clock.today())
    context = {
        "scope": request.scope_,
        "page": Paginator(mine, PAGE).get_page(request.GET.get("page")),
        "units": units.select_related("unit").order_by("path"),
    }
    return render(request, "communications/notices.html", context)


@login_required
@require_POST
def confirmation(request: ScopedRequest, pk: int) -> HttpResponse:
    """I have read a notice."""
    get_object_or_404(Delivery, notice_id=pk, person_id=request.viewer.person_id)
    actions.confirm(actor=request.viewer.actor, now=clock.now(), notice_id=pk)
    return HttpResponseRedirect(f"{reverse('communications:notices')}?{request.scope_.query()}")


@login_required
@require_http_methods(["GET", "POST"])
def of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """What was told in the name of a unit, and telling more."""
    version = presenting.get_visible(request, code)
    access.require(request.viewer, Capability.SEE_PEOPLE, version.path)
    may_send = request.viewer.may(Capability.NOTIFY, version.path)
    form = NoticeForm(presenting.sent(request))
    if request.method == "POST" and not may_send:
        access.require(request.viewer, Capability.NOTIFY, version.path)
    if form.is_valid() and _send(request, form, version):
        return HttpResponseRedirect(request.get_full_path())
    context = {
        "scope": request.scope_,
        "version": version,
        "form": form if may_send else None,
        "page": Paginator(queries.find_sent(version.unit_id), PAGE).get_page(1),
    }
    status = 422 if form.errors else 200
    return render(request, "communications/of_unit.html", context, status=status)


def _send(request: ScopedRequest, form: NoticeForm, version: UnitVersion) -> bool:
    people = queries.find_people(
        version.path, clock.today(), officers_only=form.cleaned_data["to"] == OFFICERS
    )
    try:
        actions.send(
            actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id,
            person_ids=people, words=form.words(),
        )  # fmt: skip
    except actions.NoticeRefused as refused:
        form.add_error(None, str(refused))
        return False
    told = ngettext("%d person was told.", "%d people were told.", len(people)) % len(people)
    messages.success(request, told)
    return True


@login_required
@require_GET
def notice(request: ScopedRequest, pk: int) -> HttpResponse:
    """One notice, and who has not confirmed it."""
    found = get_object_or_404(Notice.objects.select_related("unit"), pk=pk)
    version = UnitVersion.objects.filter(unit_id=found.unit_id).order_by("-valid").first()
    if version is None or not request.viewer.may(Capability.SEE_PEOPLE, version.path):
        raise Http404(_("There is no such notice, or it is not for you to see."))
    waiting = queries.find_waiting(found)
    context = {
        "scope": request.scope_,
        "notice": queries.find_sent(found.unit_id).get(pk=pk),
        "version": version,
        "page": Paginator(waiting, PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "communications/notice.html", context)
