"""Headquarters' list of major hazards, and the criteria by which hazards are graded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taishan.core.hazards import Cause, Grade
from taishan.kit import clock
from taishan.kit.yaml_libraries import LibraryInvalid
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import (
    hazard_criteria,
    hazard_criteria_files,
    hazard_standing,
    hazard_supervision,
    hazard_words,
)
from taishan.safety.hazard_forms import CriteriaForm
from taishan.safety.hazard_supervision_models import Whom

PAGE = 30
REFUSED = 422
LIMIT_BYTES = 1_000_000


@login_required
@require_GET
def major(request: ScopedRequest) -> HttpResponse:
    """The major hazards that the viewer may see: what they wait for, and who was told."""
    is_open = request.GET.get("state", "") != "ended"
    found = hazard_supervision.find_major(request.viewer, is_open=is_open)
    page = Paginator(found.prefetch_related("tellings", "remarks"), PAGE).get_page(
        request.GET.get("page")
    )
    listed = hazard_supervision.find_listed_at([one.pk for one in page])
    versions, now = organisation.find_last_versions(one.unit_id for one in page), clock.now()
    rows = [
        {
            "hazard": one, "version": versions[one.unit_id], "listed_at": listed.get(one.pk),
            "state": hazard_words.STATES[one.record.state],
            "is_late": hazard_standing.is_overdue(one, now),
            "told": [(label, value in {t.whom for t in one.tellings.all()})
                     for value, label in Whom.choices],
            "remark": max(one.remarks.all(), key=lambda r: r.at, default=None),
        }
        for one in page
    ]  # fmt: skip
    tabs = [
        {"word": _("Open"), "href": "?state=", "is_on": is_open},
        {"word": _("Ended"), "href": "?state=ended", "is_on": not is_open},
    ]
    context = {"scope": request.scope_, "page": page, "rows": rows, "tabs": tabs}
    return render(request, "safety/hazards_major.html", context | {"is_open": is_open})


@login_required
@require_http_methods(["GET", "POST"])
def criteria(request: ScopedRequest) -> HttpResponse:
    """The criteria in force on the page's day; headquarters records a library here."""
    form = CriteriaForm(sent(request), request.FILES or None)
    may_record = access.is_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
    if request.method == "POST":
        access.require_group_wide(request.viewer, Capability.MANAGE_REGULATIONS)
        if form.is_valid() and _record(request, form):
            return HttpResponseRedirect(
                f"{reverse('hazards:criteria')}?{request.scope_.query()}"
            )  # fmt: skip
    anything = _("any kind of danger")
    rows = [
        {
            "criterion": one,
            "cause": hazard_words.CAUSES[Cause(one.cause)] if one.cause else anything,
            "grade": hazard_words.GRADES[Grade(one.grade)],
        }
        for one in hazard_criteria.find_in_force(request.scope_.day)
    ]  # fmt: skip
    context = {
        "scope": request.scope_, "rows": rows, "form": form if may_record else None,
        "versions": hazard_criteria.find_versions().order_by("from_library"),
    }  # fmt: skip
    status = REFUSED if form.errors else 200
    return render(request, "safety/hazard_criteria.html", context, status=status)


def _record(request: ScopedRequest, form: CriteriaForm) -> bool:
    file = form.cleaned_data["file"]
    try:
        library = hazard_criteria_files.parse(file.read(LIMIT_BYTES), file.name)
    except LibraryInvalid as invalid:
        for line in str(invalid).splitlines():
            form.add_error("file", line)
        return False
    made = hazard_criteria.import_library(
        actor=request.viewer.actor, now=clock.now(), library=library
    )
    words = _("Recorded as version %d.") % made.number if made else _("Nothing has changed.")
    messages.success(request, words)
    return True
