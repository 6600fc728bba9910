"""Risk levels of territories as people read, enter, import, grade and export them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.kit import clock, days, tables
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries, risk_levels, risk_sheet
from taishan.regulations.models import TerritoryRisk
from taishan.regulations.queries import LevelOnRecord
from taishan.regulations.risk_levels import DatedLevel, RiskLevelRefused

PAGE_ROWS = 100


class LevelForm(forms.Form):
    """A territory's level from a day."""

    place = forms.CharField(
        label=gettext_lazy("Place"),
        help_text=gettext_lazy("Its code, such as CN-330302 or 330302."),
        max_length=60,
    )
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=TerritoryRisk.Level.choices)
    starts = days.DayField(label=gettext_lazy("From"))
    ends = days.DayField(
        label=gettext_lazy("Until (exclusive)"),
        required=False,
        help_text=gettext_lazy("Left out: until the place's next level."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("The notice, or the address where it can be read."),
    )

    def clean_place(self) -> str:
        given: str = self.cleaned_data["place"]
        found = risk_sheet.find_places([given]).get(given)
        if found is None:
            raise forms.ValidationError(_("There is no place %s.") % given)
        return found


@login_required
@require_http_methods(["GET", "POST"])
def levels(request: ScopedRequest) -> HttpResponse:
    """The levels of the day, or of all days, by place; a POST enters one."""
    if request.method == "GET":
        return _page(request, LevelForm(initial={"starts": request.scope_.day}))
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    form = LevelForm(request.POST)
    if form.is_valid():
        try:
            level = DatedLevel(**form.cleaned_data)
            done = risk_levels.enter(actor=request.viewer.actor, now=clock.now(), level=level)
        except RiskLevelRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _said(done))
            return HttpResponseRedirect(address(request))
    return _page(request, form, status=422)


@login_required
@require_POST
def withdrawal(request: ScopedRequest, place: str, starts: str) -> HttpResponse:
    """Take back a level that should not have been recorded."""
    access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    try:
        day = days.read(starts)
    except ValueError:
        raise Http404(_("There is no such level.")) from None
    try:
        risk_levels.withdraw(actor=request.viewer.actor, now=clock.now(), place=place, starts=day)
        messages.success(request, _("Withdrawn. What had been known stays on record."))
    except RiskLevelRefused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(address(request))


@login_required
@require_GET
def levels_file(request: ScopedRequest, form: str) -> HttpResponse:
    """The levels that the page shows, as a file that can be imported again."""
    keys = [column.key for column in risk_sheet.COLUMNS]
    rows = [risk_sheet.as_cells(row) for row in _chosen(request)]
    is_csv = form == "csv"
    content = tables.write_csv(keys, rows) if is_csv else tables.write_xlsx("levels", keys, rows)
    kind = "text/csv; charset=utf-8" if is_csv else tables.XLSX
    name = f"risk-levels-{request.scope_.day}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _chosen(request: ScopedRequest) -> list[LevelOnRecord]:
    """Return the levels of the page's day (or of all days) that match its search and level."""
    on = None if request.GET.get("days") == "all" else request.scope_.day
    wanted = request.GET.get("q", "").strip().casefold()
    level = request.GET.get("level", "")
    return [
        row
        for row in queries.find_risk_levels(on=on)
        if (not level or row.level == level)
        and (not wanted or wanted in f"{row.place} {row.name_en} {row.name_zh}".casefold())
    ]


def _page(request: ScopedRequest, form: LevelForm, status: int = 200) -> HttpResponse:
    pages = Paginator(_chosen(request), PAGE_ROWS)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "page": page,
        "rows": _rows(page.object_list, request.scope_.lang),
        "number": pages.count,
        "filters": _filters(request),
        "form": form,
        "may_manage": access.is_group_wide(request.viewer, Capability.MANAGE_REGULATIONS),
        "crumbs": [*crumbs(request)[:1], (_("Risk levels"), "")],
    }
    return render(request, "regulations/risk_levels.html", context, status=status)


def _rows(found: Iterable[LevelOnRecord], lang: str) -> list[dict[str, Any]]:
    return [{"row": row, "name": row.name_zh if lang == "zh" else row.name_en} for row in found]


def _filters(request: ScopedRequest) -> list[dict[str, Any]]:
    given: Sequence[tuple[str, Any]] = TerritoryRisk.Level.choices
    return [
        {"name": "q", "word": _("Place"), "value": request.GET.get("q", "")},
        {
            "name": "level",
            "word": _("Level"),
            "value": request.GET.get("level", ""),
            "options": [("", _("all levels")), *given],
        },
        {
            "name": "days",
            "word": _("Days"),
            "value": request.GET.get("days", ""),
            "options": [("", _("the chosen day")), ("all", _("all days"))],
        },
    ]


def _said(done: risk_levels.Recorded) -> str:
    if done.created:
        return _("Recorded.")
    return _("Corrected.") if done.changed else _("That is on record already.")


def address(request: ScopedRequest) -> str:
    """Return the address of the page of levels, in the request's scope."""
    return f"{reverse('regulations:risk_levels')}?{request.scope_.query()}"


def crumbs(request: ScopedRequest) -> list[tuple[str, str]]:
    """Return the way to the page of levels."""
    rules = f"{reverse('regulations:regulations')}?{request.scope_.query()}"
    return [(_("Regulations"), rules), (_("Risk levels"), address(request))]
