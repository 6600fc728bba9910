"""Tables in and out by the browser: template, export, preview, confirmation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, tables
from taishan.organisation import access, import_runs, people_file, presenting, sheets, uploads
from taishan.organisation.access import Capability
from taishan.organisation.catalogue import TABLES, Table
from taishan.organisation.models import ImportRun
from taishan.organisation.scope import ScopedRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ERRORS = 200


@login_required
@require_GET
def export(request: ScopedRequest, what: str, form: str) -> HttpResponse:
    """What the viewer may see of a table on the day, as a file, at once or by the worker."""
    table, day = _table(what), request.scope_.day
    if table.has_people:
        ids = access.unit_ids_of_people(request.viewer, day)
    else:
        ids = set(access.units_visible(request.viewer, day).values_list("unit_id", flat=True))
    if what == "people" and people_file.is_large(day, ids):
        people_file.ask(request.viewer, clock.now(), day, form)
        return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")
    return _file(table.file(what, form, on=day, unit_ids=ids), f"{what}-{day}.{form}")


@login_required
@require_GET
def template(request: ScopedRequest, what: str) -> HttpResponse:
    """An empty table to fill in, with its headings in the language of the page."""
    in_chinese = request.scope_.lang == "zh"
    return _file(sheets.template(_table(what).columns, what, in_chinese=in_chinese), f"{what}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: ScopedRequest) -> HttpResponse:
    """Take a file out, or choose one and see what it would create, change and close."""
    if request.method == "GET":
        return _page(request)
    access.require_group_wide(request.viewer, Capability.MANAGE_ORGANISATION)
    what, file = request.POST.get("what", ""), request.FILES.get("file")
    if what not in TABLES or file is None:
        return _page(request, refusal=_("Choose what the file holds, and the file."))
    if (file.size or 0) > tables.LIMIT_BYTES:
        limit = tables.LIMIT_BYTES // 1024 // 1024
        return _page(request, refusal=_("The file is larger than %d MiB. Split it.") % limit)
    content = file.read()
    try:
        outcome = _run(request, what, content, "preview")
    except tables.TableError as error:
        return _page(request, refusal=str(error))
    token = uploads.keep(request.viewer.account_id, content)
    return _page(request, outcome=outcome, what=what, token=token, name=file.name)


@login_required
@require_POST
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Record a file that was previewed."""
    access.require_group_wide(request.viewer, Capability.MANAGE_ORGANISATION)
    what, mode = request.POST.get("what", ""), request.POST.get("mode", "")
    content = uploads.find(request.viewer.account_id, token)
    if what not in TABLES or content is None:
        return _page(request, refusal=_("The file is no longer kept: choose it again."))
    chosen: sheets.Mode = "good_rows" if mode == "good_rows" else "all_or_nothing"
    if what == "people" and len(content) > import_runs.LARGE_BYTES:
        return _hand_to_worker(request, token, content, chosen)
    outcome = _run(request, what, content, chosen)
    if not outcome.is_applied:
        return _page(request, outcome=outcome, what=what, token=token, name="")
    uploads.drop(request.viewer.account_id, token)
    counts = {"new": outcome.created, "changed": outcome.changed, "closed": outcome.closed}
    messages.success(
        request, _("Recorded: %(new)d created, %(changed)d changed, %(closed)d closed.") % counts
    )
    return HttpResponseRedirect(presenting.address(request, "tree"))


def _hand_to_worker(
    request: ScopedRequest, token: str, content: bytes, mode: sheets.Mode
) -> HttpResponse:
    run = import_runs.begin(
        actor=request.viewer.actor,
        now=clock.now(),
        on=request.scope_.day,
        content=content,
        mode=mode,
        language=get_language() or settings.LANGUAGE_CODE,
    )
    uploads.drop(request.viewer.account_id, token)
    return HttpResponseRedirect(presenting.address(request, "import_run", run.pk))


@login_required
@require_GET
def import_run(request: ScopedRequest, pk: int) -> HttpResponse:
    """How far a large import is, and how it ended. Asks again by itself until then."""
    access.require_group_wide(request.viewer, Capability.MANAGE_ORGANISATION)
    run = get_object_or_404(ImportRun.objects.defer("content"), pk=pk)
    context = {
        "scope": request.scope_,
        "run": run,
        "crumbs": [
            (_("Organisation"), presenting.address(request, "tree")),
            (_("Import and export"), presenting.address(request, "imports")),
            (_("Import of people"), ""),
        ],
    }
    return render(request, "organisation/import_run.html", context)


def _run(request: ScopedRequest, what: str, content: bytes, mode: sheets.Mode) -> sheets.Outcome:
    given: dict[str, Any] = {
        "actor": request.viewer.actor,
        "now": clock.now(),
        "on": request.scope_.day,
        "content": content,
        "mode": mode,
    }
    return TABLES[what].bring_in(**given)


def _table(what: str) -> Table:
    if what not in TABLES:
        raise Http404(_("There is no such table."))
    return TABLES[what]


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    outcome = context.get("outcome")
    may_import = access.is_group_wide(request.viewer, Capability.MANAGE_ORGANISATION)
    title = _("Import and export") if may_import else _("Export")
    context |= {
        "scope": request.scope_,
        "title": title,
        "tables": [(name, table.word) for name, table in TABLES.items()],
        "may_import": may_import,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "crumbs": [(_("Organisation"), presenting.address(request, "tree")), (title, "")],
        "runs": import_runs.find_recent() if may_import else (),
    }
    status = 422 if context.get("refusal") else 200
    return render(request, "organisation/import.html", context, status=status)


def _file(content: bytes, name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else XLSX
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
