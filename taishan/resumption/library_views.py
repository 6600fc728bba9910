"""A library on its way in: checked, tried upon the group's units, and recorded when confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.core.gate import Permission
from taishan.kit import clock, days
from taishan.organisation import access, uploads
from taishan.organisation.access import Capability
from taishan.organisation.queries import UnitOnDay
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import actions, library_files, schemas, words
from taishan.regulations.schemas import LibraryInvalid
from taishan.regulations.workbook import WorkbookInvalid
from taishan.resumption import dry_run, presenting, queries
from taishan.resumption.dry_run import Change

TRIED_BEFORE, TRIED_AFTER, TRIED_AT_MOST = timedelta(days=30), timedelta(days=70), 400
SHOWN = 300
"""At most so many errors, or changes of verdicts, on one page."""


class DaysForm(forms.Form):
    """The days on which a library is tried."""

    first = days.DayField(label=gettext_lazy("From"))
    last = days.DayField(label=gettext_lazy("to (inclusive)"))

    def clean(self) -> dict[str, Any]:
        days: dict[str, Any] = self.cleaned_data
        if "first" in days and "last" in days:
            length = (days["last"] - days["first"]).days
            if not 0 <= length < TRIED_AT_MOST:
                raise forms.ValidationError(_("1 to %d days can be tried.") % TRIED_AT_MOST)
        return days


@login_required
@require_http_methods(["GET", "POST"])
def libraries(request: ScopedRequest) -> HttpResponse:
    """Choose a library; a file with errors is refused with all of them, by line or by cell."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    if request.method == "GET":
        return _page(request)
    file = request.FILES.get("file")
    if file is None:
        return _page(request, refusal=_("Choose a file."))
    if (file.size or 0) > schemas.MAX_BYTES:
        limit = schemas.MAX_BYTES // 1_000_000
        return _page(request, refusal=_("The file is larger than %d MB.") % limit)
    content = file.read()
    try:
        library_files.check(content, file.name or "")
    except library_files.Unreadable as wrong:
        return _page(request, **_in_words(wrong))
    token = uploads.keep(request.viewer.account_id, content)
    return HttpResponseRedirect(_address(request, "resumption:library", token))


@login_required
@require_GET
def trial(request: ScopedRequest, token: str) -> HttpResponse:
    """What recording the library would do: to the regulations, and to the units' verdicts."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    found = _kept(request, token)
    if isinstance(found, HttpResponse):
        return found
    day = request.scope_.day
    days = {"first": day - TRIED_BEFORE, "last": day + TRIED_AFTER}
    form = DaysForm(request.GET if "first" in request.GET else days)
    context = {
        "scope": request.scope_,
        "token": token,
        "title": words.in_language(found.title, request.scope_.lang),
        "form": form,
        "crumbs": _crumbs(request),
        **_regulations(found, request.scope_.lang),
        **(_tried(request, found, **form.cleaned_data) if form.is_valid() else {}),
    }
    return render(request, "resumption/library.html", context)


@login_required
@require_POST
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """Record a library that was tried."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    found = _kept(request, token)
    if isinstance(found, HttpResponse):
        return found
    done = actions.import_library(actor=request.viewer.actor, now=clock.now(), library=found)
    uploads.drop(request.viewer.account_id, token)
    counts = {"new": len(done.created), "changed": len(done.changed)}
    messages.success(request, _("Recorded: %(new)d new, %(changed)d changed.") % counts)
    return HttpResponseRedirect(_address(request, "regulations:regulations"))


def _kept(request: ScopedRequest, token: str) -> schemas.Library | HttpResponse:
    """Return the library kept under the token, or the page that says why there is none."""
    content = uploads.find(request.viewer.account_id, token)
    if content is None:
        return _page(request, refusal=_("The file is no longer kept: choose it again."))
    try:
        return library_files.check(content, "")
    except library_files.Unreadable as wrong:  # what it names may have gone since
        return _page(request, **_in_words(wrong))


def _in_words(wrong: Exception) -> dict[str, Any]:
    if isinstance(wrong, LibraryInvalid):
        return {"lines": wrong.problems[:SHOWN], "number": len(wrong.problems)}
    if isinstance(wrong, WorkbookInvalid):
        return {"errors": wrong.errors[:SHOWN], "number": len(wrong.errors)}
    return {"refusal": str(wrong)}


def _page(request: ScopedRequest, **context: Any) -> HttpResponse:
    status = 422 if context else 200
    context |= {"scope": request.scope_, "crumbs": _crumbs(request)}
    return render(request, "resumption/libraries.html", context, status=status)


def _address(request: ScopedRequest, name: str, *args: str) -> str:
    return f"{reverse(name, args=args)}?{request.scope_.query()}"


def _crumbs(request: ScopedRequest) -> list[tuple[str, str]]:
    return [(_("Regulations"), _address(request, "regulations:regulations")), (_("Import"), "")]


def _regulations(library: schemas.Library, lang: str) -> dict[str, Any]:
    compared = actions.compare_library(library)
    entries = {entry.id: entry for entry in library.regulations}
    return {
        "compared": compared,
        "rows": [
            {
                "entry": entries[key],
                "title": words.in_language(entries[key].title, lang),
                "issuer": words.in_language(entries[key].issuer, lang),
                "is_new": key in compared.created,
                "replaces": [
                    reference.regulation
                    for reference in (*entries[key].replaces, *entries[key].withdraws)
                ],
            }
            for key in (*compared.created, *compared.changed)
        ],
    }


def _tried(
    request: ScopedRequest, library: schemas.Library, first: date, last: date
) -> dict[str, Any]:
    units = queries.find_units(request.viewer, request.scope_.day)
    changes = dry_run.compare(library, units, first, last + timedelta(days=1))
    return {
        "is_tried": True,
        "changes": _changes(changes[:SHOWN], units, request.scope_.lang),
        "number": len(changes),
        "units_changed": len({change.unit for change in changes}),
        "units": len(units),
    }


def _changes(
    changes: Iterable[Change], units: Iterable[UnitOnDay], lang: str
) -> list[dict[str, Any]]:
    names = {unit.code: presenting.unit_name(unit, lang) for unit in units}
    return [
        {
            "unit": change.unit,
            "name": names[change.unit],
            "first": change.first,
            "last": change.last,
            "before": _answer(*change.before),
            "after": _answer(*change.after),
        }
        for change in changes
    ]


def _answer(permitted: Permission, state: Permission, limit: int | None) -> dict[str, Any]:
    is_on_site = state < Permission.REMOTE
    return {
        "permitted": permitted.word,
        "state": state.word,
        "limit": limit if is_on_site else None,
    }
