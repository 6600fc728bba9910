"""An incident is of the unit as it was that day: no plan changes it, nor another's midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from taishan.communications.models import Delivery
from taishan.core.accountability import Bar
from taishan.duties.models import Duty
from taishan.kit import clock
from taishan.organisation import actions as organisation
from taishan.organisation import history
from taishan.organisation import queries as units
from taishan.organisation.models import Account, Place
from taishan.safety import incident_queries, incident_sums, investigations
from taishan.safety import incident_statistics as statistics
from taishan.safety.incident_models import IncidentSum
from taishan.safety.incidents import IncidentRefused
from tests import people
from tests.people import ACTOR, NOW
from tests.safety.building import viewer
from tests.safety.incident_building import ACT, DAY, report

pytestmark = pytest.mark.django_db
JUNE = date(2020, 6, 1)
A_NIGHT = datetime(2020, 2, 11, 17, tzinfo=UTC)
"""01:00 of the next day in China."""


def told() -> set[str]:
    rows = Delivery.objects.filter(notice__about_kind="incident")
    return set(rows.values_list("person__staff_no", flat=True))


@pytest.fixture
def w2_is_to_move(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> None:
    """W2, of W1 today, is planned to be of H1 in June; H1 has a safety officer."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=people.FOUNDED, staff_no="H9", name="何平", role="safety_officer",
        unit="H1",
    )  # fmt: skip
    organisation.move_unit(actor=ACTOR, now=NOW, on=JUNE, code="W2", parent="H1")


@pytest.mark.usefixtures("w2_is_to_move")
def test_who_leads_the_unit_today_is_told_and_sees_it_not_who_is_to_lead_it(
    cast: dict[str, Account],
) -> None:
    incident = report("W2", deaths=1)

    assert {"D2", "D3"} <= told()
    assert "H9" not in told()
    assert {duty.creditor.code for duty in Duty.objects.filter(kind="telling")} == {"W1"}
    officer, planned = viewer(cast["safety_officer"]), Account.objects.filter(person__staff_no="H9")
    assert incident_queries.may_see_injured(officer, incident)
    assert incident_queries.may_appoint(viewer(cast["unit_head"]), incident)
    for one in planned:
        assert not incident_queries.may_see_injured(viewer(one), incident)


@pytest.mark.usefixtures("w2_is_to_move")
def test_who_directs_the_unit_today_does_not_look_into_it(cast: dict[str, Account]) -> None:
    with pytest.raises(IncidentRefused, match=r"directs the unit|works in the unit"):
        investigations.appoint(
            **ACT, incident=report("W2", serious=1), staff_no="D2", leads=True
        )  # fmt: skip


@pytest.mark.usefixtures("w2_is_to_move")
def test_statistics_are_of_the_tree_of_today(cast: dict[str, Account]) -> None:
    found = statistics.find_units(viewer(cast["duty_office"]), "W1", "")
    assert [one.unit.code for one in found] == ["W1", "W2"]


@pytest.mark.usefixtures("w2_is_to_move")
def test_a_version_is_that_of_an_instant_or_the_last_or_the_first(cast: dict[str, Account]) -> None:
    pk = history.get_version("W2", people.FOUNDED).unit_id
    before, after = (datetime(2020, month, 1, 12, tzinfo=UTC) for month in (5, 7))

    assert units.get_line(pk)[:-1] == units.get_line(pk, before)[:-1]
    assert units.get_line(pk, after) != units.get_line(pk, before)
    assert units.get_line(pk, datetime(1900, 1, 1, tzinfo=UTC)) == units.get_line(pk, before)
    organisation.close_unit(actor=ACTOR, now=NOW, code="P1", on=date(2020, 3, 1))
    closed = history.get_version("P1", people.FOUNDED).unit_id
    assert units.get_line(closed, after) == units.get_line(closed, before)


def test_an_incident_of_the_night_is_told_to_whoever_leads_since_the_units_own_midnight(
    cast: dict[str, Account],
) -> None:
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=date(2020, 2, 12), staff_no="N1", name="何平",
        role="safety_officer", unit="W1",
    )  # fmt: skip
    report(now=A_NIGHT, deaths=1)
    assert "N1" in told()


def test_whoever_leads_since_midnight_is_not_of_the_team(cast: dict[str, Account]) -> None:
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=date(2020, 2, 12), staff_no="D6", role="unit_head", unit="W1"
    )
    incident = report(now=A_NIGHT, serious=1)
    bars = investigations.find_bars(incident, cast["employee"].person_id or 0, A_NIGHT)
    assert Bar.DIRECTS_DEBTOR in bars


def test_whoever_has_a_role_in_the_unit_is_not_of_the_team_wherever_they_work(
    cast: dict[str, Account],
) -> None:
    organisation.grant_role(
        actor=ACTOR, now=NOW, on=people.FOUNDED, staff_no="D6", role="safety_officer", unit="W1"
    )
    with pytest.raises(IncidentRefused, match="works in the unit"):
        investigations.appoint(**ACT, incident=report(serious=1), staff_no="D6", leads=False)


def test_an_incident_stays_in_its_month_when_the_unit_gets_another_clock(
    cast: dict[str, Account],
) -> None:
    half_past_midnight = datetime(2020, 1, 31, 17, 30, tzinfo=UTC)  # of 1 February in Cambodia
    incident = report("P1", now=half_past_midnight, ago=timedelta(0), serious=1)
    history.supersede(
        history.get_version("P1", date(2020, 2, 1)), JUNE, time_zone="Europe/London"
    )  # fmt: skip

    assert incident_sums.find_differences() == []
    report("P1", now=half_past_midnight + timedelta(days=3), ago=timedelta(0), serious=1)

    rows = IncidentSum.objects.filter(unit_id=incident.unit_id)
    assert [(row.month, row.incidents) for row in rows] == [(date(2020, 2, 1), 2)]
    july = report("P1", now=datetime(2020, 7, 1, 12, tzinfo=UTC), serious=1)
    assert july.zone.key == "Europe/London"
    assert incident_sums.find_differences() == []


def test_an_incident_is_of_the_country_where_the_unit_stood_that_day(
    cast: dict[str, Account],
) -> None:
    history.supersede(
        history.get_version("P1", date(2020, 2, 1)), date(2020, 2, 10),
        place_id=Place.objects.get(code="CN-BJ").pk, time_zone="Asia/Shanghai",
    )  # fmt: skip
    incident = report("P1", ago=7 * DAY, deaths=1)

    assert (incident.country, incident.zone.key) == ("KH", "Asia/Phnom_Penh")
    assert [one.code for one in incident.tellings.all()] == ["kh-accident"]
