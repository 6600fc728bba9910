"""Visits of addresses, each of which leaves everything as it was."""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

FORM = "application/x-www-form-urlencoded"


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
