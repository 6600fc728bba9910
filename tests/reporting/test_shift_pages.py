"""Shifts in the browser: their hours, who works them, and the file."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from taishan.core.recurrence import Often
from taishan.kit import clock, tables
from taishan.ledger.models import Entry
from taishan.organisation import shift_sheet, shifts, staffing
from taishan.organisation.models import Account, Person, Shift, ShiftWorker
from taishan.reporting.models import Schedule
from tests import people
from tests.people import signed_in
from tests.reporting import building, shifting
from tests.reporting.building import MORNING, TODAY
from tests.reporting.test_schedule_pages import DAILY, TOMORROW, errors

NIGHT = DAILY | {
    "shift": "Night", "often": "turns", "days_on": "4", "days_off": "2",
    "opens_at": "18:00", "due_at": "21:00", "late_at": "22:00", "closes_at": "06:00",
}  # fmt: skip
NEW = "/schedules/W1/shifts/new/"
FILE = "/schedules/W1/shifts/file/"
DAY = timedelta(days=1)
SPELLS = (TODAY, TOMORROW + DAY), (TOMORROW + 7 * DAY, None)


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Account], media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    building.hire("A1", "A2")
    building.hire("H9", unit="H1")


@pytest.fixture
def office(cast: dict[str, Account]) -> Client:
    return signed_in(cast["duty_office"])


@pytest.fixture
def officer(cast: dict[str, Account]) -> Client:
    return signed_in(cast["safety_officer"])


def of(shift: Shift) -> str:
    return f"/schedules/W1/shifts/{shift.pk}/"


def spells() -> list[tuple[str, str, date, date | None]]:
    rows = ShiftWorker.objects.select_related("person", "shift").order_by("person", "valid")
    return [(row.person.staff_no, row.shift.name, row.valid.lower, row.valid.upper) for row in rows]


def send(client: Client, *rows: tuple[str, ...]) -> Any:
    headings = ["工号", "班次", "开始日期", "最后一天"]
    content = BytesIO(tables.write_xlsx("shifts", headings, rows))
    content.name = "shifts.xlsx"
    return client.post(FILE, {"file": content})


def test_the_hours_of_a_shift_are_previewed_then_recorded_and_people_put_on_it(
    officer: Client,
) -> None:
    building.add_schedule("daily_health", "people", "W1")

    preview = officer.post(NEW, NIGHT).context["preview"]
    assert [day - TOMORROW for day, _hours in preview.periods[:5]] == [
        timedelta(days=n) for n in (0, 1, 2, 3, 6)
    ]
    assert not Shift.objects.exists()

    recorded = officer.post(NEW, NIGHT | {"record": "1"})

    schedule = Schedule.objects.get(shift__name="Night")
    assert schedule.shift is not None
    assert (schedule.rule, schedule.days_on) == ("FREQ=DAILY;INTERVAL=6", 4)
    assert recorded["Location"].startswith(of(schedule.shift))
    assert Entry.objects.filter(verb="schedule.added").last().data["shift"] == "Night"  # type: ignore[union-attr]
    put = {"staff_no": "A1", "starts": str(TODAY), "last_day": str(TOMORROW)}
    assert officer.post(of(schedule.shift), put).status_code == 302
    assert spells() == [("A1", "Night", TODAY, TOMORROW + timedelta(days=1))]


def test_a_change_of_hours_begins_with_what_holds(office: Client) -> None:
    building.add_schedule("daily_health", "people")
    office.post(NEW, NIGHT | {"record": "1"})
    night = Schedule.objects.get(shift__name="Night")
    page = f"/schedules/W1/{night.pk}/"

    form = office.get(page).context["form"]
    assert (form.initial["often"], form.initial["days_on"]) == (Often.TURNS, 4)
    assert form.initial["days_off"] == 2
    later = NIGHT | {"due_at": "20:00", "starts": "2020-02-20", "record": "1"}
    assert office.post(page, later).status_code == 302

    assert Shift.objects.count() == 1
    assert set(Schedule.objects.values_list("shift__name", flat=True)) == {None, "Night"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"last_day": "9999-12-31"}, "last_day"),
        ({"starts": "9999-12-31"}, "starts"),
        ({"skipped": "9999-12-30..9999-12-29"}, "skipped"),
        ({"shift": ""}, "shift"),
        ({"days_off": ""}, "days_off"),
        ({"days_on": "0"}, "days_on"),
        ({"form": "unit_daily"}, "form"),
        ({"shift": "Early"}, "form"),
    ],
)
def test_what_a_shift_cannot_be_is_said_beside_its_field(
    office: Client, wrong: dict[str, str], field: str
) -> None:
    building.add_schedules()
    shifting.add_shift("Early")

    assert set(errors(office.post(NEW, NIGHT | wrong | {"record": "1"}))) == {field}


def test_a_shift_without_a_name_is_not_taken_for_everybody(office: Client) -> None:
    building.add_schedule("daily_health", "people", "W1")

    assert set(errors(office.post(NEW, NIGHT | {"shift": ""}))) == {"shift"}


def test_a_change_of_a_crew_s_hours_begins_with_one_of_its_turns(office: Client) -> None:
    building.add_schedule("daily_health", "people")
    office.post(NEW, NIGHT | {"starts": str(TODAY), "record": "1"})
    night = Schedule.objects.get(shift__name="Night")

    form = office.get(f"/schedules/W1/{night.pk}/").context["form"]

    assert form.initial["starts"] == TODAY + 6 * DAY


def test_no_officer_frees_their_unit_by_a_shift_from_what_the_units_above_ask_for(
    officer: Client,
) -> None:
    building.add_schedule("daily_health", "people")

    assert set(errors(officer.post(NEW, NIGHT | {"record": "1"}))) == {"form"}


def test_the_list_shows_the_shift_with_its_hours_and_how_many_work_it(office: Client) -> None:
    building.add_schedule("daily_health", "people")
    shifting.put_on("A1", shifting.add_shift())
    pages = [office.get(f"/schedules/{unit}/?day={TODAY}&lang=en") for unit in ("W1", "W2", "H1")]

    shown = [[one["entry"].standing.value for one in page.context["entries"]] for page in pages]
    assert shown == [["holds", "holds"], ["holds", "holds"], ["holds"]]
    assert "1 person</a>" in pages[0].content.decode()


def test_everybody_s_schedule_leaves_out_who_works_a_shift_of_its_own(office: Client) -> None:
    building.add_schedule("daily_health", "people")
    shifting.put_on("A1", shifting.add_shift())
    change = DAILY | {"form": "daily_health"}

    page = office.post(f"/schedules/HQ/{Schedule.objects.get(shift=None).pk}/", change)

    assert page.context["preview"].reports == 2


def test_who_may_see_the_people_sees_who_works_a_shift_and_changes_nothing(
    cast: dict[str, Account],
) -> None:
    night = shifting.add_shift()
    shifting.put_on("A1", night)
    inspector = signed_in(cast["inspector"])

    assert "张A1" in inspector.get(of(night)).content.decode()
    assert inspector.post(of(night), {"staff_no": "A2"}).status_code == 403
    assert inspector.post(f"{of(night)}end/").status_code == 403
    assert inspector.get(FILE).status_code == 403


def test_somebody_is_taken_off_after_a_last_day(officer: Client) -> None:
    night = shifting.add_shift()
    shifting.put_on("A1", night, until=TOMORROW + DAY)
    shifting.put_on("A1", night, TOMORROW + 7 * DAY)
    first, second = (("A1", "Night", *one) for one in SPELLS)

    for last_day in ("soon", "2020-02-01", "9999-12-31"):
        assert end_spell(officer, night, TODAY, last_day) == 302
        assert spells() == [first, second]
    assert end_spell(officer, night, TODAY, str(TODAY)) == 302
    assert spells() == [("A1", "Night", TODAY, TOMORROW), second]
    assert end_spell(officer, night, SPELLS[1][0], str(TOMORROW)) == 302

    assert spells() == [("A1", "Night", TODAY, TOMORROW)]


@pytest.mark.parametrize("spell", ["", "soon", "0", "9" * 30])
def test_a_spell_that_is_not_of_the_shift_is_not_found(officer: Client, spell: str) -> None:
    night, early = shifting.add_shift(), shifting.add_shift("Early")
    shifting.put_on("A1", early)
    other = str(ShiftWorker.objects.get().pk)

    for pk in (spell, other):
        sent = {"spell": pk, "last_day": str(TODAY)}
        assert officer.post(f"{of(night)}end/", sent).status_code == 404


def end_spell(client: Client, shift: Shift, since: date, last_day: str) -> int:
    spell = ShiftWorker.objects.get(shift=shift, valid__startswith=since)
    sent = {"spell": str(spell.pk), "last_day": last_day}
    assert f'name="spell" value="{spell.pk}"' in client.get(of(shift)).content.decode()
    return client.post(f"{of(shift)}end/", sent).status_code


@pytest.mark.parametrize("staff_no", ["H9", "X9"])
def test_nobody_of_another_unit_is_put_on_it(officer: Client, staff_no: str) -> None:
    night = shifting.add_shift()
    answer = officer.post(of(night), {"staff_no": staff_no, "starts": str(TODAY)})
    assert errors(answer)
    assert spells() == []


def test_a_file_puts_people_on_shifts_and_says_each_wrong_row(officer: Client) -> None:
    shifting.add_shift("Early")
    shifting.add_shift()
    good = ("A1", "Night", "2020-02-12", "2020-02-14"), ("A1", "Early", "2020-02-15", "")
    page = send(
        officer, *good, ("A2", "Noon", "2020-02-12", ""), ("H9", "Night", "2020-02-12", ""),
        ("A2", "Night", "soon", ""), ("A2", "Night", "2020-02-13", "2020-02-12"),
        ("X9", "Night", "2020-02-12", ""), ("A2", "Night", "2020-02-01", ""),
    )  # fmt: skip

    found = page.context["outcome"]
    assert page.status_code == 422
    assert found.created == 2
    assert [(one.row, one.column) for one in found.errors] == [
        (4, "shift"), (5, "from"), (6, "from"), (7, "last_day"), (8, "staff_no"), (9, "from"),
    ]  # fmt: skip
    assert spells() == []

    officer.post(FILE, {"token": page.context["token"]})

    on_record = [
        ("A1", "Night", TODAY, date(2020, 2, 15)), ("A1", "Early", date(2020, 2, 15), None),
    ]  # fmt: skip
    assert spells() == on_record
    assert Entry.objects.filter(verb="shift.joined").count() == 2
    again = send(officer, *good)
    assert (again.status_code, again.context["outcome"].unchanged) == (200, 2)


def test_the_file_that_goes_out_comes_in_unchanged(officer: Client) -> None:
    night = shifting.add_shift()
    shifting.put_on("A1", night)
    shifting.put_on("A2", night, until=TOMORROW)

    content = officer.get("/schedules/W1/shifts.xlsx?lang=zh").content

    lines = tables._book(content).get_sheet_by_index(0).to_python()
    assert lines[1:] == [
        ["A1", "Night", "2020-02-12", ""],
        ["A2", "Night", "2020-02-12", "2020-02-12"],
    ]
    sent = BytesIO(content)
    sent.name = "shifts.xlsx"
    assert officer.post(FILE, {"file": sent}).context["outcome"].unchanged == 2


def test_a_person_s_own_hours_are_on_their_page(cast: dict[str, Account]) -> None:
    building.add_schedule("daily_health", "people")
    shifting.put_on("A1", shifting.add_shift(marks=building.MARKS))
    account = Account.objects.create(username="A1", person=Person.objects.get(staff_no="A1"))

    [entry] = signed_in(account).get("/reports/").context["entries"]

    assert entry["owed"].window.late == MORNING + timedelta(hours=2)


def test_a_last_day_at_the_end_of_time_is_none_in_a_file_and_refused_in_a_form(
    officer: Client,
) -> None:
    night, never = shifting.add_shift(), "9999-12-31"
    put = {"staff_no": "A1", "starts": str(TODAY)}
    refused = officer.post(of(night), put | {"last_day": never})
    officer.post(of(night), put | {"last_day": ""})
    page = send(officer, ("A2", "Night", str(TODAY), never))
    officer.post(FILE, {"token": page.context["token"]})

    assert refused.status_code == 422
    assert spells() == [("A1", "Night", TODAY, None), ("A2", "Night", TODAY, None)]


def test_a_file_locks_its_people_by_key_and_lets_others_refer_to_them(officer: Client) -> None:
    shifting.add_shift()
    with CaptureQueriesContext(connection) as found:
        send(officer, *((one, "Night", str(TODAY), "") for one in ("A2", "A1")))

    [first, *_each] = [one["sql"] for one in found.captured_queries if "FOR NO KEY" in one["sql"]]
    assert "('A1', 'A2')" in first or "('A2', 'A1')" in first
    assert 'ORDER BY "organisation_person"."id" ASC FOR NO KEY UPDATE' in first


def test_neighbouring_spells_in_a_file_come_in_unchanged_again(officer: Client) -> None:
    shifting.add_shift()
    rows = ("A1", "Night", str(TODAY), str(TODAY)), ("A1", "Night", str(TOMORROW), "")
    page = send(officer, *rows)
    officer.post(FILE, {"token": page.context["token"]})

    assert send(officer, *rows).context["outcome"].unchanged == 2


def test_who_left_the_unit_is_neither_named_nor_counted(office: Client) -> None:
    building.add_schedule("daily_health", "people")
    night = shifting.add_shift()
    for staff_no in ("A1", "A2"):
        shifting.put_on(staff_no, night)
    person = Person.objects.get(staff_no="A1")
    staffing.transfer(actor=people.ACTOR, now=people.NOW, on=TOMORROW, person=person, unit="H1")

    for day, named in ((TODAY, {"A1", "A2"}), (TOMORROW, {"A2"})):
        page = office.get(f"{of(night)}?day={day}")
        assert {row.person.staff_no for row, _last in page.context["spells"]} == named
        assert {row[0] for row in shift_sheet.export_workers(night.unit_id, day)} == named
        assert shifts.count_workers([night.pk], day) == {night.pk: len(named)}


def test_a_shift_is_renamed_but_not_like_another_of_the_unit(officer: Client) -> None:
    night, _early = shifting.add_shift(), shifting.add_shift("Early")

    refused = officer.post(f"{of(night)}name/", {"name": "Early"})
    assert refused.status_code == 422
    assert "Another shift of the unit has this name." in refused.content.decode()
    assert officer.post(f"{of(night)}name/", {"name": "Late"}).status_code == 302

    assert officer.post(f"{of(night)}name/", {"name": "Late"}).status_code == 302
    assert Shift.objects.get(pk=night.pk).name == "Late"
    entry = Entry.objects.get(verb="shift.renamed")
    assert entry.data == {"shift": "Night", "name": "Late"}


def test_a_shift_that_ends_has_nobody_and_no_hours_from_then_on(officer: Client) -> None:
    building.add_schedule("daily_health", "people", "W1")
    night, early = shifting.add_shift(), shifting.add_shift("Early")
    shifting.put_on("A1", night)
    shifting.put_on("A2", early)

    for wrong in (str(TODAY - DAY), "9999-12-31"):
        assert officer.post(f"{of(night)}closure/", {"last_day": wrong}).status_code == 422
    assert officer.post(f"{of(night)}closure/", {"last_day": str(TOMORROW)}).status_code == 302

    ends = TOMORROW + timedelta(days=1)
    assert spells() == [("A1", "Night", TODAY, ends), ("A2", "Early", TODAY, None)]
    assert dict(Schedule.objects.values_list("shift__name", "until")) == {
        None: None, "Night": ends, "Early": None,
    }  # fmt: skip


def test_only_who_may_end_its_schedules_ends_a_shift(officer: Client, office: Client) -> None:
    building.add_schedule("daily_health", "people")
    night = shifting.add_shift()
    last_day = {"last_day": str(TOMORROW)}

    assert not officer.get(of(night)).context["may_end"]
    for day in ("", f"?day={TODAY + 30 * DAY}"):
        assert officer.post(f"{of(night)}closure/{day}", last_day).status_code == 403
    assert Schedule.objects.get(shift=night).until is None
    assert office.get(of(night)).context["may_end"]
    assert office.post(f"{of(night)}closure/", last_day).status_code == 302
