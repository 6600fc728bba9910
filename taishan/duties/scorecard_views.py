"""Scorecards: who did what they owed, over any period; who waits on whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.duties import periods, presenting, scorecards, words
from taishan.duties.periods import Period
from taishan.duties.scorecards import Branch, Totals
from taishan.kit import clock, sums, tables
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest

SHOWN_WAITING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A scorecard as an address asks for it. ``rows``: unit id, name, code and totals, that of the
    top by itself first where there is one.
    """

    period: Period
    kind: str
    branch: Branch
    whole: Totals
    rows: list[tuple[int, str, str, Totals]]


def get_card(request: ScopedRequest) -> Card:
    """Return the scorecard that an address asks for. Raises Http404 for a unit not to be seen."""
    period, now = periods.asked(request, request.scope_.day), clock.now()
    kind = request.GET.get("kind", "")
    kind = kind if kind in words.KINDS else ""
    branch = scorecards.find_branch(
        request.viewer, request.scope_.within, period.since, period.until
    )
    if request.scope_.within and not branch.places:
        raise Http404(_("No such unit is recorded, or not for you to see."))
    by_row = scorecards.find_totals(branch, period.since, period.until, now, kind)
    whole = sums.total(by_row.values(), scorecards.NOTHING)
    places = sorted(
        (branch.places[pk] for pk in by_row), key=lambda one: (one.path.count("."), one.code)
    )
    rows = [(one.unit_id, one.name, one.code, by_row[one.unit_id]) for one in places]
    return Card(period=period, kind=kind, branch=branch, whole=whole, rows=rows)


@login_required
@require_GET
def all_of_them(request: ScopedRequest) -> HttpResponse:
    """The scorecard of a subtree: a row for the top by itself and for each unit right below it."""
    card = get_card(request)
    top = card.branch.top
    context = {
        "scope": request.scope_,
        "card": card,
        "top": top,
        "tabs": presenting.tabs(request, "scorecards", top.code if top else ""),
        "periods": _periods(request, card),
        "kinds": [("", _("all kinds")), *words.KINDS.items()],
        "rows": [_row(request, card, *row) for row in card.rows],
        "whole": presenting.numbers(card.whole),
        "waiting": _waiting(card),
        "own": _own(request, card) if top else None,
        "crumbs": presenting.crumbs(request, top.path if top else ""),
    }
    return render(request, "duties/scorecards.html", context)


@login_required
@require_GET
def as_file(request: ScopedRequest) -> HttpResponse:
    """The same numbers as an Excel file."""
    card = get_card(request)
    heads = [_("Unit"), _("Code"), *presenting.heads()]
    rows = [
        [_("whole"), "", *presenting.cells(card.whole)],
        *([name, code, *presenting.cells(one)] for _pk, name, code, one in card.rows),
    ]
    content = tables.write_xlsx(_("Scorecard"), heads, rows)
    name = f"duties-{card.period.since}-{card.period.last}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=tables.XLSX, headers=headers)


def _periods(request: ScopedRequest, card: Card) -> list[dict[str, Any]]:
    kept = request.scope_.query() + (f"&kind={card.kind}" if card.kind else "")
    return [
        {"word": word, "href": f"?{kept}&{one.query}", "is_on": one == card.period}
        for word, one in periods.offered(request.scope_.day)
    ]


def _row(
    request: ScopedRequest, card: Card, unit_id: int, name: str, code: str, totals: Totals
) -> dict[str, Any]:
    top = card.branch.top
    is_top = top is not None and top.unit_id == unit_id
    last = card.branch.places[unit_id].last_day
    day = min(last or request.scope_.day, request.scope_.day)
    kept = f"{card.period.query}&kind={card.kind}"
    below = f"?{request.scope_.query(within=code)}&{kept}"
    listed = f"{reverse('duties:of_unit', args=[code])}?{request.scope_.query(day=day)}&{kept}"
    return {
        "name": name,
        "code": code,
        "is_top": is_top,
        "href": listed if is_top else below,
        "listed": listed if is_top else "",
        **presenting.numbers(totals),
    }


def _waiting(card: Card) -> list[dict[str, Any]]:
    found = scorecards.find_waiting(card.branch.places, SHOWN_WAITING)
    units = organisation.find_last_versions(
        pk for creditor, debtor, _number in found for pk in (creditor, debtor)
    )
    return [
        {"creditor": units[creditor].name, "debtor": units[debtor].name, "open": number}
        for creditor, debtor, number in found
    ]


def _own(request: ScopedRequest, card: Card) -> dict[str, Any]:
    """Return the posts and the people of the unit at the top; people only for who may see them."""
    top = card.branch.top
    assert top is not None  # noqa: S101 - asked for by the page of one unit alone
    given = (top.unit_id, card.period.since, card.period.until, clock.now())
    posts = scorecards.find_by_post(*given)
    found: dict[str, Any] = {
        "posts": [{"name": one.title, **presenting.numbers(totals)} for one, totals in posts]
    }
    if request.viewer.may(Capability.SEE_PEOPLE, top.path):
        people = scorecards.find_by_person(*given)
        found["people"] = [{"name": p.name, **presenting.numbers(one)} for p, one in people]
    return found
