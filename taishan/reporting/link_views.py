"""Reporting by the link of one's unit, without an account.

A name and a staff number are weak proof: who comes in by them may answer, and sees nothing that
was answered before.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import segno
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.forms import presenting, rendering
from taishan.forms import queries as forms_in_force
from taishan.kit import clock
from taishan.kit.actor import Actor
from taishan.organisation import access
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import actions, telling, unit_links
from taishan.reporting.models import Door
from taishan.reporting.my_reports import Owed
from taishan.reporting.submissions import Rejected, Submission

RATE = "report_link"
"""In settings.ACCOUNT_RATE_LIMITS."""


class WhoForm(forms.Form):
    """Who reports."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    staff_no = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)


@login_required
@never_cache
@require_GET
def of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """The link and the QR code of a unit, to print and to put up."""
    version = units.get_visible(request, code)
    access.require(request.viewer, Capability.REPORT, version.path)
    link = unit_links.make(version.unit_id)
    address = request.build_absolute_uri(reverse("unit_link:entrance", args=[link.token]))
    drawn = segno.make(address, error="m").svg_inline(scale=5, light="#fff")
    context = {
        "version": version,
        "link": link,
        "address": address,
        "code": mark_safe(drawn),  # noqa: S308 - drawn from an address of ours
    }
    return render(request, "reporting/unit_link.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def entrance(request: ScopedRequest, token: str) -> HttpResponse:
    """Say who one is; then answer; then see what became of it."""
    unit = unit_links.find_unit(token)
    if unit is None:
        raise Http404(_("This link has ended. Ask your unit for the new one."))
    if request.method == "GET":
        return _who(request, unit, WhoForm())
    if "pass" in request.POST:
        person = unit_links.find_passed(request.POST["pass"], token)
        return _take(request, unit, person) if person else _who(request, unit, WhoForm())
    return _identify(request, unit, token)


def _who(request: HttpRequest, unit: UnitVersion, form: WhoForm, status: int = 200) -> HttpResponse:
    return render(request, "reporting/who.html", {"unit": unit, "form": form}, status=status)


def _identify(request: ScopedRequest, unit: UnitVersion, token: str) -> HttpResponse:
    form = WhoForm(request.POST)
    if not form.is_valid():
        return _who(request, unit, form, 422)
    name, staff_no = form.cleaned_data["name"], form.cleaned_data["staff_no"]
    # By the number that is tried, known or not: the answer must not tell which.
    if not ratelimit.consume(request, action=RATE, key=f"{unit.unit_id} {staff_no.casefold()}"):
        form.add_error(None, _("Too many tries. Wait five minutes, then try again."))
        return _who(request, unit, form, 429)
    person = unit_links.find_person(unit, staff_no, name)
    if person is None:
        form.add_error(None, _("Nobody of this unit has this name and this number."))
        return _who(request, unit, form, 422)
    owed = unit_links.find_owed(person, clock.now())
    return _ask(request, unit, owed, unit_links.give_pass(person, token))


def _ask(
    request: ScopedRequest, unit: UnitVersion, owed: Owed | None, given: str, **more: Any
) -> HttpResponse:
    """Return the questions. ``more``: ``values``, ``problems`` and ``refusal`` of refused ones."""
    context: dict[str, Any] = {"unit": unit, "owed": owed, "pass": given} | more
    if owed is not None:
        version = forms_in_force.get_version(owed.form.code)
        lang = request.scope_.lang
        context["title"] = presenting.title(owed.form, lang)
        context["told"] = _told(owed)
        context["fields"] = rendering.render(
            version, more.get("values"), more.get("problems", ()), lang
        )
    status = 422 if "refusal" in more else 200
    return render(request, "reporting/by_link.html", context, status=status)


def _take(request: ScopedRequest, unit: UnitVersion, person: Person) -> HttpResponse:
    given, owed = request.POST["pass"], unit_links.find_owed(person, clock.now())
    if owed is None:
        return _ask(request, unit, None, given)
    version = forms_in_force.get_version(owed.form.code)
    posted = rendering.read(version, request.POST)
    if not posted.is_final:
        return _ask(request, unit, owed, given, values=posted.answers)
    if unit_links.is_given_signed_in(owed):
        said = _("It is recorded already, by somebody signed in. Sign in to change it.")
        return _ask(request, unit, owed, given, values=posted.answers, refusal=said)
    actor = Actor(label=person.name, person_id=person.pk)
    if "consent" in request.POST:
        telling.agree_with_report(
            actor=actor, now=clock.now(), told=_told(owed), person_id=person.pk,
            unit_id=owed.unit_id, period=owed.period,
        )  # fmt: skip
    submission = Submission(
        form=owed.form.code, subject=owed.subject, period=owed.period, answers=posted.answers,
        client=uuid4(), door=Door.LINK, version=version.number,
    )  # fmt: skip
    [result] = actions.submit_reports(actor=actor, now=clock.now(), submissions=[submission])
    if isinstance(result, Rejected):
        refused = {"problems": result.problems, "refusal": result.reason}
        return _ask(request, unit, owed, given, values=posted.answers, **refused)
    context = {"unit": unit, "owed": owed, "result": result, "at": clock.now()}
    context["title"] = presenting.title(owed.form, request.scope_.lang)
    return render(request, "reporting/received_by_link.html", context)


def _told(owed: Owed) -> telling.Told | None:
    return telling.tell(
        owed.form, unit_id=owed.unit_id, person_id=owed.subject_id, period=owed.period
    )
