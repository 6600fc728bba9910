"""Forms as people read and manage them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.forms import actions, presenting, queries, rendering
from taishan.forms.actions import VersionRefused
from taishan.forms.compiling import FormRefused
from taishan.forms.models import FormVersion
from taishan.forms.workbook import LIMIT_BYTES
from taishan.kit import clock
from taishan.kit.tables import XLSX
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest


@login_required
@require_http_methods(["GET", "POST"])
def forms(request: ScopedRequest) -> HttpResponse:
    """All forms; for who manages them, a new one or a new version by an XLSForm."""
    if request.method == "GET":
        return _list(request)
    access.require_group_wide(request.viewer, Capability.MANAGE_FORMS)
    file = request.FILES.get("file")
    if file is None:
        return _list(request, refusal=_("Choose a file."))
    given: dict[str, Any] = {"content": file.read(LIMIT_BYTES + 1), "name": file.name or ""}
    try:
        draft = actions.upload(actor=request.viewer.actor, now=clock.now(), **given)
    except FormRefused as refused:
        return _list(request, errors=refused.errors, name=given["name"])
    except VersionRefused as refused:
        return _list(request, refusal=str(refused))
    messages.success(request, _("The form is without errors: a draft, to be looked at."))
    return to_version(request, draft)


@login_required
@require_GET
def form(request: ScopedRequest, code: str) -> HttpResponse:
    """The version of a form that is in force, else its latest."""
    latest = queries.find_versions(code).first()
    if latest is None:
        raise Http404(_("There is no such form."))
    in_force = queries.find_versions(code).filter(state=FormVersion.State.PUBLISHED).first()
    return _page(request, code, (in_force or latest).number)


@login_required
@require_GET
def version(request: ScopedRequest, code: str, number: int) -> HttpResponse:
    """One version: its state, its questions in words, and how it looks to who answers."""
    return _page(request, code, number)


@login_required
@require_GET
def source(_request: ScopedRequest, code: str, number: int) -> HttpResponse:
    """The XLSForm as it was given."""
    found = get_version_or_404(code, number)
    headers = {"Content-Disposition": f'attachment; filename="{code}-{number}.xlsx"'}
    return HttpResponse(bytes(found.source), content_type=XLSX, headers=headers)


@login_required
@require_POST
def publication(request: ScopedRequest, code: str, number: int) -> HttpResponse:
    """Bring a draft into force."""
    said = _("Version %d is in force.") % number
    return _step(request, code, number, actions.publish, said)


@login_required
@require_POST
def retirement(request: ScopedRequest, code: str, number: int) -> HttpResponse:
    """End a version in force."""
    said = _("Version %d is retired: nobody answers to this form now.") % number
    return _step(request, code, number, actions.retire, said)


def _step(
    request: ScopedRequest, code: str, number: int, act: Callable[..., None], said: str
) -> HttpResponse:
    access.require_group_wide(request.viewer, Capability.MANAGE_FORMS)
    found = get_version_or_404(code, number)
    try:
        act(actor=request.viewer.actor, now=clock.now(), version=found)
    except VersionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return to_version(request, found)


def _list(request: ScopedRequest, **context: Any) -> HttpResponse:
    lang = request.scope_.lang
    context |= {
        "scope": request.scope_,
        "rows": [presenting.form_row(one, lang) for one in queries.find_forms()],
        "may_manage": access.is_group_wide(request.viewer, Capability.MANAGE_FORMS),
    }
    is_refused = context.get("refusal") or context.get("errors")
    return render(request, "forms/forms.html", context, status=422 if is_refused else 200)


def _page(request: ScopedRequest, code: str, number: int) -> HttpResponse:
    found, lang = get_version_or_404(code, number), request.scope_.lang
    title = presenting.title(found.form, lang)
    context = {
        "scope": request.scope_,
        "title": title,
        "form": found.form,
        "version": found,
        "versions": queries.find_versions(code),
        "state": presenting.state(found),
        "facts": presenting.facts(found),
        "questions": presenting.questions(queries.get_definition(found), lang),
        "files": found.files.order_by("name"),
        "preview": rendering.render(found, lang=lang),
        "may_manage": access.is_group_wide(request.viewer, Capability.MANAGE_FORMS),
        "crumbs": [(_("Forms"), f"{reverse('forms:forms')}?{request.scope_.query()}"), (title, "")],
    }
    return render(request, "forms/version.html", context)


def get_version_or_404(code: str, number: int) -> FormVersion:
    """Return the version. Raises Http404."""
    try:
        return queries.get_version(code, number)
    except FormVersion.DoesNotExist:
        raise Http404(_("There is no such form.")) from None


def to_version(request: ScopedRequest, found: FormVersion) -> HttpResponse:
    """Return to the page of the version."""
    address = reverse("forms:version", args=[found.form.code, found.number])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")
