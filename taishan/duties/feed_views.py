"""The page of one's calendar address, and the calendar itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from taishan.duties import feeds, presenting
from taishan.kit import clock
from taishan.organisation.models import Account
from taishan.organisation.scope import ScopedRequest


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def feed(request: ScopedRequest) -> HttpResponse:
    """Make or withdraw the address of one's calendar; it is shown once, when it is made."""
    account, address = Account.objects.get(pk=request.viewer.account_id), ""
    given: dict[str, Any] = {"actor": request.viewer.actor, "now": clock.now(), "account": account}
    if request.method == "POST" and request.POST.get("act") == "revoke":
        feeds.revoke(**given)
    elif request.method == "POST":
        path = reverse("duties:calendar", args=[feeds.make(**given)])
        address = request.build_absolute_uri(f"{path}?lang={request.scope_.lang}")
    context = {
        "scope": request.scope_,
        "address": address,
        "standing": feeds.find_address(account),
        "tabs": presenting.tabs(request, "feed", request.scope_.within),
        "crumbs": presenting.crumbs(request, ""),
    }
    return render(request, "duties/feed.html", context)


@never_cache
@require_GET
def calendar(request: ScopedRequest, token: str) -> HttpResponse:
    """The calendar at a secret address, for a program that cannot sign in."""
    account = feeds.find_account(token)
    if account is None:
        raise Http404(_("There is no such calendar."))
    now = clock.now()
    base = request.build_absolute_uri("/").rstrip("/")
    content = feeds.write(feeds.find_owed(account, now), base, now)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")
