"""Pages composed of several apps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from taishan.communications import queries as communications
from taishan.duties import case_queries
from taishan.kit import clock
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import words
from taishan.reporting import corrections, follow_up_lists, followed
from taishan.resumption import presenting, queries
from taishan.web import owing, samples

STRIP_BEFORE, STRIP_DAYS = 7, 35
SHOWN_NOTICES = 3


@login_required
@never_cache
@require_GET
def my_list(request: ScopedRequest) -> HttpResponse:
    """What is mine today: the units of my roles, their verdict, and what each still has to show."""
    day = clock.today()
    own = {path for _role, path in request.viewer.grants}
    units = queries.find_units(request.viewer, day)
    found = queries.find_verdicts([u for u in units if _is_within(u.path, own)], day)
    mine = [one for one in found if one.unit.path in own]
    starts = day - timedelta(days=STRIP_BEFORE)
    ends = starts + timedelta(days=STRIP_DAYS)
    spans = queries.find_spans([one.unit for one in mine], starts, ends)
    notices = communications.find_mine(request.viewer.person_id).filter(confirmed_at=None)
    context = {
        "scope": request.scope_,
        "today": day,
        **owing.find(request),
        "notices": notices[:SHOWN_NOTICES],
        "follow_ups": _follow_ups(request),
        "corrections": corrections.count_waiting(request.viewer),
        "cases": case_queries.find_mine(request.viewer),
        "strip_starts": starts,
        "strip_days": STRIP_DAYS,
        "strip_before": STRIP_BEFORE,
        "entries": [
            _entry(request, one, found) | {"bars": presenting.strip(spans[one.unit.code], starts)}
            for one in mine
        ],
    }
    return render(request, "web/my_list.html", context)


def _follow_ups(request: ScopedRequest) -> dict[str, int]:
    """Return how many people the viewer, as a safety officer, has to see to, by list."""
    units = [int(root) for root in request.viewer.roots(Capability.SEE_HEALTH)]
    found = followed.find_numbers(units, clock.today()).values() if units else ()
    return {name: sum(one[name] for one in found) for name in follow_up_lists.OPEN}


def _is_within(path: str, roots: set[str]) -> bool:
    return any(path == root or path.startswith(f"{root}.") for root in roots)


def _entry(
    request: ScopedRequest, one: queries.UnitVerdict, found: list[queries.UnitVerdict]
) -> dict[str, Any]:
    lang, unit = request.scope_.lang, one.unit
    below = [f for f in found if f.unit.path.startswith(f"{unit.path}.")]
    return {
        "unit": unit,
        "name": presenting.unit_name(unit, lang),
        "state": one.verdict.state.word,
        "stops": one.stops,
        "why": presenting.why(one, regulations.get_library(), lang),
        "changes_on": one.verdict.changes_on,
        "unmet": [(u.demand.dimension, words.demand(u.demand)) for u in one.verdict.unmet],
        "may_attest": request.viewer.may(Capability.ATTEST, unit.path),
        "below": [(state, n) for state, (n, _people) in presenting.totals(below).items() if n],
        "waiting": sum(1 for f in below if f.verdict.unmet),
    }


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with sample values, for who builds pages; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "web/style_guide.html", samples.context())
