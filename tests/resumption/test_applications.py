"""Applications to resume work: from a draft over each level to an approval, and its suspension."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from taishan.core.approvals import Act, State
from taishan.core.gate import Permission
from taishan.organisation.models import Account, Unit
from taishan.resumption import (
    application_words,
    applications,
    approval_rules,
    deciding,
    queries,
)
from taishan.resumption.actions import AttestationRefused
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.applications import LocalPaper
from taishan.resumption.approval_rules import Rule
from taishan.resumption.models import Step
from tests import people
from tests.resumption import applying
from tests.resumption.applying import (
    DAY,
    attest,
    decide,
    draft,
    gate,
    open_duties,
    state,
    submit,
    viewer,
)

LATER = people.NOW + timedelta(hours=1)


def test_an_approval_meets_the_clause_that_asks_for_it_and_nothing_else_does(
    ruled: dict[str, Account],
) -> None:
    before = gate(ruled)
    with pytest.raises(AttestationRefused, match="applied for"):
        attest(condition="filing:unit:HQ", amount=2)
    application = applying.approved(ruled)

    assert (before, gate(ruled)) == (Permission.SHUT, Permission.OPEN)
    assert state(ruled, application) is State.APPROVED


def test_each_level_owes_its_decision_until_it_has_decided(cast: dict[str, Account]) -> None:
    application = draft(cast["duty_office"], "W2")
    submit(cast["safety_officer"], application)
    first = open_duties()
    decide(cast["unit_head"], application, Act.FORWARD)
    second = open_duties()
    decide(cast["duty_office"], application)

    pk = application.pk
    assert (first, second) == ([("W1", f"{pk}:1:0")], [("HQ", f"{pk}:1:1")])
    assert open_duties() == []


@pytest.mark.parametrize(("up_to", "decider"), [(99, "HQ"), (100, "W1")])
def test_the_rule_says_up_to_which_size_the_unit_above_decides(
    cast: dict[str, Account], up_to: int, decider: str
) -> None:
    approval_rules.set_rule(
        actor=people.ACTOR, now=people.NOW, starts=DAY, rule=Rule(parent_up_to=up_to, days=2)
    )
    application = draft(cast["duty_office"], "W2")
    found = submit(cast["duty_office"], application)

    assert Unit.objects.get(pk=found.line[found.last]).code == decider


def test_a_rule_of_the_group_that_asks_for_headquarters_is_not_met_by_the_unit_above(
    cast: dict[str, Account],
) -> None:
    applying.rules()
    approval_rules.set_rule(
        actor=people.ACTOR, now=people.NOW, starts=DAY, rule=Rule(parent_up_to=500)
    )
    application = draft(cast["duty_office"], "W2")
    submit(cast["duty_office"], application)

    with pytest.raises(ApplicationRefused, match="cannot approve it alone"):
        decide(cast["unit_head"], application)


def test_a_rule_holds_from_its_day_on(cast: dict[str, Account]) -> None:
    for day, size in ((DAY, 50), (DAY + timedelta(days=5), 200)):
        approval_rules.set_rule(
            actor=people.ACTOR, now=people.NOW, starts=day, rule=Rule(parent_up_to=size)
        )

    days = [DAY - timedelta(days=1), DAY, DAY + timedelta(days=5)]
    assert [approval_rules.find_rule(day).parent_up_to for day in days] == [0, 50, 200]


def test_a_return_says_why_and_the_next_round_shows_what_is_otherwise(
    ruled: dict[str, Account],
) -> None:
    application = draft(ruled["safety_officer"])
    submit(ruled["safety_officer"], application)
    with pytest.raises(ApplicationRefused, match="what is missing"):
        decide(ruled["duty_office"], application, Act.RETURN, reason=" ")
    decide(ruled["duty_office"], application, Act.RETURN, reason="Too fast")
    applications.revise(
        actor=viewer(ruled["unit_head"]).actor, now=LATER, application=application, edition=1,
        plan=applying.plan(pace="A twentieth a day"),
    )  # fmt: skip
    found = submit(ruled["unit_head"], application, LATER)

    before, after = application.plans.order_by("number")
    assert list(application_words.differences(before, after)) == [
        ("Pace", "A tenth a day", "A twentieth a day")
    ]
    assert (found.round, open_duties()) == (2, [("HQ", f"{application.pk}:2:0")])


def test_nothing_is_written_in_what_lies_with_a_level_above(ruled: dict[str, Account]) -> None:
    application = draft(ruled["safety_officer"])
    submit(ruled["safety_officer"], application)

    with pytest.raises(ApplicationRefused, match="lies with a level above"):
        applications.revise(
            actor=people.ACTOR, now=LATER, application=application, edition=1, plan=applying.plan()
        )


def test_who_submitted_does_not_decide(cast: dict[str, Account]) -> None:
    application = draft(cast["duty_office"])
    submit(cast["duty_office"], application)

    with pytest.raises(ApplicationRefused, match="somebody else does"):
        decide(cast["duty_office"], application)


def test_the_second_of_two_who_decide_is_told_who_was_first(ruled: dict[str, Account]) -> None:
    application = draft(ruled["safety_officer"])
    submit(ruled["safety_officer"], application)
    decide(ruled["duty_office"], application, Act.RETURN, seen=1)

    with pytest.raises(ApplicationRefused, match="周晓晨 was first, at 2020-02-12 08:00: Returned"):
        decide(ruled["duty_office"], application, seen=1)
    assert [one.act for one in application.steps.order_by("number")] == ["submit", "return"]


def test_what_follows_on_a_locked_attestation_may_be_recorded(cast: dict[str, Account]) -> None:
    applying.rules()
    ends = DAY + timedelta(days=2)
    attest(ends=ends)
    applying.approved(cast)

    attest(starts=ends)
    assert deciding.follow(actor=people.ACTOR, now=people.NOW + timedelta(days=3)) == 0


def test_an_urgent_task_needs_its_ground_goes_to_headquarters_and_ends(
    ruled: dict[str, Account],
) -> None:
    until = DAY + timedelta(days=5)
    given = {"lane": "urgent", "kind_of_work": "EPI", "ground": "Masks for the hospital"}
    for wrong in ({"ground": " "}, {"kind_of_work": "ORD"}):
        with pytest.raises(ApplicationRefused, match="why it cannot wait"):
            draft(ruled["safety_officer"], plan=applying.plan(until=until), **(given | wrong))
    with pytest.raises(ApplicationRefused, match="within 30 days"):
        draft(ruled["safety_officer"], **given)
    application = draft(ruled["duty_office"], "W2", plan=applying.plan(until=until), **given)
    attest("W2")
    submit(ruled["safety_officer"], application)
    owed = open_duties()
    decide(ruled["duty_office"], application)

    assert owed == [("HQ", f"{application.pk}:1:0")]
    last_day, after = (gate(ruled, "W2", until - timedelta(days=n)) for n in (1, 0))
    assert (last_day, after) == (Permission.OPEN, Permission.SHUT)


def test_an_approval_that_is_over_is_not_suspended_and_locks_nothing_that_comes_after(
    ruled: dict[str, Account],
) -> None:
    until = DAY + timedelta(days=5)
    given = {"lane": "urgent", "kind_of_work": "EPI", "ground": "Masks for the hospital"}
    application = draft(ruled["safety_officer"], plan=applying.plan(until=until), **given)
    submit(ruled["safety_officer"], application)
    decide(ruled["duty_office"], application)

    with pytest.raises(AttestationRefused, match="unlocked first"):
        attest(starts=until - timedelta(days=1))
    attest(starts=until)
    assert state(ruled, application, people.NOW + timedelta(days=6)) is State.APPROVED


def test_a_paper_of_the_place_shows_its_condition_by_the_same_act(
    ruled: dict[str, Account],
) -> None:
    application = draft(ruled["safety_officer"])
    paper = LocalPaper(
        kind="approved", authority="温州市疫情防控指挥部", number="温防控〔2020〕17号", on=DAY,
        shows="filing:CN-330300",
    )  # fmt: skip
    found = applications.record_local(
        actor=viewer(ruled["safety_officer"]).actor, now=people.NOW, application=application,
        paper=paper,
    )  # fmt: skip

    shown = found.attestation
    assert shown is not None
    assert (shown.condition, shown.amount) == ("filing:CN-330300", 2)
    assert shown.evidence == "温州市疫情防控指挥部 温防控〔2020〕17号"


def test_what_was_handed_in_stays_as_it_was_and_nobody_can_alter_a_step(
    ruled: dict[str, Account],
) -> None:
    application = draft(ruled["safety_officer"])
    found = submit(ruled["safety_officer"], application)
    assert [one["condition"] for one in found.verdict["unmet"]] == ["filing:unit:HQ"]
    assert [one.condition for one in found.rests_on.all()] == ["attest:prevention_plan"]

    with pytest.raises(ProgrammingError), transaction.atomic():
        Step.objects.update(act="approve")


def test_the_board_of_a_past_day_knows_of_no_later_approval(ruled: dict[str, Account]) -> None:
    applying.approved(ruled)
    units = queries.find_units(viewer(ruled["inspector"]), DAY, codes=["W1"])

    before = people.NOW - timedelta(minutes=1)
    as_known = queries.find_verdicts(units, DAY, as_known=before)[0]
    assert as_known.approvals == ()
    assert gate(ruled, day=DAY - timedelta(days=1)) is Permission.SHUT
