"""The inspector's desk: what happened, by record, unit, person and day, and the proof of it.

It changes nothing but the ledger itself, which keeps every look at it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from taishan.kit import clock
from taishan.ledger import queries
from taishan.ledger.models import Entry
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.web import inspecting, inspection_files, inspection_long, ledger_words
from taishan.web.inspecting import FilterRefused, Filters

STORY = 200
LINKS = {
    "unit": "organisation:unit", "place": "organisation:place", "form": "forms:form",
    "notice": "communications:notice", "situation_report": "situation:report",
}  # fmt: skip
"""The page of a record whose id is the last part of its address."""


@login_required
@never_cache
@require_GET
def entries(request: ScopedRequest) -> HttpResponse:
    """What happened, the latest first, by the filters of the address."""
    _require(request)
    try:
        filters = inspecting.read_filters(request.GET)
        found = inspecting.page(inspecting.find(request.viewer, filters), _before(request))
    except FilterRefused as refused:
        messages.error(request, str(refused))
        filters, found = Filters(), inspecting.Page(entries=[])
    _note(request, filters, "entries")
    context = _page(request, filters, found) | {"filters": _offered(request)}
    return render(request, "web/inspection.html", context)


@login_required
@never_cache
@require_GET
def record(request: ScopedRequest) -> HttpResponse:
    """The whole story of one record: its own entries and those of what is about it."""
    _require(request)
    try:
        filters = inspecting.read_filters({"record": request.GET.get("record", "")})
        rows = inspecting.find(request.viewer, filters)
        found = inspecting.page(rows, _before(request), STORY)
    except FilterRefused as refused:
        raise Http404(str(refused)) from None
    if not filters.record or not found.entries:
        raise Http404(_("Nothing is recorded of it, or not for you to see."))
    _note(request, filters, "record")
    told = _told(filters.record, found.entries)
    crumbs = _crumbs(request, f"{told['kind']} {told['id']}")
    context = _page(request, filters, found) | told | {"crumbs": crumbs}
    return render(request, "web/inspection_record.html", context)


@login_required
@never_cache
@require_GET
def export(request: ScopedRequest, form: str) -> HttpResponse:
    """What the filters find, as a table, or with proofs; too much is written by the worker."""
    _require(request)
    try:
        filters = inspecting.read_filters(request.GET)
        found = inspecting.read_all(inspecting.find(request.viewer, filters))
    except FilterRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(f"{reverse('inspection:entries')}?{request.GET.urlencode()}")
    _note(request, filters, form, "ledger.exported")
    if found is None:
        inspection_long.ask(request.viewer, clock.now(), filters, form, get_language() or "en")
        return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")
    content_type, written = inspection_files.FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="ledger-{clock.today()}.{form}"'}
    return HttpResponse(written(found), content_type=content_type, headers=headers)


@login_required
@never_cache
@require_GET
def seals(request: ScopedRequest) -> HttpResponse:
    """The heads of the tree, the latest first, and where each was published."""
    _require(request)
    below = request.GET.get("below", "")
    found = list(
        queries.find_seals(int(below) if below.isdecimal() else None)[: inspecting.PAGE + 1]
    )
    _note(request, Filters(), "seals")
    shown = found[: inspecting.PAGE]
    context = {
        "scope": request.scope_,
        "crumbs": _crumbs(request, _("Seals")),
        "seals": shown,
        "older": shown[-1].size if len(found) > len(shown) else None,
    }
    return render(request, "web/inspection_seals.html", context)


@login_required
@require_GET
def script(request: ScopedRequest) -> HttpResponse:
    """The script that checks proofs, to be run by anybody anywhere."""
    _require(request)
    headers = {"Content-Disposition": 'attachment; filename="verify.py"'}
    content = inspection_files.SCRIPT.read_bytes()
    return HttpResponse(content, content_type="text/x-python; charset=utf-8", headers=headers)


def _require(request: ScopedRequest) -> None:
    if not request.viewer.paths(Capability.INSPECT):
        raise PermissionDenied(access.refusal())


def _crumbs(request: ScopedRequest, here: str) -> list[tuple[str, str]]:
    desk = f"{reverse('inspection:entries')}?{request.scope_.query()}"
    return [(_("Inspection"), desk), (here, "")]


def _before(request: ScopedRequest) -> str:
    return request.GET.get("before", "")


@transaction.atomic
def _note(
    request: ScopedRequest, filters: Filters, what: str, verb: str = "ledger.looked_at"
) -> None:
    inspecting.note(request.viewer, clock.now(), filters, what, verb)


def _page(request: ScopedRequest, filters: Filters, found: inspecting.Page) -> dict[str, Any]:
    """Return what both lists of entries show."""
    names = inspecting.read_names(found.entries)
    return {
        "scope": request.scope_,
        "rows": [_row(one, names) for one in found.entries],
        "older": found.older,
        "exports": [
            (form, f"{reverse(f'inspection:{form}')}?{filters.query()}")
            for form in inspection_files.FORMS
        ],
        "seal": queries.find_seal(),
    }


def _row(one: Entry, names: inspecting.Names) -> dict[str, Any]:
    record = f"{one.subject_kind}:{one.subject_id}"
    return {
        "entry": one,
        "sentence": ledger_words.sentence(one.verb),
        "stage": ledger_words.STAGES[ledger_words.stage(one.verb)],
        "kind": ledger_words.kind(one.subject_kind),
        "story": f"{reverse('inspection:record')}?{urlencode({'record': record})}",
        "unit": names.units.get(one.unit_id, ""),
        "who": names.actor(one),
        "post": ledger_words.post(one.post),
        "door": ledger_words.door(one.door),
        "more": inspecting.describe(one),
        "number": names.numbers.get(one.id),
    }


def _told(of: queries.Record, found: Sequence[Entry]) -> dict[str, Any]:
    """Return the head of a story: which of its stages it has come to, and when first and last."""
    stages = []
    for stage, word in ledger_words.STAGES.items():
        those = [one for one in found if ledger_words.stage(one.verb) == stage]
        stages.append({"word": word, "count": len(those), "last": those[0] if those else None})
    return {
        "kind": ledger_words.kind(of[0]),
        "id": of[1],
        "record": ":".join(of),
        "stages": stages,
        "address": _address(*of),
        "unit": of[1] if of[0] == "unit" else "",
    }


def _address(kind: str, id_: str) -> str:
    try:
        return reverse(LINKS[kind], args=[id_]) if kind in LINKS else ""
    except NoReverseMatch:
        return ""


def _offered(request: ScopedRequest) -> list[dict[str, Any]]:
    """Return the fields by which the list is narrowed, with what is in them."""
    verbs = sorted((str(words), verb) for verb, (_stage, words) in ledger_words.VERBS.items()
                   if verb not in inspecting.PRIVATE)  # fmt: skip
    words: list[tuple[str, Any, dict[str, Any]]] = [
        ("record", _("Record, such as unit:W1"), {}),
        ("unit", _("Unit and all below"), {}),
        ("person", _("By whom (staff number)"), {}),
        ("verb", _("What was done"), {"options": [("", _("all")), *((v, w) for w, v in verbs)]}),
        ("since", _("From"), {"type": "date"}),
        ("until", _("Until"), {"type": "date"}),
    ]
    return [
        {"name": name, "word": word, "value": request.GET.get(name, "")} | more
        for name, word, more in words
    ]
