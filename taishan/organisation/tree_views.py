"""The tree of units: its top at first, each branch on demand, and a search through all of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.organisation import access, presenting, queries
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

BRANCH_ROWS, OPTION_ROWS = 50, 20
LONGEST_SEARCH = 100


@login_required
@require_GET
def tree(request: ScopedRequest) -> HttpResponse:
    """The top of the tree or of the chosen subtree, with the units directly below; or a search."""
    scope, text = request.scope_, request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    seen = access.units_visible(request.viewer, scope.day)
    word = _("Name, code or pinyin")
    context: dict[str, Any] = {
        "scope": scope,
        "text": text,
        "may_import": access.is_group_wide(request.viewer, Capability.MANAGE_ORGANISATION),
        "filters": [{"name": "q", "word": word, "value": text}],
    }
    if text:
        context["nodes"] = _page(request, queries.search(seen, text))
        context["lines"] = _lines(request, context["nodes"])
    else:
        context |= _top(request, seen)
    return render(request, "organisation/tree.html", context)


@login_required
@require_GET
def branch(request: ScopedRequest, code: str) -> HttpResponse:
    """The units directly below one, as a piece of the tree."""
    version = presenting.get_visible(request, code)
    seen = access.units_visible(request.viewer, request.scope_.day)
    nodes = _page(request, seen.filter(parent_id=version.unit_id))
    context = {"scope": request.scope_, "within": code, "nodes": nodes}
    return render(request, "organisation/_branch.html", context)


@login_required
@require_GET
def unit_options(request: ScopedRequest) -> HttpResponse:
    """What a field that asks for a unit's code offers while somebody types."""
    typed = [request.GET.get(name, "") for name in ("parent", "into", "unit")]
    text = max(typed, key=len).strip()[:LONGEST_SEARCH]
    seen = access.units_visible(request.viewer, request.scope_.day).select_related("unit")
    found = queries.search(seen, text).order_by("unit__code")[:OPTION_ROWS] if text else []
    return render(request, "organisation/_unit_options.html", {"units": found})


def _top(request: ScopedRequest, seen: QuerySet[UnitVersion]) -> dict[str, Any]:
    """Return the unit at the top with a page of those below; several tops are a page of their own.

    ``seen``: the units that the viewer sees.
    """
    scope = request.scope_
    if scope.within:
        version = presenting.get_visible(request, scope.within)
        tops = seen.filter(pk=version.pk)
        crumbs = presenting.crumbs(request, version)
    else:
        tops, crumbs = queries.find_tops(seen), []
    nodes = _page(request, tops)
    if len(nodes) != 1 or nodes.paginator.num_pages > 1:
        return {"nodes": nodes}
    top = nodes[0]
    below = _page(request, seen.filter(parent_id=top.unit_id))
    return {"top": top, "nodes": below, "crumbs": crumbs, "within": top.unit.code}


def _page(request: ScopedRequest, versions: QuerySet[UnitVersion]) -> Page[UnitVersion]:
    name = "sort_zh" if request.scope_.lang == "zh" else "name_en"
    rows = queries.with_counts(versions, request.scope_.day).order_by(name, "unit__code")
    return Paginator(rows, BRANCH_ROWS).get_page(request.GET.get("page"))


def _lines(request: ScopedRequest, found: Page[UnitVersion]) -> dict[int, str]:
    """Return for each unit found the names of the units above it that the viewer sees."""
    above = {int(step) for row in found for step in row.path.split(".")[:-1]}
    seen = access.units_visible(request.viewer, request.scope_.day).filter(unit_id__in=above)
    names = {row.unit_id: row.name for row in seen}
    return {
        row.pk: " › ".join(names[s] for s in map(int, row.path.split(".")[:-1]) if s in names)
        for row in found
    }
