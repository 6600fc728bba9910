"""Who works a shift: seen, put on it and taken off it in the browser, or from a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.forms import presenting
from taishan.kit import clock, days, downloads, tables
from taishan.organisation import access, shift_sheet, shifts, uploads
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Person, Shift, UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.organisation.sheets import Mode, Outcome
from taishan.reporting import schedule_list, schedule_words, scheduling
from taishan.reporting.models import Schedule
from taishan.reporting.schedule_forms import EndForm, today_at

MANAGE = Capability.MANAGE_SCHEDULES
REFUSED = 422
PAGE = 100
SHOWN_ERRORS = 200
ONE_DAY = timedelta(days=1)


class PutOnForm(forms.Form):
    """Somebody, and from which day to which they work the shift."""

    staff_no = forms.CharField(label=gettext_lazy("Staff number"), max_length=40)
    starts = days.DayField(label=gettext_lazy("From"))
    last_day = days.DayField(
        label=gettext_lazy("Last day"), required=False,
        help_text=gettext_lazy("Empty: until they are taken off or put on another."),
    )  # fmt: skip

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data, initial={"starts": today})

    def clean_staff_no(self) -> Person:
        found = Person.objects.filter(staff_no=self.cleaned_data["staff_no"]).first()
        if found is None:
            raise forms.ValidationError(_("Nobody has this staff number."))
        return found

    def details(self) -> dict[str, Any]:
        given = self.cleaned_data
        until = shifts.day_after(given["last_day"])
        return {"person": given["staff_no"], "since": given["starts"], "until": until}


class NameForm(forms.Form):
    """Another name for a shift."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)

    def details(self) -> dict[str, Any]:
        return {"name": self.cleaned_data["name"]}


@login_required
@require_http_methods(["GET", "POST"])
def workers(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """Who works the shift on the day or will, and by which hours they report; put somebody on."""
    version, shift = _get(request, code, pk)
    if request.method == "GET":
        return _page(request, version, shift)
    form = PutOnForm(request.POST, today=today_at(version, clock.now()))
    return _change(request, version, shift, form, "put_on", shifts.put_on)


@login_required
@require_POST
def rename(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """Give the shift another name."""
    version, shift = _get(request, code, pk)
    return _change(request, version, shift, NameForm(request.POST), "naming", shifts.rename)


@login_required
@require_POST
def end(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """End the shift after a last day: nobody works it any more, and its hours hold no longer."""
    version, shift = _get(request, code, pk)
    if not _may_end(request, version, shift):
        raise PermissionDenied(access.refusal())
    form = EndForm(request.POST, earliest=today_at(version, clock.now()))
    return _change(request, version, shift, form, "ending", scheduling.end_shift)


def _may_end(request: ScopedRequest, version: UnitVersion, shift: Shift) -> bool:
    """Tell whether the viewer may end the shift, and each of its schedules with it."""
    today = today_at(version, clock.now())
    return request.viewer.may(MANAGE, version.path) and all(
        one.may_change
        for one in schedule_list.find_entries(request.viewer, version, request.scope_.day)
        if one.schedule.shift_id == shift.pk
        and (one.schedule.until is None or one.schedule.until > today)
    )


def _change(
    request: ScopedRequest, version: UnitVersion, shift: Shift,
    form: PutOnForm | NameForm | EndForm, name: str, act: Callable[..., object],
) -> HttpResponse:  # fmt: skip
    """Let the act take what the form says; the page with what was typed where it refuses."""
    access.require(request.viewer, MANAGE, version.path)
    if form.is_valid():
        given = {"actor": request.viewer.actor, "now": clock.now(), "shift": shift}
        try:
            act(**given, **form.details())
            return _back(request, version, shift)
        except OrganisationRefused as refused:
            form.add_error(None, str(refused))
    return _page(request, version, shift, status=REFUSED, **{name: form})


@login_required
@require_POST
def take_off(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """End one spell of somebody's work on the shift after a last day."""
    version, shift = _get(request, code, pk)
    access.require(request.viewer, MANAGE, version.path)
    number = request.POST.get("spell", "")
    spell = get_object_or_404(
        shift.workers.select_related("person", "shift"), pk=number if number.isdecimal() else 0
    )
    try:
        last = days.read(request.POST.get("last_day", ""))
        shifts.take_off(actor=request.viewer.actor, now=clock.now(), spell=spell, on=last + ONE_DAY)
    except (ValueError, OverflowError) as refused:
        is_said = isinstance(refused, OrganisationRefused)
        messages.error(request, str(refused) if is_said else _("Say the last day."))
        return HttpResponseRedirect(_address(request, version, "shift", shift.pk))
    return _back(request, version, shift)


def _back(request: ScopedRequest, version: UnitVersion, shift: Shift) -> HttpResponse:
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(_address(request, version, "shift", shift.pk))


def _get(request: ScopedRequest, code: str, pk: int) -> tuple[UnitVersion, Shift]:
    """Return a shift of the unit, for who may see the unit's people."""
    version = units.get_visible(request, code)
    access.require(request.viewer, Capability.SEE_PEOPLE, version.path)
    found = Shift.objects.filter(unit_id=version.unit_id, pk=pk).first()
    if found is None:
        raise Http404(_("This unit has no such shift."))
    return version, found


def _page(
    request: ScopedRequest, version: UnitVersion, shift: Shift, status: int = 200,
    **forms_given: forms.Form,
) -> HttpResponse:  # fmt: skip
    day, today = request.scope_.day, today_at(version, clock.now())
    found = Paginator(shifts.find_workers(shift, day), PAGE).get_page(request.GET.get("page"))
    context = {
        "scope": request.scope_,
        "version": version,
        "shift": shift,
        "crumbs": _crumbs(request, version, shift.name),
        "hours": _hours(request, shift, day),
        "page": found,
        "spells": [(row, _last(row.valid.upper)) for row in found],
        "today": today,
        "may_change": request.viewer.may(MANAGE, version.path),
        "may_end": _may_end(request, version, shift),
        "put_on": PutOnForm(today=today),
        "naming": NameForm(initial={"name": shift.name}),
        "ending": EndForm(earliest=today),
    } | forms_given  # fmt: skip
    return render(request, "reporting/shift.html", context, status=status)


def _hours(request: ScopedRequest, shift: Shift, day: date) -> list[dict[str, Any]]:
    rows = Schedule.objects.filter(shift=shift).exclude(until__lte=day).select_related("form")
    return [
        {
            "title": presenting.title(row.form, request.scope_.lang),
            "often": schedule_words.how_often(row),
            "hours": schedule_words.hours(row),
            "row": row,
        }
        for row in rows.order_by("form__code", "starts")
    ]


def _last(until: date | None) -> date | None:
    return until - ONE_DAY if until else None


@login_required
@require_http_methods(["GET", "POST"])
def upload(request: ScopedRequest, code: str) -> HttpResponse:
    """Who works which shift from a file: first what it would change, then the good rows."""
    version = units.get_visible(request, code)
    access.require(request.viewer, MANAGE, version.path)
    if request.method == "GET":
        return _file_page(request, version)
    if "token" in request.POST:
        return _confirm(request, version, request.POST["token"])
    given = request.FILES.get("file")
    if given is None:
        return _file_page(request, version, refusal=_("Choose a file."))
    content = given.read(tables.LIMIT_BYTES + 1)
    try:
        outcome = _import(request, version, content, "preview")
    except tables.TableError as wrong:
        return _file_page(request, version, refusal=str(wrong))
    token = uploads.keep(request.viewer.account_id, content)
    return _file_page(request, version, outcome=outcome, token=token)


def _confirm(request: ScopedRequest, version: UnitVersion, token: str) -> HttpResponse:
    content = uploads.find(request.viewer.account_id, token)
    if content is None:
        return _file_page(
            request, version, refusal=_("The file is no longer kept: choose it again.")
        )
    done = _import(request, version, content, "good_rows")
    uploads.drop(request.viewer.account_id, token)
    messages.success(request, _("Recorded: %d.") % done.created)
    return HttpResponseRedirect(_address(request, version, "all"))


def _import(request: ScopedRequest, version: UnitVersion, content: bytes, mode: Mode) -> Outcome:
    return shift_sheet.import_workers(
        actor=request.viewer.actor, now=clock.now(), unit_id=version.unit_id, content=content,
        mode=mode,
    )  # fmt: skip


def _file_page(request: ScopedRequest, version: UnitVersion, **context: Any) -> HttpResponse:
    outcome = context.get("outcome")
    errors = outcome.errors if outcome else []
    context |= {
        "scope": request.scope_,
        "version": version,
        "crumbs": _crumbs(request, version, _("Shifts from a file")),
        "errors": errors[:SHOWN_ERRORS],
        "number": len(errors),
        "here": _address(request, version, "shifts_file"),
        "template": _address(request, version, "shifts_xlsx"),
    }
    status = REFUSED if errors or "refusal" in context else 200
    return render(request, "reporting/shifts_file.html", context, status=status)


@login_required
@require_GET
def sheet(request: ScopedRequest, code: str) -> HttpResponse:
    """Who works which shift of the unit on the day or will, in the columns of the import."""
    version = units.get_visible(request, code)
    access.require(request.viewer, Capability.SEE_PEOPLE, version.path)
    day, in_chinese = request.scope_.day, request.scope_.lang == "zh"
    headings = [one.titles[0] if in_chinese else one.key for one in shift_sheet.COLUMNS]
    rows = shift_sheet.export_workers(version.unit_id, day)
    return downloads.save(tables.write_xlsx("shifts", headings, rows), f"shifts-{code}-{day}.xlsx")


def _crumbs(request: ScopedRequest, version: UnitVersion, word: str) -> list[tuple[str, str]]:
    asked = _("Reports asked for"), _address(request, version, "all")
    return [*units.crumbs(request, version), asked, (word, "")]


def _address(request: ScopedRequest, version: UnitVersion, name: str, *args: Any) -> str:
    address = reverse(f"schedules:{name}", args=[version.unit.code, *args])
    return f"{address}?{request.scope_.query()}"
