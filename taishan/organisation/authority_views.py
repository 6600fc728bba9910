"""Who may do what: roles over a unit, and the accounts by which people come in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from taishan.kit import clock, days
from taishan.kit.actor import Actor
from taishan.organisation import access, actions, forms, invitations, presenting, staffing
from taishan.organisation.access import Capability
from taishan.organisation.history import OrganisationRefused
from taishan.organisation.models import Person, RoleGrant, UnitVersion
from taishan.organisation.scope import ScopedRequest

MANAGE = Capability.MANAGE_ORGANISATION
REFUSED = 422


@login_required
@require_http_methods(["GET", "POST"])
def roles(request: ScopedRequest, code: str) -> HttpResponse:
    """The roles given over the unit itself, past and to come; and giving one more."""
    version, day = presenting.get_visible(request, code), request.scope_.day
    access.require_over(request.viewer, MANAGE, code, day)
    form = forms.RoleForm(presenting.sent(request), initial={"on": day})
    if form.is_valid() and _grant(request, form, code):
        messages.success(request, _("Recorded from %s.") % form.cleaned_data["on"].isoformat())
        return HttpResponseRedirect(presenting.address(request, "roles", code))
    return _page(request, version, form)


def _page(request: ScopedRequest, version: UnitVersion, form: forms.RoleForm) -> HttpResponse:
    grants = RoleGrant.objects.filter(unit_id=version.unit_id).select_related("person")
    context = {
        "scope": request.scope_,
        "version": version,
        "form": form,
        "grants": grants.order_by("-valid", "role", "pk"),
        "crumbs": [*presenting.crumbs(request, version), (_("Roles"), "")],
    }
    status = REFUSED if form.errors else 200
    return render(request, "organisation/roles.html", context, status=status)


def _grant(request: ScopedRequest, form: forms.RoleForm, code: str) -> bool:
    given = form.cleaned_data
    access.require_over(request.viewer, MANAGE, code, given["on"], given["until"])
    try:
        actions.grant_role(actor=request.viewer.actor, now=clock.now(), unit=code, **given)
    except OrganisationRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


@login_required
@require_POST
def revocation(request: ScopedRequest, pk: int) -> HttpResponse:
    """End a role from a day; one that begins only later is taken back."""
    grant = RoleGrant.objects.filter(pk=pk).select_related("person", "unit").first()
    on = _day(request)
    if grant is None:
        raise Http404(_("There is no such role."))
    access.require_over(request.viewer, MANAGE, grant.unit.code, on)
    try:
        staffing.revoke_role(
            actor=request.viewer.actor, now=clock.now(), on=on, person=grant.person,
            role=grant.role, unit=grant.unit.code,
        )  # fmt: skip
    except OrganisationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Recorded from %s.") % on.isoformat())
    return HttpResponseRedirect(presenting.address(request, "roles", grant.unit.code))


def _day(request: ScopedRequest) -> date:
    try:
        return days.read(request.POST.get("on", ""))
    except ValueError:
        return request.scope_.day


@login_required
@never_cache
@require_POST
def account(request: ScopedRequest, staff_no: str) -> HttpResponse:
    """A link by which the person chooses a password: shown here, once, and nowhere else."""
    access.require_group_wide(request.viewer, MANAGE)
    person = Person.objects.filter(staff_no=staff_no).first()
    if person is None:
        raise Http404(_("No such person is recorded, or not for you to see."))
    given: dict[str, Any] = {"actor": request.viewer.actor, "now": clock.now()}
    try:
        path = invitations.invite(**given, staff_no=staff_no, only_unused=True)
    except OrganisationRefused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(presenting.address(request, "person", staff_no))
    context = {
        "scope": request.scope_,
        "person": person,
        "link": request.build_absolute_uri(path),
        "hours": invitations.AGE_S // 3600,
    }
    return render(request, "organisation/account.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: ScopedRequest, token: str) -> HttpResponse:
    """Choose the password of one's account. Opening the link spends nothing: mail programs do."""
    owner = invitations.find_account(token)
    if owner is None:
        context = {"reason": invitations.spent()}
        return render(request, "web/refused.html", context, status=403)
    form = SetPasswordForm(owner, presenting.sent(request))
    if form.is_valid():
        actor = Actor(label=owner.username, account_id=owner.pk, person_id=owner.person_id)
        password = form.cleaned_data["new_password1"]
        invitations.accept(actor=actor, now=clock.now(), token=token, password=password)
        messages.success(request, _("Your password is set. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))
    status = REFUSED if form.errors else 200
    shown: dict[str, Any] = {"form": form, "owner": owner}
    return render(request, "organisation/invitation.html", shown, status=status)
