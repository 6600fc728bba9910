"""The pages of duties: the list, one duty and its acts, scorecards, the matrix, the calendar."""

from __future__ import annotations

import io
from collections import Counter
from datetime import UTC, date, timedelta
from pathlib import Path

import icalendar
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from taishan.duties import actions, feeds, scorecards
from taishan.duties.counting import Span
from taishan.duties.models import Duty, FeedAddress, Handover, ProofFile
from taishan.duties.scorecards import Totals
from taishan.organisation import actions as organisation
from taishan.organisation import posts
from taishan.organisation.models import Account, Person, Unit
from tests.duties.building import DAY, HOUR, assign
from tests.people import ACTOR, FOUNDED, NOW
from tests.pictures import png

PNG = png()


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def address(duty: Duty, act: str = "one") -> str:
    unit = Unit.objects.get(pk=duty.unit_id)
    return reverse(f"duties:{act}", args=[unit.code, duty.id])


@pytest.mark.django_db
def test_the_first_screen_says_what_is_overdue_due_waited_for_and_done(
    cast: dict[str, Account],
) -> None:
    assign("W1", subject=("d", "1"), what_en="Late thing", due_at=NOW - HOUR,
           opened_at=NOW - 2 * HOUR)  # fmt: skip
    assign("W1", subject=("d", "2"), what_en="Next thing", due_at=NOW + 30 * DAY)
    done = assign("W1", subject=("d", "3"), what_en="Done thing", due_at=NOW + DAY)
    actions.discharge(actor=ACTOR, now=NOW, duty=done)
    assign("H1", subject=("d", "4"), what_en="Not mine", due_at=NOW + DAY)
    head, office = (signed_in(cast[role]).get("/").context for role in ("unit_head", "duty_office"))

    def words(lines: list[dict[str, str]]) -> list[str]:
        return [line["what"] for line in lines]

    assert words(head["overdue"]) == ["Late thing"]
    assert "Next thing" in words(head["due"])
    assert words(head["done"]) == ["Done thing"]
    assert head["waiting_on"] == []
    assert words(office["waiting_on"]) == ["Late thing", "Not mine", "Next thing"]


@pytest.mark.django_db
def test_the_first_screen_takes_as_many_queries_for_many_duties_as_for_few(
    cast: dict[str, Account],
) -> None:
    client = signed_in(cast["unit_head"])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get("/")
        return len(found)

    assign("W1")
    queries()
    few = queries()
    for number in range(2, 20):
        assign("W1", subject=("d", str(number)))
    assert queries() == few


@pytest.mark.django_db
def test_who_owes_a_ticked_duty_records_it_with_a_photo(
    cast: dict[str, Account], media: Path
) -> None:
    duty = assign("W1", kind="decision", needs_evidence=True)
    client = signed_in(cast["safety_officer"])

    empty = client.post(address(duty, "discharge"), {"evidence": ""})
    photo = io.BytesIO(PNG)
    photo.name = "masks.png"
    client.post(address(duty, "discharge"), {"evidence": "", "file": photo})

    assert empty.status_code == 422
    assert Duty.objects.get(id=duty.id).ended == "on_time"
    assert ProofFile.objects.get().name == "masks.png"
    assert client.get(address(duty, "file")).content == PNG


@pytest.mark.django_db
def test_a_duty_done_elsewhere_is_not_done_by_saying_so(cast: dict[str, Account]) -> None:
    duty = assign("W1", address="/board/")
    client = signed_in(cast["unit_head"])

    page = client.get(address(duty)).content.decode()

    assert "It is done where it belongs" in page
    assert client.post(address(duty, "discharge")).status_code == 403


@pytest.mark.django_db
def test_nobody_waives_what_they_owe_themselves(cast: dict[str, Account]) -> None:
    w1 = Unit.objects.get(code="W1").pk
    own = assign("W1", kind="decision", creditor_id=w1)
    client = signed_in(cast["unit_head"])

    assert client.post(address(own, "waiver"), {"reason": "too busy"}).status_code == 403
    assert Duty.objects.get(id=own.id).ended is None


@pytest.mark.django_db
def test_the_page_of_a_duty_tells_its_whole_story(cast: dict[str, Account]) -> None:
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="P", unit="W1", title_en="Warden", title_zh="保卫"
    )
    duty = assign("W1", kind="decision")
    office = signed_in(cast["duty_office"])

    office.post(address(duty, "extension"), {"due_at": "2020-02-20T17:00", "reason": "snow"})
    office.post(address(duty, "handover"), {"post": str(post.pk), "reason": "it is theirs"})
    office.post(address(duty, "waiver"), {"reason": "settled otherwise"})

    page = office.get(address(duty))
    titles = [event["title"] for event in page.context["events"]]
    assert titles == [
        "Opened", "Due 02-20 17:00 instead of 02-12 17:00", "Handed over: the unit → Warden",
        "Waived",
    ]  # fmt: skip
    assert Handover.objects.get().reason == "it is theirs"
    assert "settled otherwise" in page.content.decode()


@pytest.mark.django_db
def test_a_part_owed_abroad_stands_under_its_unit_and_its_own_clock(
    cast: dict[str, Account],
) -> None:
    whole = assign("W1", due_at=NOW + 20 * HOUR)
    assign("P1", parent=whole, due_at=NOW + 16.5 * HOUR)

    (line,) = signed_in(cast["duty_office"]).get(address(whole)).context["children"]

    assert (line["owner"], line["due"]) == ("Unit P1", "2020-02-12 23:30")


@pytest.mark.django_db
def test_a_duty_goes_to_nobody_who_does_not_work_in_the_unit(cast: dict[str, Account]) -> None:
    duty = assign("W1")

    answer = signed_in(cast["unit_head"]).post(
        address(duty, "handover"), {"staff_no": "D6", "reason": "let them"}
    )

    assert answer.status_code == 422
    assert not Handover.objects.exists()


@pytest.mark.django_db
def test_what_a_person_owes_is_not_shown_to_those_who_see_no_people(
    cast: dict[str, Account],
) -> None:
    duty = assign("P1", person_id=cast["duty_office"].person_id)

    assert signed_in(cast["employee"]).get(address(duty)).status_code == 404
    assert signed_in(cast["employee"]).get("/duties/units/P1/").context["lines"] == []
    assert signed_in(cast["inspector"]).get(address(duty)).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Overdue", "Open"]),
        ("?state=overdue", ["Overdue"]),
        ("?state=missed", ["Missed"]),
        ("?state=on_time", ["Done"]),
        ("?state=", ["Open", "Done", "Overdue", "Missed"]),
        ("?state=&since=2020-02-12&last=2020-02-12", ["Done", "Overdue", "Missed"]),
        ("?kind=decision", []),
    ],
)
def test_the_list_of_a_unit_is_narrowed_by_its_address(
    cast: dict[str, Account], query: str, found: list[str]
) -> None:
    before = {"opened_at": NOW - DAY}
    assign("W1", subject=("d", "1"), what_en="Open", due_at=NOW + 9 * DAY)
    assign("W1", subject=("d", "2"), what_en="Overdue", due_at=NOW - HOUR, **before)
    assign("W1", subject=("d", "3"), what_en="Missed", due_at=NOW - 2 * HOUR,
           lapses_at=NOW - HOUR, **before)  # fmt: skip
    done = assign("W1", subject=("d", "4"), what_en="Done", due_at=NOW + HOUR)
    actions.discharge(actor=ACTOR, now=NOW, duty=done)

    page = signed_in(cast["inspector"]).get(f"/duties/units/W1/{query}")

    assert [line["what"] for line in page.context["lines"]] == found


@pytest.fixture
def month_of_w1(cast: dict[str, Account]) -> None:
    """In February: W1 owes one, done; below it W2 owes one, waived, one missed that no job wrote
    down, and one open; H1 one, done late. In March: W1 one.
    """
    given = {"opened_at": NOW - 5 * DAY, "due_at": NOW - DAY}
    done, late = assign("W1", subject=("d", "1")), assign("H1", subject=("d", "1"), **given)
    gone = assign("W2", subject=("d", "1"))
    assign("W2", subject=("d", "2"), lapses_at=NOW - HOUR, **given)
    assign("W2", subject=("d", "3"), due_at=NOW + 5 * DAY)
    assign("W1", subject=("d", "4"), due_at=NOW + 25 * DAY)
    actions.discharge(actor=ACTOR, now=NOW, duty=done)
    actions.discharge(actor=ACTOR, now=NOW, duty=late)
    actions.waive(actor=ACTOR, now=NOW, duty=gone, reason="closed")


def rows(client: Client, query: str) -> dict[str, Totals]:
    card = client.get(f"/duties/scorecards/{query}").context["card"]
    return {code: totals for _pk, _name, code, totals in card.rows if totals.owed}


@pytest.mark.django_db
@pytest.mark.usefixtures("month_of_w1")
def test_a_scorecard_sums_each_unit_with_all_below_it(cast: dict[str, Account]) -> None:
    client = signed_in(cast["inspector"])

    assert rows(client, "") == {
        "W1": Totals(owed=4, on_time=1, missed=1, waived=1), "H1": Totals(owed=1, late=1),
    }  # fmt: skip
    assert rows(client, "?within=W1") == {
        "W1": Totals(owed=1, on_time=1), "W2": Totals(owed=3, missed=1, waived=1),
    }  # fmt: skip
    year = rows(client, "?since=2020-01-01&last=2020-12-31&within=W1")
    assert year["W1"] == Totals(owed=2, on_time=1)
    assert rows(client, "?since=2020-02-12&last=2020-02-12&within=W1")["W2"].owed == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("month_of_w1")
def test_the_excel_file_says_the_same_as_the_page(cast: dict[str, Account]) -> None:
    answer = signed_in(cast["inspector"]).get("/duties/scorecards.xlsx")

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    lines = {line[1] or line[0]: line[2:] for line in sheet.to_python()[1:]}
    assert lines["whole"] == [5, 1, 1, 1, 1, 1, 33.3]
    assert lines["W1"] == [4, 1, 0, 1, 1, 1, 50]


@pytest.mark.django_db
@pytest.mark.usefixtures("month_of_w1")
def test_the_page_says_who_waits_on_whom(cast: dict[str, Account]) -> None:
    page = signed_in(cast["inspector"]).get("/duties/scorecards/")

    waiting = {(one["creditor"], one["debtor"]): one["open"] for one in page.context["waiting"]}
    assert waiting == {("Unit HQ", "Unit W2"): 2, ("Unit HQ", "Unit W1"): 1}


@pytest.mark.django_db
@pytest.mark.usefixtures("month_of_w1")
def test_a_unit_that_closed_keeps_its_numbers_before_and_after(cast: dict[str, Account]) -> None:
    organisation.close_unit(actor=ACTOR, now=NOW, on=date(2020, 2, 14), code="W2")
    client = signed_in(cast["inspector"])
    after = "?within=W1&day=2020-02-20&since=2020-02-15&last=2020-02-29"

    before = rows(client, "?within=W1&day=2020-03-05&since=2020-02-01&last=2020-02-29")
    assert before["W2"].owed == 3
    assert rows(client, after)["W2"] == Totals(owed=1)
    assert "W2" not in rows(client, "?within=W1&day=2020-03-05&since=2020-03-01&last=2020-03-31")
    own = client.get(f"/duties/scorecards/{after.replace('W1', 'W2')}")
    assert client.get(own.context["rows"][0]["listed"]).status_code == 200


@pytest.mark.django_db
def test_a_person_is_measured_by_the_posts_they_held_on_the_day(cast: dict[str, Account]) -> None:
    post = posts.open_post(
        actor=ACTOR, now=NOW, on=FOUNDED, code="P", unit="W1", title_en="Warden", title_zh="保卫"
    )
    first, second = Person.objects.get(staff_no="D2"), Person.objects.get(staff_no="D3")
    posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=first, post=post)
    posts.hold_post(actor=ACTOR, now=NOW, on=date(2020, 2, 15), person=second, post=post)
    for number, days in enumerate((1, 2, 6)):
        assign("W1", subject=("d", str(number)), post_id=post.pk, due_at=NOW + days * DAY)
    assign("W1", subject=("d", "own"), person_id=second.pk, due_at=NOW + DAY)

    unit_id = Unit.objects.get(code="W1").pk
    found = scorecards.find_by_person(unit_id, date(2020, 2, 1), date(2020, 3, 1), NOW)

    assert {one.staff_no: totals.owed for one, totals in found} == {"D2": 2, "D3": 2}


@given(since=st.dates(date(2018, 1, 1), date(2023, 1, 1)), days=st.integers(0, 2000))
def test_the_sums_of_a_period_are_each_of_its_days_once(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    covered: Counter[date] = Counter()
    for span, first, end, sign in scorecards.spans(since, until):
        if span >= Span.MONTH and first < end:
            assert (first.day, end.day) == (1, 1)
        if span == Span.YEAR and first < end:
            assert (first.month, end.month) == (1, 1)
        for number in range((end - first).days):
            covered[first + timedelta(days=number)] += sign

    assert {day for day, times in covered.items() if times} == {
        since + timedelta(days=number) for number in range(days)
    }
    assert set(covered.values()) <= {0, 1}


@pytest.mark.django_db
def test_a_calendar_program_reads_what_one_owes_at_a_secret_address(
    cast: dict[str, Account],
) -> None:
    duty = assign("W1", what_en="Have masks", what_zh="备足口罩")
    page = signed_in(cast["unit_head"]).post("/duties/feed/").context["address"]

    (event,) = icalendar.Calendar.from_ical(Client().get(page).content).walk("VEVENT")

    assert event["uid"] == f"{duty.id}@taishan"
    assert (event["summary"], event["dtend"].dt) == ("Have masks", duty.due_at.astimezone(UTC))
    assert "备足口罩" in event["description"]
    assert page.split("/")[-1].split(".")[0] not in FeedAddress.objects.get().digest


@pytest.mark.django_db
def test_an_address_that_was_withdrawn_or_replaced_leads_nowhere(
    cast: dict[str, Account],
) -> None:
    def make() -> str:
        return feeds.make(actor=ACTOR, now=NOW, account=cast["unit_head"])

    first, second = make(), make()
    assert feeds.find_account(first) is None
    assert feeds.find_account(second) == cast["unit_head"]
    feeds.revoke(actor=ACTOR, now=NOW, account=cast["unit_head"])
    assert feeds.find_account(second) is None


@pytest.mark.django_db
def test_a_shut_account_has_no_calendar(cast: dict[str, Account]) -> None:
    token = feeds.make(actor=ACTOR, now=NOW, account=cast["unit_head"])
    Account.objects.filter(pk=cast["unit_head"].pk).update(is_active=False)

    assert feeds.find_account(token) is None
    assert Client().get(f"/duties/feed/{token}.ics").status_code == 404
