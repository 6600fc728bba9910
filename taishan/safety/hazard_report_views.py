"""Reporting a hazard from a phone, and following a report without a name by its receipt.

Neither page writes who sent it anywhere: the code comes in the body, never in an address, and what
is answered goes by no session.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation import queries as organisation
from taishan.organisation.models import Membership
from taishan.organisation.presenting import require_writer, sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import hazard_presenting, hazard_reports, hazard_words
from taishan.safety.hazard_forms import ReceiptForm, ReportForm
from taishan.safety.hazard_models import Hazard
from taishan.safety.hazard_reports import Report, Seen

REFUSED = 422
SEEN = ("text", "looks", "area", "latitude", "longitude", "photos")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest) -> HttpResponse:
    """Report a hazard: the viewer's own unit is filled in, any other may be named."""
    require_writer(request)
    form = ReportForm(
        sent(request), request.FILES or None, day=clock.today(), initial=_at_first(request)
    )
    if form.is_valid():
        return _reported(request, form.cleaned_data)
    seen = access.units_visible(request.viewer, clock.today()).select_related("unit")
    context = {"scope": request.scope_, "form": form, "units": seen.order_by("path")[:200],
               "account": request.viewer.account_id}  # fmt: skip
    return render(
        request, "safety/hazard_new.html", context, status=REFUSED if form.errors else 200
    )


def _at_first(request: ScopedRequest) -> dict[str, Any]:
    """Return what an empty form begins with: nothing for what was sent, of which many may come."""
    if request.method == "POST":
        return {}
    return {
        "unit": request.GET.get("unit") or _own_unit(request), "client": uuid4(),
        "area": request.GET.get("area", "")[:200],
    }  # fmt: skip


def _own_unit(request: ScopedRequest) -> str:
    here = Membership.objects.filter(
        person_id=request.viewer.person_id or 0, valid__contains=clock.today()
    )
    return here.values_list("unit__code", flat=True).first() or ""


def _reported(request: ScopedRequest, given: dict[str, Any]) -> HttpResponse:
    """Answer at once with the page that says so: a phone that sends later follows no redirect."""
    is_anonymous, now = given["anonymous"], clock.now()
    made, code = hazard_reports.report(Report(
        actor=None if is_anonymous else request.viewer.actor, now=now,
        version=given["unit"], key=given["client"], code=given["code"],
        seen=Seen(
            **{name: given[name] for name in SEEN},
            at=hazard_reports.when_seen(given["device_at"], now),
        ),
    ))  # fmt: skip
    context = {
        "scope": request.scope_, "hazard": made, "code": spaced(code),
        "is_anonymous": is_anonymous, "is_acute": made.looks == Hazard.Looks.ACUTE,
    }  # fmt: skip
    return render(request, "safety/hazard_reported.html", context)


def spaced(code: str) -> str:
    """Return a code as people read it, four characters at a time."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


@never_cache
@require_http_methods(["GET", "POST"])
def receipt(request: HttpRequest) -> HttpResponse:
    """What became of a report without a name, to whoever has its code. Nobody signs in for it."""
    form = ReceiptForm(sent(request))
    found = None
    if form.is_valid():
        digest = hazard_reports.digest(hazard_reports.plain(form.cleaned_data["code"]))
        found = Hazard.objects.filter(receipt=digest).select_related("merged_into").first()
        if found is None:
            form.add_error("code", _("No report has this code. A report made offline has one only "
                                     "once it was sent."))  # fmt: skip
    context: dict[str, Any] = {"form": form, "hazard": found}
    if found is not None:
        goes_on = found.merged_into or found
        zone = organisation.get_last_version(goes_on.unit_id).time_zone
        with timezone.override(ZoneInfo(zone)):
            story = hazard_presenting.story(goes_on)
        context |= {"state": hazard_words.STATES[goes_on.record.state], "story": story}
        for event in context["story"]:
            event["who"] = ""
    status = REFUSED if form.errors else 200
    return render(request, "safety/hazard_receipt.html", context, status=status)
