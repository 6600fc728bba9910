"""Changing the tree in the browser: what is asked, what would change, and the change."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from taishan.kit import clock
from taishan.organisation import access, consequences, forms, presenting
from taishan.organisation.access import Capability
from taishan.organisation.consequences import ChangedMeanwhile, Consequences
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import UnitVersion
from taishan.organisation.scope import ScopedRequest

MANAGE = Capability.MANAGE_ORGANISATION
REFUSED, CONFLICT = 422, 409


def _change(request: ScopedRequest, code: str, *, kind: type[forms.ChangeForm]) -> HttpResponse:
    """Ask for a change of the unit; show what it would do; make it once that is confirmed."""
    version, day = presenting.get_visible(request, code), request.scope_.day
    access.require_over(request.viewer, MANAGE, code, day)
    form = kind(presenting.sent(request), version=version, initial={"on": day})
    if request.method == "GET":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=REFUSED)
    if request.POST.get("seen") != str(version.pk):
        form.add_error(None, _meanwhile(version))
        return _page(request, form, status=CONFLICT)
    return _try(request, form)


def _try(request: ScopedRequest, form: forms.ChangeForm) -> HttpResponse:
    on, mark = form.cleaned_data["on"], request.POST.get("mark")
    act = partial(form.act, actor=request.viewer.actor, now=clock.now())
    try:
        _require_all(request, form)
        if mark:
            consequences.carry_out(on=on, act=act, mark=mark)
            return _done(request, form)
        return _page(request, form, foreseen=consequences.work_out(on=on, act=act))
    except ChangedMeanwhile as changed:
        form.add_error(None, str(changed))
        return _page(request, form, foreseen=changed.found, status=CONFLICT)
    except OrganisationRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, form, status=REFUSED)


def _require_all(request: ScopedRequest, form: forms.ChangeForm) -> None:
    for code in (form.version.unit.code, *form.other_units()):
        if not access.may_over(request.viewer, MANAGE, code, form.cleaned_data["on"]):
            raise OrganisationRefused(_("You do not manage %s in all days from then on.") % code)


def _meanwhile(version: UnitVersion) -> str:
    return (
        _(
            "%s was changed while you had this page open. Below is what you entered: "
            "see what it would change now."
        )
        % version.unit.code
    )


def _done(request: ScopedRequest, form: forms.ChangeForm) -> HttpResponse:
    messages.success(request, _("Recorded from %s.") % form.cleaned_data["on"].isoformat())
    code, query = form.landing(), request.scope_.query(day=form.cleaned_data["on"])
    page = reverse("organisation:unit", args=[code]) if code else reverse("organisation:tree")
    return HttpResponseRedirect(f"{page}?{query}")


def _page(
    request: ScopedRequest,
    form: forms.ChangeForm,
    *,
    foreseen: Consequences | None = None,
    status: int = 200,
) -> HttpResponse:
    crumbs = [*presenting.crumbs(request, form.version), (str(form.title), "")]
    context: dict[str, Any] = {
        "scope": request.scope_,
        "version": form.version,
        "form": form,
        "crumbs": crumbs,
        "foreseen": presenting.foreseen(foreseen) if foreseen else None,
    }
    return render(request, "organisation/change.html", context, status=status)


def _view(kind: type[forms.ChangeForm]) -> Any:
    return login_required(require_http_methods(["GET", "POST"])(partial(_change, kind=kind)))


facts = _view(forms.FactsForm)
parts = _view(forms.PartForm)
move = _view(forms.MoveForm)
merger = _view(forms.MergerForm)
split = _view(forms.SplitForm)
closure = _view(forms.ClosureForm)
