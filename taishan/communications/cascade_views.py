"""A measure through all levels, and one part of it: given on, confirmed, accepted, waived."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from taishan.communications import (
    cascading,
    directive_page,
    directive_presenting,
    directive_queries,
    part_page,
)
from taishan.communications.directive_forms import ConfirmForm, ReasonForm, take_files
from taishan.communications.directive_views import address, get_readable
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Confirmation, ConfirmationFile, Measure
from taishan.duties.actions import DutyRefused
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.kit.attachments import AttachmentRefused
from taishan.kit.attempts import attempt
from taishan.organisation import access
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

_REFUSED = (DirectiveRefused, DutyRefused, AttachmentRefused)
DEBTORS = ("units", "posts")


@login_required
@require_GET
def cascade(request: ScopedRequest, pk: int) -> HttpResponse:
    """One measure as the tree of who owes it: where each stands, and who holds it up."""
    measure = _get_measure(request, pk)
    issuer = directive_queries.get_version(measure.directive.unit_id, clock.today())
    last = measure.versions.latest("number")
    with timezone.override(directive_presenting.zone_of(issuer)):
        nodes = directive_queries.find_cascade(request.viewer, measure, clock.now())
        context = directive_presenting.tree(nodes) | {
            "scope": request.scope_,
            "measure": measure,
            "issuer": issuer,
            "legend": directive_page.legend(),
            "crumbs": _crumbs(request, measure, last.title, measure.what),
        }
        return render(request, "communications/cascade.html", context)


def _get_measure(request: ScopedRequest, pk: int) -> Measure:
    measure = get_object_or_404(Measure.objects.select_related("directive"), pk=pk)
    get_readable(request, measure.directive_id)
    return measure


def _crumbs(
    request: ScopedRequest, measure: Measure, title: str, *more: str
) -> list[tuple[str, str]]:
    steps = [
        (_("Directives"), address(request, "directives")),
        (title, address(request, "directive", measure.directive_id)),
    ]
    if len(more) > 1:
        steps.append((more[0], address(request, "cascade", measure.pk)))
    return [*steps, (more[-1], "")]


def _get_part(
    request: ScopedRequest, pk: int, kind: str, code: str
) -> tuple[Measure, Duty, UnitVersion]:
    """Return a part, and its debtor's unit. Raises Http404 where it is not for the viewer."""
    if kind not in DEBTORS:
        raise Http404
    measure = _get_measure(request, pk)
    debtor = {"unit__code": code, "post": None} if kind == "units" else {"post__code": code}
    rows = Duty.objects.filter(subject_kind="measure", subject_id=str(pk), **debtor)
    duty = get_object_or_404(rows.select_related("post", "unit"))
    version = directive_queries.get_version(duty.unit_id, clock.today())
    if not request.viewer.may(access.Capability.SEE, version.path):
        raise Http404(_("This is not for you to see."))
    return measure, duty, version


@login_required
@require_GET
def part(request: ScopedRequest, pk: int, kind: str, code: str) -> HttpResponse:
    """What a unit or a post owes of a measure, what it made of it, and what may be done now."""
    measure, duty, version = _get_part(request, pk, kind, code)
    return _show(request, measure, duty, version, {})


def _show(
    request: ScopedRequest, measure: Measure, duty: Duty, version: UnitVersion,
    refused: dict[str, Form],
) -> HttpResponse:  # fmt: skip
    last = measure.versions.latest("number")
    with timezone.override(directive_presenting.zone_of(version)):
        context = part_page.compose(request.viewer, measure, duty, version, refused, clock.now())
        context |= {
            "scope": request.scope_,
            "crumbs": _crumbs(request, measure, last.title, measure.what, context["name"]),
        }
        status = 422 if refused else 200
        return render(request, "communications/part.html", context, status=status)


def _back(request: ScopedRequest, duty: Duty) -> HttpResponse:
    return HttpResponseRedirect(f"{duty.address}?{request.scope_.query()}")


@login_required
@require_POST
def parts(request: ScopedRequest, pk: int, kind: str, code: str) -> HttpResponse:
    """Give parts on to units below and to posts."""
    measure, duty, version = _get_part(request, pk, kind, code)
    if not part_page.may_decompose(request.viewer, duty, version):
        raise PermissionDenied(access.refusal())
    with timezone.override(directive_presenting.zone_of(version)):
        form = part_page.part_form(duty, version, clock.today(), request.POST)
        form.full_clean()

    def decompose(**given: Any) -> object:
        return cascading.decompose(parts=part_page.wanted(duty, form.cleaned_data), **given)

    if not attempt(form, decompose, refusals=_REFUSED, actor=request.viewer.actor, duty=duty):
        return _show(request, measure, duty, version, {"parts": form})
    return _back(request, duty)


@login_required
@require_POST
def confirmations(request: ScopedRequest, pk: int, kind: str, code: str) -> HttpResponse:
    """Say upward that it is done, with what shows it."""
    measure, duty, version = _get_part(request, pk, kind, code)
    if not part_page.may_confirm(request.viewer, duty, version, clock.today()):
        raise PermissionDenied(access.refusal())
    form = ConfirmForm(request.POST)

    def confirm(**given: Any) -> object:
        files = take_files(request.FILES.getlist("files"))
        return cascading.confirm(files=files, **form.cleaned_data, **given)

    if not attempt(form, confirm, refusals=_REFUSED, actor=request.viewer.actor, duty=duty):
        if request.FILES:
            form.add_error(None, _("Choose the files again: a page does not keep them."))
        return _show(request, measure, duty, version, {"confirm": form})
    messages.success(request, _("Confirmed; whoever it is owed to answers now."))
    return _back(request, duty)


@login_required
@require_POST
def answer(request: ScopedRequest, pk: int) -> HttpResponse:
    """Accept what was confirmed, or return it with what is wanting."""
    _confirmation, (measure, duty, version) = _get_confirmed(request, pk)
    if not part_page.may_answer(request.viewer, duty, clock.today()):
        raise PermissionDenied(access.refusal())
    act: dict[str, Any] = {"actor": request.viewer.actor, "confirmation_id": pk}
    if request.POST.get("act") == "accept":
        try:
            cascading.accept(now=clock.now(), **act)
        except (DirectiveRefused, DutyRefused) as refused:
            messages.error(request, str(refused))
        return _back(request, duty)
    form = ReasonForm(request.POST, act="return")

    def give_back(**given: Any) -> object:
        return cascading.give_back(**form.cleaned_data, **given)

    if not attempt(form, give_back, refusals=_REFUSED, **act):
        return _show(request, measure, duty, version, {"return": form})
    return _back(request, duty)


def _get_confirmed(
    request: ScopedRequest, pk: int
) -> tuple[Confirmation, tuple[Measure, Duty, UnitVersion]]:
    confirmation = get_object_or_404(Confirmation, pk=pk)
    duty = Duty.objects.select_related("post", "unit").get(
        unit_id=confirmation.unit_id, id=confirmation.duty_id
    )
    kind, code = ("posts", duty.post.code) if duty.post else ("units", duty.unit.code)
    return confirmation, _get_part(request, int(duty.subject_id), kind, code)


@login_required
@require_POST
def waiver(request: ScopedRequest, pk: int, kind: str, code: str) -> HttpResponse:
    """Ask for it, and for all beneath it, no longer."""
    measure, duty, version = _get_part(request, pk, kind, code)
    if not part_page.may_answer(request.viewer, duty, clock.today()):
        raise PermissionDenied(access.refusal())
    form = ReasonForm(request.POST, act="waive")

    def waive(**given: Any) -> object:
        return cascading.waive(**form.cleaned_data, **given)

    if not attempt(form, waive, refusals=_REFUSED, actor=request.viewer.actor, duty=duty):
        return _show(request, measure, duty, version, {"waive": form})
    return _back(request, duty)


@login_required
@require_GET
def file(request: ScopedRequest, pk: int, file: int) -> HttpResponse:
    """A photo or document that shows it, to whoever sees the part."""
    _get_confirmed(request, pk)
    return get_object_or_404(ConfirmationFile, pk=file, confirmation_id=pk).respond()
