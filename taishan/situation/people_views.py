"""The names behind a number, and reminding only those who have not reported."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taishan.communications import actions as communications
from taishan.files import actions as files
from taishan.files.content import Content
from taishan.forms.models import Form
from taishan.kit import clock, tables
from taishan.organisation import access
from taishan.organisation import presenting as units_presenting
from taishan.organisation.scope import ScopedRequest
from taishan.situation import list_file, lists, presenting, queries, reminding, signs, views
from taishan.situation.lists import Asked, Listed

PAGE = 50
SHOWN_UNITS = 100


@login_required
@never_cache
@require_GET
def people(request: ScopedRequest) -> HttpResponse:
    """Who stands behind a number: names where the viewer may see them, else how many by unit."""
    asked = _asked(request)
    found = lists.find_amounts(asked)
    amounts = [
        (unit, amount)
        for unit, amount in found
        if presenting.is_for(request.viewer, asked.form, unit.path)
    ]
    names = _names(request, asked, {unit.unit_id for unit, _amount in found})
    context = {
        "scope": request.scope_,
        "asked": asked,
        "title": _word(request, asked),
        "form_title": presenting.title(asked.form),
        "crumbs": _crumbs(request, asked),
        "total": sum(amount for _unit, amount in amounts),
        "units": _units(request, asked, amounts),
        "more_units": max(len(amounts) - SHOWN_UNITS, 0),
        "names": names,
        "people": names.people if names else (),
        "withdrawn": _withdrawn(asked),
        "erased": lists.count_erased(asked),
        "answers_query": request.scope_.query(day=asked.period),
        "readable": lists.find_readable(request.viewer, asked),
        "may_remind": reminding.may_remind(request.viewer, asked),
        "reminder": _reminder(request, asked),
    }
    return render(request, "situation/people.html", context)


@login_required
@require_GET
def people_file(request: ScopedRequest, ending: str) -> HttpResponse:
    """The names of a list as a file, at once or by the worker."""
    asked, viewer, scope = _asked(request), request.viewer, request.scope_
    _word(request, asked)
    if asked.form.subject != Form.Subject.PERSON or not lists.may_name(viewer, asked):
        raise PermissionDenied(access.refusal())
    content = list_file.content_of(viewer, asked)
    if content.total > files.LARGE_ROWS:
        is_own = "own" in request.GET
        list_file.ask(viewer, clock.now(), asked, scope.within, ending, is_own=is_own)
        return HttpResponseRedirect(f"{reverse('files')}?{scope.query()}")
    return _file(content, list_file.name_of(asked, ending))


def _file(content: Content, name: str) -> HttpResponse:
    if name.endswith(".csv"):
        kind, written = "text/csv; charset=utf-8", tables.write_csv(content.headings, content.rows)
    else:
        kind, written = tables.XLSX, tables.write_xlsx("list", content.headings, content.rows)
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(written, content_type=kind, headers=headers)


@login_required
@require_POST
def reminders(request: ScopedRequest) -> HttpResponse:
    """Remind those of the list whose report has not come."""
    asked = _asked(request)
    if not reminding.may_remind(request.viewer, asked):
        raise PermissionDenied(access.refusal())
    within, is_own = request.scope_.within, "own" in request.GET
    if sum(amount for _unit, amount in lists.find_amounts(asked)) > reminding.MANY:
        reminding.ask(request.viewer, clock.now(), asked, within, is_own=is_own)
    else:
        outcome = reminding.remind(request.viewer, clock.now(), asked)
        told, *untold = outcome.in_words()
        (messages.success if outcome.told else messages.warning)(request, told)
        for said in untold:
            messages.warning(request, said)
    return HttpResponseRedirect(f"{reverse('situation:people')}?{request.GET.urlencode()}")


@login_required
@require_POST
def letters(request: ScopedRequest) -> HttpResponse:
    """Hand those whose report has not come over to the page on which a notice is written."""
    asked = _asked(request)
    if asked.top is None or not reminding.may_remind(request.viewer, asked):
        raise PermissionDenied(access.refusal())
    ids, _without_account = lists.find_to_remind(request.viewer, asked, clock.now())
    kept = communications.keep_list(
        actor=request.viewer.actor, now=clock.now(), person_ids=ids,
        title=f"{_word(request, asked)} · {presenting.title(asked.form)} · {asked.period}",
    )  # fmt: skip
    page = reverse("communications:of_unit", args=[asked.top.code])
    return HttpResponseRedirect(f"{page}?list={kept.pk}&{request.scope_.query()}")


def _reminder(request: ScopedRequest, asked: Asked) -> dict[str, Any] | None:
    """Return the last reminder and whether one is under way; None where it is not the viewer's."""
    if not reminding.may_remind(request.viewer, asked):
        return None
    last, is_own = reminding.find_last(asked), "own" in request.GET
    return {
        "last": last,
        "told": last.deliveries.count() if last else 0,
        "is_under_way": reminding.is_under_way(
            request.viewer, asked, request.scope_.within, is_own=is_own
        ),
    }


def _asked(request: ScopedRequest) -> Asked:
    scope, offered = request.scope_, queries.find_forms()
    if not offered:
        raise Http404(_("Nobody owes any report yet."))
    return lists.ask(
        request.viewer, views.chosen_form(request, offered), scope.day, scope.within,
        request.GET.get("list") or lists.NOT_REPORTED, is_own="own" in request.GET,
    )  # fmt: skip


def _withdrawn(asked: Asked) -> int:
    return len(lists.find_withdrawn(asked)) if asked.kind == lists.NOT_REPORTED else 0


def _word(request: ScopedRequest, asked: Asked) -> str:
    """Say what the list is of. Raises Http404 for what the form does not count."""
    if asked.kind in (lists.NOT_REPORTED, lists.LATE) or asked.sign.gravity:
        return signs.word(asked.kind)
    if asked.sign in signs.of(asked.form.code):
        return signs.word(asked.kind)
    definition = presenting.definition_of(asked.form)
    for indicator in definition.indicators():
        if indicator.name == asked.kind:
            return presenting.indicator_word(definition, indicator, request.scope_.lang)
    raise Http404(_("There is no such list."))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    """A page of the list. ``behind``: whom the next page follows."""

    people: Sequence[Listed]
    behind: int | None = None


def _names(request: ScopedRequest, asked: Asked, counted: Collection[int]) -> _Names | None:
    """Return a page of the list; None where the viewer may see nobody's name.

    ``counted`` are the units with a number: of the others no report need be looked at.
    """
    units = lists.may_name(request.viewer, asked)
    if asked.form.subject != Form.Subject.PERSON or not units:
        return None
    if asked.kind != lists.NOT_REPORTED:
        units = [unit for unit in units if unit.unit_id in counted]
    rows = lists.find_page(asked, units, units_presenting.behind(request), PAGE + 1)
    people = lists.name(request.viewer, clock.now(), asked, rows[:PAGE])
    return _Names(people=people, behind=people[-1].person.pk if len(rows) > PAGE else None)


def _units(
    request: ScopedRequest, asked: Asked, amounts: list[tuple[Any, int]]
) -> list[dict[str, Any]]:
    scope = request.scope_
    return [
        {
            "unit": unit,
            "number": f"{amount:,}",
            "href": presenting.list_address(scope, asked.form, asked.kind, unit.code, is_own=True),
        }
        for unit, amount in amounts[:SHOWN_UNITS]
    ]


def _crumbs(request: ScopedRequest, asked: Asked) -> list[tuple[str, str]]:
    return [
        *views.crumbs(request, asked.form, asked.top, asked.period),
        (_word(request, asked), ""),
    ]
