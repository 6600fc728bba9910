"""An inspector writes nothing: every address of the URLconf, by every way of sending."""

from __future__ import annotations

from itertools import product

import pytest

from taishan.organisation.models import Account
from tests.access.marks import marks
from tests.access.table import TABLE
from tests.access.visiting import visit
from tests.people import signed_in

__all__ = ["marks"]
METHODS = ("POST", "PUT", "PATCH", "DELETE")
REFUSED = {401, 403, 404, 405}
OWN = {
    # Their own report, as everybody who works here: to be healthy, or not, is not inspected.
    "reports/<slug:form>/<str:day>/", "r/<str:token>/",
    # Work that would kill, which anybody who sees it stops, and their own presence at a meeting.
    "stop-work/new/", "meetings/<int:pk>/presence/",
    # What they saw that could hurt somebody, and what became of a report without a name.
    "safety/hazards/new/", "safety/hazards/receipt/",
    "safety/red-lines/breaches/new/", "api/v1/red-lines/breaches",
    # An accident, which anybody who sees it reports.
    "safety/incidents/new/",
    # Their own consent, notices, ways of sending, calendar, files and reporting apps.
    "my-data/consents/", "notices/<int:pk>/confirmation/", "files/<int:pk>/again/",
    "channels/emails/", "duties/feed/",
    "odk/tokens/", "odk/tokens/<int:pk>/revocation/",
    # Their own account, its second factor, and a token that lets them read by the API.
    "api/v1/tokens", "api/v1/openapi.json", "invitation/<str:token>/",
    # What they send is refused as a whole, with reasons and the status 400.
    "api/v1/reports", "api/v1/dataValueSets", "api/v1/hazards", "api/v1/hazards/<number>/steps",
}  # fmt: skip
"""Where who inspects may send something: what is their own, as a person who works here."""


def is_own(route: str) -> bool:
    return route in OWN or route.startswith("accounts/")


@pytest.mark.usefixtures("library")
def test_an_inspector_can_send_nothing_anywhere_but_what_is_their_own(
    cast: dict[str, Account], marks: dict[str, object]
) -> None:
    client, taken = signed_in(cast["inspector"]), []
    for row, method in product((row for row in TABLE if not is_own(row.route)), METHODS):
        path = row.path.format(**marks)
        answer = visit(client, method, path, {"reason": "x"})
        if answer.status_code not in REFUSED:
            taken.append(f"{method} {path}: {answer.status_code}")

    assert taken == []


def test_what_is_ones_own_stands_in_the_table() -> None:
    assert {row.route for row in TABLE} >= OWN
