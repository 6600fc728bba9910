"""What statistics divide by, of which units and until which day they are, and what hours may be."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from taishan.kit import clock
from taishan.organisation import actions as organisation
from taishan.organisation import history
from taishan.organisation.models import Account, Unit
from taishan.safety import incident_hours, incident_import
from taishan.safety import incident_statistics as statistics
from taishan.safety.incident_models import Incident
from taishan.safety.incidents import IncidentRefused
from tests import people
from tests.people import ACTOR, NOW
from tests.safety.building import viewer
from tests.safety.incident_building import ACT, DAY, hurt, report

pytestmark = pytest.mark.django_db
YEAR = date(2020, 1, 1), date(2021, 1, 1)
NEXT_YEAR = datetime(2021, 1, 15, tzinfo=UTC)


def unit(code: str) -> int:
    return int(Unit.objects.get(code=code).pk)


def test_units_that_worked_one_after_the_other_had_as_many_people_as_each(
    cast: dict[str, Account],
) -> None:
    for month in range(1, 13):
        incident_hours.record_hours(
            actor=ACTOR, now=NEXT_YEAR, unit_id=unit("W2" if month <= 6 else "H1"),
            month=date(2020, month, 1), hours=16_000, workers=100,
        )  # fmt: skip
    lines = statistics.find_lines([unit("W2"), unit("H1")], *YEAR)
    assert statistics.add(list(lines.values())).sums.workers == 100


def test_list_and_statistics_of_a_subtree_are_of_the_same_units_after_a_move(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    report("W2", serious=1)
    organisation.move_unit(actor=ACTOR, now=NOW, on=date(2020, 2, 20), code="W2", parent="H1")
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)
    client.force_login(cast["duty_office"])

    for within, number in (("W1", 0), ("H1", 1)):
        listed = client.get(f"/safety/incidents/?within={within}").context["rows"]
        whole = client.get(f"/safety/incidents/statistics/?within={within}").context["whole"]
        assert (len(listed), whole.incidents) == (number, number), within


def test_days_since_of_a_past_day_count_from_what_had_happened_by_then(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(ago=20 * DAY, serious=1)
    report(ago=10 * DAY, serious=1)
    hurt(report("W2", light=1, ago=2 * DAY), "away")
    monkeypatch.setattr(clock, "now", lambda: NOW + 30 * DAY)
    client.force_login(cast["unit_head"])

    def days(day: date) -> object:
        return client.get(f"/safety/incidents/statistics/?day={day}").context["tiles"][0]["number"]

    today = NOW.date()
    assert (days(today), days(today - 5 * DAY), days(today - 15 * DAY)) == (2, 5, 5)
    assert days(today - 21 * DAY) == "none yet"
    assert statistics.find_last_lost([unit("W1")], today - 9 * DAY) == today - 10 * DAY
    assert statistics.find_last_lost([unit("W1")], today - 21 * DAY) is None


def test_a_past_day_reads_the_month_once_for_however_many_units(
    cast: dict[str, Account], django_assert_num_queries: Any
) -> None:
    today = NOW.date()
    for code, ago in (("W1", 5), ("W1", 2), ("W2", 6), ("W2", 3), ("H1", 1)):
        report(code, ago=ago * DAY, serious=1)
    units = [unit("W1"), unit("W2"), unit("H1")]

    with django_assert_num_queries(7):
        lines = statistics.find_lines(units, *YEAR, today - 4 * DAY)

    assert [lines[pk].last_lost_on for pk in units] == [today - 5 * DAY, today - 6 * DAY, None]


def test_the_hours_and_forms_of_a_closed_unit_are_there(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation.close_unit(actor=ACTOR, now=NOW, code="H1", on=date(2020, 3, 1))
    monkeypatch.setattr(clock, "now", lambda: NEXT_YEAR)
    client.force_login(cast["duty_office"])

    for page, status in (
        ("osha/300a.xlsx?unit=H1&year=2020", 200), ("hours/?unit=H1", 200),
        ("hours/?unit=nowhere", 404),
    ):  # fmt: skip
        assert client.get(f"/safety/incidents/{page}").status_code == status, page


@pytest.mark.parametrize(
    ("hours", "workers", "column"),
    [
        ("1", "3000000000", "workers"), ("99999999999999999999", "2000000000000000000", "workers"),
        ("9" * 5000, "1", "hours"), ("1", "1000001", "workers"),
    ],
)  # fmt: skip
def test_numbers_that_no_unit_has_are_refused_by_row_and_column(
    client: Client, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch, hours: str,
    workers: str, column: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(clock, "now", lambda: NOW)
    text = f"unit,month,hours,workers\nW1,2020-01,{hours},{workers}\n"
    outcome = incident_hours.import_hours(
        **ACT, viewer=viewer(cast["duty_office"]), content=text.encode()
    )
    assert [(one.row, one.column) for one in outcome.errors] == [(2, column)]

    client.force_login(cast["unit_head"])
    given = {"month": "2020-01", "hours": hours[:30], "workers": workers}
    assert client.post("/safety/incidents/hours/?unit=W1", given).status_code == 422


def test_the_most_people_a_unit_may_have_are_recorded(cast: dict[str, Account]) -> None:
    given = ACT | {"unit_id": unit("W1"), "month": date(2020, 2, 1), "hours": 1}
    incident_hours.record_hours(**given, workers=incident_hours.MOST_WORKERS)
    with pytest.raises(IncidentRefused, match="at most"):
        incident_hours.record_hours(**given, workers=incident_hours.MOST_WORKERS + 1)


def test_reports_from_elsewhere_have_a_day_that_can_be_and_keep_a_states_code(
    cast: dict[str, Account],
) -> None:
    text = (
        "id,incident_date,city,state,description\n1,0001-01-01,solon,tx,Struck\n"
        "2,2020-01-03,solon,tx,Struck\n3,2020-01-03,solon,ohio,Struck\n"
    )
    outcome = incident_import.import_deaths(
        **ACT, version=history.get_version("X1", people.FOUNDED), content=text.encode()
    )
    assert [(one.row, one.column) for one in outcome.errors] == [(2, "incident_date")]
    assert set(Incident.objects.values_list("place", flat=True)) == {"Solon, TX", "Solon, Ohio"}
