"""What happens to a report between its door and the counters."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from taishan.forms.models import Form
from taishan.ledger.models import Entry
from taishan.organisation import access, staffing
from taishan.organisation.models import Account, Person, Unit
from taishan.reporting import actions, packing
from taishan.reporting.models import Correction, Earlier, Report, Ruling
from tests import people
from tests.reporting import building
from tests.reporting.building import FEVER, RETURN, TODAY, WELL, report, submit, told

pytestmark = pytest.mark.usefixtures("group")
NOON = datetime(2020, 2, 12, 4, tzinfo=UTC)
TOMORROW = datetime(2020, 2, 13, 4, tzinfo=UTC)


@pytest.fixture
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    return cast


def counts(unit: str = "W1", form: str = "daily_health", period: date = TODAY) -> dict[str, float]:
    return building.counts(Unit.objects.get(code=unit).pk, Form.objects.get(code=form).pk, period)


def test_a_report_is_counted_where_it_belongs() -> None:
    assert told(submit(report("A1"), report("A2", FEVER))) == ["new", "new"]

    found = counts()
    assert found["received"] == found["received_on_time"] == 2
    assert found["health_status:well"] == found["health_status:unwell"] == 1
    assert found["fever"] == found["symptoms:fever"] == found["symptoms:cough"] == 1
    assert counts("W2") == {}


def test_the_same_report_twice_is_one() -> None:
    one = report("A1")
    submit(one)
    before = counts()

    assert told(submit(one)) == ["repeated"]
    assert told(submit(report("A1"))) == ["repeated"], "the same answers under another number"
    assert counts() == before
    assert not Earlier.objects.exists()
    assert Entry.objects.filter(verb="reports.accepted").count() == 1


def test_a_later_different_answer_is_in_force_and_the_earlier_kept() -> None:
    submit(report("A1"))

    assert told(submit(report("A1", FEVER))) == ["changed"]
    found = counts()
    assert found["received"] == 1
    assert found["fever"] == 1
    assert "health_status:well" not in found
    assert Earlier.objects.get().answers[0] == "well"
    assert Report.objects.get().answers[0] == "unwell"


def test_what_comes_again_after_it_was_replaced_does_not_return_to_force() -> None:
    first = report("A1")
    submit(first)
    submit(report("A1", FEVER))

    assert told(submit(first)) == ["repeated"]
    assert counts()["fever"] == 1


def test_two_answers_of_one_batch_are_taken_in_their_order() -> None:
    assert told(submit(report("A1"), report("A2"), report("A1", FEVER))) == [
        "new",
        "new",
        "changed",
    ]
    assert counts()["fever"] == 1
    assert counts()["received"] == 2


def test_whoever_was_on_time_stays_so_when_they_correct_themselves_late() -> None:
    submit(report("A1"))
    submit(report("A2"), now=NOON)

    submit(report("A1", FEVER), now=NOON)

    found = counts()
    assert (found["received"], found["received_on_time"]) == (2, 1)


def test_a_wrong_row_goes_back_with_its_reason_and_its_neighbours_stay() -> None:
    results = submit(
        report("A1"),
        report("A2", WELL | {"body_temperature": 60}),
        report("NOBODY"),
        report("A3", form="unknown_form"),
        report("A3", period=TODAY + timedelta(days=1)),
        report("A3", period=date(2019, 12, 31)),
        report("A3"),
    )

    assert told(results) == ["new", "answers", "subject", "form", "not_open", "unit", "new"]
    assert results[1].problems[0].question == "body_temperature"  # type: ignore[union-attr]
    assert counts()["received"] == 2


def test_who_moved_yesterday_counts_where_they_were_on_each_day() -> None:
    person = Person.objects.get(staff_no="A1")
    staffing.transfer(actor=people.ACTOR, now=people.NOW, on=TODAY, person=person, unit="H1")
    late_in_the_day = datetime(2020, 2, 11, 15, tzinfo=UTC)

    submit(report("A1", period=TODAY - timedelta(days=1)), now=late_in_the_day)
    submit(report("A1"))

    assert counts("W1", period=TODAY - timedelta(days=1))["received"] == 1
    assert counts("W1") == {}
    assert counts("H1")["received"] == 1


def test_a_unit_s_day_is_its_own() -> None:
    building.hire("P9", unit="P1")
    just_after_six_in_wenzhou = datetime(2020, 2, 11, 22, 30, tzinfo=UTC)

    results = submit(report("A1"), report("P9"), now=just_after_six_in_wenzhou)

    assert told(results) == ["new", "not_open"]


def test_a_unit_return_adds_its_numbers() -> None:
    submit(report("W1", RETURN, form="unit_daily"), report("W2", RETURN, form="unit_daily"))
    submit(report("W1", RETURN | {"on_site": 41}, form="unit_daily"))

    assert counts(form="unit_daily")["on_site"] == 41
    assert counts("W2", form="unit_daily")["masks_in_stock"] == 800


def test_answers_are_read_back_by_the_names_of_their_questions() -> None:
    submit(report("A1", FEVER))

    stored = Report.objects.get()
    from taishan.forms import queries as forms

    version = forms.get_version("daily_health", stored.version)
    places = packing.names(forms.get_definition(version))
    assert packing.unpack(places, stored.answers) == FEVER


def test_what_comes_for_a_closed_period_waits_for_the_officer() -> None:
    submit(report("A1"))
    before = counts()

    correction = report("A1", FEVER)
    assert told(submit(correction, report("A2"), now=TOMORROW)) == ["proposed", "proposed"]
    assert told(submit(correction, now=TOMORROW)) == ["repeated"]
    assert counts() == before

    proposed = Correction.objects.get(client=correction.client)
    building.rule(proposed, Ruling.Outcome.ACCEPTED, TOMORROW)
    assert counts()["fever"] == 1
    assert counts()["received_on_time"] == 1
    assert Earlier.objects.get().answers[0] == "well"


def test_a_refused_correction_changes_nothing_and_says_why() -> None:
    submit(report("A1"), now=TOMORROW)
    proposed = Correction.objects.get()

    with pytest.raises(actions.CorrectionRefused):
        building.rule(proposed, Ruling.Outcome.REFUSED, TOMORROW)
    building.rule(proposed, Ruling.Outcome.REFUSED, TOMORROW, reason="He was on leave.")
    with pytest.raises(actions.CorrectionRefused):
        building.rule(proposed, Ruling.Outcome.ACCEPTED, TOMORROW)

    assert counts() == {}
    assert proposed.ruling.reason == "He was on leave."


def test_a_report_repeated_after_the_period_closed_is_no_correction() -> None:
    one = report("A1")
    submit(one)

    assert told(submit(one, report("A1"), now=TOMORROW)) == ["repeated", "repeated"]


def test_the_sender_s_clock_is_recorded_and_not_trusted() -> None:
    in_time = NOON - timedelta(hours=3)

    results = submit(report("A1", device_at=in_time), now=NOON)

    assert results[0].is_late  # type: ignore[union-attr]
    assert Report.objects.get().device_ahead_s == -3 * 3600


def test_people_report_for_themselves_and_officers_for_their_units(
    group: dict[str, Account],
) -> None:
    officer = access.viewer_for(group["safety_officer"], TODAY)
    inspector = access.viewer_for(group["inspector"], TODAY)
    person = Account.objects.create(username="A1", person=Person.objects.get(staff_no="A1"))
    own = access.viewer_for(person, TODAY)

    def outcome(subject: str, viewer: access.Viewer) -> list[str]:
        return told(submit(report(subject), viewer=viewer))

    building.hire("H9", unit="H1")
    assert outcome("A1", own) == ["new"]
    assert (
        outcome("A2", own) == outcome("A2", inspector) == outcome("H9", officer) == ["not_allowed"]
    )
    assert outcome("NOBODY", officer) == ["not_allowed"]
    assert outcome("A2", officer) == ["new"]


def test_a_batch_is_one_line_in_the_ledger_that_tells_no_answers() -> None:
    submit(report("A1"), report("A2", FEVER), report("NOBODY"))

    entry = Entry.objects.get(verb="reports.accepted")
    assert entry.data["rows"] == 2
    assert len(entry.data["root"]) == 64
    assert "fever" not in str(entry.data)


def test_the_same_number_for_two_subjects_is_two_reports() -> None:
    number = uuid4()
    assert told(submit(report("A1", client=number), report("A2", client=number))) == ["new", "new"]


def test_what_the_database_cannot_hold_is_refused_row_by_row() -> None:
    results = submit(
        report("A2", WELL | {"remarks": "half \ud83d"}),
        report("A\x001"),
        report("A3", form="daily\x00"),
        report("A3", period=date.max),
        report("A3", period=date.min),
        report("A3", version=2**40),
        report("A3", WELL | {"remarks": r"written as \\u0041"}),
    )

    assert told(results) == [
        "answers", "subject", "form", "not_owed", "unit", "form", "new"
    ]  # fmt: skip
