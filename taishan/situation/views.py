"""The group on a day: what came, what it says, whom to worry about first."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.forms.models import Form
from taishan.kit import clock
from taishan.organisation.scope import ScopedRequest
from taishan.situation import branches, disagreeing, follow_ups, presenting, queries, signs
from taishan.situation.branches import Stay
from taishan.situation.queries import Overview

PAGE = 60
LIVE = "live"
"""The part of the page that asks again: of the trend, nothing changes within a morning."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def situation(request: ScopedRequest) -> HttpResponse:
    """What the reports add up to on a day; asks again by itself while the day is not over."""
    scope, offered = request.scope_, queries.find_forms()
    context: dict[str, Any] = {"scope": scope, "form": None}
    if offered:
        form = chosen_form(request, offered)
        found = _overview(request, form)
        context |= _context(request, found) | {
            "form": form,
            "tabs": _tabs(request, offered, form),
            "is_live": scope.day >= clock.today(),
            "followed": follow_ups.tiles(request),
            "disagreeing": _disagreeing(request, form),
        }
        if request.headers.get("HX-Target") != LIVE:
            context |= _charts(request, form, sees_health=context["sees_health"])
    return render(request, "situation/situation.html", context)


@login_required
@require_GET
def situation_file(request: ScopedRequest) -> HttpResponse:
    """The page's numbers as an Excel file."""
    offered = queries.find_forms()
    if not offered:
        raise Http404(_("Nobody owes any report yet."))
    found = _overview(request, chosen_form(request, offered))
    name = f"situation-{found.form.code}-{found.period}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content = presenting.sheet(found, request.viewer)
    return HttpResponse(content, content_type=XLSX, headers=headers)


def chosen_form(request: ScopedRequest, offered: list[Form]) -> Form:
    """Return the form that the page is about: the one asked for, else the first."""
    wanted = request.GET.get("form") or request.POST.get("form") or offered[0].code
    for form in offered:
        if form.code == wanted:
            return form
    raise Http404(_("Nobody owes such a report."))


def _overview(request: ScopedRequest, form: Form) -> Overview:
    scope = request.scope_
    return queries.get_overview(request.viewer, form, scope.day, scope.within, clock.now())


def _context(request: ScopedRequest, found: Overview) -> dict[str, Any]:
    scope, viewer = request.scope_, request.viewer
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    sees_health = presenting.may_see_health(viewer, found)
    definition = presenting.definition_of(found.form)
    return {
        "found": found,
        "title": presenting.title(found.form),
        "stage": presenting.stage_word(found.stage) if found.stage else "",
        "crumbs": crumbs(request, found.form, found.top, found.period),
        "tiles": presenting.tiles(scope, viewer, found),
        "heads": [signs.word(sign.key) for sign in presenting.grave(found.form)],
        "page": page,
        "rows": presenting.rows(scope, viewer, found, list(page)),
        "worries": presenting.worries(scope, viewer, found),
        "numbers": presenting.numbers(scope, found, definition) if sees_health else [],
        "sees_health": sees_health,
    }


def _disagreeing(request: ScopedRequest, form: Form) -> int:
    """Return in how many units the return disagrees with other numbers, on the page of returns."""
    if form.code != disagreeing.RETURN:
        return 0
    found = disagreeing.find(request.viewer, request.scope_.day, request.scope_.within)
    return len({one.unit.unit_id for one in found})


def _charts(request: ScopedRequest, form: Form, *, sees_health: bool) -> dict[str, Any]:
    scope = request.scope_
    trend = queries.get_trend(request.viewer, form, scope.day, scope.within, clock.now())
    return {
        "rate_chart": presenting.rate_chart(trend),
        "sign_chart": presenting.sign_chart(form, trend) if sees_health else None,
    }


def _tabs(request: ScopedRequest, offered: list[Form], chosen: Form) -> list[dict[str, Any]]:
    query = request.scope_.query()
    return [
        {
            "word": presenting.title(form),
            "href": f"?{query}&form={form.code}",
            "is_on": form == chosen,
        }
        for form in offered
    ]


def crumbs(
    request: ScopedRequest, form: Form, top: Stay | None, period: date
) -> list[tuple[str, str]]:
    """Return the units above the chosen subtree, each with its own situation."""
    scope, base = request.scope_, reverse("situation:situation")

    def to(within: str) -> str:
        return f"{base}?{scope.query(within=within)}&form={form.code}"

    whole = [(_("Situation"), to(""))]
    if not scope.within or top is None:
        return whole
    line = branches.line_above(request.viewer, top, period)
    return [*whole, *((name, to(code)) for code, name in line)]
