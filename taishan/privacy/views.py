"""Who may read whose answers, and why; on what ground each form is asked where."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from taishan.kit import clock
from taishan.organisation import access, history
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.privacy import grounds, readers, rules, words
from taishan.privacy.forms import EndForm, GroundForm, RuleForm
from taishan.privacy.models import DisclosureRule, Ground

REFUSED = 422


@login_required
@require_http_methods(["GET", "POST"])
def readers_of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """Who may read what the unit's people answered about their health; letting others read."""
    version = units.get_visible(request, code)
    if request.method == "POST":
        access.require(request.viewer, Capability.DISCLOSE, version.path)
    form = RuleForm(units.sent(request), initial={"starts": clock.today()})
    if form.is_valid() and _allow(request, form, version):
        return HttpResponseRedirect(request.get_full_path())
    may = rules.may_decide(request.viewer, version)
    context = {
        "scope": request.scope_,
        "version": version,
        "officers": readers.find_officers(version.unit_id),
        "rules": [_row(one) for one in rules.find_about(version)],
        "may_decide": may,
        "form": form if may else None,
        "end": EndForm(),
        "crumbs": units.crumbs(request, version),
    }
    status = REFUSED if form.errors else 200
    return render(request, "privacy/readers.html", context, status=status)


def _allow(request: ScopedRequest, form: RuleForm, version: UnitVersion) -> bool:
    try:
        rules.add(
            actor=request.viewer.actor, now=clock.now(), viewer=request.viewer, version=version,
            details=form.details(),
        )  # fmt: skip
    except rules.RuleRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Recorded."))
    return True


def _row(rule: DisclosureRule) -> dict[str, Any]:
    last = rules.last_day(rule)
    return {
        "rule": rule,
        "form": words.title(rule.form),
        "last_day": last,
        "is_over": last < clock.today(),
        "end": getattr(rule, "end", None),
    }


@login_required
@require_POST
def end_of_rule(request: ScopedRequest, pk: int) -> HttpResponse:
    """End a rule today."""
    rule = DisclosureRule.objects.filter(pk=pk).select_related("unit").first()
    if rule is None:
        raise Http404(_("There is no such rule."))
    version = history.get_version(rule.unit.code, clock.today())
    access.require(request.viewer, Capability.DISCLOSE, version.path)
    form = EndForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    try:
        rules.end(
            actor=request.viewer.actor, now=clock.now(), rule=rule, on=clock.today(), reason=reason
        )
    except rules.RuleRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded."))
    address = reverse("privacy:readers", args=[rule.unit.code])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")


@login_required
@require_http_methods(["GET", "POST"])
def grounds_of_forms(request: ScopedRequest) -> HttpResponse:
    """On what ground each form that asks about health is asked where; recording another."""
    if request.method == "POST":
        access.require_group_wide(request.viewer, Capability.MANAGE_FORMS)
    form = GroundForm(units.sent(request), initial={"starts": clock.today()})
    if form.is_valid():
        grounds.record(actor=request.viewer.actor, now=clock.now(), details=form.details())
        messages.success(request, _("Recorded."))
        return HttpResponseRedirect(request.get_full_path())
    may = access.is_group_wide(request.viewer, Capability.MANAGE_FORMS)
    context = {
        "scope": request.scope_,
        "rows": [
            {"ground": one, "form": words.title(one.form), "why": words.why(one)}
            for one in Ground.objects.select_related("form").order_by(
                "form__code", "country", "-starts", "-pk"
            )
        ],
        "form": form if may else None,
    }
    status = REFUSED if form.errors else 200
    return render(request, "privacy/grounds.html", context, status=status)
