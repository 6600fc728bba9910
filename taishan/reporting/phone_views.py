"""The reports I owe, and giving one: light pages, for a cheap phone on a poor network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.communications import queries as communications
from taishan.core.answers import Problem
from taishan.forms import photos, presenting, rendering
from taishan.forms.models import Form
from taishan.forms.queries import get_definition
from taishan.kit import clock, days
from taishan.kit.attachments import Attachment
from taishan.organisation import queries as organisation
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, UnitVersion
from taishan.organisation.presenting import require_writer
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import actions, answering, corrections, files, my_reports, telling
from taishan.reporting.answering import Sheet
from taishan.reporting.comparing import Line
from taishan.reporting.correction_views import listed
from taishan.reporting.models import Door
from taishan.reporting.my_reports import Owed
from taishan.reporting.submissions import Outcome, Rejected, Submission

SHOWN_NOTICES = 3


@login_required
@never_cache
@require_GET
def mine(request: ScopedRequest) -> HttpResponse:
    """What I owe now, the most urgent first, and what I was told and have not confirmed."""
    person = Person.objects.filter(pk=request.viewer.person_id or 0).first()
    now = clock.now()
    owed = my_reports.find_owed(person, now) if person else []
    units = organisation.find_last_versions(one.unit_id for one in owed)
    lang = request.scope_.lang
    notices = communications.find_mine(request.viewer.person_id).filter(confirmed_at=None)
    links = UnitVersion.objects.filter(
        unit_id__in=request.viewer.roots(Capability.REPORT), valid__contains=clock.today()
    )
    context = {
        "entries": [_entry(one, units[one.unit_id].name, lang) for one in owed],
        "waiting": corrections.count_waiting(request.viewer),
        "proposed": [listed(one, lang) for one in corrections.find_own(request.viewer, now)],
        "links": links.select_related("unit").order_by("path"),
        "notices": notices[:SHOWN_NOTICES],
    }
    return render(request, "reporting/mine.html", context)


def _entry(owed: Owed, unit: str, lang: str) -> dict[str, Any]:
    is_of_unit = owed.form.subject == Form.Subject.UNIT
    address = [owed.form.code, str(owed.period), *([owed.subject] if is_of_unit else [])]
    return {
        "owed": owed,
        "title": presenting.title(owed.form, lang),
        "unit": unit if is_of_unit else "",
        "href": f"{reverse('reporting:report', args=address)}?lang={lang}",
    }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def report(request: ScopedRequest, form: str, day: str, unit: str = "") -> HttpResponse:
    """One report: to answer, filled in as far as it is known; sent, what became of it."""
    try:
        sheet = answering.get_sheet(
            viewer=request.viewer, now=clock.now(), form=form, period=days.read(day),
            unit=unit, version=_number(request.POST.get("version")),
        )  # fmt: skip
    except (answering.NotOwed, ValueError):
        raise Http404(_("There is no such report for you to give.")) from None
    if request.method == "GET":
        return _ask(request, sheet, sheet.filled_in)
    require_writer(request)
    taken = photos.take(
        get_definition(sheet.version), request.POST, request.FILES, files.addresses(sheet.key),
        request.scope_.lang,
    )  # fmt: skip
    posted = rendering.read(sheet.version, taken.data)
    if taken.problems:
        return _ask(request, sheet, posted.answers, taken.problems, refusal=_("It is not sent."))
    if not posted.is_final:
        return _ask(request, sheet, posted.answers)
    return _take(request, sheet, posted.answers, taken.files)


def _take(
    request: ScopedRequest,
    sheet: Sheet,
    given: Mapping[str, Any],
    attached: Mapping[str, Attachment],
) -> HttpResponse:
    _agree(request, sheet)
    client = _client(request)
    differences = answering.find_conflict(
        sheet, given, client or uuid4(), request.POST.get("seen", ""), request.scope_.lang
    )
    if differences:
        return _ask(request, sheet, given, differences=differences)
    submission = Submission(
        form=sheet.version.form.code, subject=sheet.subject, period=sheet.period, answers=given,
        client=client or uuid4(), door=Door.PHONE if client else Door.PAGE,
        version=sheet.version.number, device_at=clock.read(request.POST.get("device_at", "")),
    )  # fmt: skip
    [result] = actions.submit_reports(
        actor=request.viewer.actor, now=clock.now(), submissions=[submission], viewer=request.viewer
    )
    if isinstance(result, Rejected):
        return _ask(request, sheet, given, result.problems, refusal=result.reason)
    # Sent again after this went wrong, the report is the one on record, and its files come in.
    files.add(
        actor=request.viewer.actor, now=clock.now(), key=sheet.key, client=submission.client,
        files=attached,
    )  # fmt: skip
    earlier = sheet.recorded if result.outcome == Outcome.REPEATED else None
    at = earlier.recorded_at if earlier else clock.now()
    context = _context(request, sheet) | {"result": result, "at": at}
    return render(request, "reporting/receipt.html", context)


def _agree(request: ScopedRequest, sheet: Sheet) -> None:
    if "consent" in request.POST and request.viewer.person_id == sheet.key[3]:
        telling.agree_with_report(
            actor=request.viewer.actor, now=clock.now(), told=_told(sheet),
            person_id=sheet.key[3], unit_id=sheet.key[0], period=sheet.period,
        )  # fmt: skip


def _ask(
    request: ScopedRequest,
    sheet: Sheet,
    values: Mapping[str, Any] | None,
    problems: Sequence[Problem] = (),
    refusal: str = "",
    differences: Sequence[Line] = (),
) -> HttpResponse:
    """Return the page with its questions: 422 where answers were refused, 409 where they clash."""
    fields = rendering.render(
        sheet.version, values, problems, request.scope_.lang, files.addresses(sheet.key)
    )
    context = _context(request, sheet) | {
        "fields": fields,
        "problems": problems,
        "refusal": refusal,
        "differences": differences,
        "lost": any(request.FILES.values()),
    }
    status = 409 if differences else 422 if refusal else 200
    return render(request, "reporting/report.html", context, status=status)


def _context(request: ScopedRequest, sheet: Sheet) -> dict[str, Any]:
    definition = get_definition(sheet.version)
    return {
        "sheet": sheet,
        "title": presenting.title(sheet.version.form, request.scope_.lang),
        "files": files.find(sheet.key) if sheet.recorded else [],
        "takes_files": any(one.kind == "file" for one, _path in definition.walk()),
        "is_of_unit": sheet.version.form.subject == Form.Subject.UNIT,
        "told": _told(sheet),
        "account": request.viewer.account_id,
    }


def _told(sheet: Sheet) -> telling.Told | None:
    unit_id, _form_id, period, subject_id = sheet.key
    return telling.tell(sheet.version.form, unit_id=unit_id, person_id=subject_id, period=period)


def _client(request: HttpRequest) -> UUID | None:
    """Return the number that the phone's queue gave the report, where it gave one."""
    try:
        return UUID(request.POST.get("client", ""))
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else None
