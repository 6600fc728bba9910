"""Addresses: a person's e-mail, a unit's robots and webhooks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from taishan.communications import channel_forms, channels
from taishan.communications.channel_forms import EmailForm, GroupForm, WishesForm
from taishan.communications.channels import ChannelRefused
from taishan.communications.models import Address
from taishan.kit import clock
from taishan.organisation import access, presenting
from taishan.organisation.access import Capability
from taishan.organisation.models import Person, UnitVersion
from taishan.organisation.scope import ScopedRequest


@login_required
@require_GET
def mine(request: ScopedRequest) -> HttpResponse:
    """My e-mail addresses: which news go there, and when."""
    return _mine(request, EmailForm())


@login_required
@require_POST
def emails(request: ScopedRequest) -> HttpResponse:
    """Give an address, which is written to in order to be confirmed."""
    form, person = EmailForm(request.POST), _person(request)
    if not form.is_valid():
        return _mine(request, form, status=422)
    try:
        channels.add_email(
            actor=request.viewer.actor, now=clock.now(), person=person,
            target=form.cleaned_data["target"], time_zone=_zone_of(person),
            wishes=form.wishes(),
        )  # fmt: skip
    except ChannelRefused as refused:
        form.add_error("target", str(refused))
        return _mine(request, form, status=422)
    messages.success(request, _("A letter is on its way: open its link to confirm the address."))
    return HttpResponseRedirect(f"{reverse('channels:mine')}?{request.scope_.query()}")


def _person(request: ScopedRequest) -> Person:
    if request.viewer.person_id is None:
        raise Http404(_("Addresses are people's, and this account is nobody's."))
    return Person.objects.get(pk=request.viewer.person_id)


def _zone_of(person: Person) -> str:
    """Return the time zone of who works in a unit today, else the group's own."""
    today = clock.today()
    version = UnitVersion.objects.filter(
        valid__contains=today, unit__memberships__person=person,
        unit__memberships__valid__contains=today,
    ).first()  # fmt: skip
    return version.time_zone if version else clock.HOME


def _mine(request: ScopedRequest, form: EmailForm, status: int = 200) -> HttpResponse:
    found = channels.find_of_person(request.viewer.person_id)
    context = {
        "scope": request.scope_,
        "form": form,
        "addresses": [(one, channel_forms.of(one)) for one in found],
        "is_kept_as_files": not (settings.TAISHAN.smtp_host and settings.TAISHAN.outside),
    }
    return render(request, "communications/channels.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirmation(request: ScopedRequest, token: str) -> HttpResponse:
    """The letter's address is mine: said by a button, since programs too open links."""
    try:
        address = channels.get_to_confirm(request.viewer.person_id, token)
        if request.method == "POST":
            channels.confirm_email(actor=request.viewer.actor, now=clock.now(), token=token)
    except ChannelRefused as refused:
        return render(request, "web/refused.html", {"reason": str(refused)}, status=404)
    if request.method == "POST":
        messages.success(request, _("News goes to this address from now on."))
        return HttpResponseRedirect(f"{reverse('channels:mine')}?{request.scope_.query()}")
    context = {"scope": request.scope_, "address": address}
    return render(request, "communications/confirmation.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def of_unit(request: ScopedRequest, code: str) -> HttpResponse:
    """A unit's robots and webhooks, and adding one."""
    version = presenting.get_visible(request, code)
    access.require(request.viewer, Capability.SEE_PEOPLE, version.path)
    may_change = request.viewer.may(Capability.NOTIFY, version.path)
    if request.method == "POST":
        access.require(request.viewer, Capability.NOTIFY, version.path)
    form, secret = GroupForm(presenting.sent(request)), ""
    if form.is_valid():
        secret = _add(request, form, version)
        if not secret and not form.errors:
            return HttpResponseRedirect(request.get_full_path())
    context = {
        "scope": request.scope_,
        "version": version,
        "form": form if may_change else None,
        "secret": secret,
        "addresses": _of_unit(version, may_change=may_change),
    }
    status = 422 if form.errors else 200
    return render(request, "communications/unit_channels.html", context, status=status)


def _of_unit(version: UnitVersion, *, may_change: bool) -> list[tuple[Address, WishesForm | None]]:
    found = channels.find_of_unit(version.unit_id)
    return [(one, channel_forms.of(one) if may_change else None) for one in found]


def _add(request: ScopedRequest, form: GroupForm, version: UnitVersion) -> str:
    """Add it; return the secret to show of a webhook, empty of a robot or where refused."""
    given: dict[str, Any] = form.cleaned_data
    try:
        address, secret = channels.add_of_unit(
            actor=request.viewer.actor, now=clock.now(), unit=version.unit,
            channel=given["channel"], name=given["name"], target=given["target"],
            secret=given["secret"], language=given["language"], time_zone=version.time_zone,
            wishes=form.wishes(),
        )  # fmt: skip
    except ChannelRefused as refused:
        form.add_error("target", str(refused))
        return ""
    messages.success(request, _("It is added: send it a test."))
    return "" if address.is_robot else secret


@login_required
@require_POST
def wishes(request: ScopedRequest, pk: int) -> HttpResponse:
    """Change which news an address gets, and when."""
    address = _changeable(request, pk)
    form = WishesForm(request.POST, prefix=f"a{pk}")
    if form.is_valid():
        channels.change(
            actor=request.viewer.actor, now=clock.now(), address=address, wishes=form.wishes()
        )
        messages.success(request, _("Kept."))
    for errors in form.errors.values():
        messages.error(request, " ".join(str(error) for error in errors))
    return _back(request, address)


@login_required
@require_POST
def test(request: ScopedRequest, pk: int) -> HttpResponse:
    """Send a test message."""
    address = _changeable(request, pk)
    try:
        channels.test(actor=request.viewer.actor, now=clock.now(), address=address)
    except ChannelRefused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("A test is on its way; what becomes of it shows here."))
    return _back(request, address)


@login_required
@require_POST
def removal(request: ScopedRequest, pk: int) -> HttpResponse:
    """End an address."""
    address = _changeable(request, pk)
    channels.remove(actor=request.viewer.actor, now=clock.now(), address=address)
    messages.success(request, _("Removed: nothing goes there any more."))
    return _back(request, address)


def _changeable(request: ScopedRequest, pk: int) -> Address:
    """Return an address of mine, or of a unit that I may speak for. Raises Http404."""
    address = get_object_or_404(Address.objects.select_related("unit"), pk=pk, ended_at=None)
    is_mine = address.person_id is not None and address.person_id == request.viewer.person_id
    if not is_mine and not _may_speak_for(request, address):
        raise Http404(_("There is no such address of yours."))
    return address


def _may_speak_for(request: ScopedRequest, address: Address) -> bool:
    versions = UnitVersion.objects.filter(
        unit_id=address.unit_id or 0, valid__contains=clock.today()
    )
    return any(request.viewer.may(Capability.NOTIFY, one.path) for one in versions)


def _back(request: ScopedRequest, address: Address) -> HttpResponse:
    page = (
        reverse("channels:of_unit", args=[address.unit.code])
        if address.unit
        else reverse("channels:mine")
    )
    return HttpResponseRedirect(f"{page}?{request.scope_.query()}")
