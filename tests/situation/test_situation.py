"""What the reports add up to, whom to worry about first, and who sees which number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from taishan.forms.models import Form
from taishan.kit import tables
from taishan.organisation import access, staffing
from taishan.organisation.actions import open_units
from taishan.organisation.models import Account, Person
from taishan.reporting.models import Correction, Ruling
from taishan.situation import counting, queries
from taishan.situation.queries import Overview, Row, Trend
from tests import people
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, RETURN, TODAY, report, submit

pytestmark = pytest.mark.usefixtures("group")
YESTERDAY = TODAY - timedelta(days=1)
LATE = datetime(2020, 2, 12, 3, tzinfo=UTC)
"""11:00 in Wenzhou, an hour past the hour."""


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("B1", unit="W2")
    return cast


def overview(
    cast: dict[str, Account], role: str = "duty_office", form: str = "daily_health", **more: Any
) -> Overview:
    given = {"day": TODAY, "within": "", "now": LATE} | more
    viewer = access.viewer_for(cast[role], given["day"])
    return queries.get_overview(viewer, Form.objects.get(code=form), **given)


def trend(cast: dict[str, Account]) -> Trend:
    viewer = access.viewer_for(cast["duty_office"], TODAY)
    return queries.get_trend(viewer, Form.objects.get(code="daily_health"), TODAY, "", LATE)


def rows(found: Overview) -> dict[str, Row]:
    return {row.unit.code: row for row in found.rows}


def test_a_unit_counts_all_below_it_and_expects_by_the_roster(cast: dict[str, Account]) -> None:
    submit(report("A1"), report("B1", FEVER))
    submit(report("A2"), now=LATE)

    found = overview(cast)

    of_w1 = rows(found)["W1"]
    assert (of_w1.below, of_w1.now.reporting.expected) == (1, 4)
    assert (of_w1.now.reporting.received, of_w1.now.reporting.on_time) == (3, 2)
    assert of_w1.now.reporting.missing == 1
    assert of_w1.now.counts["fever"] == 1
    assert found.whole.reporting.expected == 4
    assert found.top is not None
    assert found.top.code == "HQ"


def test_a_subtree_is_its_own_children_and_itself(cast: dict[str, Account]) -> None:
    submit(report("A1"), report("B1"))

    found = overview(cast, within="W1")

    assert {code: row.now.reporting.received for code, row in rows(found).items()} == {
        "W1": 1,
        "W2": 1,
    }
    assert found.rows[0].unit is found.top
    assert (found.rows[0].now.reporting.expected, found.whole.reporting.expected) == (3, 4)


def test_who_moved_counts_where_they_were_on_each_day(cast: dict[str, Account]) -> None:
    person = Person.objects.get(staff_no="A1")
    staffing.transfer(actor=people.ACTOR, now=people.NOW, on=TODAY, person=person, unit="H1")
    submit(report("A1", period=YESTERDAY), now=MORNING - timedelta(days=1))
    submit(report("A1"))

    found = rows(overview(cast))

    assert (found["W1"].before.reporting.expected, found["W1"].before.reporting.received) == (4, 1)
    assert (found["W1"].now.reporting.expected, found["W1"].now.reporting.received) == (3, 0)
    assert (found["H1"].before.reporting.expected, found["H1"].now.reporting.received) == (0, 1)


def test_a_unit_that_moved_counts_under_whom_it_hung_on_each_day(cast: dict[str, Account]) -> None:
    from taishan.organisation import actions

    actions.move_unit(actor=people.ACTOR, now=people.NOW, on=TODAY, code="W2", parent="H1")
    submit(report("B1", period=YESTERDAY), now=MORNING - timedelta(days=1))
    submit(report("B1"))

    found = overview(cast)

    assert rows(found)["W1"].before.reporting.received == 1
    assert rows(found)["H1"].now.reporting.received == 1
    assert found.whole_before.reporting.received == found.whole.reporting.received == 1
    assert [figures.reporting.expected for _day, figures in trend(cast)[-2:]] == [4, 4]


def test_the_counters_of_a_day_read_at_once_say_the_same_as_those_of_each_unit(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    from taishan.organisation import actions

    actions.move_unit(actor=people.ACTOR, now=people.NOW, on=TODAY, code="W2", parent="H1")
    submit(report("A1", period=YESTERDAY), now=MORNING - timedelta(days=1))
    submit(report("A1"), report("B1", FEVER))
    of_each = [overview(cast), overview(cast, "unit_head"), trend(cast)]

    monkeypatch.setattr(counting, "FEW_STAYS", 0)

    assert [overview(cast), overview(cast, "unit_head"), trend(cast)] == of_each


def test_a_day_that_is_long_over_is_summed_once_until_it_is_amended(
    cast: dict[str, Account],
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    monkeypatch.setattr(counting, "FEW_STAYS", 0)
    long_ago = TODAY - timedelta(days=10)

    def received() -> int:
        return dict(trend(cast))[long_ago].reporting.received

    submit(report("A1", period=long_ago), now=MORNING - timedelta(days=10))
    assert received() == 1
    with django_assert_num_queries(7 + 4):
        assert received() == 1
    submit(report("A2", period=long_ago))
    correction = Correction.objects.get()
    assert received() == 1

    building.rule(correction, Ruling.Outcome.ACCEPTED, LATE)

    assert received() == 2


def test_the_trend_expects_of_each_day_what_its_roster_owed(cast: dict[str, Account]) -> None:
    staffing.hire(
        actor=people.ACTOR, now=people.NOW, on=date(2020, 2, 10), staff_no="N1", name="新人",
        unit="H1",
    )  # fmt: skip

    found = trend(cast)

    assert len(found) == 30
    expected = {day.day: figures.reporting.expected for day, figures in found[-4:]}
    assert expected == {9: 4, 10: 5, 11: 5, 12: 5}


def test_a_return_is_expected_of_each_unit_once(cast: dict[str, Account]) -> None:
    submit(report("W1", RETURN, form="unit_daily"), report("W2", RETURN, form="unit_daily"))

    found = overview(cast, form="unit_daily")

    assert (found.whole.reporting.expected, found.whole.reporting.received) == (7, 2)
    assert rows(found)["W1"].now.counts["in_quarantine"] == 10


def test_a_unit_s_own_schedule_replaces_that_above_it(cast: dict[str, Account]) -> None:
    building.hire("P9", unit="P1")
    building.add_schedule("daily_health", "people", unit="P1", rule="FREQ=WEEKLY;BYDAY=MO")

    found = overview(cast)

    assert "P1" in rows(found)
    assert rows(found)["P1"].now.reporting.expected == 0
    assert found.whole.reporting.expected == 4


def test_the_gravest_unit_comes_first_and_says_why(cast: dict[str, Account]) -> None:
    building.hire("H9", "H8", unit="H1")
    building.hire("T9", unit="T1")
    case = FEVER | {"quarantine_status": "confirmed"}
    submit(report("A1"), report("A2"), report("B1", FEVER), report("T9", case), report("A3"))

    found = overview(cast)

    assert [(one.unit.code, [why.kind for why in one.concerns]) for one in found.worries] == [
        ("T1", ["confirmed", "fever", "symptomatic"]),
        ("H1", ["silent"]),
        ("W2", ["fever", "symptomatic"]),
    ]


def test_what_is_not_due_yet_worries_nobody(cast: dict[str, Account]) -> None:
    assert overview(cast, now=MORNING).worries == ()
    assert {one.unit.code for one in overview(cast).worries} == {"W1", "W2"}


def test_the_queries_do_not_grow_with_the_units(
    cast: dict[str, Account], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    submit(report("A1"), report("B1"))
    with django_assert_num_queries(9):
        overview(cast)
    with django_assert_num_queries(8):
        trend(cast)
    more = [people.unit(f"Z{n}", "CN-TJ", parent="W2") for n in range(30)]
    open_units(actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, details=more)

    with django_assert_num_queries(9):
        found = overview(cast)
    with django_assert_num_queries(8):
        trend(cast)

    assert rows(found)["W1"].below == 31


def test_nobody_sees_more_than_their_own_part(cast: dict[str, Account]) -> None:
    submit(report("A1"), report("B1"))
    building.hire("P9", unit="P1")

    assert overview(cast, "unit_head").whole.reporting.expected == 4
    assert [row.unit.code for row in overview(cast, "employee").rows] == ["P1"]
    assert overview(cast, "employee", within="W1").rows == ()


def test_an_employee_sees_the_rate_and_nothing_of_anybody_s_health(
    cast: dict[str, Account],
) -> None:
    building.hire("P9", unit="P1")
    submit(report("P9", FEVER), now=LATE)

    page = signed_in(cast["employee"]).get("/situation/?day=2020-02-12")

    assert [tile["number"] for tile in page.context["tiles"]] == ["100 %", "0", "1"]
    assert page.context["numbers"] == page.context["worries"] == []
    assert not any(cell["is_shown"] for row in page.context["rows"] for cell in row["signs"])


def test_asking_again_leaves_the_trend_alone(cast: dict[str, Account]) -> None:
    client = signed_in(cast["duty_office"])

    again = client.get("/situation/?day=2020-02-12", headers={"HX-Target": "live"})

    assert "rate_chart" not in again.context
    assert "rate_chart" in client.get("/situation/?day=2020-02-12").context


def test_a_number_is_shown_with_its_change_and_leads_to_its_names(
    cast: dict[str, Account],
) -> None:
    submit(report("A1", period=YESTERDAY), now=MORNING - timedelta(days=1))
    submit(report("A1", FEVER), report("A2", FEVER))

    page = signed_in(cast["duty_office"]).get("/situation/?day=2020-02-12")

    fever = next(t for t in page.context["tiles"] if "37.3" in t["label"])
    assert (fever["number"], fever["word"]) == ("2", "+2")
    assert "list=fever" in fever["href"]
    assert signed_in(cast["duty_office"]).get(fever["href"]).status_code == 200


def test_the_file_holds_the_numbers_of_the_page(cast: dict[str, Account]) -> None:
    submit(report("A1"), report("B1", FEVER))

    content = signed_in(cast["duty_office"]).get("/situation.xlsx?day=2020-02-12").content

    lines = tables._book(content).get_sheet_by_index(0).to_python()
    found = {line[0]: line for line in lines}
    assert found["W1"][2:6] == [1, 4, 2, 2]
    assert found[""][3:5] == [4, 2]
    assert found["W1"][lines[0].index("temperature 37.3 °C or more")] == 1


def test_a_day_without_schedules_says_so(cast: dict[str, Account]) -> None:
    from taishan.reporting.models import Schedule

    Schedule.objects.all().delete()
    client = signed_in(cast["duty_office"])

    assert "Nobody owes any report yet" in client.get("/situation/").content.decode()
    assert client.get("/situation.xlsx").status_code == 404
    assert client.get("/situation/people/").status_code == 404
