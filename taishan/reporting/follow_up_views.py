"""Who is followed up, one follow-up, and the rules by which it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core.followup import Act
from taishan.kit import clock, tables
from taishan.organisation import access
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import (
    follow_up_forms,
    follow_up_lists,
    follow_up_rules,
    follow_up_words,
    followed,
    following,
)
from taishan.reporting.follow_up_models import FollowUp
from taishan.reporting.followed import Whole
from taishan.reporting.following import FollowUpRefused

PAGE = 50
REFUSED = 422


@login_required
@never_cache
@require_GET
def follow_ups(request: ScopedRequest) -> HttpResponse:
    """Who is followed up on the day: names where the viewer is safety officer, else numbers."""
    listed = follow_up_lists.ask(request)
    behind = units.behind(request)
    found = listed.find_page(behind, PAGE + 1)
    context = {
        "scope": request.scope_,
        "listed": listed,
        "title": follow_up_words.list_word(listed.name) if listed.name else _("Follow-up"),
        "tabs": follow_up_lists.tabs(request, listed),
        "rows": follow_up_lists.rows(request, listed, found[:PAGE]),
        "behind": found[PAGE - 1].step if len(found) > PAGE else None,
        "units": follow_up_lists.numbers(request, listed),
        "own": followed.find_own(request.viewer),
        "said_back": 0 if behind else listed.count_said_back(),
    }
    return render(request, "reporting/follow_ups.html", context)


@login_required
@never_cache
@require_GET
def follow_ups_file(request: ScopedRequest) -> HttpResponse:
    """The list as an Excel file."""
    listed = follow_up_lists.ask(request)
    name = f"follow-up-{listed.day}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = follow_up_lists.sheet(request, listed)
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)


@login_required
@never_cache
@require_GET
def follow_up(request: ScopedRequest, pk: int) -> HttpResponse:
    """One follow-up: its state, who acts next, what happened, and the forms to act."""
    return _page(request, _get(request, pk))


@login_required
@require_POST
def steps(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take the next step."""
    whole = _get_to_act(request, pk)
    try:
        act = Act(request.POST.get("act", ""))
        seen = int(request.POST.get("seen", ""))
    except ValueError:
        raise Http404(_("There is no such step.")) from None
    form = follow_up_forms.StepForm(request.POST, act=act)
    if form.is_valid():
        try:
            following.take_step(
                actor=request.viewer.actor, now=clock.now(), follow_up_id=pk, act=act, seen=seen,
                details=form.details(),
            )  # fmt: skip
            return _recorded(request, pk)
        except FollowUpRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, whole, {act: form}, status=REFUSED)


@login_required
@require_POST
def checks(request: ScopedRequest, pk: int) -> HttpResponse:
    """Record a check of today, of oneself too."""
    whole = _get(request, pk)
    form = follow_up_forms.CheckForm(request.POST)
    if form.is_valid():
        try:
            following.record_check(
                actor=request.viewer.actor, now=clock.now(), follow_up_id=pk, **form.cleaned_data
            )
            return _recorded(request, pk)
        except FollowUpRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, whole, check=form, status=REFUSED)


def _get(request: ScopedRequest, pk: int) -> Whole:
    try:
        return followed.read(request.viewer, clock.now(), pk)
    except FollowUp.DoesNotExist:
        raise Http404(_("There is no such follow-up.")) from None


def _get_to_act(request: ScopedRequest, pk: int) -> Whole:
    whole = _get(request, pk)
    if not whole.may_act:
        raise PermissionDenied(access.refusal())
    return whole


def _recorded(request: ScopedRequest, pk: int) -> HttpResponse:
    messages.success(request, _("Recorded."))
    query = request.scope_.query()
    if request.POST.get("from") == followed.RELEASED:
        address = f"{reverse('follow_up:all')}?{query}&list={followed.RELEASED}"
        return HttpResponseRedirect(address)
    return HttpResponseRedirect(f"{reverse('follow_up:one', args=[pk])}?{query}")


def _page(
    request: ScopedRequest,
    whole: Whole,
    sent: dict[Act, follow_up_forms.StepForm] | None = None,
    check: follow_up_forms.CheckForm | None = None,
    status: int = 200,
) -> HttpResponse:
    one, filled_in = whole.follow_up, sent or {}
    context = {
        "scope": request.scope_,
        "whole": whole,
        "banner": follow_up_words.banner(whole),
        "acts": _acts(request, whole, filled_in) if whole.may_act else [],
        "check": (check or follow_up_forms.CheckForm()) if _is_checked(whole) else None,
        "events": follow_up_words.timeline(
            whole, list(one.causes.all()), list(one.checks.select_related("by__person"))
        ),
        "back": f"{reverse('follow_up:all')}?{request.scope_.query()}",
    }
    return render(request, "reporting/follow_up.html", context, status=status)


def _acts(
    request: ScopedRequest, whole: Whole, sent: dict[Act, follow_up_forms.StepForm]
) -> list[dict[str, Any]]:
    day, rule = whole.concerned.day, whole.concerned.rule
    return [
        {
            "act": act.value,
            "word": follow_up_words.act(act, whole.now.state),
            "form": sent.get(act)
            or follow_up_forms.offered(act, day, rule, request.viewer.name),
            "is_open": act in sent or (act is Act.RETURN and whole.now.said_back is not None),
        }
        for act in {**dict.fromkeys(follow_up_words.possible(whole)), **dict.fromkeys(sent)}
    ]  # fmt: skip


def _is_checked(whole: Whole) -> bool:
    return whole.now.number is not None and whole.now.number >= 1


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: ScopedRequest, code: str) -> HttpResponse:
    """What holds in a unit when people are followed up; asking for more."""
    version = units.get_visible(request, code)
    standing = follow_up_rules.get_standing(version)
    may_set = request.viewer.may(Capability.RULE_FOLLOW_UP, version.path)
    if request.method == "POST" and not may_set:
        access.require(request.viewer, Capability.RULE_FOLLOW_UP, version.path)
    form = follow_up_forms.RuleForm(units.sent(request), own=standing.own, above=standing.above)
    if form.is_valid() and _set(request, form, version, standing):
        return HttpResponseRedirect(request.get_full_path())
    context = {
        "scope": request.scope_,
        "version": version,
        "standing": standing,
        "holds": follow_up_rules.in_words(standing.rule).values(),
        "form": form if may_set else None,
        "crumbs": units.crumbs(request, version),
    }
    status = REFUSED if form.errors else 200
    return render(request, "reporting/follow_up_rules.html", context, status=status)


def _set(
    request: ScopedRequest,
    form: follow_up_forms.RuleForm,
    version: UnitVersion,
    standing: follow_up_rules.Standing,
) -> bool:
    try:
        follow_up_rules.set_rule(
            actor=request.viewer.actor, now=clock.now(), version=version,
            ask=form.ask(standing.above),
        )  # fmt: skip
    except follow_up_rules.RuleRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Recorded."))
    return True
