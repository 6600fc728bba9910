"""No page offers to whom it answers what they are refused, and every field has a label."""

from __future__ import annotations

from collections import Counter

import pytest

from taishan.organisation.models import Account
from tests.access.marks import marks
from tests.access.rows import ROLES
from tests.access.visiting import inside, pages, visit
from tests.people import signed_in

__all__ = ["marks"]
REFUSED = 403, 404, 405
EACH = 3
"""How many addresses of a route are asked for: what a list repeats is answered alike."""


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("role", ROLES)
def test_pages_offer_what_is_answered_and_name_their_fields(
    cast: dict[str, Account], marks: dict[str, object], role: str
) -> None:
    client, asked, seen, faults = signed_in(cast[role]), Counter[tuple[str, str]](), set(), []
    client.cookies["lang"] = "zh"  # where “None” is no word
    for path, page in pages(client, marks, role):
        faults += [f"{path}: {fault}" for fault in page.find_faults()]
        for route, (method, address, sent) in inside(path, page.offers):
            if (method, address) in seen or asked[method, route] == EACH:
                continue
            seen.add((method, address))
            asked[method, route] += 1
            status = visit(client, method, address, sent).status_code
            if status in REFUSED:
                faults.append(f"{path} offers {method} {address}: {status}")

    assert seen
    assert faults == []
