"""Looking places up: the codes of a name, the name of a code, and what lies where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.organisation import access, presenting, queries
from taishan.organisation import places as lookup
from taishan.organisation.models import Place
from taishan.organisation.scope import ScopedRequest

ROWS = 50
LONGEST_SEARCH = 100


@login_required
@require_GET
def places(request: ScopedRequest) -> HttpResponse:
    """The places that a text means; without one, the places in which the viewer's units are."""
    text = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    seen = access.units_visible(request.viewer, request.scope_.day)
    found = lookup.search(text) if text else Place.objects.filter(pk__in=seen.values("place"))
    page = Paginator(found.order_by("code"), ROWS).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "text": text,
        "filters": [{"name": "q", "word": _("Name or code"), "value": text}],
        "page": page,
        "rows": _with_chains(page.object_list),
        "crumbs": _crumbs(request),
    }
    return render(request, "organisation/places.html", context)


@login_required
@require_GET
def place(request: ScopedRequest, code: str) -> HttpResponse:
    """A place with what lies above and in it, and the viewer's units there."""
    found = lookup.resolve([code]).get(code)
    if found is None:
        raise Http404(_("No place has the code “%s”.") % code)
    parts = Place.objects.filter(parent=found).annotate(number=Count("parts")).order_by("code")
    seen = access.units_visible(request.viewer, request.scope_.day).filter(
        place_id__in=lookup.find_within(found)
    )
    (row,) = _with_chains([found])
    context = {
        "scope": request.scope_,
        "place": found,
        "chain": row["chain"],
        "parts": Paginator(parts, ROWS).get_page(request.GET.get("page")),
        "units": seen.select_related("unit", "place").order_by("unit__code")[:ROWS],
        "crumbs": [*_crumbs(request), (found.name, "")],
    }
    return render(request, "organisation/place.html", context)


def _with_chains(found: Iterable[Place]) -> list[dict[str, Any]]:
    """Return each place with the places above it, country first, as (code, name)."""
    rows = list(found)
    chains = queries.place_chains({row.pk for row in rows})
    codes = {code for chain in chains.values() for code in chain}
    names = {one.code: one.name for one in Place.objects.filter(code__in=codes)}
    return [
        {"place": row, "chain": [(code, names[code]) for code in chains[row.pk][:-1]]}
        for row in rows
    ]


def _crumbs(request: ScopedRequest) -> list[tuple[str, str]]:
    return [
        (_("Organisation"), presenting.address(request, "tree")),
        (_("Places"), presenting.address(request, "places")),
    ]
