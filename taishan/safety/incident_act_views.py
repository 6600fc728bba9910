"""Acting on an incident: its numbers, tellings and inquiry, and who was hurt."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.duties.actions import DutyRefused
from taishan.kit import clock
from taishan.organisation import access
from taishan.organisation.presenting import sent
from taishan.organisation.scope import ScopedRequest
from taishan.safety import incident_forms as asked
from taishan.safety import (
    incident_page,
    incident_people,
    incident_queries,
    incident_sums,
    incidents,
)
from taishan.safety.incident_models import (
    Incident,
    InjuredPerson,
    Injury,
    Telling,
    TellingFile,
)
from taishan.safety.incident_people import Course
from taishan.safety.incident_views import REFUSED, address, get
from taishan.safety.incidents import IncidentRefused, Told


@login_required
@require_POST
def act(request: ScopedRequest, pk: int, act: str) -> HttpResponse:
    """Do one of the acts of an incident's page."""
    found, known = get(request, pk), incident_page.ACTS.get(act)
    if known is None:
        raise Http404(_("There is no such act."))
    if not known.right(request.viewer, found):
        raise PermissionDenied(access.refusal())
    form = incident_page.build_form(act, request.viewer, found, request.POST)
    if form.is_valid():
        try:
            known.do(
                actor=request.viewer.actor, now=clock.now(), incident=found,
                **incident_page.read(form, found),
            )  # fmt: skip
            return _back(request, found)
        except (IncidentRefused, DutyRefused) as refused:
            form.add_error(None, str(refused))
            form.data = _seen(request, "seen", found.revisions.count())
    return _again(request, found, {act: form})


def _seen(request: ScopedRequest, field: str, known: int) -> QueryDict:
    """Return what was sent, as by somebody who sees what stands now: the page shows it beside."""
    given = request.POST.copy()
    given[field] = str(known)
    return given


def _back(request: ScopedRequest, found: Incident, page: str = "incident") -> HttpResponse:
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(address(request, page, found.pk))


def _again(request: ScopedRequest, found: Incident, given: dict[str, forms.Form]) -> HttpResponse:
    found.refresh_from_db()
    context = incident_page.build(request, found, sent=given)
    return render(request, "safety/incident.html", context, status=REFUSED)


@login_required
@require_POST
def proof(request: ScopedRequest, pk: int, telling: int) -> HttpResponse:
    """Record that an authority was told, with what shows it."""
    found = get(request, pk)
    row = get_object_or_404(Telling, incident=found, pk=telling)
    if not incident_queries.may_handle(request.viewer, found):
        raise PermissionDenied(access.refusal())
    form = asked.ProofForm(request.POST, request.FILES, auto_id=f"id_telling{telling}_%s")
    if form.is_valid():
        given = incident_page.read(form, found)
        file = given.pop("file")
        try:
            incidents.prove(
                actor=request.viewer.actor, now=clock.now(), telling=row, told=Told(**given),
                file=file,
            )  # fmt: skip
            return _back(request, found)
        except (IncidentRefused, DutyRefused) as refused:
            form.add_error(None, str(refused))
    return _again(request, found, {f"telling{telling}": form})


@login_required
@require_POST
def waiver(request: ScopedRequest, pk: int, telling: int) -> HttpResponse:
    """Record that nobody is to be told any longer: never by the unit itself, which would owe it."""
    found = get(request, pk)
    row = get_object_or_404(Telling, incident=found, pk=telling)
    if not incident_queries.may_appoint(request.viewer, found):
        raise PermissionDenied(access.refusal())
    form = asked.WaiverForm(request.POST, auto_id=f"id_waiver{telling}_%s")
    if form.is_valid():
        try:
            incidents.waive(
                actor=request.viewer.actor, now=clock.now(), telling=row, **form.cleaned_data
            )
            return _back(request, found)
        except (IncidentRefused, DutyRefused) as refused:
            form.add_error(None, str(refused))
    return _again(request, found, {f"waiver{telling}": form})


@login_required
@require_GET
def receipt(request: ScopedRequest, pk: int, telling: int) -> HttpResponse:
    """The receipt of a telling."""
    return get_object_or_404(
        TellingFile, proof__telling__incident=get(request, pk), proof__telling_id=telling
    ).respond()


def _get_for_injured(request: ScopedRequest, pk: int) -> Incident:
    found = get(request, pk)
    if not incident_queries.may_see_injured(request.viewer, found):
        raise PermissionDenied(access.refusal())
    return found


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def injured(request: ScopedRequest, pk: int) -> HttpResponse:
    """Who was hurt, and a form for one more; each look is kept."""
    return _injured(request, _get_for_injured(request, pk), None)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def injured_one(request: ScopedRequest, pk: int, number: int) -> HttpResponse:
    """One person hurt: what has become of them since."""
    found = _get_for_injured(request, pk)
    last = found.injuries.filter(number=number).order_by("-revision").first()
    if last is None:
        raise Http404(_("There is no such case."))
    return _injured(request, found, last)


def _injured(request: ScopedRequest, found: Incident, last: Injury | None) -> HttpResponse:
    number = last.number if last else None
    known = incident_people.count_known(found, number)
    person = found.people.filter(number=last.number).first() if last else None
    is_erased = last is not None and person is None
    course = asked.CourseForm(
        sent(request), initial=_course(last, person) | {"seen": known}, prefix="course",
        is_erased=is_erased,
    )  # fmt: skip
    who = asked.PersonForm(sent(request), instance=person, prefix="person")
    stands: list[tuple[Any, str]] = []
    if course.is_valid() and (is_erased or who.is_valid()):
        given = dict(course.cleaned_data)
        charged_for, seen = given.pop("charged_for", []), given.pop("seen")
        try:
            incident_people.record_injury(
                actor=request.viewer.actor, now=clock.now(), incident=found, number=number,
                course=Course(**given), seen=seen,
                person={} if is_erased else who.cleaned_data | {"charged_for": charged_for},
            )  # fmt: skip
            return _back(request, found, "injured")
        except IncidentRefused as refused:
            first = course if is_erased else who
            first.add_error(None, str(refused))
            if seen not in (None, known):
                stands = _find_standing(course, who) if person else []
                course.data = _seen(request, "course-seen", known)
    # Whoever sends what is refused reads the names too.
    incident_people.record_look(
        viewer=request.viewer, now=clock.now(), incident=found, unit_id=found.unit_id
    )
    return _injured_page(request, found, last, course, None if is_erased else who, stands)


def _find_standing(*given: forms.Form | forms.ModelForm[Any]) -> list[tuple[Any, str]]:
    """Return what stands now where something else was sent."""
    return [
        (form[name].label, _shown(form.fields[name], form[name].initial))
        for form in given for name in form.changed_data if not form[name].is_hidden
    ]  # fmt: skip


def _shown(field: forms.Field, value: Any) -> str:
    words = {True: _("yes"), False: _("no")} | dict(flatten_choices(getattr(field, "choices", ())))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(words.get(one, one)) for one in values if one not in (None, "")) or "—"


def _course(last: Injury | None, person: InjuredPerson | None) -> dict[str, Any]:
    if last is None:
        return {}
    parts = person.charged_for if person else []
    return {name: getattr(last, name) for name in asked.CourseForm.Meta.fields} | {
        "charged_for": parts,
        "charged_days": incident_people.find_besides(last.charged_days, parts),
    }


def _injured_page(
    request: ScopedRequest, found: Incident, last: Injury | None, course: asked.CourseForm,
    who: asked.PersonForm | None, stands: list[tuple[Any, str]],
) -> HttpResponse:  # fmt: skip
    people = {one.number: one for one in found.people.all()}
    cases = incident_sums.find_last_injuries([found.pk])
    context = {
        "scope": request.scope_, "incident": found, "last": last, "course": course, "who": who,
        "stands": stands,
        "rows": [(one, people.get(one.number)) for one in cases],
        "years": incident_people.YEARS_KEPT,
        "crumbs": [
            (_("Incidents"), address(request, "incidents")),
            (str(found.pk), address(request, "incident", found.pk)), (_("Who was hurt"), ""),
        ],
    }  # fmt: skip
    status = REFUSED if course.errors or (who and who.errors) else 200
    return render(request, "safety/incident_injured.html", context, status=status)
