"""Units and people in and out by the browser: template, export, preview, confirmation."""

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
from taishan.kit.actor import Actor
from taishan.organisation import access, import_runs, roster, sheets, unit_sheet, uploads
from taishan.organisation.access import Capability
from taishan.organisation.models import ImportRun
from taishan.organisation.scope import ScopedRequest

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = {"units": unit_sheet.COLUMNS, "people": roster.COLUMNS}
SHOWN_ERRORS = 200


@login_required
@require_GET
def export(request: ScopedRequest, what: str, form: str) -> HttpResponse:
    """The units or the people of the day that the viewer may see, as a file."""
    day, keys = request.scope_.day, [column.key for column in _columns(what)]
    if what == "units":
        ids = set(access.units_visible(request.viewer, day).values_list("unit_id", flat=True))
        rows = unit_sheet.export_units(on=day, visible=ids)
    else:
        ids = access.unit_ids_of_people(request.viewer, day)
        rows = roster.export_people(on=day, unit_ids=ids)
    content = tables.write_csv(keys, rows) if form == "csv" else tables.write_xlsx(what, keys, rows)
    return _file(content, f"{what}-{day}.{form}")


@login_required
@require_GET
def template(request: ScopedRequest, what: str) -> HttpResponse:
    """An empty table to fill in, with its headings in the language of the page."""
    in_chinese = request.scope_.lang == "zh"
    return _file(sheets.template(_columns(what), what, in_chinese=in_chinese), f"{what}.xlsx")


@login_required
@require_http_methods(["GET", "POST"])
def imports(request: ScopedRequest) -> HttpResponse:
    """Choose a file; then see what it would create, change and close, and what is wrong in it."""
    access.require_anywhere(request.viewer, Capability.MANAGE_ORGANISATION)
    if request.method == "GET":
        return _page(request)
    what, file = request.POST.get("what", ""), request.FILES.get("file")
    if what not in COLUMNS or file is None:
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
    access.require_anywhere(request.viewer, Capability.MANAGE_ORGANISATION)
    what, mode = request.POST.get("what", ""), request.POST.get("mode", "")
    content = uploads.find(request.viewer.account_id, token)
    if what not in COLUMNS or content is None:
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
    return HttpResponseRedirect(f"{reverse('organisation:tree')}?{request.scope_.query()}")


def _hand_to_worker(
    request: ScopedRequest, token: str, content: bytes, mode: sheets.Mode
) -> HttpResponse:
    run = import_runs.begin(
        actor=actor(request), now=clock.now(), on=request.scope_.day, content=content, mode=mode,
        language=get_language() or settings.LANGUAGE_CODE,
    )  # fmt: skip
    uploads.drop(request.viewer.account_id, token)
    page = reverse("organisation:import_run", args=[run.pk])
    return HttpResponseRedirect(f"{page}?{request.scope_.query()}")


@login_required
@require_GET
def import_run(request: ScopedRequest, pk: int) -> HttpResponse:
    """How far a large import is, and how it ended. Asks again by itself until then."""
    access.require_anywhere(request.viewer, Capability.MANAGE_ORGANISATION)
    run = get_object_or_404(ImportRun.objects.defer("content"), pk=pk)
    here = f"{reverse('organisation:imports')}?{request.scope_.query()}"
    context = {
        "scope": request.scope_,
        "run": run,
        "crumbs": [*_above(request), (_("Import"), here), (_("Import of people"), "")],
    }
    return render(request, "organisation/import_run.html", context)


def _run(request: ScopedRequest, what: str, content: bytes, mode: sheets.Mode) -> sheets.Outcome:
    given: dict[str, Any] = {
        "actor": actor(request),
        "now": clock.now(),
        "on": request.scope_.day,
        "content": content,
        "mode": mode,
    }
    importer = unit_sheet.import_units if what == "units" else roster.import_people
    return importer(**given)


def actor(request: ScopedRequest) -> Actor:
    """Return the viewer as whoever acts by a page."""
    viewer = request.viewer
    return Actor(label=viewer.name, account_id=viewer.account_id, person_id=viewer.person_id)


def _columns(what: str) -> tuple[tables.Column, ...]:
    if what not in COLUMNS:
        raise Http404(_("There is no such table."))
    return COLUMNS[what]


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    outcome = context.get("outcome")
    context |= {
        "scope": request.scope_,
        "errors": outcome.errors[:SHOWN_ERRORS] if outcome else [],
        "crumbs": [*_above(request), (_("Import"), "")],
        "runs": import_runs.find_recent(),
    }
    status = 422 if context.get("refusal") else 200
    return render(request, "organisation/import.html", context, status=status)


def _above(request: ScopedRequest) -> list[tuple[str, str]]:
    tree = f"{reverse('organisation:tree')}?{request.scope_.query()}"
    return [(_("Organisation"), tree)]


def _file(content: bytes, name: str) -> HttpResponse:
    kind = "text/csv; charset=utf-8" if name.endswith(".csv") else XLSX
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
