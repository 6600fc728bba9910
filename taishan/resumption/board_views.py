"""The board: the group on a day, its trend, and the same numbers as a file."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from taishan.core.approvals import State
from taishan.organisation import queries as organisation
from taishan.organisation.queries import UnitOnDay
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import words
from taishan.resumption import application_words, presenting, queries
from taishan.resumption.queries import UnitVerdict

PAGE = 60
STRIP_BEFORE, STRIP_DAYS = 21, 70
STATES = ("open", "capped", "staggered", "remote", "shut")


@login_required
@require_GET
def board(request: ScopedRequest) -> HttpResponse:
    """The group on a day: totals, and the table of units with their calendar strips."""
    scope = request.scope_
    units = queries.find_units(request.viewer, scope.day, within=scope.within)
    found = queries.find_verdicts(_narrowed(request, units), scope.day)
    state = request.GET.get("state", "")
    shown = _shown(request, found)
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": scope,
        "tiles": _tiles(request, found, state),
        "unit_count": len(found),
        "people": f"{sum(f.unit.head_count or 0 for f in found):,}",
        "page": page,
        "rows": _rows(list(page), units, scope.day, scope.lang),
        "filters": _filters(request, units, state),
        "crumbs": _crumbs(request),
        "strip_days": STRIP_DAYS,
        "strip_before": STRIP_BEFORE,
        "strip_starts": scope.day - timedelta(days=STRIP_BEFORE),
    }
    return render(request, "resumption/board.html", context)


@login_required
@require_GET
def trend(request: ScopedRequest) -> HttpResponse:
    """How many units may work on each day around the chosen one, drawn and as a table."""
    scope = request.scope_
    units = _narrowed(request, queries.find_units(request.viewer, scope.day, within=scope.within))
    starts = scope.day - timedelta(days=STRIP_BEFORE)
    spans = queries.find_spans(units, starts, starts + timedelta(days=STRIP_DAYS))
    days = [starts + timedelta(days=n) for n in range(STRIP_DAYS)]
    counts: dict[date, Counter[str]] = {day: Counter() for day in days}
    for span in (span for of_unit in spans.values() for span in of_unit):
        for n in range((span.ends - span.starts).days):
            counts[span.starts + timedelta(days=n)][presenting.shade(span.verdict)] += 1
    series = [
        {"word": words.state(s), "state": s, "values": [counts[day][s] for day in days]}
        for s in (*STATES, "holiday")
    ]
    chart = {"kind": "bar", "days": [date_format(d, "m-d") for d in days], "series": series}
    context = {"scope": scope, "chart": chart, "unit_count": len(units), "crumbs": _crumbs(request)}
    return render(request, "resumption/trend.html", context)


def _narrowed(request: ScopedRequest, units: Sequence[UnitOnDay]) -> list[UnitOnDay]:
    """Return the units that match the page's search, place and kind of work."""
    wanted = request.GET.get("q", "").strip().casefold()
    place, kind = request.GET.get("place", ""), request.GET.get("kind", "")
    return [
        unit
        for unit in units
        if (not wanted or wanted in _searchable(unit))
        and (not place or place in unit.chain)
        and (not kind or kind in unit.kinds_of_work)
    ]


def _shown(request: ScopedRequest, found: Sequence[UnitVerdict]) -> list[UnitVerdict]:
    """Return those in the chosen state, and whose application stands as chosen."""
    state, applied = request.GET.get("state", ""), request.GET.get("applied", "")
    return [
        one
        for one in found
        if (not state or one.verdict.state.word == state)
        and (not applied or applied == (one.application[1].value if one.application else "none"))
    ]


def _searchable(unit: UnitOnDay) -> str:
    names = (unit.code, unit.name_en, unit.name_zh, unit.place_en, unit.place_zh, *unit.chain)
    return " ".join(names).casefold()


def _filters(
    request: ScopedRequest, units: Sequence[UnitOnDay], state: str
) -> list[dict[str, Any]]:
    places = organisation.find_place_names({code for unit in units for code in unit.chain[:2]})
    in_chinese = request.scope_.lang == "zh"
    named = [(code, zh if in_chinese else en) for code, (en, zh) in sorted(places.items())]
    kinds = sorted({kind for unit in units for kind in unit.kinds_of_work})
    return [
        {"name": "q", "word": _("Unit or place"), "value": request.GET.get("q", "")},
        {
            "name": "place",
            "word": _("Place"),
            "value": request.GET.get("place", ""),
            "options": [("", _("all places")), *named],
        },
        {
            "name": "kind",
            "word": _("Kind of work"),
            "value": request.GET.get("kind", ""),
            "options": [("", _("all kinds")), *((k, words.kind_of_work(k)) for k in kinds)],
        },
        {
            "name": "state",
            "word": _("State"),
            "value": state,
            "options": [("", _("all states")), *((s, words.state(s)) for s in STATES)],
        },
        {
            "name": "applied",
            "word": _("Application"),
            "value": request.GET.get("applied", ""),
            "options": [
                ("", _("all")),
                *((one.value, application_words.state(one)) for one in State if one != State.DRAFT),
                ("none", _("not applied")),
            ],
        },
    ]


def _tiles(
    request: ScopedRequest, found: Sequence[UnitVerdict], state: str
) -> list[dict[str, Any]]:
    query = request.GET.copy()
    query.pop("page", None)
    tiles = []
    for one, (units, people) in presenting.totals(found).items():
        query["state"] = "" if one == state else one
        tiles.append(
            {
                "state": one,
                "number": units,
                "word": ngettext("unit", "units", units),
                "note": _("%(n)s people") % {"n": f"{people:,}"},
                "href": f"?{query.urlencode()}",
                "is_on": one == state,
            }
        )
    return tiles


def _rows(
    found: Sequence[UnitVerdict], units: Sequence[UnitOnDay], day: date, lang: str
) -> list[dict[str, Any]]:
    starts = day - timedelta(days=STRIP_BEFORE)
    spans = queries.find_spans([f.unit for f in found], starts, starts + timedelta(days=STRIP_DAYS))
    library = regulations.get_library()
    below = Counter(code for unit in units for code in unit.line[:-1])
    return [
        {
            "unit": f.unit,
            "name": presenting.unit_name(f.unit, lang),
            "place": presenting.place_name(f.unit, lang),
            "verdict": f.verdict,
            "state": f.verdict.state.word,
            "why": presenting.why(f, library, lang),
            "sources": presenting.sources(f),
            "applied": application_words.applied(f.application, f.broken),
            "below": below[f.unit.code],
            "bars": presenting.strip(spans[f.unit.code], starts),
        }
        for f in found
    ]


def _crumbs(request: ScopedRequest) -> list[tuple[str, str]]:
    """Return the units above the chosen subtree, each with the board of its own subtree."""
    scope = request.scope_
    crumbs = [(_("Board"), f"?{scope.query(within='')}")]
    if not scope.within:
        return crumbs
    chosen = queries.find_units(request.viewer, scope.day, codes=[scope.within])
    if chosen:
        line = queries.find_units(request.viewer, scope.day, codes=chosen[0].line)
        crumbs += [
            (presenting.unit_name(u, scope.lang), f"?{scope.query(within=u.code)}")
            for u in sorted(line, key=lambda u: len(u.line))
        ]
    return crumbs


@login_required
@require_GET
def board_file(request: ScopedRequest) -> HttpResponse:
    """The board's numbers as an Excel file."""
    scope, library = request.scope_, regulations.get_library()
    units = queries.find_units(request.viewer, scope.day, within=scope.within)
    found = queries.find_verdicts(_narrowed(request, units), scope.day)
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("board")
        heads = [_("unit"), _("name"), _("place"), _("people"), _("permitted"), _("state"),
                 _("reason"), _("on-site limit"), _("changes on")]  # fmt: skip
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, one in enumerate(_shown(request, found), start=1):
            unit, verdict = one.unit, one.verdict
            name = presenting.unit_name(unit, scope.lang)
            why = presenting.why(one, library, scope.lang)
            row = [unit.code, name, unit.place, unit.head_count, verdict.permitted.word,
                   verdict.state.word, why, verdict.on_site_limit,
                   str(verdict.changes_on or "")]  # fmt: skip
            sheet.write_row(line, 0, ["" if cell is None else cell for cell in row])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="board-{scope.day}.xlsx"'
    return response
