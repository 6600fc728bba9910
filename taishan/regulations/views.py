"""The library as people read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.communications.directive_queries import find_issuers
from taishan.core.clauses import days_touched
from taishan.kit import clock, tables
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import lineage, queries, schemas, words, workbook

PAGE = 30


@login_required
@require_GET
def regulations(request: ScopedRequest) -> HttpResponse:
    """All regulations issued by the chosen day, latest first: of one authority where chosen, and
    with the words looked for, in either language."""
    scope = request.scope_
    entries = {
        k: e for k, e in queries.get_library().entries.items() if e.issued.date() <= scope.day
    }
    authorities = sorted({e.authority for e in entries.values()})
    wanted, text = request.GET.get("authority", ""), request.GET.get("q", "")
    found = [
        e
        for e in sorted(entries.values(), key=lambda e: (e.issued, e.id), reverse=True)
        if (not wanted or e.authority == wanted) and words.says(e, text)
    ]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    traced = lineage.trace(entries)
    may_import = access.is_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    context = {
        "scope": scope,
        "page": page,
        "rows": [_row(e, traced.get(e.id, lineage.Lineage()), scope.lang) for e in page],
        "is_narrowed": bool(wanted or text.strip()),
        "filters": [
            {"name": "q", "word": _("Words"), "value": text},
            _authority(wanted, authorities, scope.lang),
        ],
        "may_import": may_import,
    }
    return render(request, "regulations/regulations.html", context)


def _authority(wanted: str, authorities: Iterable[str], lang: str) -> dict[str, object]:
    """Return the filter that chooses an authority."""
    return {
        "name": "authority",
        "word": _("Authority"),
        "value": wanted,
        "options": [("", _("all authorities")), *_named(authorities, lang)],
    }


def _row(entry: schemas.RegulationEntry, traced: lineage.Lineage, lang: str) -> dict[str, object]:
    return {
        "entry": entry,
        "title": words.in_language(entry.title, lang),
        "issuer": words.in_language(entry.issuer, lang),
        "confidence": words.confidence(entry.confidence),
        "replaces": [_step(step, step.earlier, lang) for step in traced.before],
        "replaced_by": [_step(step, step.later, lang) for step in traced.after],
    }


def _step(step: lineage.Step, other: schemas.RegulationEntry, lang: str) -> dict[str, object]:
    return {
        "step": step,
        "key": other.id,
        "title": words.in_language(other.title, lang),
        "issued": other.issued,
    }


@login_required
@require_GET
def regulation(request: ScopedRequest, key: str) -> HttpResponse:
    """One regulation in full, its clauses in words, what it replaced and what replaced it."""
    entries = queries.get_library().entries
    entry = entries.get(key)
    if entry is None:
        raise Http404(_("No such regulation is recorded."))
    lang = request.scope_.lang
    traced = lineage.trace(entries).get(key, lineage.Lineage())
    context = {
        "scope": request.scope_,
        **_row(entry, traced, lang),
        "note": words.in_language(entry.note, lang),
        "clauses": [_clause(entry, clause, traced, lang) for clause in entry.clauses],
        "unknown": [words.in_language(gap.about, lang) for gap in entry.unknown],
        "crumbs": [
            (_("Regulations"), f"{reverse('regulations:regulations')}?{request.scope_.query()}"),
            (words.in_language(entry.title, lang), ""),
        ],
        "history": queries.find_history(key),
        "issuers": find_issuers(request.viewer, clock.today()),
    }
    return render(request, "regulations/regulation.html", context)


@login_required
@require_GET
def whole_library(request: ScopedRequest, form: str) -> HttpResponse:
    """What is recorded now, as a library that can be imported again."""
    recorded, lang = queries.find_recorded(request.GET.get("library", "")), request.scope_.lang
    if form == "xlsx":
        return _file(workbook.write(recorded, in_chinese=lang == "zh"), "regulations.xlsx")
    return _file(schemas.dump(recorded).encode(), "regulations.yaml")


@login_required
@require_GET
def template(request: ScopedRequest) -> HttpResponse:
    """An empty workbook to fill in, in the language of the page."""
    return _file(workbook.template(in_chinese=request.scope_.lang == "zh"), "library.xlsx")


def _file(content: bytes, name: str) -> HttpResponse:
    kind = "application/yaml" if name.endswith(".yaml") else tables.XLSX
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _clause(
    entry: schemas.RegulationEntry, clause: schemas.ClauseEntry, traced: lineage.Lineage, lang: str
) -> dict[str, object]:
    starts, ends = days_touched(clause.starts or entry.issued, clause.until)
    return {
        "clause": clause,
        "text": words.in_language(clause.text, lang),
        "asks": words.requirement(clause.require.requirement()),
        "covers": words.covers(clause.covers),
        "exempt": words.exempts(clause.exempts),
        "effect": _effect(clause),
        "place": _place_name(clause.place, lang) if clause.place else "",
        "except_places": [name for _code, name in _named(clause.except_places, lang)],
        "starts": starts,
        "ends": ends,
        "ended_by": [
            _step(step, step.later, lang) for step in traced.after if step.reaches(clause.id)
        ],
    }


def _effect(clause: schemas.ClauseEntry) -> str:
    if clause.force == "recommended":
        return "recommends"
    return "ceiling" if clause.bound == "ceiling" else "binds"


def _named(codes: Iterable[str], lang: str) -> list[tuple[str, str]]:
    names = organisation.find_place_names(codes)
    return [(code, names.get(code, (code, code))[lang == "zh"]) for code in codes]


def _place_name(code: str, lang: str) -> str:
    return _named([code], lang)[0][1]
