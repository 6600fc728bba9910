"""Scorecards: the sums of what fell due in a period, by unit and by person."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date, timedelta
from unittest import mock

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from taishan.duties import actions, scorecards
from taishan.duties.counting import MEASURES, Span
from taishan.duties.models import Duty
from taishan.duties.scorecards import Totals
from taishan.organisation import access, posts
from taishan.organisation import actions as organisation
from taishan.organisation.access import Viewer
from taishan.organisation.models import Account, Person, Unit
from tests.duties.building import DAY, HOUR, assign, owed
from tests.people import ACTOR, FOUNDED, NOW, signed_in


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
        if span != Span.DAY and first < end:
            assert {first.day, end.day} <= {1, 6, 11, 16, 21, 26}
        if span in (Span.MONTH, Span.YEAR) and first < end:
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
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    since=st.dates(FOUNDED, date(2021, 12, 1)), days=st.integers(1, 500),
    kind=st.sampled_from(["", "directive", "approval"]), few=st.sampled_from([0, 500]),
)  # fmt: skip
def test_a_scorecard_of_any_days_says_what_counting_its_duties_says(
    two_years: Viewer, since: date, days: int, kind: str, few: int
) -> None:
    until, now = since + timedelta(days=days), NOW + 200 * DAY
    branch = scorecards.find_branch(two_years, "", since, until)
    counted = {row: Counter(owed=0) for row in branch.row_of.values()}
    for duty in Duty.objects.filter(due_on__gte=since, due_on__lt=until):
        if not kind or duty.kind == kind:
            became = duty.standing(now)
            counted[branch.row_of[duty.unit_id]] += Counter(owed=1, **{became.value: 1})

    with mock.patch.object(scorecards, "FEW_UNITS", few):
        found = scorecards.find_totals(branch, since, until, now, kind)

    assert found == {
        row: Totals(**{name: one[name] for name in MEASURES}) for row, one in counted.items()
    }


@pytest.fixture
def two_years(cast: dict[str, Account]) -> Viewer:
    """Duties over two years, of which some were done, some lapsed and no job wrote it down."""
    opened = NOW - 30 * DAY
    made = actions.assign(actor=ACTOR, now=opened, owed=[
        owed(unit, subject=("d", str(number)), kind=("directive", "approval")[number % 2],
             due_at=opened + number * 5.3 * DAY,
             lapses_at=opened + number * 6 * DAY if number % 4 == 1 else None)
        for number in range(140)
        for unit in ("W1", "W2", "H1", "P1")[number % 3 :]
    ])  # fmt: skip
    for duty in [one for one in made if one.lapses_at is None][:150:6]:
        actions.discharge(actor=ACTOR, now=NOW, duty=duty, done_at=NOW)
    return access.viewer_for(cast["inspector"], NOW.date())


@pytest.mark.django_db
def test_the_last_year_that_can_be_asked_for_has_a_scorecard(cast: dict[str, Account]) -> None:
    assert rows(signed_in(cast["inspector"]), "?since=9998-01-01&last=9998-12-31") == {}


@pytest.mark.django_db
def test_a_period_without_an_end_is_the_month(cast: dict[str, Account]) -> None:
    page = signed_in(cast["inspector"]).get("/duties/scorecards/?since=2020-01-01&last=9999-12-30")

    assert page.context["card"].period.since == date(2020, 2, 1)
