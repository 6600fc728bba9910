"""Notices: one's own, those of a unit, and what became of each."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.communications import actions, audiences, presenting, queries
from taishan.communications.forms import NoticeForm
from taishan.communications.models import Channel, Delivery, LineList, News, Notice
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import presenting as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.queries import get_last_version
from taishan.organisation.scope import ScopedRequest

PAGE = 30


@login_required
@never_cache
@require_GET
def notices(request: ScopedRequest) -> HttpResponse:
    """What I was told: what waits for me first, then the latest."""
    now, actor = clock.now(), request.viewer.actor
    actions.receive(actor=actor, now=now, on=clock.today())
    mine = queries.find_mine(request.viewer.person_id)
    page = Paginator(mine, PAGE).get_page(request.GET.get("page"))
    if not _is_fetched_unread(request):
        actions.open_(actor=actor, now=now, notice_ids=[one.notice_id for one in page])
    roots = request.viewer.roots(Capability.NOTIFY)
    units = UnitVersion.objects.filter(unit_id__in=roots, valid__contains=clock.today())
    context = {
        "scope": request.scope_,
        "now": now,
        "page": page,
        "units": units.select_related("unit").order_by("path"),
        "sees_outbox": access.is_group_wide(request.viewer, Capability.NOTIFY),
    }
    return render(request, "communications/notices.html", context)


def _is_fetched_unread(request: ScopedRequest) -> bool:
    """Say whether a browser keeps the page for later: nobody has it before their eyes."""
    return bool({"X-Taishan-Kept", "Sec-Purpose"} & set(request.headers))


@login_required
@never_cache
@require_GET
def mine(request: ScopedRequest, pk: int) -> HttpResponse:
    """One notice that I was told, as the link of a letter opens it."""
    now, by = clock.now(), _by(request.GET.get("by"))
    actions.receive(actor=request.viewer.actor, now=now, on=clock.today())
    one = get_object_or_404(queries.find_mine(request.viewer.person_id), notice_id=pk)
    actions.open_(actor=request.viewer.actor, now=now, notice_ids=[pk], by=by)
    context = {"scope": request.scope_, "one": one, "by": by, "now": now}
    return render(request, "communications/mine.html", context)


@login_required
@require_POST
def confirmation(request: ScopedRequest, pk: int) -> HttpResponse:
    """I have read a notice."""
    get_object_or_404(Delivery, notice_id=pk, person_id=request.viewer.person_id)
    by = _by(request.POST.get("by"))
    actions.confirm(actor=request.viewer.actor, now=clock.now(), notice_id=pk, by=by)
    return HttpResponseRedirect(f"{reverse('communications:notices')}?{request.scope_.query()}")


def _by(given: str | None) -> str:
    return Channel.EMAIL if given == Channel.EMAIL else ""


@login_required
@require_http_methods(["GET", "POST"])
def of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """What was told in the name of a unit, and telling more: tried first, then sent."""
    version = organisation.get_visible(request, code)
    access.require(request.viewer, Capability.SEE_PEOPLE, version.path)
    may_send = request.viewer.may(Capability.NOTIFY, version.path)
    if request.method == "POST" and not may_send:
        raise PermissionDenied(access.refusal())
    line_list = _line_list(request)
    form = NoticeForm(
        organisation.sent(request), now=clock.now(), time_zone=version.time_zone,
        line_list=line_list,
    )  # fmt: skip
    is_tried = "preview" in request.POST and form.is_valid()
    if not is_tried and form.is_valid() and (sent := _send(request, form, version, line_list)):
        return _to_notice(request, sent.pk)
    context = {"version": version, "form": form if may_send else None} | _sent(request, version)
    if is_tried:
        context["reach"] = _reach(form, version, line_list)
    status = 422 if form.errors else 200
    return render(request, "communications/of_unit.html", context, status=status)


def _line_list(request: ScopedRequest) -> LineList | None:
    """Return the people a page handed over, for who asked that page alone."""
    given = request.GET.get("list", "")
    if not given:
        return None
    mine_ = LineList.objects.filter(account_id=request.viewer.account_id)
    return get_object_or_404(mine_, pk=int(given) if given.isdecimal() else 0)


def _sent(request: ScopedRequest, version: UnitVersion) -> dict[str, Any]:
    page = Paginator(queries.find_sent(version.unit_id), PAGE).get_page(request.GET.get("page"))
    became = queries.find_became([one.pk for one in page])
    return {
        "scope": request.scope_,
        "page": page,
        "rows": [(one, became[one.pk]) for one in page],
    }


def _reach(form: NoticeForm, version: UnitVersion, line_list: LineList | None) -> audiences.Reach:
    given, on = form.cleaned_data, clock.today()
    if line_list is not None:
        people = set(line_list.person_ids)
    else:
        people = audiences.find(version.path, on, given["to"], given["post_title"])
    return audiences.measure(version.path, on, people, given["to"], News.NOTICE)


def _send(
    request: ScopedRequest, form: NoticeForm, version: UnitVersion, line_list: LineList | None
) -> Notice | None:
    given, actor, now = form.cleaned_data, request.viewer.actor, clock.now()
    try:
        if line_list is not None:
            sent = actions.send(
                actor=actor, now=now, unit_id=version.unit_id, person_ids=line_list.person_ids,
                words=form.words(), terms=form.terms(),
            )  # fmt: skip
        else:
            sent = actions.publish(
                actor=actor, now=now, on=clock.today(), unit_id=version.unit_id,
                path=version.path, audience=given["to"], post_title=given["post_title"],
                words=form.words(), terms=form.terms(),
            )  # fmt: skip
    except actions.NoticeRefused as refused:
        form.add_error(None, str(refused))
        return None
    number = sent.rounds.get().people
    told = ngettext("%d person is told.", "%d people are told.", number) % number
    messages.success(request, told)
    return sent


@login_required
@require_GET
def notice(request: ScopedRequest, pk: int) -> HttpResponse:
    """One notice: how far it is, what became of it by which way, and who is where."""
    found, version = _of_mine(request, pk)
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else "unopened"
    people = Paginator(queries.find_people(found, state), PAGE)
    page = people.get_page(request.GET.get("page"))
    letters = queries.find_letters(found, [one.person_id for one in page])
    context = presenting.of_notice(request, found, state) | {
        "version": version,
        "now": clock.now(),
        "page": page,
        "rows": [(one, letters.get(one.person_id)) for one in page],
        "may_send": request.viewer.may(Capability.NOTIFY, version.path),
    }
    return render(request, "communications/notice.html", context)


@login_required
@require_POST
def again(request: ScopedRequest, pk: int) -> HttpResponse:
    """Tell those once more who have not opened a notice, or not confirmed it."""
    found, version = _of_mine(request, pk)
    access.require(request.viewer, Capability.NOTIFY, version.path)
    try:
        done = actions.send_again(
            actor=request.viewer.actor, now=clock.now(), notice_id=found.pk,
            only_unopened=request.POST.get("to") == "unopened",
        )  # fmt: skip
    except actions.NoticeRefused as refused:
        messages.warning(request, str(refused))
    else:
        told = ngettext("%d person is reminded.", "%d people are reminded.", done.people)
        messages.success(request, told % done.people)
    return _to_notice(request, pk)


def _to_notice(request: ScopedRequest, pk: int) -> HttpResponse:
    page = reverse("communications:notice", args=[pk])
    return HttpResponseRedirect(f"{page}?{request.scope_.query()}")


def _of_mine(request: ScopedRequest, pk: int) -> tuple[Notice, UnitVersion]:
    """Return a notice and its unit. Raises Http404 where its readers' names are not for me."""
    found = get_object_or_404(Notice.objects.select_related("unit"), pk=pk, is_private=False)
    version = get_last_version(found.unit_id)
    if not request.viewer.may(Capability.SEE_PEOPLE, version.path):
        raise Http404(_("There is no such notice, or it is not for you to see."))
    return found, version
