"""Pages composed of several apps."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from taishan.kit import clock
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import words
from taishan.resumption import presenting, queries
from taishan.web import samples


@login_required
@require_GET
def my_list(request: ScopedRequest) -> HttpResponse:
    """What is mine today: the units of my roles, their verdict, and what each still has to show."""
    day, lang = clock.today(), request.scope_.lang
    own = {path.split(".")[-1] for _role, path in request.viewer.grants}
    units = [u for u in queries.find_units(request.viewer, day) if str(u.id) in own]
    library = regulations.get_library()
    entries = [
        {
            "unit": one.unit,
            "name": presenting.unit_name(one.unit, lang),
            "state": one.verdict.state.word,
            "why": presenting.short_reason(one.verdict, library, lang),
            "changes_on": one.verdict.changes_on,
            "unmet": [words.demand(u.demand) for u in one.verdict.unmet],
            "may_attest": request.viewer.may(Capability.ATTEST, one.unit.path),
        }
        for one in queries.find_verdicts(units, day)
    ]
    context = {"scope": request.scope_, "today": day, "entries": entries}
    return render(request, "web/my_list.html", context)


@require_GET
def style_guide(request: HttpRequest) -> HttpResponse:
    """Every component with sample values, for who builds pages; only while developing."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "web/style_guide.html", samples.context())
