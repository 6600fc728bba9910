"""The risk register in and out as xlsx: what is seen, a template, and a file with its errors."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, downloads, tables
from taishan.organisation import access, uploads
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.organisation.sheets import Outcome
from taishan.safety import risk_sheet, risk_views

REFUSED = 422
SHOWN = 200


@login_required
@require_GET
def file(request: ScopedRequest) -> HttpResponse:
    """The points of the list as a workbook, with the same filters."""
    day = clock.today()
    content = risk_sheet.export(risk_views.find_asked(request), day)
    return downloads.save(content, f"risks-{day}.xlsx")


@login_required
@require_GET
def template(request: ScopedRequest) -> HttpResponse:  # noqa: ARG001 - as all views
    """An empty workbook to fill in."""
    return downloads.save(risk_sheet.template(), "risks.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: ScopedRequest) -> HttpResponse:
    """Try a file: what it would enter, and every cell that is wrong."""
    _require(request)
    given = request.FILES.get("file")
    if request.method == "GET":
        return _page(request)
    if given is None:
        return _page(request, refusal=_("Choose a file."))
    content = given.read(tables.LIMIT_BYTES + 1)
    try:
        outcome = _import(request, content, "preview")
    except tables.TableError as wrong:
        return _page(request, refusal=str(wrong))
    token = uploads.keep(request.viewer.account_id, content)
    return _page(request, **_found(outcome), token=token)


@login_required
@require_POST
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Record the good rows of a file that was tried."""
    _require(request)
    content = uploads.find(request.viewer.account_id, token)
    if content is None:
        return _page(request, refusal=_("The file is no longer kept: choose it again."))
    done = _import(request, content, "good_rows")
    uploads.drop(request.viewer.account_id, token)
    counts = {"new": done.created, "changed": done.changed}
    messages.success(request, _("Recorded: %(new)d new, %(changed)d changed.") % counts)
    return HttpResponseRedirect(f"{reverse('risks:register')}?{request.scope_.query()}")


def _require(request: ScopedRequest) -> None:
    if not request.viewer.roots(Capability.HANDLE_HAZARDS):
        raise PermissionDenied(access.refusal())


def _import(request: ScopedRequest, content: bytes, mode: Any) -> Outcome:
    return risk_sheet.import_register(
        viewer=request.viewer, now=clock.now(), on=clock.today(), content=content, mode=mode
    )


def _found(outcome: Outcome) -> dict[str, Any]:
    return {"outcome": outcome, "errors": outcome.errors[:SHOWN], "number": len(outcome.errors)}


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    is_wrong = "refusal" in context or context.get("number")
    context |= {"scope": request.scope_, "columns": risk_sheet.HEADINGS}
    return render(request, "safety/risk_import.html", context, status=REFUSED if is_wrong else 200)
