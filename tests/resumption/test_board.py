"""The board, its trend, and what is mine."""

import itertools
from datetime import date

import pytest
from django.test import Client

from taishan.core.gate import Permission
from taishan.organisation.models import Account, Unit
from taishan.resumption import actions, presenting, queries
from tests import people
from tests.resumption.test_verdicts import DAY, signed_in, verdict

pytestmark = pytest.mark.usefixtures("library")


def codes_on(client: Client, query: str) -> list[str]:
    rows = client.get(f"/board/?day=2020-02-12&{query}").context["rows"]
    return [row["unit"].code for row in rows]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("place=KH", ["P1"]),
        ("place=CN-ZJ", ["W1", "W2"]),
        ("within=W1", ["W1", "W2"]),
        ("q=wenzhou", ["W1", "W2"]),
        ("q=温州&place=KH", []),
        ("kind=EPI", []),
        ("state=shut&place=CN-TJ", ["T1"]),
    ],
)
def test_the_board_shows_only_what_is_asked_for(
    cast: dict[str, Account], query: str, codes: list[str]
) -> None:
    assert codes_on(signed_in(cast["duty_office"]), query) == codes


def test_a_filter_offers_only_places_and_kinds_of_the_viewers_own_units(
    cast: dict[str, Account],
) -> None:
    filters = signed_in(cast["employee"]).get("/board/").context["filters"]

    options = {one["name"]: [value for value, _word in one.get("options", [])] for one in filters}
    assert options["place"] == ["", "KH", "KH-12"]
    assert options["kind"] == ["", "ORD"]


def test_the_trend_counts_each_unit_once_a_day(cast: dict[str, Account]) -> None:
    chart = signed_in(cast["duty_office"]).get("/board/trend/?day=2020-02-12").context["chart"]

    counted = {sum(day) for day in zip(*(one["values"] for one in chart["series"]), strict=True)}
    assert counted == {len(people.GROUP)}


def test_a_unit_shut_by_its_own_conditions_says_so_and_not_what_the_law_allows(
    cast: dict[str, Account],
) -> None:
    from taishan.regulations import queries as regulations

    actions.attest(
        actor=people.ACTOR, now=people.NOW, unit_id=Unit.objects.get(code="X1").pk,
        condition="quarantine:any", amount=3, starts=DAY, ends=None, evidence="list",
    )  # fmt: skip
    found = verdict(cast, "X1", DAY)

    assert (found.permitted < Permission.SHUT, found.state) == (True, Permission.SHUT)
    assert presenting.short_reason(found, regulations.get_library(), "en").startswith("to show:")


def test_neighbouring_days_of_one_shade_are_one_bar(cast: dict[str, Account]) -> None:
    from taishan.organisation import access

    viewer = access.viewer_for(cast["inspector"], DAY)
    units = queries.find_units(viewer, DAY)
    spans = queries.find_spans(units, date(2020, 1, 20), date(2020, 4, 20))

    for of_unit in spans.values():
        bars = presenting.strip(of_unit, date(2020, 1, 20))
        states = [bar.state for bar in bars]
        assert sum(bar.width for bar in bars) == 91
        assert all(a != b for a, b in itertools.pairwise(states))


def test_mine_shows_the_own_unit_and_counts_those_below(cast: dict[str, Account]) -> None:
    (entry,) = signed_in(cast["unit_head"]).get("/").context["entries"]

    assert (entry["unit"].code, sum(n for _state, n in entry["below"])) == ("W1", 1)
