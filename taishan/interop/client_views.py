"""Where a person lets a client of theirs report in their name, and ends it."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import segno
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from taishan.interop import tokens
from taishan.interop.tokens import TokenRefused
from taishan.kit import clock
from taishan.organisation.models import Account
from taishan.organisation.scope import ScopedRequest


class TokenForm(forms.Form):
    """What a token is for."""

    name = forms.CharField(
        label=gettext_lazy("Which phone"),
        max_length=60,
        help_text=gettext_lazy("To tell it apart, such as “my phone”."),
    )


@login_required
@never_cache
@require_GET
def clients(request: ScopedRequest) -> HttpResponse:
    """How ODK Collect is set up, and the tokens that let clients in."""
    return _page(request, form=TokenForm())


@login_required
@never_cache
@require_POST
def tokens_(request: ScopedRequest) -> HttpResponse:
    """Make a token, and show it this once."""
    form, account = TokenForm(request.POST), _account(request)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    try:
        secret = tokens.make(
            actor=request.viewer.actor, now=clock.now(), account=account,
            name=form.cleaned_data["name"],
        )  # fmt: skip
    except TokenRefused as refused:
        form.add_error(None, str(refused))
        return _page(request, form=form, status=422)
    address = request.build_absolute_uri(reverse("odk:clients") + secret)
    shown = {"secret": secret, "address": address, "code": _settings_code(address)}
    return _page(request, form=TokenForm(), status=201, **shown)


@login_required
@require_POST
def revocation(request: ScopedRequest, pk: int) -> HttpResponse:
    """End a token: whatever has it is let in no more."""
    try:
        tokens.revoke(
            actor=request.viewer.actor, now=clock.now(), account=_account(request), token_id=pk
        )
    except TokenRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The token is revoked."))
    return HttpResponseRedirect(reverse("odk:clients"))


def _page(request: ScopedRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    context |= {
        "tokens": tokens.find_good(_account(request)),
        "server": request.build_absolute_uri(reverse("odk:clients")).rstrip("/"),
        "is_secure": request.is_secure(),
    }
    return render(request, "interop/clients.html", context, status=status)


def _account(request: ScopedRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)  # noqa: S101 - signed in
    return account


def _settings_code(address: str) -> SafeString:
    """Return the code by which Collect sets itself up: its settings as JSON, zlib and base64.

    Source: https://docs.getodk.org/collect-import-export/
    """
    settings = {"general": {"server_url": address}, "admin": {}, "project": {"name": "Taishan"}}
    packed = base64.b64encode(zlib.compress(json.dumps(settings).encode())).decode()
    drawn = segno.make(packed, error="m", micro=False).svg_inline(scale=4, light="#fff")
    return mark_safe(drawn)  # noqa: S308 - drawn from an address of ours
