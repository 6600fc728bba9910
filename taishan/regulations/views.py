"""The library as people read it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.core.clauses import days_touched
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
        }
        for e in sorted(entries, key=lambda e: (e.issued, e.id), reverse=True)
        if not wanted or e.authority == wanted
    ]
    context = {"scope": scope, "rows": rows, "authorities": authorities, "authority": wanted}
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
        "replaces": [r.regulation for r in (*entry.replaces, *entry.withdraws)],
        "replaced_by": sorted({other.id for other in later}),
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
        "starts": starts,
        "ends": ends,
    }
