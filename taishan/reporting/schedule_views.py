"""Who owes which form, how often and by when: seen, said, changed and ended in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from taishan.forms import presenting
from taishan.kit import clock
from taishan.organisation import access, shifts
from taishan.organisation import presenting as units
from taishan.organisation.access import Capability
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest
from taishan.reporting import schedule_list, schedule_preview, schedule_words, scheduling
from taishan.reporting.models import Schedule
from taishan.reporting.schedule_forms import EndForm, ScheduleForm, ShiftForm, today_at
from taishan.reporting.schedule_list import Entry, Standing
from taishan.reporting.scheduling import ScheduleRefused

MANAGE = Capability.MANAGE_SCHEDULES
PEOPLE = Schedule.OwedBy.PEOPLE
REFUSED = 422
ONE_DAY = timedelta(days=1)


@login_required
@require_GET
def schedules(request: ScopedRequest, code: str) -> HttpResponse:
    """The schedules of a unit and those above it, and which of them holds."""
    version = units.get_visible(request, code)
    found = schedule_list.find_entries(request.viewer, version, request.scope_.day)
    on = shifts.count_workers([one.schedule.shift_id for one in found], request.scope_.day)
    shown = [_entry(request, one, on) for one in found]
    context = {
        "scope": request.scope_,
        "version": version,
        "crumbs": [*units.crumbs(request, version), (_("Reports asked for"), "")],
        "entries": [one for one in shown if one["entry"].standing is not Standing.ENDED],
        "ended": [one for one in shown if one["entry"].standing is Standing.ENDED],
        "may_add": request.viewer.may(MANAGE, version.path),
        "may_see_people": request.viewer.may(Capability.SEE_PEOPLE, version.path),
        "has_people": any(one["entry"].schedule.owed_by == PEOPLE for one in shown),
    }
    return render(request, "reporting/schedules.html", context)


def _entry(request: ScopedRequest, entry: Entry, on_shifts: Mapping[int, int]) -> dict[str, Any]:
    row = entry.schedule
    is_seen = request.viewer.may(Capability.SEE, entry.owner.path)
    return {
        "entry": entry,
        "title": presenting.title(row.form, request.scope_.lang),
        "often": schedule_words.how_often(row),
        "hours": schedule_words.hours(row),
        "href": _address(request, "schedules:all", row.unit.code) if is_seen else "",
        "change": _address(request, "schedules:one", row.unit.code, row.pk),
        "workers": on_shifts.get(row.shift_id or 0, 0),
        "shift_href": _address(request, "schedules:shift", row.unit.code, row.shift_id)
        if row.shift_id
        else "",
    }


@login_required
@require_http_methods(["GET", "POST"])
def new(request: ScopedRequest, code: str, *, of_shift: bool = False) -> HttpResponse:
    """Say who owes a form here: first what it would ask for, then the schedule itself.

    ``of_shift``: by which hours those who work a shift owe what everybody is asked for.
    """
    version = units.get_visible(request, code)
    access.require(request.viewer, MANAGE, version.path)
    asking = ShiftForm if of_shift else ScheduleForm
    form = asking(
        units.sent(request), version=version, earliest=today_at(version, clock.now()),
        lang=request.scope_.lang,
    )  # fmt: skip
    return _ask(request, form, _("Hours of a shift") if of_shift else _("Ask for a report"))


@login_required
@require_http_methods(["GET", "POST"])
def one(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """Change a schedule from a day on."""
    version, schedule = _get(request, code, pk)
    form = _change(request, version, schedule, units.sent(request))
    title = _title(request, schedule)
    return _ask(request, form, title, end=EndForm(earliest=today_at(version, clock.now())))


@login_required
@require_http_methods(["POST"])
def end(request: ScopedRequest, code: str, pk: int) -> HttpResponse:
    """End a schedule."""
    version, schedule = _get(request, code, pk)
    form = EndForm(request.POST, earliest=today_at(version, clock.now()))
    if form.is_valid():
        try:
            scheduling.end_schedule(
                actor=request.viewer.actor, now=clock.now(), schedule=schedule, **form.details()
            )
            return _done(request, version)
        except ScheduleRefused as refused:
            form.add_error("last_day", str(refused))
    change = _change(request, version, schedule, None)
    return _page(request, change, _title(request, schedule), end=form, status=REFUSED)


def _change(
    request: ScopedRequest, version: UnitVersion, schedule: Schedule, data: QueryDict | None
) -> ScheduleForm:
    asking = ShiftForm if schedule.shift_id else ScheduleForm
    return asking(
        data, version=version, earliest=_tomorrow(version), replaced=schedule,
        lang=request.scope_.lang,
    )  # fmt: skip


def _title(request: ScopedRequest, schedule: Schedule) -> str:
    form = presenting.title(schedule.form, request.scope_.lang)
    return f"{form} · {schedule.shift.name}" if schedule.shift else form


def _tomorrow(version: UnitVersion) -> date:
    """Today's reports are being given by the hours that hold: a change begins with the next day."""
    return today_at(version, clock.now()) + ONE_DAY


def _get(request: ScopedRequest, code: str, pk: int) -> tuple[UnitVersion, Schedule]:
    """Return a schedule of the unit's own, for who may change it."""
    version = units.get_visible(request, code)
    found = schedule_list.find_entries(request.viewer, version, request.scope_.day)
    for entry in found:
        if entry.is_own and entry.schedule.pk == pk:
            if not entry.may_change:
                raise PermissionDenied(access.refusal())
            return version, entry.schedule
    raise Http404(_("This unit has no such schedule."))


def _ask(
    request: ScopedRequest, form: ScheduleForm, title: str, end: EndForm | None = None
) -> HttpResponse:
    if request.method == "GET":
        return _page(request, form, title, end=end)
    if not form.is_valid() or not _is_allowed(request, form):
        return _page(request, form, title, end=end, status=REFUSED)
    if "record" not in request.POST:
        return _page(request, form, title, end=end, is_previewed=True)
    try:
        schedule = _record(request, form)
    except ScheduleRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, title, end=end, status=REFUSED)
    return _done(request, form.version, schedule.shift_id)


def _is_allowed(request: ScopedRequest, form: ScheduleForm) -> bool:
    if schedule_list.may_record(request.viewer, form.version, form.details()):
        return True
    form.add_error(
        "form",
        _(
            "A unit above asks for this form already: only who manages the schedules there may "
            "put another in its place here."
        ),
    )
    return False


def _record(request: ScopedRequest, form: ScheduleForm) -> Schedule:
    given: dict[str, Any] = {
        "actor": request.viewer.actor, "now": clock.now(), "details": form.details(),
    }  # fmt: skip
    if form.replaced:
        return scheduling.change_schedule(**given, schedule=form.replaced)
    return scheduling.add_schedule(**given)


def _done(
    request: ScopedRequest, version: UnitVersion, shift_id: int | None = None
) -> HttpResponse:
    messages.success(request, _("Recorded."))
    if shift_id:
        code = version.unit.code
        return HttpResponseRedirect(_address(request, "schedules:shift", code, shift_id))
    return HttpResponseRedirect(_address(request, "schedules:all", version.unit.code))


def _page(
    request: ScopedRequest,
    form: ScheduleForm,
    title: str,
    *,
    end: EndForm | None = None,
    is_previewed: bool = False,
    status: int = 200,
) -> HttpResponse:
    version, now = form.version, clock.now()
    preview = None
    if is_previewed:
        draft = scheduling.drafted(form.details())
        preview = schedule_preview.look_ahead(draft, version, form.replaced, now)
    context = {
        "scope": request.scope_,
        "version": version,
        "crumbs": [
            *units.crumbs(request, version),
            (_("Reports asked for"), _address(request, "schedules:all", version.unit.code)),
            (title, ""),
        ],
        "title": title,
        "form": form,
        "end": end,
        "preview": preview,
    }
    return render(request, "reporting/schedule.html", context, status=status)


def _address(request: ScopedRequest, name: str, *args: Any) -> str:
    return f"{reverse(name, args=args)}?{request.scope_.query()}"
