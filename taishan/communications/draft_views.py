"""Writing a directive, or its next version, and issuing it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from taishan.communications import directive_content, directive_presenting, directives
from taishan.communications.directive_content import Content
from taishan.communications.directive_forms import (
    CHOSEN,
    DirectiveForm,
    MeasureForms,
    take_files,
)
from taishan.communications.directive_views import address, get_readable, require_issuer
from taishan.communications.directives import DirectiveRefused
from taishan.communications.models import Directive, DirectiveDraft, DirectiveFile
from taishan.kit import clock
from taishan.kit.attachments import AttachmentRefused
from taishan.organisation import access, history, presenting
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest


@login_required
@require_POST
def drafts(request: ScopedRequest) -> HttpResponse:
    """Begin a directive of a unit."""
    version = presenting.get_visible(request, presenting.posted(request, "unit"))
    access.require(request.viewer, Capability.DIRECT, version.path)
    begun = directives.draft(
        actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id
    )  # fmt: skip
    return HttpResponseRedirect(address(request, "draft", begun.pk))


@login_required
@require_http_methods(["GET", "POST"])
def draft(request: ScopedRequest, pk: int) -> HttpResponse:
    """Write what a directive is to say; what was written stays on the page where it is refused."""
    found = get_readable(request, pk)
    issuer = require_issuer(request, found)
    kept = get_object_or_404(DirectiveDraft, directive=found)
    with timezone.override(directive_presenting.zone_of(issuer)):
        form, measures = _forms(request, kept, issuer)
        if form.is_valid() and measures.is_valid() and _revise(request, pk, form, measures):
            return HttpResponseRedirect(address(request, "draft", pk))
        is_wrong = bool(form.errors) or any(measures.errors)
        context = _context(request, found, kept, issuer)
        return render(
            request, "communications/directive_draft.html",
            context | {"form": form, "measures": measures}, status=422 if is_wrong else 200,
        )  # fmt: skip


def _forms(
    request: ScopedRequest, kept: DirectiveDraft, issuer: UnitVersion
) -> tuple[DirectiveForm, Any]:
    content = directive_content.from_json(kept.content)
    initial = kept.content | {
        "to": CHOSEN if content.unit_ids else "", "units": content.unit_ids,
        "acknowledge_by": content.acknowledge_by, "edition": kept.edition,
    }  # fmt: skip
    rows = [
        {name: getattr(one, name) for name in ("what_zh", "what_en", "due_at", "needs_evidence")}
        for one in content.measures
    ]
    form = DirectiveForm(sent(request), initial=initial, below=_below(issuer))
    return form, MeasureForms(sent(request), initial=rows, prefix="measures")


def _below(issuer: UnitVersion) -> list[tuple[int, str, bool]]:
    """Return the units a directive may go to: id, name by its depth, whether directly below."""
    rows = history.find_below(issuer, clock.today()).select_related("unit").order_by("path")
    top = issuer.path.count(".") + 1
    return [
        (
            one.unit_id,
            "　" * (one.path.count(".") - top) + f"{one.name} ({one.unit.code})",
            one.parent_id == issuer.unit_id,
        )
        for one in rows
    ]


def _revise(request: ScopedRequest, pk: int, form: DirectiveForm, measures: Any) -> bool:
    content: Content = form.content(one.wanted() for one in measures if one.is_said())
    try:
        directives.revise(
            actor=request.viewer.actor, now=clock.now(), directive_id=pk,
            edition=form.cleaned_data["edition"], content=content,
        )  # fmt: skip
    except DirectiveRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Kept."))
    return True


def _context(
    request: ScopedRequest, found: Directive, kept: DirectiveDraft, issuer: UnitVersion
) -> dict[str, Any]:
    last = found.versions.order_by("-number").first()
    crumbs = [(_("Directives"), address(request, "directives"))]
    if last is not None:
        crumbs.append((last.title, address(request, "directive", found.pk)))
    return {
        "scope": request.scope_,
        "directive": found,
        "kept": kept,
        "issuer": issuer,
        "last": last,
        "files": DirectiveFile.objects.filter(pk__in=kept.content["file_ids"]),
        "crumbs": [*crumbs, (_("Draft"), "")],
    }


@login_required
@require_POST
def files(request: ScopedRequest, pk: int) -> HttpResponse:
    """Add files to a draft, or leave one out."""
    require_issuer(request, get_readable(request, pk))
    act: dict[str, Any] = {"actor": request.viewer.actor, "now": clock.now(), "directive_id": pk}
    left_out = request.POST.get("without", "")
    try:
        if left_out.isdecimal():
            directives.leave_out_file(**act, file_id=int(left_out))
        for file in take_files(request.FILES.getlist("files")):
            directives.add_file(**act, file=file)
    except (DirectiveRefused, AttachmentRefused) as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "draft", pk))


@login_required
@require_POST
def end(request: ScopedRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    found = get_readable(request, pk)
    require_issuer(request, found)
    try:
        directives.discard(actor=request.viewer.actor, now=clock.now(), directive_id=pk)
    except DirectiveRefused as refused:
        messages.error(request, str(refused))
    is_issued = found.versions.exists()
    return redirect(address(request, *(("directive", pk) if is_issued else ("directives",))))


@login_required
@require_POST
def issue(request: ScopedRequest, pk: int) -> HttpResponse:
    """Issue a draft."""
    require_issuer(request, get_readable(request, pk))
    try:
        directives.issue(actor=request.viewer.actor, now=clock.now(), directive_id=pk)
    except DirectiveRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(address(request, "draft", pk))
    messages.success(request, _("Issued."))
    return HttpResponseRedirect(address(request, "directive", pk))


@login_required
@require_POST
def version(request: ScopedRequest, pk: int) -> HttpResponse:
    """Begin the next version of an issued directive."""
    require_issuer(request, get_readable(request, pk))
    try:
        directives.begin_version(actor=request.viewer.actor, now=clock.now(), directive_id=pk)
    except DirectiveRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request, "draft", pk))
