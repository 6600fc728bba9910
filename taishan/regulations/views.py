"""The library as people read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.core.clauses import days_touched
from taishan.organisation import queries as organisation
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries, schemas, words


@login_required
@require_GET
def regulations(request: ScopedRequest) -> HttpResponse:
    """All regulations issued by the chosen day, latest first, of one authority where chosen."""
    scope = request.scope_
    entries = [e for e in queries.get_library().entries.values() if e.issued.date() <= scope.day]
    authorities = sorted({e.authority for e in entries})
    wanted = request.GET.get("authority", "")
    rows = [
        {
            "entry": e,
            "title": words.in_language(e.title, scope.lang),
            "issuer": words.in_language(e.issuer, scope.lang),
            "confidence": words.confidence(e.confidence),
        }
        for e in sorted(entries, key=lambda e: (e.issued, e.id), reverse=True)
        if not wanted or e.authority == wanted
    ]
    choice = {
        "name": "authority",
        "word": _("Authority"),
        "value": wanted,
        "options": [("", _("all authorities")), *_named(authorities, scope.lang)],
    }
    context = {"scope": scope, "rows": rows, "filters": [choice]}
    return render(request, "regulations/regulations.html", context)


@login_required
@require_GET
def regulation(request: ScopedRequest, key: str) -> HttpResponse:
    """One regulation in full, its clauses in words, what it replaced and what replaced it."""
    entries = queries.get_library().entries
    entry = entries.get(key)
    if entry is None:
        raise Http404(_("No such regulation is recorded."))
    lang = request.scope_.lang
    later = [
        other
        for other in entries.values()
        for reference in (*other.replaces, *other.withdraws)
        if reference.regulation == key
    ]
    context = {
        "scope": request.scope_,
        "entry": entry,
        "title": words.in_language(entry.title, lang),
        "issuer": words.in_language(entry.issuer, lang),
        "note": words.in_language(entry.note, lang),
        "clauses": [_clause(entry, clause, lang) for clause in entry.clauses],
        "unknown": [words.in_language(gap.about, lang) for gap in entry.unknown],
        "confidence": words.confidence(entry.confidence),
        "replaces": _titles((r.regulation for r in (*entry.replaces, *entry.withdraws)), lang),
        "replaced_by": _titles({other.id for other in later}, lang),
        "crumbs": [
            (_("Regulations"), f"{reverse('regulations:regulations')}?{request.scope_.query()}"),
            (words.in_language(entry.title, lang), ""),
        ],
        "history": queries.find_history(key),
    }
    return render(request, "regulations/regulation.html", context)


def _clause(
    entry: schemas.RegulationEntry, clause: schemas.ClauseEntry, lang: str
) -> dict[str, object]:
    starts, ends = days_touched(clause.starts or entry.issued, clause.until)
    return {
        "clause": clause,
        "text": words.in_language(clause.text, lang),
        "asks": words.requirement(clause.require.requirement()),
        "exempt": [words.kind_of_work(k) for k in clause.exempts.kinds],
        "effect": _effect(clause),
        "place": _place_name(clause.place, lang) if clause.place else "",
        "except_places": [name for _code, name in _named(clause.except_places, lang)],
        "starts": starts,
        "ends": ends,
    }


def _effect(clause: schemas.ClauseEntry) -> str:
    if clause.force == "recommended":
        return "recommends"
    return "ceiling" if clause.bound == "ceiling" else "binds"


def _titles(keys: Iterable[str], lang: str) -> list[tuple[str, str]]:
    entries = queries.get_library().entries
    return [(key, words.in_language(entries[key].title, lang)) for key in sorted(set(keys))]


def _named(codes: Iterable[str], lang: str) -> list[tuple[str, str]]:
    names = organisation.find_place_names(codes)
    return [(code, names.get(code, (code, code))[lang == "zh"]) for code in codes]


def _place_name(code: str, lang: str) -> str:
    return _named([code], lang)[0][1]
