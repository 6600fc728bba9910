"""Risk levels, or case counts to grade, by the browser: template, preview, confirmation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, tables
from taishan.organisation import access, sheets, uploads
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import case_counts, risk_sheet, risk_views

COLUMNS = {"levels": risk_sheet.COLUMNS, "counts": case_counts.COLUMNS}
RECORD = {"levels": risk_sheet.import_levels, "counts": case_counts.grade_counties}
SHOWN_ERRORS = 200


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: ScopedRequest) -> HttpResponse:
    """Choose a file; then see what it would create, change and withdraw, and what is wrong."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    if request.method == "GET":
        return _page(request, what=request.GET.get("what", ""))
    what, file = request.POST.get("what", ""), request.FILES.get("file")
    if what not in RECORD or file is None:
        return _page(request, refusal=_("Choose what the file holds, and the file."))
    if (file.size or 0) > tables.LIMIT_BYTES:
        limit = tables.LIMIT_BYTES // 1024 // 1024
        return _page(request, refusal=_("The file is larger than %d MiB. Split it.") % limit)
    content = file.read()
    try:
        outcome = _run(request, what, content, "preview")
    except tables.TableError as error:
        return _page(request, refusal=str(error), what=what)
    token = uploads.keep(request.viewer.account_id, content)
    return _page(request, outcome=outcome, what=what, token=token, name=file.name)


@login_required
@require_POST
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Record a file that was previewed."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    what, mode = request.POST.get("what", ""), request.POST.get("mode", "")
    content = uploads.find(request.viewer.account_id, token)
    if what not in RECORD or content is None:
        return _page(request, refusal=_("The file is no longer kept: choose it again."))
    outcome = _run(request, what, content, "good_rows" if mode == "good_rows" else "all_or_nothing")
    if not outcome.is_applied:
        return _page(request, outcome=outcome, what=what, token=token, name="")
    uploads.drop(request.viewer.account_id, token)
    counts = {"new": outcome.created, "changed": outcome.changed, "closed": outcome.closed}
    messages.success(
        request, _("Recorded: %(new)d created, %(changed)d changed, %(closed)d closed.") % counts
    )
    return HttpResponseRedirect(risk_views.address(request))


@login_required
@require_GET
def template(request: ScopedRequest, what: str) -> HttpResponse:
    """An empty table to fill in, with its headings in the language of the page."""
    if what not in COLUMNS:
        raise Http404(_("There is no such table."))
    in_chinese = request.scope_.lang == "zh"
    content = sheets.template(COLUMNS[what], what, in_chinese=in_chinese)
    headers = {"Content-Disposition": f'attachment; filename="{what}.xlsx"'}
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)


def _run(request: ScopedRequest, what: str, content: bytes, mode: sheets.Mode) -> sheets.Outcome:
    return RECORD[what](actor=request.viewer.actor, now=clock.now(), content=content, mode=mode)


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    outcome = context.get("outcome")
    context |= {
        "scope": request.scope_,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "crumbs": [*risk_views.crumbs(request), (_("Import"), "")],
    }
    status = 422 if context.get("refusal") else 200
    return render(request, "regulations/risk_import.html", context, status=status)
