"""How every answer to an OpenRosa client looks: its headers and its XML."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from taishan.interop import authentication
from taishan.interop.authentication import NotKnown
from taishan.kit import attachments
from taishan.organisation.models import Account, Person

LIMIT_XML = 1024 * 1024
LIMIT_POST = attachments.LIMIT_BYTES + 2 * LIMIT_XML
"""In bytes: the largest file that is taken, with the answers beside it, fits one request."""

Answer = Callable[..., HttpResponse]


class Refused(ValueError):
    """A request is not met; the message is for who sent it, ``status`` that of HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def answers(view: Answer) -> Answer:
    """Return the view for clients: it gets their account, and answers in their language.

    A client has no cookie, so there is no session that another site could borrow.
    """

    @csrf_exempt
    @never_cache
    @wraps(view)
    def respond(request: HttpRequest, *, token: str = "", **parts: Any) -> HttpResponse:
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = _respond(view, request, token, parts)
        response.headers["X-OpenRosa-Version"] = "1.0"
        response.headers["X-OpenRosa-Accept-Content-Length"] = str(LIMIT_POST)
        response.headers["Content-Language"] = language[:2]
        # By the real clock: the client compares it with its own.
        response.headers["Date"] = http_date(time.time())
        return response

    return respond


def _respond(view: Answer, request: HttpRequest, token: str, parts: dict[str, Any]) -> HttpResponse:
    try:
        return view(request, _account(request, token), **parts)
    except (Refused, NotKnown) as refused:
        response = message(refused.status, str(refused))
        if refused.status == 401:
            response.headers["WWW-Authenticate"] = authentication.CHALLENGE
        return response


def _account(request: HttpRequest, token: str) -> Account:
    if token:
        return authentication.by_token(token)
    return authentication.by_header(request)


def get_person(account: Account) -> Person:
    """Return who reports by the account. Raises Refused."""
    if account.person is None:
        raise Refused(403, _("This account belongs to nobody who could report."))
    return account.person


def message(status: int, text: str) -> HttpResponse:
    """Return an OpenRosaResponse that says something to the person."""
    root = ET.Element("OpenRosaResponse", xmlns="http://openrosa.org/http/response")
    nature = "submit_success" if status < 300 else "error"
    ET.SubElement(root, "message", nature=nature).text = text
    return xml(root, status=status)


def xml(root: ET.Element, *, status: int = 200) -> HttpResponse:
    """Return a document as OpenRosa sends it."""
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(content, content_type="text/xml; charset=utf-8", status=status)
