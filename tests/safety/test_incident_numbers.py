"""What incidents add up to, the hours they are divided by, who was hurt, and OSHA's forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from taishan.core import injury_rates
from taishan.core.injury_rates import RATES
from taishan.kit import clock, tables
from taishan.ledger.models import Entry
from taishan.organisation import history
from taishan.organisation.models import Account, Unit
from taishan.safety import (
    incident_forms,
    incident_hours,
    incident_import,
    incident_lists,
    incident_people,
    incident_queries,
    incident_sums,
    osha_forms,
    tasks,
)
from taishan.safety import incident_statistics as statistics
from taishan.safety.incident_lists import Wanted
from taishan.safety.incident_models import Incident, IncidentSum, InjuredPerson, WorkedHours
from taishan.safety.incidents import IncidentRefused
from tests import people
from tests.people import NOW
from tests.safety import incident_building as building
from tests.safety.building import viewer
from tests.safety.incident_building import ACT, DAY, HOUR, hurt, report, revise

pytestmark = pytest.mark.django_db
FEBRUARY, MARCH = date(2020, 2, 1), date(2020, 3, 1)
OSHA_FILE = Path(__file__).parents[3] / "shared/data/safety/osha_fatalities_2017_2022.csv.gz"


def of(unit: str) -> statistics.Line:
    pk = Unit.objects.get(code=unit).pk
    return statistics.find_lines([pk], date(2020, 1, 1), date(2021, 1, 1))[pk]


def assert_counted() -> None:
    """Every month's sums equal a full recount, and no month with an incident is left out."""
    for row in IncidentSum.objects.all():
        counted = incident_sums.recount(row.unit_id, row.month)
        assert {name: getattr(row, name) for name in counted} == counted
    months = {
        (one.unit_id, one.occurred_at.astimezone(one.zone).date().replace(day=1))
        for one in Incident.objects.all()
    }
    assert months == set(IncidentSum.objects.values_list("unit_id", "month"))


def test_sums_follow_every_change_and_equal_a_recount(cast: dict[str, Account]) -> None:
    incident = report(deaths=1, serious=2, light=1)
    report(kind="near_miss")
    hurt(incident, "away", days_away=10)
    restricted = hurt(incident, "restricted", days_restricted=4)
    assert_counted()

    line = of("W1")
    assert (line.incidents, line.near_misses, line.unreckoned) == (1, 1, 1)
    assert (line.sums.deaths, line.sums.away_cases, line.sums.restricted_cases) == (1, 1, 1)
    assert line.sums.charged_days == 6010

    hurt(incident, "away", number=restricted.number, days_away=2)
    revise(incident, deaths=2, serious=2)
    assert_counted()
    assert (of("W1").sums.away_cases, of("W1").sums.lost_time) == (2, 4)


def test_a_month_is_the_units_own(cast: dict[str, Account]) -> None:
    late = datetime(2020, 1, 31, 17, 0, tzinfo=UTC)  # past midnight in Shanghai
    report(now=late + HOUR, serious=1)
    assert list(IncidentSum.objects.values_list("month", flat=True)) == [FEBRUARY]
    for wanted, found in (
        (Wanted(since=FEBRUARY), 1), (Wanted(until=FEBRUARY), 1),
        (Wanted(until=date(2020, 1, 31)), 0), (Wanted(since=date(2020, 2, 2)), 0),
    ):  # fmt: skip
        assert incident_lists.narrow(Incident.objects.all(), wanted).count() == found
    incident_hours.record_hours(
        actor=people.ACTOR, now=late, unit_id=Unit.objects.get(code="W1").pk, month=FEBRUARY,
        hours=8, workers=1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "now", "hour"),
    [
        ("2020-11-01 01:30", "2020-11-01 06:00", "05:30"),  # the second 01:30 is yet to come
        ("2020-11-01 01:30", "2020-11-01 06:40", "06:30"),
        ("2020-03-08 02:30", "2020-03-08 09:00", "07:30"),  # skipped: 03:30 by the new time
        ("2020-02-01 09:00", "2020-02-02 00:00", "14:00"),
    ],
)
def test_an_hour_that_a_clock_shows_twice_is_the_later_that_is_past(
    monkeypatch: pytest.MonkeyPatch, said: str, now: str, hour: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(now).replace(tzinfo=UTC))
    found = incident_forms.at(datetime.fromisoformat(said), ZoneInfo("America/New_York"))
    assert f"{found.astimezone(UTC):%H:%M}" == hour


def test_days_since_count_from_the_last_lost_time_and_not_from_less(
    cast: dict[str, Account],
) -> None:
    report(ago=20 * DAY, serious=1)
    hurt(report(ago=2 * DAY, light=1), "first_aid")
    assert of("W1").last_lost_on == (NOW - 20 * DAY).date()
    hurt(report(ago=3 * DAY, light=1), "away")
    assert of("W1").last_lost_on == (NOW - 3 * DAY).date()


def test_rates_of_a_branch_are_of_its_sums_and_its_hours(cast: dict[str, Account]) -> None:
    for unit, hours in (("W1", 400_000), ("W2", 100_000)):
        incident_hours.record_hours(
            **ACT, unit_id=Unit.objects.get(code=unit).pk, month=FEBRUARY, hours=hours, workers=900
        )
    hurt(report("W2", light=1), "away")

    units = statistics.find_units(viewer(cast["unit_head"]), "", "")
    lines = statistics.find_lines([one.unit_id for one in units], FEBRUARY, MARCH)
    whole = statistics.add(list(lines.values()))

    assert [one.unit.code for one in units] == ["W1", "W2"]
    assert injury_rates.reckon(RATES["ltifr"], whole.sums).value == 2.0
    assert whole.months_without_hours == 0
    branches = statistics.find_branches(units, lines)
    assert [(one.version.unit.code, one.is_alone) for one in branches] == [
        ("W1", True), ("W2", False),
    ]  # fmt: skip


def test_a_month_with_an_incident_and_no_hours_is_said(cast: dict[str, Account]) -> None:
    report(serious=1)
    assert of("W1").months_without_hours == 1


def test_units_are_narrowed_by_country_and_by_subtree(cast: dict[str, Account]) -> None:
    office = viewer(cast["duty_office"])
    assert [one.unit.code for one in statistics.find_units(office, "", "KH")] == ["P1"]
    assert len(statistics.find_units(office, "W1", "")) == 2


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"hours": 100, "workers": 0}, "people where there are hours"),
        ({"hours": 745, "workers": 1}, "at most 744"),
        ({"hours": 1, "workers": 1, "month": MARCH}, "yet to come"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    cast: dict[str, Account], given: dict[str, object], why: str
) -> None:
    row: dict[str, object] = ACT | {"unit_id": Unit.objects.get(code="W1").pk, "month": FEBRUARY}
    with pytest.raises(IncidentRefused, match=why):
        incident_hours.record_hours(**(row | given))  # type: ignore[arg-type]


def bring(text: str, account: Account) -> incident_hours.Outcome:
    return incident_hours.import_hours(**ACT, viewer=viewer(account), content=text.encode())


def test_hours_come_in_by_table_and_the_same_table_twice_changes_nothing(
    cast: dict[str, Account],
) -> None:
    text = 'unit,month,hours,workers\nW1,2020-01,"16,000",100\nW2,2020/02,800,5\n'
    first, second = (bring(text, cast["duty_office"]) for _ in range(2))
    third = bring(text.replace("800", "801"), cast["duty_office"])

    assert (first.created, second.unchanged, third.changed) == (2, 2, 1)
    assert WorkedHours.objects.get(month=FEBRUARY).hours == 801


def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_kept(
    cast: dict[str, Account],
) -> None:
    text = (
        "单位编码,月份,实际总工时,平均人数\nW1,2020-01,160,1\nH1,2020-01,160,1\nW1,soon,160,1\n"
        "W1,2020-02,much,1\nW1,2020-02,999,1\nW1,2020-01,160,1\nW1,2020-04,160,1\n"
    )
    outcome = bring(text, cast["unit_head"])

    assert [(one.row, one.column) for one in outcome.errors] == [
        (3, "unit"), (4, "month"), (5, "hours"), (6, "hours"), (7, "month"), (8, "month"),
    ]  # fmt: skip
    assert not WorkedHours.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "more", "why"),
    [
        ("away", {"days_away": -1}, "one at least"),
        ("restricted", {}, "Restricted work"),
        ("restricted", {"days_away": 1, "days_restricted": 1}, "Restricted work"),
        ("other", {"days_away": 1}, "lost no days"),
        ("death", {}, "fewer dead"),
    ],
)
def test_a_case_that_contradicts_itself_is_refused(
    cast: dict[str, Account], outcome: str, more: dict[str, int], why: str
) -> None:
    incident = report(light=1)
    days = more | ({"days_away": 0} if more.get("days_away") == -1 else {})
    with pytest.raises(IncidentRefused, match=why):
        incident_people.record_injury(
            **ACT, incident=incident, number=None, person={},
            course=incident_people.Course(outcome=outcome, ailment="injury", **days),
        )  # fmt: skip


def test_only_a_safety_officer_of_the_line_sees_who_was_hurt_and_each_look_is_kept(
    cast: dict[str, Account],
) -> None:
    incident = report(serious=1)
    hurt(incident)
    for role, account in cast.items():
        client = Client()
        client.force_login(account)
        page = client.get(f"/safety/incidents/{incident.pk}/")
        assert building.A_NAME not in page.content.decode(), role
        seen = client.get(f"/safety/incidents/{incident.pk}/injured/")
        assert (seen.status_code == 200) == (role == "safety_officer"), role
        assert (building.A_NAME in seen.content.decode()) == (role == "safety_officer"), role
        for form in ("300", "301"):
            file = client.get(f"/safety/incidents/osha/{form}.xlsx?unit=W1&year=2020")
            assert (file.status_code == 200) == (role == "safety_officer"), (role, form)
            assert role != "safety_officer" or "no-store" in file["Cache-Control"]
        refused = client.post(f"/safety/incidents/{incident.pk}/injured/")
        assert refused.status_code == (422 if role == "safety_officer" else seen.status_code), role
    looks = Entry.objects.filter(verb="injured.looked_at")
    # The page, two files, and the page again with what was refused.
    assert [(one.person_id, one.data) for one in looks] == [
        (cast["safety_officer"].person_id, {})
    ] * 4


def test_who_was_hurt_is_erased_after_five_full_years_and_what_counts_stays(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = report(serious=1)
    hurt(incident)
    new_year = datetime(2020, 12, 31, 17, tzinfo=UTC)  # 2021 in Shanghai
    later = report(now=new_year, ago=timedelta(0), light=1)
    hurt(later, now=new_year)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 1, 11, tzinfo=UTC))
    tasks.erase_injured(timestamp=0)
    assert InjuredPerson.objects.count() == 2  # somewhere it is 2025 still

    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 1, 12, tzinfo=UTC))
    tasks.erase_injured(timestamp=0)

    assert InjuredPerson.objects.get().incident == later
    assert of("W1").sums.away_cases == 1
    assert Entry.objects.get(verb="injured.erased").data["people"] == 1


def rows_of(content: bytes, columns: tuple[str, ...]) -> list[dict[str, str]]:
    sheet = tables.read(
        content, columns=[tables.Column(key=one, is_needed=True) for one in columns]
    )
    return [row.values for row in sheet.rows]


def test_the_forms_of_osha_hold_recordable_cases_and_keep_private_names_out(
    cast: dict[str, Account],
) -> None:
    incident = report(deaths=1, serious=1, light=2)
    hurt(incident, "death", name="Dead One")
    hurt(incident, "away", days_away=200, name="Long Away")
    hurt(incident, "other", name="Kept Private", is_privacy_case=True, ailment="skin")
    hurt(incident, "first_aid", name="Plaster Only")
    incident_hours.record_hours(
        **ACT, unit_id=incident.unit_id, month=FEBRUARY, hours=8000, workers=50
    )
    year = osha_forms.Year(history.get_version("W1", people.FOUNDED), 2020)

    log = rows_of(osha_forms.write_300(year), osha_forms.COLUMNS_300)
    assert [row["(B) Employee's name"] for row in log] == [
        "Dead One", "Long Away", osha_forms.PRIVACY,
    ]  # fmt: skip
    assert [row["(K) Away from work, days"] for row in log] == ["0", "180", "0"]
    assert [row["(M2) Skin disorder"] for row in log] == ["", "", "X"]
    summed = rows_of(osha_forms.write_300a(year), ("What", "Number"))
    summary = {row["What"]: row["Number"] for row in summed}
    assert (summary["Total (G) Death"], summary["Total (J) Other recordable cases"]) == ("1", "1")
    assert summary["Total hours worked by all employees"] == "8000"
    assert "Long Away" not in str(summary)
    assert summary["Hours are recorded for 1 of 12 months"] == ""
    reports = rows_of(osha_forms.write_301(year), osha_forms.COLUMNS_301)
    assert [row["1) Full name"] for row in reports] == ["Dead One", "Long Away", "Kept Private"]
    assert (
        rows_of(osha_forms.write_300(osha_forms.Year(year.version, 2019)), ("(A) Case no.",)) == []
    )


def test_a_summary_of_osha_says_for_how_many_months_it_has_hours(
    cast: dict[str, Account], client: Client
) -> None:
    unit = Unit.objects.get(code="W1")
    WorkedHours.objects.bulk_create(
        WorkedHours(unit=unit, month=date(2019, month, 1), hours=160, workers=1, recorded_at=NOW)
        for month in range(1, 13)
    )
    incident_hours.record_hours(**ACT, unit_id=unit.pk, month=FEBRUARY, hours=160, workers=1)
    version = history.get_version("W1", people.FOUNDED)
    client.force_login(cast["duty_office"])

    whole, short, none = (
        [row["What"] for row in rows_of(content, ("What", "Number"))]
        for content in (
            osha_forms.write_300a(osha_forms.Year(version, year)) for year in (2019, 2020, 2018)
        )
    )
    page = client.get("/safety/incidents/hours/?unit=W1&day=2020-03-04").content.decode()

    assert not [said for said in whole if "of 12 months" in said]
    assert short[-1] == "Hours are recorded for 1 of 12 months"
    assert none[-1] == "Hours are recorded for 0 of 12 months"
    assert "Hours are recorded for 1 of 12 months of 2020" in page
    page = client.get("/safety/incidents/hours/?unit=W1&day=2019-12-31").content.decode()
    assert "of 12 months" not in page


def test_reports_from_elsewhere_come_in_once_with_what_cannot_be_said(
    cast: dict[str, Account],
) -> None:
    text = (
        "id,incident_date,city,state,description\n7,2020-01-03,solon,ohio,Struck by forklift\n"
        "8,never,x,y,Worker fell\n9,2020-01-04,x,y,\n"
    )
    given = ACT | {"version": history.get_version("X1", people.FOUNDED), "content": text.encode()}

    first = incident_import.import_deaths(**given)
    again = incident_import.import_deaths(**given)

    assert (first.created, again.created, again.unchanged) == (1, 0, 1)
    assert [(one.row, one.column) for one in first.errors] == [
        (3, "incident_date"), (4, "description"),
    ]  # fmt: skip
    assert (Incident.objects.get().place, Incident.objects.get().tellings.count()) == (
        "Solon, Ohio", 0,
    )  # fmt: skip
    assert_counted()


@pytest.mark.skipif(not OSHA_FILE.exists(), reason="the reports are not at hand")
def test_five_years_of_real_reports_can_be_searched_and_summed(cast: dict[str, Account]) -> None:
    later = datetime(2023, 1, 1, tzinfo=UTC)
    outcome = incident_import.import_deaths(
        actor=people.ACTOR, now=later, version=history.get_version("X1", people.FOUNDED),
        content=OSHA_FILE.read_bytes(),
    )  # fmt: skip

    assert outcome.created + len(outcome.errors) + outcome.unchanged == 4969
    seen = incident_queries.find_visible(viewer(cast["duty_office"]))
    forklifts = incident_lists.search(
        incident_lists.narrow(seen, Wanted(since=date(2020, 1, 1))), "forklift"
    )
    assert 10 < forklifts.count() < outcome.created
    pk = Unit.objects.get(code="X1").pk
    line = statistics.find_lines([pk], date(2017, 1, 1), date(2023, 1, 1))[pk]
    assert line.sums.deaths == outcome.created
    assert timedelta(0) < later.date() - (line.last_lost_on or date.min) < timedelta(days=366)
