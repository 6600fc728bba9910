"""What people are told of what is owed, and of cases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from taishan.communications import case_notices, escalations
from taishan.communications.models import Delivery, Notice
from taishan.duties import actions, cases
from taishan.duties.case_models import Case
from taishan.duties.escalation_models import Escalation
from taishan.organisation.models import Account
from tests import jobs
from tests.duties.building import assign
from tests.duties.escalating import JOB, w1_answers, work
from tests.duties.test_cases import actor
from tests.people import ACTOR, NOW

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 9 * HOUR


def told(account: Account) -> list[Notice]:
    rows = Delivery.objects.filter(person=account.person).order_by("notice_id")
    return [row.notice for row in rows.select_related("notice")]


def round_of(now: object) -> str:
    return str(Escalation.objects.filter(recorded_at=now).values_list("round", flat=True)[0])


def test_a_person_is_told_of_all_that_is_overdue_in_one_notice(cast: dict[str, Account]) -> None:
    for number in range(3):
        assign("W1", subject=("directive", str(number)), what_en=f"Thing {number}")
    work(DUE)

    escalations.tell(actor=JOB, now=DUE, round_id=round_of(DUE))

    (notice,) = told(cast["unit_head"])
    assert (notice.title_en, notice.title_zh) == (
        "What is owed: 3 overdue", "责任事项提醒：3 项已逾期",
    )  # fmt: skip
    assert "overdue (2020-02-12 17:00) — Unit W1: Thing 2" in notice.text_en
    assert notice.text_zh.count("\n") == 2


def test_the_same_round_told_twice_is_heard_once(cast: dict[str, Account]) -> None:
    assign("W1")
    work(DUE)

    for _time in range(2):
        escalations.tell(actor=JOB, now=DUE, round_id=round_of(DUE))

    assert len(told(cast["unit_head"])) == 1


def test_what_was_done_before_the_notice_went_out_is_left_out(cast: dict[str, Account]) -> None:
    duty = assign("W1")
    work(DUE)
    actions.discharge(actor=ACTOR, now=DUE, duty=duty)

    escalations.tell(actor=JOB, now=DUE, round_id=round_of(DUE))

    assert told(cast["unit_head"]) == []


def test_a_long_digest_says_how_many_more_there_are(cast: dict[str, Account]) -> None:
    for number in range(25):
        assign("W1", subject=("directive", str(number)), what_en="long " * 60)
    work(DUE)

    escalations.tell(actor=JOB, now=DUE, round_id=round_of(DUE))

    (notice,) = told(cast["unit_head"])
    assert notice.text_en.endswith("and 5 more")
    assert len(notice.text_en) < 4000


def test_who_owes_is_led_where_it_is_done_and_others_to_what_is_owed(
    cast: dict[str, Account],
) -> None:
    duty = assign("W1", address="/cases/1/explanation/")
    work(DUE)
    work(DUE + DAY)

    for now in (DUE, DUE + DAY):
        escalations.tell(actor=JOB, now=now, round_id=round_of(now))

    assert told(cast["unit_head"])[0].address == "/cases/1/explanation/"
    assert told(cast["duty_office"])[0].address == f"/duties/W1/{duty.id}/"


def test_whoever_is_above_hears_in_which_part_they_are_told(cast: dict[str, Account]) -> None:
    assign("W1")
    work(DUE)
    work(DUE + DAY)

    escalations.tell(actor=JOB, now=DUE + DAY, round_id=round_of(DUE + DAY))

    assert "[as superior]" in told(cast["duty_office"])[0].text_en
    assert "〔副职知悉〕" in told(cast["safety_officer"])[0].text_zh


def test_the_news_of_a_pass_and_of_a_case_reaches_people_by_itself(
    cast: dict[str, Account],
) -> None:
    w1_answers()

    jobs.run()

    subjects = {notice.about_kind for notice in told(cast["unit_head"])}
    assert subjects == {"escalation", "case"}
    (opened,) = told(cast["discipline_office"])
    assert opened.address == f"/cases/{Case.objects.get().pk}/"
    asked = next(one for one in told(cast["unit_head"]) if one.about_kind == "case")
    assert asked.address.endswith("/explanation/")
    assert "2020-02-19 18:00" in asked.text_en


def test_the_debtor_is_told_of_every_decision(cast: dict[str, Account]) -> None:
    case = w1_answers()
    jobs.forget()

    for what in ("found", "measured", "closed"):
        case_notices.tell(actor=JOB, now=NOW, case_id=case.pk, what=what)

    titles = [notice.title_en for notice in told(cast["unit_head"])]
    assert [title.partition(":")[0] for title in titles] == [
        "There is a finding in the case about you", "There is a measure in the case about you",
        "The case about you is closed",
    ]  # fmt: skip
    assert told(cast["discipline_office"]) == []


def test_the_office_is_told_of_an_explanation(cast: dict[str, Account]) -> None:
    case, head = w1_answers(), cast["unit_head"]
    jobs.run()

    cases.explain(actor=actor(head), now=case.opened_at, case=case, text="The road was shut")
    jobs.run()

    assert [one.title_en for one in told(cast["discipline_office"])][-1].startswith(
        "An explanation was given"
    )
