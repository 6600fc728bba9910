"""No page offers to whom it answers what they are refused, and every field has a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urljoin

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from taishan.organisation.models import Account
from tests.access.marks import marks
from tests.access.markup import Offer, Page
from tests.access.rows import ROLES
from tests.access.table import TABLE
from tests.access.visiting import visit
from tests.people import signed_in

__all__ = ["marks"]
OK, REFUSED = 200, (403, 404, 405)
EACH = 3
"""How many addresses of a route are asked for: what a list repeats is answered alike."""


def _pages(client: Client, marks: dict[str, object], role: str) -> Iterator[tuple[str, Page]]:
    """Yield every page that the role may read, with its address."""
    answers = {row: row.get if isinstance(row.get, int) else row.get[role] for row in TABLE}
    for path in sorted({row.path.format(**marks) for row, got in answers.items() if got == OK}):
        answer = visit(client, "GET", path, {})
        if answer.headers["Content-Type"].startswith("text/html"):
            yield path, Page(answer.content.decode())


def _inside(path: str, offers: list[Offer]) -> Iterator[tuple[str, Offer]]:
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


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_pages_offer_what_is_answered_and_name_their_fields(
    cast: dict[str, Account], marks: dict[str, object], role: str
) -> None:
    client, asked, seen, faults = signed_in(cast[role]), Counter[tuple[str, str]](), set(), []
    client.cookies["lang"] = "zh"  # where “None” is no word
    for path, page in _pages(client, marks, role):
        faults += [f"{path}: {fault}" for fault in page.find_faults()]
        for route, (method, address, sent) in _inside(path, page.offers):
            if (method, address) in seen or asked[method, route] == EACH:
                continue
            seen.add((method, address))
            asked[method, route] += 1
            status = visit(client, method, address, sent).status_code
            if status in REFUSED:
                faults.append(f"{path} offers {method} {address}: {status}")

    assert seen
    assert faults == []
