"""Bringing hazards in from a table: a template, a preview by row and column, the good rows."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, tables
from taishan.organisation import access, uploads
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import hazard_import

SHOWN, SHOWN_ERRORS = 20, 200
LIMIT_BYTES = 5 * 1024 * 1024
REFUSED = 422


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: ScopedRequest) -> HttpResponse:
    """Choose a table and see what it would do, row by row."""
    _require(request)
    if request.method == "GET":
        return _page(request)
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LIMIT_BYTES:
        return _page(request, refusal=_("Choose a table of at most 5 MiB."))
    content = file.read()
    try:
        outcome = hazard_import.preview(request.viewer, clock.now(), content)
    except tables.TableError as error:
        return _page(request, refusal=str(error))
    token = uploads.keep(request.viewer.account_id, content)
    return _page(request, outcome=outcome, token=token, name=file.name)


@login_required
@require_POST
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Record the good rows of a table that was previewed."""
    _require(request)
    content = uploads.find(request.viewer.account_id, token)
    if content is None:
        return _page(request, refusal=_("The file is no longer kept: choose it again."))
    done = hazard_import.perform(viewer=request.viewer, now=clock.now(), content=content)
    uploads.drop(request.viewer.account_id, token)
    counts = {"new": len(done.reports), "seen": len(done.verifications)}
    messages.success(request, _("Recorded: %(new)d reported, %(seen)d verified.") % counts)
    if done.errors:
        return _page(request, outcome=done)
    return HttpResponseRedirect(presenting.address(request, "hazards"))


@login_required
@require_GET
def template(request: ScopedRequest) -> HttpResponse:
    """An empty table to fill in."""
    content = hazard_import.template(in_chinese=request.scope_.lang == "zh")
    headers = {"Content-Disposition": 'attachment; filename="hazards.xlsx"'}
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)


def _require(request: ScopedRequest) -> None:
    if not request.viewer.paths(Capability.HANDLE_HAZARDS):
        raise PermissionDenied(access.refusal())


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    outcome = context.get("outcome")
    context |= {
        "scope": request.scope_,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "rows": list(islice(hazard_import.describe(outcome), SHOWN)) if outcome else [],
        "crumbs": [
            (_("Hazards"), presenting.address(request, "hazards")), (_("Bring in a table"), ""),
        ],
    }  # fmt: skip
    status = REFUSED if context.get("refusal") else 200
    return render(request, "safety/hazards_import.html", context, status=status)
