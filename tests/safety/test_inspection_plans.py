"""Inspections that are owed: by a plan, by a post, unannounced; done, missed, ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.core.duties import State
from taishan.duties.models import Duty, Ending
from taishan.forms import actions as forms
from taishan.forms.models import FormVersion
from taishan.kit import clock
from taishan.kit.editions import LibraryRefused
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation import history, posts
from taishan.organisation.models import Account
from taishan.safety import inspection_due, inspection_plans, inspection_rights, inspection_words
from taishan.safety.inspection_forms import RULES
from taishan.safety.inspection_models import Inspection, InspectionPlan
from taishan.safety.inspection_plans import PlanRefused
from taishan.safety.inspections import InspectionRefused
from tests import jobs
from tests.duties import test_matrix
from tests.people import ACTOR, FOUNDED, NOW, signed_in
from tests.safety.building import viewer
from tests.safety.finding import post_of
from tests.safety.inspecting import checklist, inspected, opened, owed, planned

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Origin = Inspection.Origin


@pytest.fixture
def version(cast: dict[str, Account]) -> FormVersion:
    return checklist()


def test_what_a_plan_makes_owed_is_discharged_by_the_inspection_itself(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan = planned(version.form)
    inspected(cast["duty_office"], version)

    one = inspected(cast["safety_officer"], version, now=NOW + HOUR)

    assert (one.plan, one.origin) == (plan, Origin.SCHEDULED)
    assert [duty.ended for duty in owed()] == [State.ON_TIME]


def test_what_was_missed_stays_missed(cast: dict[str, Account], version: FormVersion) -> None:
    planned(version.form)
    assert [duty.due_on.day for duty in owed()] == [12]

    later = NOW + 2 * DAY
    assert opened(later) == 2
    inspected(cast["safety_officer"], version, now=later)

    assert [duty.standing(later) for duty in owed()] == [
        State.MISSED, State.LATE, State.DUE_SOON,
    ]  # fmt: skip
    assert opened(later) == 0


def test_what_was_done_in_time_without_a_network_counts_when_it_was_done(
    cast: dict[str, Account], version: FormVersion
) -> None:
    planned(version.form)
    evening, noon = NOW.replace(hour=12), NOW.replace(hour=9)  # 20:00 and 17:00 in Taiyuan

    one = inspected(cast["safety_officer"], version, now=evening, ended_at=noon)

    assert [(duty.ended, duty.ended_at) for duty in owed()] == [(State.ON_TIME, one.ended_at)]


def test_what_comes_in_after_its_hours_does_not_count_for_the_next_day(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan, tomorrow = planned(version.form, lapses_after_days=0), NOW + DAY
    opened(tomorrow)

    one = inspected(cast["safety_officer"], version, now=tomorrow, ended_at=NOW)

    assert [duty.standing(tomorrow) for duty in owed()] == [State.MISSED, State.DUE_SOON]
    assert (one.plan, one.origin) == (plan, Origin.SCHEDULED)


def test_of_two_who_inspect_on_one_plan_at_once_both_are_recorded_and_one_discharges_it(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(version.form)
    found = inspection_due.find_doable
    first: list[Inspection] = []

    def and_meanwhile_a_colleague(*given: Any) -> list[Duty]:
        rows = found(*given)
        if isinstance(given[0], list):  # what the second is about to discharge
            monkeypatch.setattr(inspection_due, "find_doable", found)
            first.append(inspected(cast["unit_head"], version))
        return rows

    monkeypatch.setattr(inspection_due, "find_doable", and_meanwhile_a_colleague)
    second = inspected(cast["safety_officer"], version)

    [ending] = Ending.objects.all()
    assert ending.reason == f"inspection:{first[0].pk}"
    assert second.plan == first[0].plan


def test_a_post_that_owes_an_inspection_does_it_and_nobody_else_of_the_unit(
    cast: dict[str, Account], version: FormVersion
) -> None:
    employee = cast["employee"]
    planned(version.form, unit="P1", by="P1", post=post_of(employee, "P1"))

    one = inspected(employee, version, unit="P1")

    assert [duty.ended for duty in owed()] == [State.ON_TIME]
    assert one.by_unit_id == one.unit_id


def test_a_post_inspects_from_the_first_hour_of_its_unit_s_own_day(
    cast: dict[str, Account], version: FormVersion
) -> None:
    tomorrow, employee = date(2020, 2, 13), cast["employee"]
    planned(version.form, unit="P1", by="P1", post=post_of(employee, "P1", on=tomorrow))

    with pytest.raises(InspectionRefused):
        inspected(employee, version, unit="P1", now=datetime(2020, 2, 12, 16, 59, tzinfo=UTC))

    assert inspected(employee, version, unit="P1", now=datetime(2020, 2, 12, 17, 1, tzinfo=UTC))


def test_nobody_of_a_unit_knows_of_a_surprise_before_it_happens(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    plan = planned(version.form, by="HQ", is_surprise=True)
    on = NOW.date()

    assert plan in inspection_rights.find_plans(viewer(cast["duty_office"]), on)
    for who in ("safety_officer", "unit_head", "inspector"):
        assert plan not in inspection_rights.find_plans(viewer(cast[who]), on)
    headquarters = history.get_version("HQ", on).unit_id
    assert {(duty.unit_id, duty.creditor_id) for duty in owed()} == {(headquarters, headquarters)}
    for duty in owed():
        said = f"{duty.what_en} {duty.what_zh} {duty.address}"
        assert not any(word in said for word in ("W1", "Unit", "单位", "Round", "巡查", "round"))
    today = signed_in(cast["duty_office"]).get(owed()[0].address).content.decode()
    assert "/safety/inspections/do/W1/round/" in today
    own = Entry.objects.filter(unit_id=history.get_version("W1", on).unit_id)
    assert not own.filter(verb__startswith="inspection.").exists()
    assert inspected(cast["duty_office"], version).origin == Origin.SURPRISE


@pytest.mark.parametrize(
    "wrong",
    [
        {"is_surprise": True},
        {"by": "W2"},
        {"rule": "FREQ=HOURLY"},
        {"rule": "FREQ=DAILY;UNTIL=20011231"},
        {"due_at": time(0), "lapses_after_days": 0},
    ],
)
def test_a_plan_that_cannot_be_is_refused(
    cast: dict[str, Account], version: FormVersion, wrong: dict[str, object]
) -> None:
    with pytest.raises(PlanRefused):
        planned(version.form, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "every week: Monday, Wednesday"),
        ("FREQ=MONTHLY;BYMONTHDAY=12", "every month, on day 12"),
        ("FREQ=YEARLY", "FREQ=YEARLY"),
    ],
)
def test_a_rule_is_said_in_words_where_there_are_words_for_it(rule: str, said: str) -> None:
    assert inspection_words.say_rule(rule, dict(RULES)) == said


def test_a_plan_that_ended_asks_for_nothing_more(
    cast: dict[str, Account], version: FormVersion
) -> None:
    plan = planned(version.form)
    inspection_plans.end(actor=ACTOR, now=NOW + HOUR, plan=plan)

    assert opened(NOW + 3 * DAY) == 0
    assert [duty.ended for duty in owed()] == [State.WAIVED]


def test_a_plan_that_ends_while_the_worker_opens_asks_for_nothing_more(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = planned(version.form), planned(version.form, unit="W2")
    tomorrow, open_plan = NOW + DAY, inspection_due.open_plan

    def and_meanwhile_the_second_ends(*, plan: InspectionPlan, **given: Any) -> int:
        if plan == first:
            inspection_plans.end(actor=ACTOR, now=tomorrow, plan=second)
        return open_plan(plan=plan, **given)

    monkeypatch.setattr(inspection_due, "open_plan", and_meanwhile_the_second_ends)

    assert opened(tomorrow) == 1
    assert {inspection_due.plan_of(duty) for duty in owed() if duty.ended is None} == {first.pk}


def test_a_plan_that_cannot_be_done_opens_nothing_and_its_page_says_why(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = NOW + 2 * DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    for unit, by in (("P1", "P1"), ("W2", "W1"), ("H1", "H1")):
        planned(version.form, unit=unit, by=by, lapses_after_days=0)
    given: dict[str, Any] = {"actor": ACTOR, "now": NOW, "on": (NOW + DAY).date()}
    organisation.close_unit(**given, code="P1")
    organisation.move_unit(**given, code="W2", parent="H1")
    forms.retire(actor=ACTOR, now=NOW + HOUR, version=version)
    before = len(owed())

    assert opened(later) == 0

    client = Client()
    client.force_login(cast["duty_office"])
    page = client.get("/safety/inspections/plans/").content.decode()
    assert len(owed()) == before == 3
    assert "The unit is closed." in page
    assert "The unit no longer belongs to the unit that inspects it." in page
    assert "The checklist is not in force." in page


def test_what_can_no_longer_be_done_is_not_offered_today(
    cast: dict[str, Account], version: FormVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    planned(version.form)
    client = Client()
    client.force_login(cast["safety_officer"])
    before = client.get("/safety/inspections/today/").context["owed"]

    forms.retire(actor=ACTOR, now=NOW, version=version)

    assert len(before) == 1
    assert client.get("/safety/inspections/today/").context["owed"] == []


def test_an_inspection_discharges_the_round_that_a_post_owes_and_the_post_gives_the_right_to_it(
    version: FormVersion, cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    employee = cast["employee"]
    with pytest.raises(InspectionRefused):
        inspected(employee, version)
    post = test_matrix.open_post("P-W1", "W1")
    assert employee.person is not None
    posts.hold_post(actor=ACTOR, now=NOW, on=FOUNDED, person=employee.person, post=post)
    test_matrix.bring_in(test_matrix.templates({"done_by": "inspection"}))
    test_matrix.open_until(NOW)

    inspected(employee, version)
    jobs.run()

    states = [(one.post_id, one.ended) for one in Duty.objects.filter(kind="post_duty")]
    assert states == [(post.pk, State.ON_TIME)]


def test_a_unit_may_not_let_its_posts_say_so_where_the_group_asks_for_the_act(
    cast: dict[str, Account],
) -> None:
    test_matrix.bring_in(test_matrix.templates({"done_by": "inspection"}))

    with pytest.raises(LibraryRefused, match="done by saying so"):
        test_matrix.bring_in(test_matrix.templates({}), unit="W1")
