"""A situation report: drafted, reviewed by somebody else, published with a number, then fixed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from taishan.ledger.models import Entry
from taishan.organisation.models import Account
from taishan.situation import freezing, situation_reports
from taishan.situation.models import Publication
from taishan.situation.situation_reports import ReportRefused, State, Words
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, report, submit
from tests.situation.building import EVENING, WORDS, actor, draft_report, numbers, publish_report

pytestmark = pytest.mark.usefixtures("group")


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("B1", unit="W2")
    submit(report("A1", period=TODAY - timedelta(days=1)), now=MORNING - timedelta(days=1))
    submit(report("A1", FEVER), report("A2"))
    return cast


def test_numbers_are_those_of_the_page_and_say_how_complete_they_are(
    cast: dict[str, Account],
) -> None:
    daily = next(
        form for form in numbers(cast["duty_office"])["forms"] if form["code"] == "daily_health"
    )

    assert daily["reporting"] == [4, 2, 2]
    assert daily["reporting_before"] == [4, 1, 1]
    fever = next(sign for sign in daily["signs"] if sign["key"] == "fever")
    assert (fever["now"], fever["before"]) == (1, 0)
    assert [row["code"] for row in daily["units"]] == ["W1", "W2"]
    assert [one["code"] for one in daily["worries"]] == ["W2", "W1"]
    assert daily["trend"][-1] == {
        "day": "2020-02-12",
        "reporting": [4, 2, 2],
        "signs": {"confirmed": 0, "suspected": 0, "fever": 1, "symptomatic": 1, "contact": 0},
    }


def test_a_form_that_nobody_owes_there_is_left_out(cast: dict[str, Account]) -> None:
    building.add_schedule("site_weekly", "sites", rule="FREQ=WEEKLY;BYDAY=MO")
    office = cast["duty_office"]

    assert [form["code"] for form in numbers(office, "H1")["forms"]] == ["unit_daily"]
    weekly = numbers(office, "W1")["forms"][1]
    assert (weekly["code"], [row["code"] for row in weekly["units"]]) == ("site_weekly", ["W2"])


def test_a_published_report_stays_as_it_was_whatever_comes_in_later(
    cast: dict[str, Account],
) -> None:
    found = publish_report(cast)
    submit(report("A3", FEVER), report("B1"))

    kept = Publication.objects.get(pk=found.pk)

    assert kept.edition.numbers["forms"][0]["reporting"] == [4, 2, 2]
    assert kept.edition.epidemic == WORDS.epidemic
    assert situation_reports.is_as_published(kept)


def test_it_is_published_only_after_somebody_else_has_reviewed_it(
    cast: dict[str, Account],
) -> None:
    found = draft_report(cast["unit_head"])
    head, office = actor(cast["unit_head"]), actor(cast["duty_office"])
    given: dict[str, Any] = {"now": EVENING, "report": found, "edition": 1}

    with pytest.raises(ReportRefused, match="reviewed"):
        situation_reports.publish(actor=office, **given)
    situation_reports.submit(actor=head, **given)
    with pytest.raises(ReportRefused, match="somebody else"):
        situation_reports.review(actor=head, **given)
    situation_reports.review(actor=office, **given)
    assert situation_reports.publish(actor=head, **given).number == 1
    assert situation_reports.state_of(found) == State.PUBLISHED


def test_who_wrote_any_edition_does_not_review_a_later_one(cast: dict[str, Account]) -> None:
    found = draft_report(cast["unit_head"])
    office = actor(cast["duty_office"])
    situation_reports.revise(
        actor=office, now=EVENING, report=found, edition=1, words=Words(epidemic="Two.")
    )
    situation_reports.submit(actor=office, now=EVENING, report=found, edition=2)

    for account in ("unit_head", "duty_office"):
        with pytest.raises(ReportRefused, match="somebody else"):
            situation_reports.review(
                actor=actor(cast[account]), now=EVENING, report=found, edition=2
            )


def test_it_is_returned_with_a_reason_and_written_in_again(cast: dict[str, Account]) -> None:
    found = draft_report(cast["unit_head"])
    head, office = actor(cast["unit_head"]), actor(cast["duty_office"])
    situation_reports.submit(actor=head, now=EVENING, report=found, edition=1)
    with pytest.raises(ReportRefused, match="not written in"):
        situation_reports.revise(actor=head, now=EVENING, report=found, edition=1, words=WORDS)
    with pytest.raises(ReportRefused, match="Say what is wrong"):
        situation_reports.give_back(actor=office, now=EVENING, report=found, edition=1, reason=" ")

    situation_reports.give_back(
        actor=office, now=EVENING, report=found, edition=1, reason="W2 is missing."
    )

    assert situation_reports.state_of(found) == State.RETURNED
    assert found.steps.latest("number").reason == "W2 is missing."
    situation_reports.revise(
        actor=head, now=EVENING, report=found, edition=1, words=Words(epidemic="Mended.")
    )
    situation_reports.submit(actor=head, now=EVENING, report=found, edition=2)
    assert situation_reports.state_of(found) == State.SUBMITTED


def test_two_people_do_not_write_over_each_other(cast: dict[str, Account]) -> None:
    found = draft_report(cast["unit_head"])
    head = actor(cast["unit_head"])
    situation_reports.revise(actor=head, now=EVENING, report=found, edition=1, words=WORDS)

    with pytest.raises(ReportRefused, match="meanwhile"):
        situation_reports.revise(
            actor=actor(cast["duty_office"]), now=EVENING, report=found, edition=1, words=Words()
        )
    with pytest.raises(ReportRefused, match="meanwhile"):
        situation_reports.submit(actor=head, now=EVENING, report=found, edition=1)


def test_numbers_are_renewed_while_it_is_a_draft_and_the_words_stay(
    cast: dict[str, Account],
) -> None:
    found = draft_report(cast["unit_head"])
    submit(report("A3"))
    later = EVENING + timedelta(hours=1)

    situation_reports.renew(
        actor=actor(cast["unit_head"]), now=later, report=found, edition=1,
        numbers=numbers(cast["duty_office"], now=later),
    )  # fmt: skip

    last = found.editions.latest("number")
    assert (last.number, last.as_of, last.epidemic) == (2, later, WORDS.epidemic)
    assert last.numbers["forms"][0]["reporting"] == [4, 3, 3]


def test_numbers_of_a_series_have_no_gap_and_begin_anew_each_year(
    cast: dict[str, Account],
) -> None:
    draft_report(cast["unit_head"])
    midnight_in_wenzhou = datetime(2020, 12, 31, 16, tzinfo=UTC)

    given = [
        (one.unit.code, one.year, one.number)
        for one in (
            publish_report(cast),
            publish_report(cast),
            publish_report(cast, "H1"),
            publish_report(cast, now=midnight_in_wenzhou),
        )
    ]

    assert given == [("W1", 2020, 1), ("W1", 2020, 2), ("H1", 2020, 1), ("W1", 2021, 1)]


def test_a_correction_is_a_report_of_its_own_that_says_what_it_corrects(
    cast: dict[str, Account],
) -> None:
    first = publish_report(cast)

    second = publish_report(cast, corrects=first.report)

    assert second.number == 2
    assert second.report.corrects == first.report
    assert list(first.report.corrections.all()) == [second.report]
    with pytest.raises(ReportRefused, match="published report of the same unit"):
        draft_report(cast["unit_head"], corrects=draft_report(cast["unit_head"]))
    with pytest.raises(ReportRefused, match="published report of the same unit"):
        draft_report(cast["unit_head"], "H1", corrects=first.report)


def test_the_ledger_keeps_number_and_digest(cast: dict[str, Account]) -> None:
    found = publish_report(cast)

    entry = Entry.objects.get(verb="situation_report.published")

    assert entry.data == {"year": 2020, "number": 1, "sha256": found.sha256}
    assert entry.unit_id == found.unit_id
    verbs = Entry.objects.filter(subject_kind="situation_report").order_by("recorded_at")
    assert {one.verb.partition(".")[2] for one in verbs} == {
        "drafted", "submitted", "reviewed", "published"
    }  # fmt: skip


@pytest.mark.parametrize("table", ["situationreport", "edition", "step", "publication"])
@pytest.mark.parametrize(
    "statement", ["UPDATE situation_{0} SET id = id", "DELETE FROM situation_{0}",
                  "TRUNCATE situation_{0} CASCADE"],
)  # fmt: skip
def test_the_application_cannot_change_a_report(
    cast: dict[str, Account], table: str, statement: str
) -> None:
    publish_report(cast)

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


def test_an_outside_version_gives_no_small_number_away(cast: dict[str, Account]) -> None:
    kept = freezing.for_outside(numbers(cast["duty_office"]))["forms"][0]

    fever = [sign["key"] for sign in kept["signs"]].index("fever")
    assert kept["signs"][fever] == {"key": "fever", "now": None, "before": None}
    assert [row["signs"][fever] for row in kept["units"]] == [None, 0]
    assert kept["indicators"] == kept["worries"] == []
    assert kept["reporting"] == [4, 2, 2]


def test_one_level_alone_publishes_for_outside_of_a_day(cast: dict[str, Account]) -> None:
    publish_report(cast, "W1", for_outside=True)

    for unit in ("W2", "HQ"):
        with pytest.raises(ReportRefused, match="give small numbers away"):
            publish_report(cast, unit, for_outside=True)
    assert publish_report(cast, "H1", for_outside=True).number == 1
    assert publish_report(cast, "W1", for_outside=True).number == 2
    assert publish_report(cast, "W2").number == 1
