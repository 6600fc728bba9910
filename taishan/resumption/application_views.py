"""Applications to resume work: all of them, one, its plan, and the group's rule for them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.core.approvals import AFTER, Act, State
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import words
from taishan.resumption import (
    application_lists,
    application_standing,
    application_words,
    applications,
    approval_rules,
    changes,
)
from taishan.resumption.application_forms import (
    PHASES,
    DecisionForm,
    FileForm,
    LaneForm,
    LocalForm,
    PlanForm,
    RuleForm,
    of_plan,
    planned,
)
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.approval_rules import Rule
from taishan.resumption.forms import conditions
from taishan.resumption.models import Application, ApprovalRule, Plan, Submission
from taishan.resumption.queries import find_units, find_verdicts
from taishan.resumption.views import get_unit

PAGE = 40
REFUSED = 422


@login_required
@require_GET
def listed(request: ScopedRequest) -> HttpResponse:
    """The applications that the viewer may see, by where they stand; urgent ones first."""
    name = request.GET.get("list", "waiting")
    found = application_lists.find_listed(request.viewer, name)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    units = organisation.find_last_versions(one.unit_id for one in page)
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": [(one, units[one.unit_id], _state_word(one)) for one in page],
        "tabs": _tabs(name),
        "may_set_rule": access.is_group_wide(request.viewer, Capability.DIRECT),
    }
    return render(request, "resumption/applications.html", context)


def _state_word(one: Any) -> str:
    return application_words.state(AFTER[Act(one.act)] if one.act else State.DRAFT)


def _tabs(name: str) -> list[dict[str, Any]]:
    listed_words = {
        "waiting": _("Waiting for a decision"), "approved": _("Approved"),
        "suspended": _("Suspended"), "returned": _("Returned"), "draft": _("Drafts"),
        "all": _("All"),
    }  # fmt: skip
    return [
        {"word": word, "href": f"?list={one}", "is_on": one == name}
        for one, word in listed_words.items()
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def drafts(request: ScopedRequest, code: str) -> HttpResponse:
    """Begin an application of a unit."""
    unit = get_unit(request, code)
    access.require(request.viewer, Capability.ATTEST, unit.path)
    lane, plan = LaneForm(sent(request)), PlanForm(sent(request))
    phases = PHASES(sent(request), prefix="phase")
    if all([lane.is_valid(), plan.is_valid(), phases.is_valid()]):
        try:
            made = applications.draft(
                actor=request.viewer.actor, now=clock.now(), unit_id=unit.id,
                plan=planned(plan, phases), **lane.cleaned_data,
            )  # fmt: skip
            return back(request, made)
        except ApplicationRefused as refused:
            plan.add_error(None, str(refused))
    return _form(request, unit.code, plan, phases, lane)


def _form(
    request: ScopedRequest, code: str, plan: PlanForm, phases: Any, lane: LaneForm | None = None
) -> HttpResponse:
    context = {"scope": request.scope_, "code": code, "form": plan, "phases": phases, "lane": lane}
    is_refused = bool(plan.errors or phases.total_error_count() or (lane and lane.errors))
    status = REFUSED if request.method == "POST" and is_refused else 200
    return render(request, "resumption/application_plan.html", context, status=status)


def get_application(request: ScopedRequest, pk: int) -> tuple[Application, UnitVersion]:
    """Return an application and what its unit is. Raises Http404 unless the viewer may see it."""
    found = get_object_or_404(application_lists.find_visible(request.viewer), pk=pk)
    return found, organisation.get_last_version(found.unit_id)


def back(request: ScopedRequest, application: Application) -> HttpResponse:
    """Return to the application, which says what was recorded."""
    address = reverse("resumption:application", args=[application.pk])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")


@login_required
@never_cache
@require_GET
def application(request: ScopedRequest, pk: int) -> HttpResponse:
    """One application: its state, who acts next, what it says, what it rests on, what happened."""
    found, version = get_application(request, pk)
    return page_of(request, found, version)


def page_of(
    request: ScopedRequest, found: Application, version: UnitVersion, *, status: int = 200,
    **forms: Any,
) -> HttpResponse:  # fmt: skip
    """Show an application, with forms that were refused."""
    stands = application_standing.get_standing(request.viewer, found, version.path, clock.now())
    plans = list(found.plans.order_by("-number"))
    context: dict[str, Any] = {
        "scope": request.scope_, "application": found, "version": version, "stands": stands,
        "banner": application_standing.banner(stands), "plan": plans[0],
        "fields": application_words.fields(plans[0]),
        "kind": words.kind_of_work(found.kind_of_work) if found.kind_of_work else "",
        "differences": _differences(found, plans[0]),
        "handed_in": handed_in(stands.submission, request.scope_.lang),
        "files": found.files.order_by("pk"),
        "local": found.local_decisions.select_related("file").order_by("pk"),
        "deciding": DecisionForm(initial={"seen": stands.seen}), "filing": FileForm(),
        "local_form": _local_form(request, version) if stands.may_write else None,
        "story": application_standing.story(found, version.time_zone),
    } | forms  # fmt: skip
    context["filing"].auto_id = "filing-%s"  # a paper of the place has a file too
    return render(request, "resumption/application.html", context, status=status)


def _local_form(request: ScopedRequest, version: UnitVersion) -> LocalForm:
    asked = local_conditions(request, version)
    return LocalForm(conditions=asked, initial={"on": clock.today()})


def local_conditions(request: ScopedRequest, version: UnitVersion) -> list[tuple[str, str]]:
    """Return the conditions of the unit that a paper of the place may show."""
    units = find_units(request.viewer, clock.today(), codes=[version.unit.code])
    return conditions(find_verdicts(units, clock.today())[0].verdict) if units else []


def _differences(found: Application, plan: Plan) -> list[tuple[str, str, str]]:
    """Return how the plan differs from the one that was handed in last before it."""
    before = found.submissions.filter(plan__number__lt=plan.number).order_by("-round").first()
    return list(application_words.differences(before.plan, plan)) if before else []


def handed_in(submission: Submission | None, lang: str) -> dict[str, Any] | None:
    """Return what a submission froze, in words."""
    if submission is None:
        return None
    library = regulations.get_library()
    rules = {one["clause"].partition("/")[0] for one in submission.verdict["reasons"]}
    return {
        "round": submission.round,
        "day": submission.verdict["day"],
        "state": submission.verdict["state"],
        "unmet": [changes.demand(one) for one in submission.verdict["unmet"]],
        "rules": [
            (key, words.in_language(library.entries[key].title, lang))
            for key in sorted(rules & library.entries.keys())
        ],
        "rests": [
            (one, words.shown(one.condition, one.amount))
            for one in submission.rests_on.select_related("refutation").order_by("condition", "pk")
        ],
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: ScopedRequest, pk: int) -> HttpResponse:
    """Write in an application's plan; what was written stays on the page where it is refused."""
    found, version = get_application(request, pk)
    access.require(request.viewer, Capability.ATTEST, version.path)
    shown, rows = of_plan(found.plans.latest("number"))
    form = PlanForm(sent(request), initial=shown)
    phases = PHASES(sent(request), prefix="phase", initial=rows)
    if form.is_valid() and phases.is_valid():
        try:
            applications.revise(
                actor=request.viewer.actor, now=clock.now(), application=found,
                edition=form.cleaned_data["edition"] or 0, plan=planned(form, phases),
            )  # fmt: skip
            return back(request, found)
        except ApplicationRefused as refused:
            form.add_error(None, str(refused))
    return _form(request, version.unit.code, form, phases)


@login_required
@require_http_methods(["GET", "POST"])
def rule(request: ScopedRequest) -> HttpResponse:
    """Who decides on which application, and within how long: now, before, and from a day on."""
    may_set = access.is_group_wide(request.viewer, Capability.DIRECT)
    if request.method == "POST":
        access.require_group_wide(request.viewer, Capability.DIRECT)
    now = approval_rules.find_rule(clock.today())
    form = RuleForm(sent(request), initial=asdict(now) | {"starts": clock.today()})
    if form.is_valid():
        starts = form.cleaned_data.pop("starts")
        approval_rules.set_rule(
            actor=request.viewer.actor, now=clock.now(), starts=starts,
            rule=Rule(**form.cleaned_data),
        )  # fmt: skip
        messages.success(request, _("Recorded."))
        address = reverse("resumption:approval_rule")
        return HttpResponseRedirect(f"{address}?{request.scope_.query()}")
    rows = ApprovalRule.objects.order_by("-starts", "-pk")
    context = {"scope": request.scope_, "now": now, "rows": rows, "form": form if may_set else None}
    status = REFUSED if form.errors else 200
    return render(request, "resumption/approval_rule.html", context, status=status)
