"""Visits of addresses, each of which leaves everything as it was."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urldefrag, urlencode, urljoin

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

from tests.access.markup import Offer, Page
from tests.access.table import TABLE

FORM = "application/x-www-form-urlencoded"
OK = 200


def visit(signed_in: Client | None, method: str, path: str, sent: dict[str, str]) -> HttpResponse:
    """Return the answer; whatever the visit changed is undone, a signing out too."""
    client = Client()
    if signed_in is not None:
        client.cookies.load({key: one.value for key, one in signed_in.cookies.items()})
    with transaction.atomic():
        if method == "POST":
            answer = client.post(path, sent)
        elif method == "GET":
            answer = client.get(path)
        else:
            answer = client.generic(method, path, urlencode(sent), FORM)
        transaction.set_rollback(True)
    return answer


def pages(client: Client, marks: dict[str, object], role: str) -> Iterator[tuple[str, Page]]:
    """Yield every page that the role may read, with its address."""
    answers = {row: row.get if isinstance(row.get, int) else row.get[role] for row in TABLE}
    for path in sorted({row.path.format(**marks) for row, got in answers.items() if got == OK}):
        answer = visit(client, "GET", path, {})
        if answer.headers["Content-Type"].startswith("text/html"):
            yield path, Page(answer.content.decode())


def inside(path: str, offers: list[Offer]) -> Iterator[tuple[str, Offer]]:
    """Yield what leads to another page of the house, each with its route."""
    for method, href, sent in offers:
        address = urldefrag(urljoin(path, href)).url
        if address.startswith("/") and not address.startswith("/static/"):
            yield _route(address), (method, address, sent)


def _route(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).route
    except Resolver404:
        return address
