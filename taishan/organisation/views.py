"""Signing in: by link, by the group's own provider."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib import auth
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from taishan.organisation import accounts
from taishan.organisation.models import Account
from taishan.organisation.scope import ScopedRequest


@require_GET
def sign_in(request: ScopedRequest, token: str) -> HttpResponse:
    """Sign in the account a link names; links work only where the instance allows them."""
    pk = accounts.account_id_in(token)
    account = Account.objects.filter(pk=pk, is_active=True).first() if pk else None
    if account is None:
        context = {"reason": _("This sign-in link is not valid, or no longer.")}
        return render(request, "web/refused.html", context, status=403)
    auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    response = HttpResponse(status=303)
    response["Location"] = "/"
    return response


def not_offered(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Stand where the account library would let people sign up or write to an e-mail address."""
    raise Http404(_("Accounts and passwords are given by the group: ask your duty office."))


def _where_reachable(
    view: Callable[[HttpRequest, str], HttpResponse],
) -> Callable[[HttpRequest, str], HttpResponse]:
    """Say that a provider does not answer; the account library would break on it."""

    def respond(request: HttpRequest, provider_id: str) -> HttpResponse:
        try:
            return view(request, provider_id)
        except requests.RequestException:
            reason = _("The provider does not answer. Try again in a while.")
            return render(request, "web/refused.html", {"reason": reason}, status=503)

    return respond


to_provider = _where_reachable(openid_connect.login)
back_from_provider = _where_reachable(openid_connect.callback)
