"""Following people up: opened by what is reported, once; steps; checks; the rule of the unit."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from taishan.core.followup import Act, Ask, Cause, State
from taishan.kit.actor import Actor
from taishan.ledger.models import Entry
from taishan.organisation import history, staffing
from taishan.organisation.models import Account, Person
from taishan.reporting import erasing, follow_up_models, follow_up_rules, following, noticing, tasks
from taishan.reporting.follow_up_models import Check, FollowUp, FollowUpRule, Step
from taishan.reporting.follow_up_rules import RuleRefused
from taishan.reporting.following import Details, FollowUpRefused
from taishan.reporting.models import Correction, Ruling
from tests import jobs, people
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, WELL, report, submit

TOMORROW = TODAY + timedelta(days=1)
OFFICER = Actor(label="陈静", post="safety_officer")
CONTACT = WELL | {"contact_14_days": "yes"}
TRAVELLED = WELL | {"travel_14_days": "yes", "travel_places": "湖北省"}
ORDER = Details(
    given_by="Street office", manner="verbal", place="At home", starts=date(2020, 2, 4),
    ends=date(2020, 2, 18),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _group(cast: dict[str, Account]) -> None:
    building.add_schedules()
    building.hire("A1", "A2", "A3", unit="W1")
    building.hire("B1", unit="H1")
    jobs.forget()


def look(now: datetime = MORNING) -> int:
    return noticing.look(
        actor=tasks.ACTOR, now=now, since=TODAY - timedelta(days=14), until=TOMORROW
    )


def followed() -> dict[str, str]:
    rows = FollowUp.objects.order_by("pk").values_list("person__staff_no", "state")
    return dict(rows)


def kinds(staff_no: str) -> list[list[str]]:
    found = follow_up_models.Cause.objects.filter(person__staff_no=staff_no).order_by("pk")
    return [row.kinds for row in found]


def follow(staff_no: str = "A1", answers: dict[str, Any] = FEVER) -> FollowUp:
    """Have somebody report so that they are followed up."""
    submit(report(staff_no, answers))
    look()
    return FollowUp.objects.get(person__staff_no=staff_no)


def take(one: FollowUp, act: Act, details: Details, now: datetime = MORNING) -> Step:
    one.refresh_from_db()
    return following.take_step(
        actor=OFFICER, now=now, follow_up_id=one.pk, act=act, seen=one.steps_taken, details=details
    )


def ask(unit: str, **what: Any) -> FollowUpRule:
    return follow_up_rules.set_rule(
        actor=OFFICER, now=MORNING, version=history.get_version(unit, TODAY), ask=Ask(**what)
    )


def test_symptoms_fever_and_contact_open_a_follow_up_and_nothing_else_does() -> None:
    submit(report("A1", FEVER), report("A2", CONTACT), report("A3", TRAVELLED), report("B1", WELL))

    assert look() == 2
    assert followed() == {"A1": State.OPENED, "A2": State.OPENED}
    assert (kinds("A1"), kinds("A2")) == ([["fever", "symptoms"]], [["contact"]])
    assert Step.objects.get(follow_up__person__staff_no="A1").since == TODAY


def test_taking_reports_in_opens_nothing_by_itself() -> None:
    submit(report("A1", FEVER))

    assert followed() == {}
    assert jobs.waiting() == []


def test_the_same_reports_looked_at_again_open_nothing() -> None:
    one = follow()

    assert (look(), look()) == (0, 0)
    take(one, Act.RELEASE, Details(text="Sunstroke, says the doctor"))
    submit(report("A2", WELL))
    assert look() == 0, "what gave cause before the release gives none after it"


def test_changed_answers_and_other_days_give_cause_to_the_follow_up_that_is_open() -> None:
    follow("A1", CONTACT)
    submit(report("A1", FEVER))
    look()

    assert followed() == {"A1": State.OPENED}
    assert kinds("A1") == [["contact"], ["fever", "symptoms"]]


def test_who_gives_cause_after_a_release_is_followed_up_anew() -> None:
    take(follow(), Act.RELEASE, Details(text="A cold"))
    submit(report("A1", FEVER | {"body_temperature": 39.2}))

    assert look() == 1
    states = FollowUp.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.RELEASED, State.OPENED]


def test_the_database_holds_nobody_followed_up_twice_at_a_time() -> None:
    one = follow()

    with pytest.raises(IntegrityError, match="followed_up_once"), transaction.atomic():
        FollowUp.objects.create(person=one.person, state=State.INSTRUCTED)


def test_an_accepted_correction_of_a_closed_day_is_looked_at() -> None:
    submit(report("A1", FEVER, period=date(2020, 1, 20)))
    assert look() == 0
    building.rule(Correction.objects.get(), Ruling.Outcome.ACCEPTED, MORNING, actor=OFFICER)

    assert jobs.run()[-1] == "reporting.look_at_unit"
    assert followed() == {"A1": State.OPENED}


def test_a_stricter_unit_follows_up_from_its_own_temperature_on() -> None:
    ask("W1", temperature_c=Decimal("37.0"))
    warm = WELL | {"body_temperature": 37.1}
    submit(report("A1", warm), report("A2"), report("B1", warm))

    assert look() == 1
    assert (followed(), kinds("A1")) == ({"A1": State.OPENED}, [["fever"]])


def test_where_a_unit_asks_for_it_every_arrival_is_followed_up() -> None:
    ask("W1", causes=frozenset({*Cause}))
    submit(report("A1", TRAVELLED), report("B1", TRAVELLED))

    assert look() == 1
    assert kinds("A1") == [["travel"]]


def test_a_unit_may_ask_for_more_than_the_one_above_and_never_for_less() -> None:
    ask("W1", quarantine_days=21)

    with pytest.raises(RuleRefused, match="at least 21 days"):
        ask("W2", quarantine_days=20)
    with pytest.raises(RuleRefused, match=r"37\.3"):
        ask("H1", temperature_c=Decimal("37.5"))
    ask("W2", quarantine_days=28)
    rules = follow_up_rules.load()
    paths = {code: history.get_version(code, TODAY).path for code in ("HQ", "W1", "W2")}
    assert {code: rules.find(path).quarantine_days for code, path in paths.items()} == {
        "HQ": 14, "W1": 21, "W2": 28,
    }  # fmt: skip


def test_a_unit_above_that_becomes_stricter_tightens_what_is_below() -> None:
    ask("W2", quarantine_days=16)
    ask("W1", quarantine_days=21)

    found = follow_up_rules.get_standing(history.get_version("W2", TODAY))
    assert (found.own and found.own.quarantine_days, found.rule.quarantine_days) == (16, 21)


def test_what_was_asked_before_stays_on_record() -> None:
    rule = ask("W1", quarantine_days=21)
    ask("W1")

    assert FollowUpRule.objects.count() == 2
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        rule.delete()


def test_a_follow_up_from_the_report_to_being_back() -> None:
    one = follow()
    told = Details(text="Stay at home", given_by="陈静", manner="verbal")
    take(one, Act.INSTRUCT, told)
    take(one, Act.ORDER, ORDER)
    over = datetime(2020, 2, 18, 1, tzinfo=MORNING.tzinfo)
    take(one, Act.RELEASE, Details(text="14 days without symptoms"), over)
    take(one, Act.RETURN, Details(), over)

    steps = one.steps.order_by("number").values_list("state", "since", "until")
    assert list(steps) == [
        ("opened", TODAY, TODAY),
        ("instructed", TODAY, TODAY),
        ("quarantined", TODAY, date(2020, 2, 18)),
        ("released", date(2020, 2, 18), date(2020, 2, 18)),
        ("back", date(2020, 2, 18), None),
    ]


def test_nobody_is_released_before_quarantine_is_over() -> None:
    one = follow()
    take(one, Act.ORDER, ORDER)

    with pytest.raises(FollowUpRefused, match="until 2020-02-18"):
        take(one, Act.RELEASE, Details(text="Feels fine"))


def test_the_quarantine_of_a_stricter_unit_is_longer() -> None:
    ask("W1", quarantine_days=21)
    one = follow()

    with pytest.raises(FollowUpRefused, match="at least 21 days"):
        take(one, Act.ORDER, ORDER)


def test_an_order_says_who_gave_it_where_and_whether_in_writing() -> None:
    one = follow()

    for left_out in ("given_by", "manner", "place", "starts", "ends"):
        said = {name: getattr(ORDER, name) for name in ("given_by", "manner", "place")}
        said |= {"starts": ORDER.starts, "ends": ORDER.ends}
        with pytest.raises(FollowUpRefused, match="not said"):
            take(one, Act.ORDER, Details(**{n: v for n, v in said.items() if n != left_out}))  # type: ignore[arg-type]


def test_of_two_officers_at_once_one_is_told_to_look_again() -> None:
    one = follow()
    seen = one.steps_taken
    take(one, Act.ORDER, ORDER)

    with pytest.raises(FollowUpRefused, match="Look again"):
        following.take_step(
            actor=OFFICER, now=MORNING, follow_up_id=one.pk, act=Act.ORDER, seen=seen,
            details=ORDER,
        )  # fmt: skip


def test_who_left_the_group_is_not_followed_up_any_further() -> None:
    one = follow()
    staffing.leave(actor=people.ACTOR, now=people.NOW, on=TODAY, person=one.person)

    with pytest.raises(FollowUpRefused, match="no roster"):
        take(one, Act.ORDER, ORDER)


def test_the_daily_report_is_one_check_and_another_is_recorded() -> None:
    one = follow()
    take(one, Act.ORDER, ORDER)
    look()
    submit(report("A1", FEVER | {"body_temperature": 38.8}))
    look()
    following.record_check(
        actor=OFFICER, now=MORNING, follow_up_id=one.pk, temperature_c=Decimal("38.4"), text=""
    )

    checks = Check.objects.order_by("pk").values_list("day", "is_report", "temperature_c")
    assert list(checks) == [(TODAY, True, None), (TODAY, False, Decimal("38.4"))]


def test_only_who_is_in_quarantine_is_checked() -> None:
    one = follow()

    with pytest.raises(FollowUpRefused, match="not in quarantine"):
        following.record_check(
            actor=OFFICER, now=MORNING, follow_up_id=one.pk, temperature_c=None, text="Well"
        )


def test_the_ledger_says_that_something_was_done_and_nothing_about_health() -> None:
    one = follow()
    take(one, Act.ORDER, ORDER)
    following.record_check(
        actor=OFFICER,
        now=MORNING,
        follow_up_id=one.pk,
        temperature_c=Decimal("38.4"),
        text="Coughs",
    )
    entries = Entry.objects.filter(verb__startswith="follow_up").order_by("recorded_at", "pk")

    assert {(e.verb, e.subject_kind, tuple(e.data)) for e in entries} == {
        ("follow_ups.opened", "follow_ups", ("follow_ups",)),
        ("follow_up.step_taken", "follow_up", ("step",)),
        ("follow_up.checked", "follow_up", ("step",)),
    }
    assert Person.objects.get(staff_no="A1").pk not in [e.data.get("person") for e in entries]


def test_an_ended_follow_up_is_erased_with_the_reports_and_one_that_goes_on_is_kept() -> None:
    take(follow("A1"), Act.RELEASE, Details(text="A cold"))
    follow("A2")
    later = MORNING + timedelta(days=92)
    erasing.erase_all(actor=people.ACTOR, now=later)

    assert followed() == {"A2": State.OPENED}
    assert not Step.objects.filter(text="A cold").exists()
