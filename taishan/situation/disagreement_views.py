"""Numbers that disagree: a unit's return beside the roster and its people's own reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from taishan.communications.actions import NoticeRefused
from taishan.core import reconciling
from taishan.core.reconciling import Compared
from taishan.forms.models import Form
from taishan.kit import clock, tables
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.situation import actions, disagreeing, presenting
from taishan.situation.disagreeing import RETURN, Disagreement

PAGE = 60
ORDERS: dict[str, Callable[[Disagreement], Any]] = {
    "size": lambda one: (-abs(one.compared.size), one.unit.code),
    "unit": lambda one: (one.unit.code, -abs(one.compared.size)),
    "number": lambda one: (disagreeing.RETURNED.index(one.compared.name), -abs(one.compared.size)),
}


@login_required
@require_GET
def disagreements(request: ScopedRequest) -> HttpResponse:
    """The numbers that disagree on the day, the furthest apart first."""
    found, scope = _found(request), request.scope_
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": scope,
        "page": page,
        "rows": [_row(request, one) for one in page],
        "units": len({one.unit.unit_id for one in found}),
        "heads": [
            {"word": word, "href": f"?{scope.query()}&{urlencode({'sort': key})}"}
            for key, word in (("unit", _("Unit")), ("number", _("What")))
        ],
        "by_size": f"?{scope.query()}",
        "crumbs": [
            (_("Situation"), f"{reverse('situation:situation')}?{scope.query()}&form={RETURN}"),
            (_("Numbers that disagree"), ""),
        ],
        "may_remind": bool(found) and _teller(request) is not None,
    }
    return render(request, "situation/disagreements.html", context)


@login_required
@require_GET
def disagreements_file(request: ScopedRequest) -> HttpResponse:
    """The same as an Excel file."""
    heads = [
        _("unit"), _("name"), _("what"), _("in the return"), _("at least"), _("at most"),
        _("apart by"),
    ]  # fmt: skip
    lines: list[list[tables.Cell]] = [
        [
            one.unit.code, one.unit.name, word(one.compared.name), one.compared.returned,
            one.compared.least, one.compared.most, one.compared.size,
        ]
        for one in _found(request)
    ]  # fmt: skip
    name = f"disagreements-{request.scope_.day}.xlsx"
    return HttpResponse(
        tables.write_xlsx("disagreements", heads, lines), content_type=tables.XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@login_required
@require_POST
def reminders(request: ScopedRequest) -> HttpResponse:
    """Ask those who answer for the returns that disagree to look at them again."""
    found, teller, now = _found(request), _teller(request), clock.now()
    if teller is None:
        raise PermissionDenied(access.refusal())
    here = f"{reverse('situation:disagreements')}?{request.scope_.query()}"
    people = disagreeing.find_to_remind(request.viewer, found, now.date())
    try:
        done = actions.ask_again(
            actor=request.viewer.actor, now=now, unit_id=teller.unit_id,
            day=request.scope_.day, address=here, person_ids=people,
        )  # fmt: skip
    except NoticeRefused:
        messages.warning(request, _("Nobody was reminded: all were within the last hour."))
    else:
        said = ngettext("%d person was reminded.", "%d people were reminded.", done.told)
        messages.success(request, said % done.told)
    return HttpResponseRedirect(here)


def _found(request: ScopedRequest) -> list[Disagreement]:
    scope = request.scope_
    found = disagreeing.find(request.viewer, scope.day, scope.within)
    return sorted(found, key=ORDERS.get(request.GET.get("sort", ""), ORDERS["size"]))


def _teller(request: ScopedRequest) -> UnitVersion | None:
    """Return the unit in whose name the viewer may tell people something here."""
    scope = request.scope_
    units = access.units_visible(request.viewer, scope.day).order_by("path")
    if scope.within:
        units = units.filter(unit__code=scope.within)
    return next((one for one in units if request.viewer.may(Capability.NOTIFY, one.path)), None)


def _row(request: ScopedRequest, one: Disagreement) -> dict[str, Any]:
    scope, code, compared = request.scope_, one.unit.code, one.compared
    form = Form(code=RETURN)
    return {
        "unit": one.unit,
        "word": word(compared.name),
        "is_roster": compared.name == reconciling.ROSTER,
        "beside": beside(compared),
        "compared": compared,
        "size": f"{compared.size:+,}".replace("-", "−"),
        "unit_href": f"{reverse('situation:situation')}?{scope.query(within=code)}&form={RETURN}",
        "people_href": f"{reverse('organisation:unit', args=[code])}?{scope.query()}",
        "return_href": presenting.list_address(scope, form, compared.name, code, is_own=True),
    }


def beside(compared: Compared) -> str:
    """Return what the others say: a number, or from what to what it could be."""
    if compared.least == compared.most:
        return f"{compared.least:,}"
    return f"{compared.least:,} – {compared.most:,}"


def word(name: str) -> str:
    return {
        "roster": _("people of the unit"),
        "on_site": _("on site"),
        "remote": _("working remotely"),
        "in_quarantine": _("in quarantine"),
        "symptomatic": _("with symptoms"),
    }[name]
