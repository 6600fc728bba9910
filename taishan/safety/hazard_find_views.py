"""The list of hazards, my own, and the small pictures in them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from taishan.kit import clock, tables
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import hazard_list_page, hazard_lists, hazard_queries, hazard_sheet
from taishan.safety.hazard_board_models import HazardThumbnail
from taishan.safety.hazard_lists import PAGE

MINE = 30


@login_required
@require_GET
def hazards(request: ScopedRequest) -> HttpResponse:
    """The hazards of a subtree, narrowed as the address says, the latest found first."""
    asked, now = hazard_lists.ask(request.GET), clock.now()
    scene = presenting.find_scene(request, asked.days)
    found = hazard_lists.find(request.viewer, asked, now, hazard_list_page.of(scene, asked))
    rows = hazard_lists.find_page(found, asked, hazard_list_page.after(request))
    number = None if asked.has_words else hazard_lists.count(found)
    context = {
        "scope": request.scope_, "asked": asked, "top": scene.branch.top, "number": number,
        "is_more": number is not None and number > hazard_lists.COUNTED,
        "counted": hazard_lists.COUNTED,
        "crumbs": presenting.crumbs(request, "hazards", scene.branch),
        "tabs": presenting.tabs(request, "hazards"),
        "filters": hazard_list_page.filters(asked), "chips": hazard_list_page.chips(request, asked),
        "lines": presenting.lines(request, rows[:PAGE], now),
        "next": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "may_import": bool(request.viewer.roots(Capability.HANDLE_HAZARDS)),
    }  # fmt: skip
    return render(request, "safety/hazards.html", context)


@login_required
@require_GET
def as_file(request: ScopedRequest) -> HttpResponse:
    """The same list as an Excel file, at once or by the worker."""
    asked, now = hazard_lists.ask(request.GET), clock.now()
    scene = presenting.find_scene(request, asked.days)
    content = hazard_sheet.content_of(
        request.viewer, asked, now, hazard_list_page.of(scene, asked)
    )  # fmt: skip
    if hazard_sheet.is_large(content):
        hazard_sheet.ask(request.viewer, now, asked, request.scope_, get_language() or "en")
        return HttpResponseRedirect(f"{reverse('files')}?{request.scope_.query()}")
    written = tables.write_xlsx("hazards", content.headings, content.rows)
    headers = {"Content-Disposition": f'attachment; filename="{hazard_sheet.name_of(now)}"'}
    return HttpResponse(written, content_type=tables.XLSX, headers=headers)


@login_required
@require_GET
def mine(request: ScopedRequest) -> HttpResponse:
    """What I reported by name, what I am to put right, and what I have put right."""
    now = clock.now()
    sections: list[dict[str, Any]] = [
        {"word": word, "lines": presenting.lines(request, list(found[:MINE]), now)}
        for word, found in hazard_list_page.find_mine(request.viewer, now)
    ]
    context = {
        "scope": request.scope_, "sections": sections,
        "tabs": presenting.tabs(request, "mine"),
    }  # fmt: skip
    return render(request, "safety/hazards_mine.html", context)


@login_required
@require_GET
def thumbnail(request: ScopedRequest, pk: int) -> HttpResponse:
    """A small picture of a photo, to whoever may see its hazard."""
    seen = Q(hazard_id__in=hazard_queries.find_visible(request.viewer).values("pk"))
    own = Q(hazard_id__in=hazard_list_page.find_own(request.viewer, clock.now()).values("pk"))
    return get_object_or_404(HazardThumbnail.objects.filter(seen | own), pk=pk).respond()
