"""No address falls over what is put into it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest

from taishan.organisation.models import Account
from tests.access.marks import marks
from tests.access.rows import MANAGER
from tests.access.table import TABLE
from tests.access.visiting import visit
from tests.people import signed_in

__all__ = ["marks"]
DAYS = ("day", "ended_since", "last", "on", "since", "until")
WORDS = (
    "after", "age", "area", "authority", "before", "cause", "country", "form", "grade", "kind",
    "month", "office", "origin", "page", "place", "q", "sort", "stage", "state", "unit",
    "verdict", "whose", "within", "year",
)  # fmt: skip
"""What addresses ask by."""
ODD = (("0001-01-01", "9" * 30), ("9999-12-31", "\x1b%_'\"é😀"))
NOT_ALLOWED = 405


def _odd_queries() -> Iterator[str]:
    for day, word in ODD:
        yield urlencode(dict.fromkeys(DAYS, day) | dict.fromkeys(WORDS, word))
        yield urlencode(dict.fromkeys(DAYS, day))


@pytest.mark.usefixtures("library")
def test_no_address_falls_over_odd_words(
    cast: dict[str, Account], marks: dict[str, object]
) -> None:
    client, fallen = signed_in(cast[MANAGER]), []
    pages = {row.path.format(**marks).partition("?")[0] for row in TABLE if row.get != NOT_ALLOWED}
    for path, asked in product(sorted(pages), _odd_queries()):
        try:
            visit(client, "GET", f"{path}?{asked}", {})
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no answer
            fallen.append((path, asked, repr(error)))

    assert fallen == []


@pytest.mark.usefixtures("library")
def test_a_zero_byte_in_an_address_is_refused(
    cast: dict[str, Account], marks: dict[str, object]
) -> None:
    client = signed_in(cast[MANAGER])

    answers = {
        row.route: visit(client, "GET", row.path.format(**marks).partition("?")[0] + "?q=%00", {})
        for row in TABLE
        if row.get != NOT_ALLOWED
    }

    assert {route for route, answer in answers.items() if answer.status_code != 400} == set()
    assert visit(client, "GET", "/units/%00/", {}).status_code == 400


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("path", "name", "answer"),
    [
        ("/directives/drafts/", "unit", 404),
        ("/situation/reports/drafts/", "unit", 404),
        ("/regulations/cn-hb-20200220/directives/", "unit", 404),
        ("/organisation/units/W1/group/", "staff_no", 302),
        ("/applications/rule/", "parent_up_to", 422),
    ],
)
def test_what_no_column_holds_is_no_fault(
    cast: dict[str, Account], path: str, name: str, answer: int
) -> None:
    client = signed_in(cast[MANAGER])
    untouched = {"starts": "2020-03-01", "parent_up_to": "0", "days": "3"}

    for odd in ("\x00", "9" * 40):
        assert visit(client, "POST", path, untouched | {name: odd}).status_code == answer
