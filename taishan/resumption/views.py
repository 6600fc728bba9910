"""The board, and one unit's page."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import xlsxwriter
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation import access
from taishan.organisation.access import Capability
from taishan.organisation.queries import UnitOnDay
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import words
from taishan.resumption import actions, presenting, queries
from taishan.resumption.models import Attestation

PAGE = 60
STRIP_BEFORE, STRIP_DAYS = 21, 70
STATES = ("open", "capped", "staggered", "remote", "shut")


@login_required
@require_GET
def board(request: ScopedRequest) -> HttpResponse:
    """The group on a day: totals, and the table of units with their calendar strips."""
    scope = request.scope_
    found = _on_board(request)
    state = request.GET.get("state", "")
    shown = [f for f in found if not state or f.verdict.state.word == state]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    totals = presenting.totals(found)
    context = {
        "scope": scope,
        "totals": [(s, *totals[s]) for s in STATES],
        "unit_count": len(found),
        "people": sum(f.unit.head_count or 0 for f in found),
        "page": page,
        "rows": _rows(list(page), scope.day, scope.lang),
        "state": state,
        "q": request.GET.get("q", ""),
        "crumbs": _crumbs(request),
        "strip_days": STRIP_DAYS,
        "today_x": STRIP_BEFORE,
        "strip_start": scope.day - timedelta(days=STRIP_BEFORE),
        "strip_end": scope.day + timedelta(days=STRIP_DAYS - STRIP_BEFORE - 1),
        "earlier": scope.query(day=scope.day - timedelta(days=1)),
        "later": scope.query(day=scope.day + timedelta(days=1)),
    }
    return render(request, "resumption/board.html", context)


def _on_board(request: ScopedRequest) -> list[queries.UnitVerdict]:
    scope = request.scope_
    units = queries.find_units(request.viewer, scope.day, within=scope.within)
    wanted = request.GET.get("q", "").casefold()
    if wanted:
        units = [u for u in units if wanted in _searchable(u)]
    return queries.find_verdicts(units, scope.day)


def _searchable(unit: UnitOnDay) -> str:
    names = (unit.code, unit.name_en, unit.name_zh, unit.place_en, unit.place_zh, *unit.chain)
    return " ".join(names).casefold()


def _rows(found: list[queries.UnitVerdict], day: date, lang: str) -> list[dict[str, Any]]:
    starts = day - timedelta(days=STRIP_BEFORE)
    spans = queries.find_spans([f.unit for f in found], starts, starts + timedelta(days=STRIP_DAYS))
    library = regulations.get_library()
    return [
        {
            "unit": f.unit,
            "name": presenting.unit_name(f.unit, lang),
            "place": presenting.place_name(f.unit, lang),
            "verdict": f.verdict,
            "state": f.verdict.state.word,
            "why": presenting.short_reason(f.verdict, library, lang),
            "bars": presenting.strip(spans[f.unit.code], starts),
        }
        for f in found
    ]


def _crumbs(request: ScopedRequest) -> list[tuple[str, str]]:
    scope = request.scope_
    units = queries.find_units(
        request.viewer, scope.day, codes=[scope.within] if scope.within else []
    )
    if not scope.within or not units:
        return []
    line = queries.find_units(request.viewer, scope.day, codes=units[0].line)
    return [
        (presenting.unit_name(u, scope.lang), scope.query(within=u.code))
        for u in sorted(line, key=lambda u: len(u.line))
    ]


@login_required
@require_GET
def board_file(request: ScopedRequest) -> HttpResponse:
    """The board's numbers as an Excel file."""
    library = regulations.get_library()
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("board")
        heads = [_("unit"), _("name"), _("place"), _("people"), _("permitted"), _("state"),
                 _("reason"), _("on-site limit"), _("changes on")]  # fmt: skip
        sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
        for line, one in enumerate(_on_board(request), start=1):
            unit, verdict = one.unit, one.verdict
            name = presenting.unit_name(unit, request.scope_.lang)
            why = presenting.short_reason(verdict, library, request.scope_.lang)
            row = [unit.code, name, unit.place, unit.head_count, verdict.permitted.word,
                   verdict.state.word, why, verdict.on_site_limit,
                   str(verdict.changes_on or "")]  # fmt: skip
            sheet.write_row(line, 0, ["" if cell is None else cell for cell in row])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="board-{request.scope_.day}.xlsx"'
    return response


def _unit(request: ScopedRequest, code: str) -> UnitOnDay:
    found = queries.find_units(request.viewer, request.scope_.day, codes=[code])
    if not found:
        raise Http404(_("There is no such unit on this day, or it is not yours to see."))
    return found[0]


@login_required
@require_GET
def unit_page(request: ScopedRequest, code: str) -> HttpResponse:
    """A unit's verdict with every reason, and the same under other assumptions (nothing saved)."""
    scope, unit = request.scope_, _unit(request, code)
    kinds = frozenset(request.GET.getlist("kind"))
    met = request.GET.getlist("met")
    is_what_if = bool(kinds or met)
    actual = queries.find_verdicts([unit], scope.day)[0].verdict
    asked = {u.demand.dimension: u.demand.amount for u in actual.unmet if u.demand.dimension in met}
    verdict = (
        queries.what_if(unit, scope.day, kinds=kinds or unit.kinds_of_work, met=asked)
        if is_what_if
        else actual
    )
    library = regulations.get_library()
    starts = scope.day - timedelta(days=STRIP_BEFORE)
    spans = queries.find_spans([unit], starts, starts + timedelta(days=STRIP_DAYS))[unit.code]
    context = {
        "scope": scope,
        "unit": unit,
        "name": presenting.unit_name(unit, scope.lang),
        "place": presenting.place_name(unit, scope.lang),
        "verdict": verdict,
        "state": verdict.state.word,
        "permitted": verdict.permitted.word,
        "actual": actual,
        "actual_state": actual.state.word,
        "is_what_if": is_what_if,
        "why": presenting.short_reason(verdict, library, scope.lang),
        "reasons": presenting.reasons_in_words(verdict, library, scope.lang),
        "unknown": [presenting.unknown_in_words(u, library, scope.lang) for u in verdict.unknown],
        "unmet": _unmet(actual, met),
        "conflicts": verdict.conflicts,
        "attestations": _attestations(unit, scope.day),
        "form": AttestationForm(conditions=_conditions(actual), initial={"starts": scope.day}),
        "may_attest": request.viewer.may(Capability.ATTEST, unit.path),
        "may_refute": request.viewer.may(Capability.REFUTE, unit.path),
        "bars": presenting.strip(spans, starts),
        "strip_days": STRIP_DAYS,
        "today_x": STRIP_BEFORE,
        "kinds": KINDS,
        "chosen": kinds or unit.kinds_of_work,
    }
    return render(request, "resumption/unit.html", context)


KINDS = ("ORD", "UTIL", "TRANSIT", "ENV", "MUNI", "EPI", "LIFE", "MARKET", "LOGI", "PROP",
         "KEYPROJ", "NATECON", "HKMO", "URGENT")  # fmt: skip


def _unmet(verdict: Any, met: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "condition": u.demand.dimension,
            "needs": words.demand(u.demand),
            "have": None if u.have is None else f"{u.have:g}",
            "clause": u.clause,
            "ticked": u.demand.dimension in met,
        }
        for u in verdict.unmet
    ]


def _conditions(verdict: Any) -> list[tuple[str, str]]:
    found = {u.demand.dimension: words.demand(u.demand) for u in verdict.unmet}
    for reason in verdict.reasons:
        for demand in reason.clause.requirement.demands():
            if ":" in demand.dimension and reason.effect.value == "binds":
                found.setdefault(demand.dimension, words.demand(demand))
        if reason.clause.targeted:
            found[f"outside:{reason.clause.key}"] = words.condition(f"outside:{reason.clause.key}")
    return sorted(found.items())


def _attestations(unit: UnitOnDay, day: date) -> list[dict[str, Any]]:
    rows = (
        Attestation.objects.filter(unit_id=unit.id, valid__contains=day)
        .select_related("refutation", "by__person")
        .order_by("-recorded_at")
    )
    return [{"row": row, "words": words.condition(row.condition)} for row in rows]


class AttestationForm(forms.Form):
    """What the unit states, from when, until when, and what shows it."""

    condition = forms.ChoiceField(label=gettext_lazy("Condition"))
    amount = forms.FloatField(label=gettext_lazy("Amount (1 for yes)"), initial=1, min_value=0)
    starts = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = forms.DateField(
        label=gettext_lazy("Until (exclusive)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("What shows it"), widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, conditions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition"].choices = conditions  # type: ignore[attr-defined]


@login_required
@require_POST
def attestations(request: ScopedRequest, code: str) -> HttpResponse:
    """Record what the unit attests."""
    unit = _unit(request, code)
    access.require(request.viewer, Capability.ATTEST, unit.path)
    verdict = queries.find_verdicts([unit], request.scope_.day)[0].verdict
    form = AttestationForm(request.POST, conditions=_conditions(verdict))
    if not form.is_valid():
        for field, problems in form.errors.items():
            messages.error(request, f"{form[field].label}: {' '.join(map(str, problems))}")
        return _back(request, code)
    try:
        actions.attest(
            actor=actor_of(request), now=clock.now(), unit_id=unit.id, **form.cleaned_data
        )
        messages.success(request, _("Recorded."))
    except actions.AttestationRefused as refused:
        messages.error(request, str(refused))
    return _back(request, code)


@login_required
@require_POST
def refutation(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """Refute an attestation of the unit."""
    unit = _unit(request, code)
    access.require(request.viewer, Capability.REFUTE, unit.path)
    attestation = get_object_or_404(Attestation, pk=pk, unit_id=unit.id)
    try:
        actions.refute(
            actor=actor_of(request),
            now=clock.now(),
            attestation_id=attestation.pk,
            reason=request.POST.get("reason", ""),
        )
        messages.success(request, _("Refuted. It counts no more."))
    except actions.AttestationRefused as refused:
        messages.error(request, str(refused))
    return _back(request, code)


def actor_of(request: ScopedRequest) -> Actor:
    """Return who acts through this request."""
    viewer = request.viewer
    return Actor(
        label=f"account {viewer.account_id}",
        account_id=viewer.account_id,
        person_id=viewer.person_id,
        post=",".join(sorted({role for role, _path in viewer.grants})),
    )


def _back(request: ScopedRequest, code: str) -> HttpResponse:
    query = request.GET.urlencode()
    return redirect(f"{reverse('resumption:unit', args=[code])}?{query}")
