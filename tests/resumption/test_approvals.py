"""What an approval is worth: suspended by the facts, confirmed by a new look, locked meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from taishan.communications.models import Delivery
from taishan.core.approvals import State
from taishan.core.gate import Permission
from taishan.organisation import queries as units
from taishan.organisation.models import Account
from taishan.regulations import actions as regulations
from taishan.regulations import schemas
from taishan.resumption import (
    actions,
    application_standing,
    applications,
    deciding,
    dry_run,
    queries,
)
from taishan.resumption.actions import AttestationRefused
from taishan.resumption.application_steps import ApplicationRefused
from taishan.resumption.models import Attestation
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
from tests.safety import building as stopping

LATER = people.NOW + timedelta(hours=1)


def test_an_approval_given_in_the_second_in_which_the_verdict_turns_shut_is_suspended(
    ruled: dict[str, Account],
) -> None:
    application = draft(ruled["safety_officer"])
    submit(ruled["safety_officer"], application)
    stopping.stop(ruled["employee"])
    decide(ruled["duty_office"], application)

    last = application.steps.latest("number")
    assert (last.act, last.at, last.breaches[0][0]) == ("suspend", people.NOW, "stopped")
    assert state(ruled, application) is State.SUSPENDED


def test_an_approval_whose_facts_turn_counts_no_more_before_any_job_has_run(
    ruled: dict[str, Account],
) -> None:
    application = applying.approved(ruled)
    actions.refute(
        actor=people.ACTOR, now=people.NOW, attestation_id=Attestation.objects.get().pk,
        reason="There is no plan",
    )  # fmt: skip
    attest(starts=DAY)  # another shows the condition: what was refuted is still why

    assert not application.steps.filter(act="suspend").exists()
    assert state(ruled, application) is State.SUSPENDED
    assert gate(ruled) is Permission.SHUT


def test_the_strip_and_a_dry_run_say_what_the_board_says_before_any_job_has_run(
    ruled: dict[str, Account],
) -> None:
    applying.approved(ruled)
    actions.refute(
        actor=people.ACTOR, now=people.NOW, attestation_id=Attestation.objects.get().pk,
        reason="There is no plan",
    )  # fmt: skip
    attest(starts=DAY)
    until = DAY + timedelta(days=4)
    unit = applying.unit_of("W1", ruled["inspector"])
    from_day_two = schemas.parse(
        applying.RULES.replace("hq-2020-01-28", "hq-shut")
        .replace("{type: attest, condition: prevention_plan}", "{type: suspend}")
        .replace("issued: 2020-01-28", f"issued: {DAY + timedelta(days=2)}"),
        "shut.yaml",
    )

    (span,) = queries.find_spans([unit], DAY, until)["W1"]
    assert (span.verdict.state, span.ends) == (gate(ruled), until)
    assert queries.what_if(unit, DAY, kinds=unit.kinds_of_work, met={}).state is gate(ruled)
    changes = dry_run.compare(from_day_two, [unit], DAY, until)
    assert {one.before[1] for one in changes} == {Permission.SHUT}, "and not what was recorded"


def test_a_suspension_is_recorded_once_and_everybody_concerned_is_told(
    ruled: dict[str, Account],
) -> None:
    applying.approved(ruled)
    stopping.stop(ruled["employee"])
    told = set(Delivery.objects.values_list("notice_id", flat=True))
    counts = [deciding.follow(actor=people.ACTOR, now=LATER) for _ in range(2)]

    rows = Delivery.objects.exclude(notice_id__in=told)
    assert counts == [1, 0]
    assert {one.person.staff_no for one in rows} == {"D1", "D2", "D3"}
    assert "work is stopped" in rows[0].notice.text_en


def test_a_suspended_approval_holds_again_only_after_a_new_look(ruled: dict[str, Account]) -> None:
    application = applying.approved(ruled)
    found = stopping.stop(ruled["employee"])
    deciding.follow(actor=people.ACTOR, now=LATER)
    office = {"actor": viewer(ruled["duty_office"]).actor, "now": LATER, "reason": "Seen"}
    with pytest.raises(ApplicationRefused, match="lasts"):
        deciding.confirm(application=application, seen=applying.seen(application), **office)
    stopping.lift(ruled["duty_office"], stopping.ask(ruled["unit_head"], found))
    deciding.follow(actor=people.ACTOR, now=LATER)
    lifted, owed = gate(ruled), open_duties()
    deciding.confirm(application=application, seen=applying.seen(application), **office)

    assert (lifted, gate(ruled)) == (Permission.SHUT, Permission.OPEN)
    assert owed == [("HQ", f"{application.pk}:1:0:again:3")]
    assert open_duties() == []


def test_an_approval_is_suspended_when_what_it_rests_on_runs_out(cast: dict[str, Account]) -> None:
    applying.rules()
    attest(ends=DAY + timedelta(days=2))
    application = applying.approved(cast)
    days = [
        deciding.follow(actor=people.ACTOR, now=people.NOW + n * timedelta(days=1)) for n in (1, 2)
    ]

    assert days == [0, 1]
    assert application.steps.latest("number").breaches == [
        ["unmet", "attest:prevention_plan"], ["lapsed", "attest:prevention_plan"],
    ]  # fmt: skip


def test_a_public_holiday_suspends_nothing(ruled: dict[str, Account]) -> None:
    text = applying.RULES.replace("hq-2020-01-28", "hq-holiday").replace(
        "{type: attest, condition: prevention_plan}", "{type: holiday}"
    )
    application = applying.approved(ruled)
    regulations.import_library(
        actor=people.ACTOR, now=people.NOW, library=schemas.parse(text, "holiday.yaml")
    )

    assert gate(ruled) is Permission.SHUT
    assert state(ruled, application) is State.APPROVED


def test_what_an_approval_rests_on_is_locked_until_it_is_unlocked_for_a_reason(
    ruled: dict[str, Account],
) -> None:
    application = applying.approved(ruled)
    office = {"actor": viewer(ruled["duty_office"]).actor, "now": LATER}
    with pytest.raises(AttestationRefused, match="unlocked first"):
        attest(starts=DAY)
    with pytest.raises(ApplicationRefused, match="locked"):
        applications.revise(
            actor=people.ACTOR, now=LATER, application=application, edition=1, plan=applying.plan()
        )
    with pytest.raises(ApplicationRefused, match="Say why"):
        deciding.unlock(application=application, seen=2, reason=" ", **office)
    deciding.unlock(application=application, seen=2, reason="A new edition", **office)
    attest(starts=DAY)

    assert (state(ruled, application), gate(ruled)) == (State.UNLOCKED, Permission.OPEN)
    deciding.confirm(application=application, seen=3, reason="Read it", **office)
    with pytest.raises(AttestationRefused, match="unlocked first"):
        attest(starts=DAY)


def test_a_plan_that_was_changed_is_submitted_anew_and_not_confirmed(
    ruled: dict[str, Account],
) -> None:
    application = applying.approved(ruled)
    office = {"actor": viewer(ruled["duty_office"]).actor, "now": LATER, "reason": "Read it"}
    deciding.unlock(application=application, seen=2, **office)
    applications.revise(
        actor=people.ACTOR, now=LATER, application=application, edition=1,
        plan=applying.plan(starts_on=DAY + timedelta(days=9)),
    )  # fmt: skip

    with pytest.raises(ApplicationRefused, match="submits it anew"):
        deciding.confirm(application=application, seen=3, **office)
    path = units.get_last_version(application.unit_id).path
    found = application_standing.get_standing(
        viewer(ruled["duty_office"]), application, path, LATER
    )
    assert (found.state, found.may_confirm) == (State.UNLOCKED, False)
    assert "submits it anew" in application_standing.banner(found)["next"]


def test_who_submitted_neither_unlocks_nor_confirms(ruled: dict[str, Account]) -> None:
    stopping.granted("D9", "许言")
    application = draft(ruled["duty_office"])
    submit(ruled["duty_office"], application)
    decide(Account.objects.get(username="D9"), application)
    given = {"now": LATER, "reason": "Read it", "application": application}
    own, other = ({"actor": viewer(one).actor} for one in (
        ruled["duty_office"], Account.objects.get(username="D9")
    ))  # fmt: skip

    with pytest.raises(ApplicationRefused, match="somebody else does"):
        deciding.unlock(seen=2, **own, **given)
    deciding.unlock(seen=2, **other, **given)
    with pytest.raises(ApplicationRefused, match="somebody else does"):
        deciding.confirm(seen=3, **own, **given)
    deciding.confirm(seen=3, **other, **given)
    assert state(ruled, application) is State.APPROVED
