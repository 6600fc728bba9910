"""The risk register: all points with the four-colour picture, one point, the ways of grading."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from taishan.core.risk_points import Level
from taishan.kit import clock
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_board_presenting, risk_methods, risk_queries, risk_words
from taishan.safety.risk_forms import MeasureForm, ReasonForm, ScoresForm
from taishan.safety.risk_models import Levels, RiskCheckPhoto, RiskMethod, RiskPoint
from taishan.safety.risk_queries import Standing

PAGE = 30
DRAWN = 2000
"""At most so many points are drawn as a picture; for more, choose a unit."""


def find_asked(request: ScopedRequest) -> QuerySet[RiskPoint]:
    """Return the open risk points that the address asks for, the worst first."""
    rows = risk_queries.find_visible(request.viewer).filter(closed_at=None)
    if request.scope_.within:
        rows = rows.filter(unit_id__in=hazard_board_presenting.find_scene(request).unit_ids)
    if code := request.GET.get("unit", "").strip():
        rows = rows.filter(unit__code=code)
    if words := request.GET.get("q", "").strip():
        rows = rows.filter(
            Q(name__icontains=words) | Q(area__icontains=words) | Q(harm__icontains=words)
        )
    levels = {level.word: level for level in Level}
    if level := levels.get(request.GET.get("level", "")):
        rows = rows.filter(level=level)
    return rows.select_related("unit").order_by("-level", "unit__code", "code")


@login_required
@require_GET
def register(request: ScopedRequest) -> HttpResponse:
    """The register: the four-colour picture by area, and the points, the worst first."""
    found = find_asked(request)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    drawn = risk_queries.find_standings(list(found[:DRAWN]))
    areas, listed = risk_queries.find_areas(drawn), risk_queries.find_standings(list(page))
    names = _names({one.unit_id for one in areas} | {one.unit_id for one in page})
    context = {
        "scope": request.scope_, "page": page, "filters": _filters(request),
        "areas": [(one, names[one.unit_id]) for one in areas],
        "rows": [(one, names[one.point.unit_id]) for one in listed],
        "may_enter": bool(request.viewer.roots(Capability.HANDLE_HAZARDS)),
        "is_cut": page.paginator.count > DRAWN,
    }  # fmt: skip
    return render(request, "safety/risks.html", context)


def _names(ids: set[int]) -> dict[int, str]:
    return {pk: one.name for pk, one in organisation.find_last_versions(ids).items()}


def _filters(request: ScopedRequest) -> list[dict[str, Any]]:
    levels = [(Level(value).word, word) for value, word in reversed(Levels.choices)]
    given = request.GET
    return [
        {"name": "q", "word": _("Find"), "value": given.get("q", "")},
        {"name": "unit", "word": _("Unit (its code)"), "value": given.get("unit", "")},
        {"name": "level", "word": _("Grade"), "value": given.get("level", ""),
         "options": [("", _("all")), *levels]},
    ]  # fmt: skip


@login_required
@never_cache
@require_GET
def point(request: ScopedRequest, pk: int) -> HttpResponse:
    """One risk point: how it stands, its measures with what weakens them, its gradings."""
    return page(request, get_object_or_404(risk_queries.find_visible(request.viewer), pk=pk))


def page(
    request: ScopedRequest, found: RiskPoint, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """Return the page of a risk point; ``forms``: those that were refused."""
    version = organisation.get_last_version(found.unit_id)
    (standing,), day = risk_queries.find_standings([found]), clock.today(version.time_zone)
    may = risk_queries.may_manage(request.viewer, found.unit_id)
    gradings = list(found.gradings.select_related("method", "by__person").order_by("-number"))
    method = current_method(gradings[0].method, day)
    context: dict[str, Any] = {
        "scope": request.scope_, "one": standing, "version": version, "may": may,
        "banner": risk_words.banner(standing, day, may_manage=may),
        "measures": _measures(request, standing, day), "grading": gradings[0],
        "gradings": [(row, risk_words.product(row)) for row in gradings],
        "scores": ScoresForm(method=method, day=day), "ending": ReasonForm(),
        "measure_form": MeasureForm(unit_id=found.unit_id, day=day), "method": method,
    } | forms  # fmt: skip
    context["ending"].auto_id = "ending-%s"  # the scores have a reason too
    return render(request, "safety/risk.html", context, status=status)


def current_method(used: RiskMethod, day: Any) -> RiskMethod:
    """Return the edition of a method that holds on a day; the one used before where none does."""
    return risk_methods.find_methods(day).filter(code=used.code).first() or used


def _measures(request: ScopedRequest, standing: Standing, day: date) -> list[dict[str, Any]]:
    rows = list(standing.point.measures.select_related("post", "point").order_by("number"))
    last, mine = risk_queries.find_last_checks(rows), set[int]()
    if standing.point.closed_at is None:
        mine = risk_queries.find_checked_by(request.viewer, rows, clock.today())
    return [
        risk_words.measure(
            row, standing.open_hazards.get(row.pk, []), day, may=row.pk in mine
        ) | {"last": last.get(row.pk)}
        for row in rows
    ]  # fmt: skip


@login_required
@require_GET
def methods(request: ScopedRequest) -> HttpResponse:
    """The ways of grading: what each score means, where each level begins, and who says so."""
    rows = risk_methods.find_methods(request.scope_.day)
    return render(request, "safety/risk_methods.html", {"scope": request.scope_, "rows": rows})


@login_required
@require_GET
def photo(request: ScopedRequest, pk: int) -> HttpResponse:
    """What was seen at a check."""
    seen = risk_queries.find_visible(request.viewer)
    rows = RiskCheckPhoto.objects.filter(check_of__measure__point__in=seen)
    return get_object_or_404(rows, check_of=pk).respond()
