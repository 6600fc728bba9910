"""The board of a unit or of the group, and the statistics of its hazards."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from taishan.kit import clock, tables
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_page as page
from taishan.safety import hazard_board_presenting as presenting
from taishan.safety import (
    hazard_lists,
    hazard_months,
    hazard_standing,
    hazard_statistics,
    hazard_statistics_page,
)
from taishan.safety.hazard_board_presenting import Scene
from taishan.safety.hazard_lists import Asked
from taishan.safety.hazard_models import Hazard

LATEST = 6


@login_required
@require_GET
def board(request: ScopedRequest) -> HttpResponse:
    """The open hazards of a unit with all below it: what they wait for, how old, who is late."""
    scene, now = presenting.find_scene(request), clock.now()
    month = hazard_months.of(request.scope_.day)
    standing = hazard_standing.find_standing(scene.unit_ids, now)
    totals = hazard_statistics.find_by_unit(scene.unit_ids, month)
    units = page.units(request, scene, standing, totals)
    context = {
        "scope": request.scope_, "top": scene.branch.top, "standing": standing, "month": month,
        "crumbs": presenting.crumbs(request, "board", scene.branch),
        "tabs": presenting.tabs(request, "board"),
        "tiles": [*page.tiles(request, standing, totals, month), page.quiet_days(request, scene)],
        "states": page.states(request, standing), "ages": page.ages(request, standing),
        "causes": page.causes(request, standing),
        "units": units, "quiet": page.quiet(units),
        "late": page.late(scene, now, request.scope_.day),
        "latest": presenting.lines(request, _find_latest(request, scene), now),
        "risks": page.risks(request, scene),
    }  # fmt: skip
    return render(request, "safety/board.html", context)


def _find_latest(request: ScopedRequest, scene: Scene) -> list[Hazard]:
    asked = Asked(state=hazard_lists.ALL, last=request.scope_.day)
    ids = scene.unit_ids if request.scope_.within else None
    found = hazard_lists.find(request.viewer, asked, clock.now(), ids)
    return hazard_lists.find_latest(found, LATEST)


@login_required
@require_GET
def statistics(request: ScopedRequest) -> HttpResponse:
    """What was found, closed and in time over some months, by unit, cause and month; repeats."""
    card = hazard_statistics_page.read(request)
    whole = hazard_statistics_page.whole(request, card)
    units = hazard_statistics_page.units(request, card)
    context = {
        "scope": request.scope_, "card": card, "top": card.scene.branch.top,
        "crumbs": presenting.crumbs(request, "statistics", card.scene.branch),
        "tabs": presenting.tabs(request, "statistics"),
        "filters": hazard_statistics_page.filters(card),
        "periods": hazard_statistics_page.periods(request, card),
        "whole": whole, "units": units, "by_unit": [whole, *units], "quiet": page.quiet(units),
        "causes": hazard_statistics_page.causes(request, card),
        "trend": hazard_statistics_page.trend(card),
    }  # fmt: skip
    return render(request, "safety/statistics.html", context)


@login_required
@require_GET
def repeated(request: ScopedRequest) -> HttpResponse:
    """What was found again at its place in the 90 days up to the page's day, most often first."""
    scene = presenting.find_scene(request)
    cause = presenting.asked_cause(request)
    context = {
        "scope": request.scope_, "top": scene.branch.top,
        "crumbs": presenting.crumbs(request, "repeated", scene.branch),
        "tabs": presenting.tabs(request, "repeated"), "filter": presenting.cause_filter(cause),
        "again": hazard_statistics_page.again(request, scene, cause),
    }  # fmt: skip
    return render(request, "safety/hazards_repeated.html", context)


@login_required
@require_GET
def statistics_file(request: ScopedRequest) -> HttpResponse:
    """The same numbers as an Excel file: a sheet by unit, by cause and by month."""
    card = hazard_statistics_page.read(request)
    content = tables.write_book(hazard_statistics_page.sheets(card))
    name = f"hazards-{card.months.since:%Y-%m}-{card.months.last_day:%Y-%m}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)
