"""The light pages on which people report, with and without scripts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from taishan.kit import clock
from taishan.organisation.models import Account, Person
from taishan.reporting.models import Correction, Door, Report
from tests.people import signed_in
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, WELL, report, submit

ADDRESS = f"/reports/daily_health/{TODAY}/"
RETURN = f"/reports/unit_daily/{TODAY}/W1/"
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """08:00 in Wenzhou, until a test says otherwise."""

    def to(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    to(MORNING)
    return to


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2")
    for staff_no in ("A1", "A2"):
        person = Person.objects.get(staff_no=staff_no)
        Account.objects.create(username=staff_no, person=person)
    return cast


@pytest.fixture
def phone(group: object) -> Client:
    """A1's, signed in."""
    return signed_in(Account.objects.get(username="A1"))


def posted(answers: dict[str, Any] = WELL, **more: Any) -> dict[str, Any]:
    return {f"q.{name}": value for name, value in answers.items()} | more


def in_force() -> Report:
    return Report.objects.get(subject_id=Person.objects.get(staff_no="A1").pk, period=TODAY)


def test_my_reports_say_what_is_owed_until_when_and_what_is_done(phone: Client) -> None:
    page = phone.get("/reports/?lang=en").content.decode()
    assert ADDRESS in page
    assert "On time until 02-12 10:00" in page

    phone.post(ADDRESS, posted())

    assert "✓ It is recorded" in phone.get("/reports/").content.decode()
    assert "上报" in phone.get("/reports/?lang=zh").content.decode()


def test_a_report_is_given_without_scripts_and_its_receipt_says_on_time(phone: Client) -> None:
    answer = phone.post(f"{ADDRESS}?lang=en", posted())

    assert answer.status_code == 200
    assert "At 2020-02-12 08:00." in answer.content.decode()
    assert "On time" in answer.content.decode()
    assert in_force().door == Door.PAGE


def test_a_report_after_the_hour_is_late_and_says_so(phone: Client, set_clock: Any) -> None:
    set_clock(MORNING + timedelta(hours=3))
    assert "<b>Late</b>" in phone.post(f"{ADDRESS}?lang=en", posted()).content.decode()


def test_a_wrong_answer_is_shown_at_its_question_with_the_others_kept(phone: Client) -> None:
    answer = phone.post(f"{ADDRESS}?lang=en", posted(WELL | {"body_temperature": "61"}))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Between 34 and 43 °C." in page
    assert 'value="61"' in page
    assert 'value="well" checked' in page
    assert not Report.objects.exists()


def test_the_page_is_filled_in_with_the_last_answers_and_says_from_when(phone: Client) -> None:
    earlier = report("A1", WELL | {"remarks": "at home"}, period=YESTERDAY)
    others = report("A2", WELL | {"remarks": "somebody else"}, period=YESTERDAY)
    submit(earlier, others, now=MORNING - timedelta(days=1))

    page = phone.get(f"{ADDRESS}?lang=en").content.decode()

    assert 'value="at home"' in page
    assert "Filled in from your report of 2020-02-11" in page
    assert "somebody else" not in page


def test_the_same_answers_twice_are_one_report(phone: Client) -> None:
    phone.post(ADDRESS, posted())
    again = phone.post(f"{ADDRESS}?lang=en", posted())

    assert "Recorded already" in again.content.decode()
    assert Report.objects.count() == 1


def test_what_the_phone_sends_again_under_its_number_is_one_report(phone: Client) -> None:
    item = posted(client=str(uuid4()), device_at="2020-02-11T23:30:00Z", seen="")
    assert phone.post(ADDRESS, item).status_code == 200
    submit(report("A1", FEVER), now=MORNING + timedelta(minutes=1))

    again = phone.post(f"{ADDRESS}?lang=en", item)

    assert "Recorded already" in again.content.decode()
    assert in_force().answers[0] == "unwell"


def test_answers_recorded_meanwhile_are_shown_beside_mine_to_choose(phone: Client) -> None:
    submit(report("A1", FEVER))

    answer = phone.post(f"{ADDRESS}?lang=en", posted(client=str(uuid4()), seen=""))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Fever, Dry cough" in page
    assert in_force().answers[0] == "unwell"

    seen = str(in_force().client)
    assert f'name="seen" value="{seen}"' in page
    assert phone.post(ADDRESS, posted(client=str(uuid4()), seen=seen)).status_code == 200
    assert in_force().answers[0] == "well"


def test_what_one_person_answered_is_never_sent_as_the_next_one_s(phone: Client) -> None:
    other = Account.objects.get(username="A2")

    answer = phone.post(ADDRESS, posted(account=str(other.pk)))

    assert answer.status_code == 403
    assert not Report.objects.exists()


def test_a_report_for_a_closed_day_is_passed_on_as_a_correction(
    phone: Client, set_clock: Any
) -> None:
    set_clock(MORNING + timedelta(days=1))

    answer = phone.post(f"{ADDRESS}?lang=en", posted())

    assert "Passed on as a correction" in answer.content.decode()
    assert Correction.objects.get().subject_id == Person.objects.get(staff_no="A1").pk


def test_the_officer_of_a_unit_gives_its_return_and_nobody_else(group: dict[str, Account]) -> None:
    officer = signed_in(group["safety_officer"])
    assert RETURN in officer.get("/reports/").content.decode()

    answer = officer.post(f"{RETURN}?lang=en", posted(building.RETURN))

    assert "It is recorded" in answer.content.decode()
    assert signed_in(group["inspector"]).get(RETURN).status_code == 404
    assert signed_in(group["employee"]).post(RETURN, posted(building.RETURN)).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        f"/reports/no_such_form/{TODAY}/",
        "/reports/daily_health/9999-12-31/",
        "/reports/daily_health/0001-01-01/",
        "/reports/daily_health/today/",
        f"/reports/daily_health/{TODAY}/W1/",
        f"/reports/unit_daily/{TODAY}/",
        f"/reports/unit_daily/{TODAY}/NOWHERE/",
    ],
)
def test_there_is_no_page_for_a_report_that_nobody_owes(phone: Client, path: str) -> None:
    assert phone.get(path).status_code == 404
    assert phone.post(path, posted()).status_code == 404


def test_an_answer_to_an_earlier_version_is_taken_as_such(phone: Client) -> None:
    assert phone.post(ADDRESS, posted(version="1")).status_code == 200
    assert phone.post(ADDRESS, posted(version="99")).status_code == 404


def test_the_answers_of_a_person_stand_in_no_address(phone: Client) -> None:
    page = phone.get("/reports/").content.decode()
    assert "A1" not in page.split("<main")[1].split("</main>")[0]


def test_a_report_page_costs_a_constant_number_of_queries(
    phone: Client, django_assert_max_num_queries: Any
) -> None:
    phone.get(ADDRESS)
    with django_assert_max_num_queries(21):
        phone.get(ADDRESS)
