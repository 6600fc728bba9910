"""The day, the subtree and the language of a page: kept in its URL, so that it can be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _

from taishan.kit import clock, days
from taishan.organisation import access
from taishan.organisation.models import Account

LANGUAGES = {"en": "en", "zh": "zh-hans"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a page is about. ``within`` is a unit code, or empty for all that the viewer sees."""

    day: date
    within: str = ""
    lang: str = "en"

    def query(self, **changes: Any) -> str:
        """Return the scope as a query string, with changes."""
        other = replace(self, **changes)
        return urlencode({"day": other.day, "within": other.within, "lang": other.lang})

    def query_en(self) -> str:
        return self.query(lang="en")

    def query_zh(self) -> str:
        return self.query(lang="zh")


class ScopedRequest(HttpRequest):
    """A request after the middleware: with its scope, and its viewer where signed in."""

    scope_: Scope
    viewer: access.Viewer


def middleware(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    def respond(request: HttpRequest) -> HttpResponseBase:
        _refuse_nul(request)
        wanted = request.GET.get("lang") or request.COOKIES.get("lang", "en")
        lang = wanted if wanted in LANGUAGES else "en"
        with translation.override(LANGUAGES[lang]):
            scoped = cast(ScopedRequest, request)
            scoped.scope_ = Scope(
                day=_day(request), within=request.GET.get("within", "")[:40], lang=lang
            )
            if request.user.is_authenticated:
                scoped.viewer = access.viewer_for(request.user, clock.today())
                if "lang" in request.GET:
                    remember_language(request.user, lang)
            response = get_response(request)
            response.headers.setdefault("Content-Language", LANGUAGES[lang])
            if "lang" in request.GET and hasattr(response, "set_cookie"):
                response.set_cookie("lang", lang, samesite="Lax", httponly=True)
            return response

    return respond


def remember_language(account: Account, lang: str) -> None:
    """Keep the language a person chose, for what is written to them."""
    if account.language != lang:
        Account.objects.filter(pk=account.pk).update(language=lang)


def _refuse_nul(request: HttpRequest) -> None:
    """Refuse an address with a character that no text in PostgreSQL can hold."""
    given = [request.path, *(text for _name, many in request.GET.lists() for text in many)]
    if any("\x00" in text for text in given):
        raise BadRequest("NUL in an address")


def _day(request: HttpRequest) -> date:
    given = request.GET.get("day", "")
    try:
        return days.read(given) if given else clock.today()
    except ValueError:
        messages.warning(request, _("“%(day)s” is not a day such as 2020-02-12.") % {"day": given})
        return clock.today()
