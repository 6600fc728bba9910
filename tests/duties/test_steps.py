"""What units add to who is told when, and their working days; the pages of cases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.core.escalation import Hours, To
from taishan.duties import steps
from taishan.duties.escalation_models import AddedStep, CalendarDay, Escalation
from taishan.duties.steps import Details, StepRefused
from taishan.ledger.models import Entry
from taishan.organisation.models import Account, Unit
from tests.duties.building import assign
from tests.duties.escalating import step_of_w1, w1_answers, work
from tests.people import ACTOR, NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 9 * HOUR


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_a_step_added_later_is_heeded_though_the_duty_was_to_be_looked_at_later(
    cast: dict[str, Account],
) -> None:
    assign("W2", due_at=DUE + 6 * DAY)
    work(NOW)

    step_of_w1()
    work(DUE + 5 * DAY)

    assert Escalation.objects.filter(person__staff_no="D4").count() == 1


def test_a_withdrawn_step_tells_no_more_and_its_withdrawal_is_recorded_once(
    cast: dict[str, Account],
) -> None:
    assign("W1", due_at=DUE + 6 * DAY)
    step = step_of_w1()

    assert steps.withdraw(actor=ACTOR, now=NOW, step=step)
    assert not steps.withdraw(actor=ACTOR, now=NOW, step=step)
    work(DUE + 5 * DAY)

    assert not Escalation.objects.filter(person__staff_no="D4").exists()
    assert Entry.objects.filter(verb="escalation.step_withdrawn").count() == 1


@pytest.mark.parametrize(
    "wrong", [{"to": []}, {"kind": "nonsense"}, {"times": 3, "every_min": None}]
)
def test_a_step_that_says_too_little_is_refused(
    cast: dict[str, Account], wrong: dict[str, Any]
) -> None:
    given: dict[str, Any] = {
        "kind": "directive", "offset_min": 0, "to": [To.DEBTOR], "hours": Hours.WAKING,
    } | wrong  # fmt: skip

    with pytest.raises(StepRefused):
        steps.add(actor=ACTOR, now=NOW, unit_id=1, details=Details(**given))


def test_a_head_adds_a_step_in_the_browser_for_their_unit_alone(cast: dict[str, Account]) -> None:
    sent = {
        "kind": "directive", "hours": 6, "side": "before", "to": ["superior"], "at": "at_once",
        "times": 2, "every": 3,
    }  # fmt: skip
    head = browser(cast["unit_head"])

    refused = head.post("/escalation/steps/", sent | {"unit": "H1"})
    head.post("/escalation/steps/", sent | {"unit": "W1"})

    assert refused.status_code == 403
    step = AddedStep.objects.get()
    assert (step.unit.code, step.offset_min, step.to, step.every_min, step.times) == (
        "W1", -360, ["superior"], 180, 2,
    )  # fmt: skip
    assert "added by W1" in head.get("/escalation/").content.decode()


def test_what_units_above_added_is_shown_to_those_for_whom_it_holds(
    cast: dict[str, Account],
) -> None:
    head = cast["unit_head"]
    hq, h1 = (Unit.objects.get(code=code).pk for code in ("HQ", "H1"))
    details = Details(kind="directive", offset_min=0, to=[To.INSPECTOR], hours=Hours.WAKING)
    for unit_id in (hq, h1):
        steps.add(actor=ACTOR, now=NOW, unit_id=unit_id, details=details)
    steps.say_of_day(
        actor=ACTOR, now=NOW, unit_id=hq, day=date(2020, 5, 1), works=False, name="Labour Day"
    )

    page = browser(head).get("/escalation/").content.decode()

    assert "added by HQ" in page
    assert "added by H1" not in page
    assert "Labour Day" in page
    assert "/withdrawal/" not in page


def test_what_is_said_of_a_day_gives_way_to_what_is_said_later(cast: dict[str, Account]) -> None:
    office = browser(cast["duty_office"])
    for works in ("rests", "works"):
        office.post(
            "/escalation/days/", {"unit": "HQ", "day": "2020-05-09", "works": works, "name": "调休"}
        )

    day = CalendarDay.objects.get()
    assert (day.unit, day.day, day.works) == (Unit.objects.get(code="HQ"), date(2020, 5, 9), True)


def test_the_debtor_and_the_inspector_read_the_same_page_and_only_one_may_speak(
    cast: dict[str, Account],
) -> None:
    case = w1_answers()
    pages = {
        role: browser(cast[role]).get(f"/cases/{case.pk}/").content.decode()
        for role in ("unit_head", "inspector", "discipline_office")
    }

    for page in pages.values():
        assert "Have masks for ten days" in page
        assert "林建国 (who owes)" in page
    assert "<textarea" in pages["unit_head"]
    assert "<textarea" not in pages["inspector"]


def test_a_list_of_many_cases_costs_no_more_queries_than_one_of_few(
    cast: dict[str, Account], django_assert_max_num_queries: Any
) -> None:
    for code in ("W1", "W2", "H1", "T1", "X1"):
        assign(code)
    work(DUE + 3 * DAY)
    office = browser(cast["discipline_office"])
    office.get("/cases/")

    with django_assert_max_num_queries(12):
        page = office.get("/cases/").content.decode()

    assert page.count("<tr>") == 6
