"""All answers that one person gave for a period, and putting them right at their request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.core.answers import Problem
from taishan.forms import photos, presenting, rendering
from taishan.forms.models import Form
from taishan.forms.queries import get_definition
from taishan.kit import clock
from taishan.organisation import whereabouts
from taishan.organisation.models import Person, UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import (
    actions,
    answering,
    comparing,
    corrections,
    files,
    reading,
)
from taishan.reporting.answering import Sheet
from taishan.reporting.correction_forms import ReasonForm
from taishan.reporting.correction_views import number
from taishan.reporting.models import Door, Report
from taishan.reporting.reading import Answers
from taishan.reporting.submissions import Rejected, Submission

REFUSED = 422


@login_required
@never_cache
@require_GET
def answers(request: ScopedRequest) -> HttpResponse:
    """What one person answered for the day: what is in force, and what it replaced."""
    form, person = _asked(request)
    day, lang = request.scope_.day, request.scope_.lang
    [where] = whereabouts.find_people([(person.staff_no, day)])
    if where.unit_id is None:
        raise Http404(_("%s was on no roster that day.") % person.staff_no)
    key = (where.unit_id, form.pk, day, person.pk)
    given = _read(request, key)
    context = {
        "scope": request.scope_,
        "person": person,
        "unit": UnitVersion.objects.get(unit_id=where.unit_id, valid__contains=day),
        "title": presenting.title(form, lang),
        "form": form,
        "versions": _versions(given, lang),
        "files": files.find(key) if given else [],
        "may_correct": corrections.may_correct(request.viewer, form, key, where.path),
        "asked": _query(form, person),
    }
    return render(request, "reporting/answers.html", context)


def _asked(request: ScopedRequest) -> tuple[Form, Person]:
    of = request.GET.get("of", "")
    form = get_object_or_404(Form, code=request.GET.get("form", ""), subject=Form.Subject.PERSON)
    return form, get_object_or_404(Person, pk=int(of) if of.isdecimal() and len(of) < 10 else 0)


def _query(form: Form, person: Person) -> str:
    return f"form={form.code}&of={person.pk}"


def _read(request: ScopedRequest, key: reading.Key) -> list[Answers]:
    try:
        return reading.read_answers(viewer=request.viewer, now=clock.now(), key=key)
    except Report.DoesNotExist:
        return []


def _versions(given: Sequence[Answers], lang: str) -> list[dict[str, Any]]:
    """Return the answers, the latest first, each beside those that it replaced."""
    senders = corrections.names_of({one.account_id for one in given if one.account_id})
    return [
        {
            "answers": one,
            "by": senders.get(one.account_id or 0, ""),
            "lines": comparing.compare(before.told if before else None, one.told, lang),
        }
        for one, before in zip(given, [*given[1:], None], strict=True)
    ]


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def correction(request: ScopedRequest) -> HttpResponse:
    """Put a person's report right at their request, filled in with what is on record."""
    form, person = _asked(request)
    try:
        sheet = answering.get_sheet_of(
            viewer=request.viewer, now=clock.now(), form=form.code, period=request.scope_.day,
            person=person,
        )  # fmt: skip
    except answering.NotOwed:
        raise Http404(_("There is no such report for you to correct.")) from None
    if request.method == "GET":
        return _ask(request, person, sheet, sheet.filled_in)
    return _take(request, person, sheet)


def _take(request: ScopedRequest, person: Person, sheet: Sheet) -> HttpResponse:
    taken = photos.take(
        get_definition(sheet.version), request.POST, request.FILES, files.addresses(sheet.key),
        request.scope_.lang,
    )  # fmt: skip
    posted = rendering.read(sheet.version, taken.data)
    why = _reason(request)
    if taken.problems or not posted.is_final or not why.is_valid():
        refusal = _("It is not sent.") if posted.is_final else ""
        return _ask(request, person, sheet, posted.answers, taken.problems, refusal, why)
    submission = Submission(
        form=sheet.version.form.code, subject=sheet.subject, period=sheet.period,
        answers=posted.answers, client=uuid4(), door=Door.CORRECTION, version=sheet.version.number,
    )  # fmt: skip
    try:
        result = actions.correct(
            actor=request.viewer.actor, now=clock.now(), viewer=request.viewer,
            submission=submission, seen=number(request.POST.get("seen", "")),
            reason=why.cleaned_data["reason"],
        )  # fmt: skip
    except actions.CorrectionRefused as refused:
        return _ask(request, person, sheet, posted.answers, refusal=str(refused), why=why)
    if isinstance(result, Rejected):
        told = (result.problems, result.reason)
        return _ask(request, person, sheet, posted.answers, *told, why)
    files.add(
        actor=request.viewer.actor, now=clock.now(), key=sheet.key, client=submission.client,
        files=taken.files,
    )  # fmt: skip
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(_back(request, sheet, person))


def _reason(request: ScopedRequest) -> ReasonForm:
    label = _("At whose request, and why")
    return ReasonForm(request.POST if request.method == "POST" else None, label=label)


def _back(request: ScopedRequest, sheet: Sheet, person: Person) -> str:
    query = f"{_query(sheet.version.form, person)}&{request.scope_.query()}"
    return f"{reverse('corrections:answers')}?{query}"


def _ask(
    request: ScopedRequest,
    person: Person,
    sheet: Sheet,
    values: Mapping[str, Any] | None,
    problems: Sequence[Problem] = (),
    refusal: str = "",
    why: ReasonForm | None = None,
) -> HttpResponse:
    fields = rendering.render(
        sheet.version, values, problems, request.scope_.lang, files.addresses(sheet.key)
    )
    context = {
        "scope": request.scope_,
        "person": person,
        "sheet": sheet,
        "title": presenting.title(sheet.version.form, request.scope_.lang),
        "fields": fields,
        "problems": problems,
        "refusal": refusal,
        "why": why or _reason(request),
        "back": _back(request, sheet, person),
        "takes_files": any(
            one.kind == "file" for one, _path in get_definition(sheet.version).walk()
        ),
    }
    return render(request, "reporting/correct.html", context, status=REFUSED if refusal else 200)
