"""Taking the numbers of a situation report: what was reported, and the verdicts of the units."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_POST

from taishan.kit import clock
from taishan.organisation import access, presenting
from taishan.organisation.access import Capability
from taishan.organisation.history import get_version
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import LANGUAGES, ScopedRequest
from taishan.resumption import presenting as verdicts
from taishan.resumption import queries
from taishan.situation import freezing, series, situation_reports
from taishan.situation.freezing import Numbers
from taishan.situation.models import SituationReport
from taishan.situation.situation_reports import ReportRefused, Words
from taishan.web.templatetags.taishan import state_word


@login_required
@require_POST
def drafts(request: ScopedRequest) -> HttpResponse:
    """Begin a report on the numbers of this instant; a correction keeps the words it corrects."""
    version = presenting.get_visible(request, presenting.posted(request, "unit"))
    access.require(request.viewer, Capability.WRITE_SITUATION, version.path)
    corrected = _corrected(request)
    try:
        report = situation_reports.draft(
            actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id,
            day=request.scope_.day, numbers=_take(request, version, request.scope_.day),
            for_outside=_is_for_outside(request, corrected), corrects=corrected,
            words=_words(corrected),
        )  # fmt: skip
    except ReportRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(f"{reverse('situation:reports')}?{request.scope_.query()}")
    return _to(request, report)


def _corrected(request: ScopedRequest) -> SituationReport | None:
    pk = request.POST.get("corrects", "")
    if not pk.isdecimal():
        return None
    return get_object_or_404(series.find_readable(request.viewer), pk=pk)


def _is_for_outside(request: ScopedRequest, corrected: SituationReport | None) -> bool:
    """Tell whether it leaves the organisation; a correction goes where the corrected one went."""
    return corrected.for_outside if corrected else "for_outside" in request.POST


def _words(corrected: SituationReport | None) -> Words | None:
    if corrected is None:
        return None
    last = corrected.editions.latest("number")
    return Words(**{name: getattr(last, name) for name in situation_reports.SECTIONS})


@login_required
@require_POST
def numbers(request: ScopedRequest, pk: int) -> HttpResponse:
    """Take the numbers of a draft anew."""
    report = get_object_or_404(series.find_readable(request.viewer), pk=pk)
    version = get_version(report.unit.code, report.day)
    access.require(request.viewer, Capability.WRITE_SITUATION, version.path)
    edition = request.POST.get("edition", "")
    try:
        situation_reports.renew(
            actor=request.viewer.actor, now=clock.now(), report=report,
            edition=int(edition) if edition.isdecimal() else 0,
            numbers=_take(request, version, report.day),
        )  # fmt: skip
    except ReportRefused as refused:
        messages.error(request, str(refused))
    return _to(request, report)


def _take(request: ScopedRequest, version: UnitVersion, day: date) -> Numbers:
    counted = count_verdicts(request.viewer, version.unit.code, day)
    return freezing.take(request.viewer, version, day, clock.now(), counted)


def count_verdicts(viewer: access.Viewer, code: str, day: date) -> list[dict[str, Any]]:
    """Return how many units of a subtree are in each state that any is in, with its words."""
    units = queries.find_units(viewer, day, within=code)
    totals = verdicts.totals(queries.find_verdicts(units, day))
    found = []
    for state, (number, _people) in totals.items():
        words = {}
        for lang, language in LANGUAGES.items():
            with translation.override(language):
                words[lang] = state_word(state)
        if number:
            found.append({"state": state, "word": words, "units": number})
    return found


def _to(request: ScopedRequest, report: SituationReport) -> HttpResponse:
    address = reverse("situation:report", args=[report.pk])
    return HttpResponseRedirect(f"{address}?{request.scope_.query()}")
