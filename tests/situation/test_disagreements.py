"""The roster and the unit's own return side by side."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from taishan.communications.models import Delivery, Notice
from taishan.kit import clock, tables
from taishan.organisation.models import Account
from tests.reporting import building
from tests.reporting.building import FEVER, RETURN, WELL, report, submit
from tests.situation.test_situation import signed_in

pytestmark = pytest.mark.usefixtures("group")
LATE = datetime(2020, 2, 12, 3, tzinfo=UTC)
ADDRESS = "/situation/disagreements/?day=2020-02-12&lang=en"
QUARANTINED = WELL | {"quarantine_status": "home", "work_ability": "remote"}


@pytest.fixture
def group(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    """W1 has four people of whom one is feverish and one in quarantine; W2 has one."""
    monkeypatch.setattr(clock, "now", lambda: LATE)
    building.add_schedules()
    building.hire("A1", "A2", "A3", "A4")
    building.hire("B1", unit="W2")
    submit(report("A1"), report("A2", FEVER), report("A3", QUARANTINED))


def returns(unit: str, **numbers: int) -> None:
    plain = dict.fromkeys(("roster", "on_site", "remote", "in_quarantine", "symptomatic"), 0)
    answers = RETURN | plain | numbers
    submit(report(unit, answers, form="unit_daily"))


AGREES = {"roster": 4, "on_site": 1, "remote": 2, "in_quarantine": 1, "symptomatic": 1}


def seen(client: Client, query: str = "") -> list[tuple[str, str, int]]:
    page = client.get(ADDRESS + query)
    return [
        (row["unit"].code, row["compared"].name, row["compared"].size)
        for row in page.context["rows"]
    ]


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return signed_in(cast["duty_office"])


def test_a_return_that_agrees_is_not_shown(office: Client) -> None:
    returns("W1", **AGREES)
    assert seen(office) == []


def test_the_roster_of_the_day_and_the_return_are_held_side_by_side(office: Client) -> None:
    returns("W1", **AGREES | {"roster": 9})
    returns("W2", roster=1)

    assert seen(office) == [("W1", "roster", 5)]


def test_what_people_report_is_held_against_the_return_and_the_largest_comes_first(
    office: Client,
) -> None:
    returns("W1", **AGREES | {"in_quarantine": 4, "symptomatic": 0})
    returns("W2", roster=3)

    assert seen(office) == [
        ("W1", "in_quarantine", 2),
        ("W2", "roster", 2),
        ("W1", "symptomatic", -1),
    ]
    assert [unit for unit, *_rest in seen(office, "&sort=unit")] == ["W1", "W1", "W2"]
    assert seen(office, "&sort=number")[0] == ("W2", "roster", 2)


def test_who_has_not_reported_may_make_up_the_difference(office: Client) -> None:
    returns("W1", **AGREES | {"in_quarantine": 2})
    assert seen(office) == []

    submit(report("A4"), now=LATE)

    assert seen(office) == [("W1", "in_quarantine", 1)]


def test_a_unit_without_a_return_has_nothing_to_disagree_with(office: Client) -> None:
    assert seen(office) == []
    assert seen(office, "&within=W2") == []


def test_who_may_not_see_a_unit_s_people_sees_none_of_its_numbers(
    cast: dict[str, Account],
) -> None:
    returns("W1", **AGREES | {"roster": 9})
    returns("P1", roster=9)

    assert seen(signed_in(cast["employee"])) == []
    assert seen(signed_in(cast["unit_head"])) == [("W1", "roster", 5)]


def test_the_excel_file_has_the_numbers_of_the_page(office: Client) -> None:
    returns("W1", **AGREES | {"roster": 9})
    content = office.get("/situation/disagreements.xlsx?day=2020-02-12&lang=en").content

    columns = [tables.Column(key=key) for key in ("unit", "at least", "apart by")]
    [row] = tables.read(content, columns=columns).rows

    assert [row.values[key] for key in ("unit", "at least", "apart by")] == ["W1", "4", "5"]


def test_only_those_who_answer_for_a_return_that_disagrees_are_reminded_and_once(
    office: Client, cast: dict[str, Account]
) -> None:
    returns("W1", **AGREES | {"roster": 9})
    address = "/situation/disagreements/reminders/?day=2020-02-12"

    assert office.post(address).status_code == 302
    office.post(address)

    notice = Notice.objects.get()
    told = set(Delivery.objects.filter(notice=notice).values_list("person__staff_no", flat=True))
    assert told == {"D2", "D3"}
    assert "花名册" in notice.text_zh
    follow = signed_in(cast["unit_head"]).get(notice.address)
    assert follow.status_code == 200


def test_the_situation_of_returns_leads_to_the_numbers_that_disagree(office: Client) -> None:
    returns("W1", **AGREES | {"roster": 9})

    of_returns = office.get("/situation/?day=2020-02-12&form=unit_daily&lang=en").content.decode()
    assert "Numbers that disagree in 1 unit" in of_returns
    of_people = office.get("/situation/?day=2020-02-12&form=daily_health&lang=en").content.decode()
    assert "Numbers that disagree" not in of_people


def test_the_page_asks_as_many_queries_for_many_units_as_for_few(
    office: Client, django_assert_max_num_queries: Any
) -> None:
    for unit in ("HQ", "W1", "W2", "H1", "T1", "X1", "P1"):
        returns(unit, roster=50)
    with django_assert_max_num_queries(19):
        found = seen(office)
    assert len({unit for unit, *_rest in found}) == 7
