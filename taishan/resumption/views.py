"""One unit's page: its verdict, and what it attests."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, get_args

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.core.gate import Permission, Verdict
from taishan.core.readings import Effect
from taishan.organisation.access import Capability
from taishan.organisation.queries import UnitOnDay
from taishan.organisation.scope import ScopedRequest
from taishan.regulations import queries as regulations
from taishan.regulations import schemas, words
from taishan.resumption import application_words, changes, presenting, queries
from taishan.resumption.forms import AttestationForm, conditions
from taishan.resumption.models import Attestation
from taishan.safety import words as stopping

STRIP_BEFORE, STRIP_DAYS = 21, 70
SHOWN_CHANGES, PAGE_CHANGES = 20, 50


def get_unit(request: ScopedRequest, code: str) -> UnitOnDay:
    """Return the unit as it was on the page's day. Raises Http404 unless the viewer may see it."""
    found = queries.find_units(request.viewer, request.scope_.day, codes=[code])
    if not found:
        raise Http404(_("There is no such unit on this day, or it is not yours to see."))
    return found[0]


@login_required
@require_GET
def unit_page(request: ScopedRequest, code: str) -> HttpResponse:
    """A unit's verdict with every reason, and the same under other assumptions (nothing saved)."""
    scope, unit = request.scope_, get_unit(request, code)
    kinds, met = frozenset(request.GET.getlist("kind")), request.GET.getlist("met")
    found = queries.find_verdicts([unit], scope.day)[0]
    actual = found.verdict
    verdict = _supposed(unit, scope.day, actual, kinds, met) if kinds or met else actual
    context = {
        "scope": scope,
        "unit": unit,
        "name": presenting.unit_name(unit, scope.lang),
        "place": presenting.place_name(unit, scope.lang),
        "kinds_of_work": [words.kind_of_work(k) for k in sorted(unit.kinds_of_work)],
        "crumbs": _crumbs(request, unit),
        "actual_state": actual.state.word,
        "is_what_if": bool(kinds or met),
        **_verdict_in_words(verdict, scope.lang),
        **_stopped_or_applied(found),
        **_what_if_choices(actual, scope.lang, met, kinds or unit.kinds_of_work),
        **_attesting(request, unit, actual),
        "measured": [presenting.measured_in_words(one, scope.day) for one in found.measured],
        **_strip(unit, scope.day),
        "changes": _changes(unit, 0, SHOWN_CHANGES, scope.lang),
    }
    return render(request, "resumption/unit.html", context)


@login_required
@require_GET
def verdicts(request: ScopedRequest, code: str) -> HttpResponse:
    """Every verdict recorded of a unit: what changed, when and why."""
    scope, unit = request.scope_, get_unit(request, code)
    page = Paginator(queries.find_history(unit.id), PAGE_CHANGES).get_page(request.GET.get("page"))
    context = {
        "scope": scope,
        "unit": unit,
        "name": presenting.unit_name(unit, scope.lang),
        "crumbs": [*_crumbs(request, unit), (_("What changed, and why"), "")],
        "page": page,
        "changes": _changes(unit, (page.number - 1) * PAGE_CHANGES, PAGE_CHANGES, scope.lang),
    }
    return render(request, "resumption/verdicts.html", context)


def _stopped_or_applied(found: queries.UnitVerdict) -> dict[str, Any]:
    """Return what stops a unit, which leads the reasons of its verdict, and what it applied for."""
    applied = application_words.applied(found.application, found.broken)
    lines = [(one.pk, stopping.line(one, found.unit.time_zone)) for one in found.stops]
    why = {"why": lines[0][1]} if lines else {}
    return {"stops": lines, "applied": applied} | why


def _changes(unit: UnitOnDay, start: int, limit: int, lang: str) -> list[changes.Change]:
    with_the_one_before = start + limit + 1
    rows = list(queries.find_history(unit.id)[start:with_the_one_before])
    return changes.in_words(rows, library=regulations.get_library(), lang=lang)[:limit]


def _supposed(
    unit: UnitOnDay, day: date, actual: Verdict, kinds: frozenset[str], met: list[str]
) -> Verdict:
    asked = {u.demand.dimension: u.demand.amount for u in actual.unmet if u.demand.dimension in met}
    return queries.what_if(unit, day, kinds=kinds or unit.kinds_of_work, met=asked)


def _verdict_in_words(verdict: Verdict, lang: str) -> dict[str, Any]:
    library = regulations.get_library()
    reasons = presenting.reasons_in_words(verdict, library, lang)
    holding = (Effect.BINDS.value, Effect.CEILING.value)
    return {
        "verdict": verdict,
        "state": verdict.state.word,
        "permitted": verdict.permitted.word,
        "is_on_site": verdict.permitted < Permission.REMOTE,
        "why": presenting.short_reason(verdict, library, lang),
        "binding": [r for r in reasons if r.effect in holding],
        "others": [r for r in reasons if r.effect not in holding],
        "unknown": [
            presenting.unknown_in_words(u, library, lang)
            for u in verdict.unknown
            if u.what != "fact"  # an unrecorded fact stands among what is unmet
        ],
        "conflicts": [presenting.conflict_in_words(c, library, lang) for c in verdict.conflicts],
    }


def _what_if_choices(
    actual: Verdict, lang: str, met: list[str], kinds: frozenset[str]
) -> dict[str, Any]:
    library = regulations.get_library()
    unmet = [presenting.unmet_in_words(u, library, lang) for u in actual.unmet]
    return {
        "unmet": [u | {"is_ticked": u["condition"] in met} for u in unmet],
        "kinds": [(k, words.kind_of_work(k), k in kinds) for k in get_args(schemas.Kind)],
    }


def _attesting(request: ScopedRequest, unit: UnitOnDay, actual: Verdict) -> dict[str, Any]:
    asked = request.GET.get("attest", "")
    amounts = {u.demand.dimension: u.demand.amount for u in actual.unmet}
    initial = {
        "condition": asked,
        "amount": f"{amounts.get(asked, 1):g}",
        "starts": request.scope_.day,
    }
    return {
        "attestations": _attestations(unit, request.scope_.day),
        "attest_form": AttestationForm(conditions=conditions(actual), initial=initial),
        "is_attesting": asked in amounts,
        "may_attest": request.viewer.may(Capability.ATTEST, unit.path),
        "may_refute": request.viewer.may(Capability.REFUTE, unit.path),
    }


def _strip(unit: UnitOnDay, day: date) -> dict[str, Any]:
    starts = day - timedelta(days=STRIP_BEFORE)
    spans = queries.find_spans([unit], starts, starts + timedelta(days=STRIP_DAYS))[unit.code]
    return {
        "bars": presenting.strip(spans, starts),
        "strip_starts": starts,
        "strip_days": STRIP_DAYS,
        "strip_before": STRIP_BEFORE,
    }


def _crumbs(request: ScopedRequest, unit: UnitOnDay) -> list[tuple[str, str]]:
    scope = request.scope_
    above = queries.find_units(request.viewer, scope.day, codes=unit.line)
    board = reverse("resumption:board")
    return [(_("Board"), f"{board}?{scope.query(within='')}")] + [
        (presenting.unit_name(u, scope.lang), f"{board}?{scope.query(within=u.code)}")
        for u in sorted(above, key=lambda u: len(u.line))
    ]


def _attestations(unit: UnitOnDay, day: date) -> list[dict[str, Any]]:
    rows = (
        Attestation.objects.filter(unit_id=unit.id, valid__contains=day)
        .select_related("refutation", "by__person", "file")
        .order_by("-recorded_at")
    )
    return [{"row": row, "words": words.shown(row.condition, row.amount)} for row in rows]
