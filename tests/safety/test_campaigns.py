"""Campaigns: opened, kept in lists, returned on each month, ranked, and closed for good."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from taishan.core.campaigns import Measure, Stand, Standing
from taishan.core.duties import State
from taishan.core.hazards import Grade
from taishan.duties import actions as duties
from taishan.duties.models import Duty
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation import history
from taishan.organisation.models import Account
from taishan.safety import (
    campaign_counting,
    campaign_entries,
    campaign_hazards,
    campaign_queries,
    campaign_ranking,
    campaign_returns,
    campaigns,
    hazards,
)
from taishan.safety.campaign_models import Campaign, CampaignEntry, CampaignSum
from taishan.safety.campaigns import CampaignRefused, PhaseWanted
from tests import people
from tests.people import ACTOR, NOW
from tests.safety import campaigning, finding
from tests.safety.building import viewer
from tests.safety.campaigning import DAY

pytestmark = pytest.mark.django_db
FEBRUARY = datetime(2020, 2, 1, 4, tzinfo=UTC)
MARCH = datetime(2020, 3, 1, 4, tzinfo=UTC)


def sums(campaign: Campaign, unit: str = "W1") -> CampaignSum:
    return CampaignSum.objects.get(campaign=campaign, unit__code=unit)


def standing_of(entry: CampaignEntry) -> str:
    return CampaignEntry.objects.get(pk=entry.pk).stand


def duty_of(entry: CampaignEntry) -> Duty:
    return Duty.objects.get(subject_kind="campaign_entry", subject_id=str(entry.pk))


@pytest.mark.parametrize(
    "wrong",
    [
        {"phases": ()},
        {"scope_ids": ()},
        {"formula": "of-nobody"},
        {
            "phases": (
                PhaseWanted(title_en="a", title_zh="a", starts=date(2019, 1, 1),
                            ends=date(2020, 2, 1)),
            )
        },
    ],
)  # fmt: skip
def test_an_order_that_cannot_be_carried_out_is_refused(
    cast: dict[str, Account], wrong: dict[str, Any]
) -> None:
    with pytest.raises(CampaignRefused):
        campaigning.opened(NOW, **wrong)


def test_a_unit_opens_a_campaign_for_itself_and_below_alone(cast: dict[str, Account]) -> None:
    with pytest.raises(CampaignRefused):
        campaigning.opened(
            unit_id=campaigning.unit_id("W1"), scope_ids=(campaigning.unit_id("H1"),)
        )


def test_a_milestone_is_owed_by_who_runs_the_campaign(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    milestone = campaign.phases.get(number=1).milestones.get()
    duty = Duty.objects.get(kind="campaign_milestone", unit__code="HQ")

    campaigns.reach_milestone(actor=ACTOR, now=NOW, milestone=milestone, text="45 units")

    duty.refresh_from_db()
    assert duty.due_on == date(2020, 2, 29)
    assert duty.end is State.ON_TIME
    with pytest.raises(CampaignRefused):
        campaigns.reach_milestone(actor=ACTOR, now=NOW, milestone=milestone, text="Again")


def test_a_line_is_done_by_one_and_verified_by_another(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in())
    campaigning.done(cast["safety_officer"], entry)

    with pytest.raises(CampaignRefused):
        campaigning.verified(cast["safety_officer"], entry)
    campaigning.verified(cast["unit_head"], entry, NOW + 9 * DAY)

    assert standing_of(entry) == Stand.CLOSED
    assert duty_of(entry).end is State.ON_TIME
    assert (sums(campaign).problems_closed, sums(campaign).problems_on_time) == (1, 1)
    assert not Duty.objects.filter(subject_kind="campaign_check", ended=None).exists()


def test_who_holds_the_responsible_post_does_not_verify_what_a_colleague_did(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in(holder=cast["unit_head"]))
    campaigning.done(cast["safety_officer"], entry)

    with pytest.raises(CampaignRefused):
        campaigning.verified(cast["unit_head"], entry)


def test_who_did_it_before_it_was_returned_does_not_verify_it_later(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in())
    campaigning.done(cast["safety_officer"], entry)
    campaign_entries.give_back(
        actor=viewer(cast["unit_head"]).actor, now=NOW, entry=entry, reason="Still locked"
    )
    assert (standing_of(entry), sums(campaign).problems_waiting) == (Stand.OPEN, 0)
    campaigning.done(cast["unit_head"], entry)

    with pytest.raises(CampaignRefused):
        campaigning.verified(cast["safety_officer"], entry)


def test_what_was_listed_by_mistake_is_withdrawn_with_its_reason(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in())

    campaign_entries.withdraw(actor=ACTOR, now=NOW, entry=entry, reason="Twice on the list")

    assert duty_of(entry).end is State.WAIVED
    assert sums(campaign).problems == 0


def test_no_line_names_a_post_of_another_unit_or_a_day_that_is_over(
    cast: dict[str, Account],
) -> None:
    campaign, post = campaigning.opened(), campaigning.post_in()
    with pytest.raises(CampaignRefused):
        campaigning.listed(campaign, post, due_on=date(2020, 2, 11))
    with pytest.raises(CampaignRefused):
        campaign_entries.add(
            actor=ACTOR, now=NOW, campaign=campaign, unit_id=campaigning.unit_id("H1"),
            wanted=[campaigning.wanted(post)],
        )  # fmt: skip


def test_a_step_once_taken_cannot_be_changed_in_the_database(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in())
    campaigning.done(cast["unit_head"], entry)

    with pytest.raises(ProgrammingError), transaction.atomic():
        entry.acts.update(text="Nothing")
    with pytest.raises(ProgrammingError), transaction.atomic():
        CampaignEntry.objects.update(what="Something else")


def test_a_listed_hazard_is_closed_on_the_list_once_it_is_closed(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened()
    post = finding.post_of(cast["unit_head"])
    hazard = finding.graded(cast["safety_officer"], finding.found(cast["unit_head"]), Grade.GENERAL)
    with pytest.raises(CampaignRefused):
        campaign_hazards.add(actor=ACTOR, now=NOW, campaign=campaign, hazard=hazard)
    hazard = finding.assigned(cast["safety_officer"], hazard, post)
    entry = campaign_hazards.add(actor=ACTOR, now=NOW, campaign=campaign, hazard=hazard)
    with pytest.raises(CampaignRefused):
        campaigning.done(cast["unit_head"], entry)

    hazards.accept(viewer=viewer(cast["unit_head"]), now=NOW, hazard=hazard)
    hazard = finding.submitted(cast["unit_head"], hazard)
    campaign_hazards.follow(now=NOW, hazard_id=hazard.pk)
    assert (standing_of(entry), sums(campaign).problems_waiting) == (Stand.DONE, 1)

    who = viewer(cast["safety_officer"])
    hazards.verify(viewer=who, now=NOW, hazard=hazard, reason="Seen")
    campaign_hazards.follow(now=NOW, hazard_id=hazard.pk)
    assert (standing_of(entry), sums(campaign).problems_on_time) == (Stand.CLOSED, 1)
    assert campaign_hazards.follow(now=NOW, hazard_id=hazard.pk) == 0


def opened_in_january() -> Campaign:
    return campaigning.opened(datetime(2020, 1, 6, tzinfo=UTC))


def test_each_unit_owes_a_return_once_a_month_is_over_however_often_the_job_runs(
    cast: dict[str, Account],
) -> None:
    campaign = opened_in_january()

    assert campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY - DAY) == 0
    assert campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY) == len(people.GROUP)
    assert campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY) == 0
    assert sums(campaign).returns_owed == 1
    assert campaign_queries.find_not_due(campaign, FEBRUARY)[campaigning.unit_id("W1")] == 1


def test_a_return_is_discharged_by_itself_and_given_once(cast: dict[str, Account]) -> None:
    campaign, act = opened_in_january(), viewer(cast["unit_head"]).actor
    campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY)
    month: dict[str, Any] = {
        "campaign": campaign, "unit_id": campaigning.unit_id("W1"), "month": date(2020, 1, 1),
    }  # fmt: skip

    given = campaign_returns.give(actor=act, now=FEBRUARY, **month, text="Two exits cleared")

    assert given.is_on_time
    assert Duty.objects.get(kind="campaign_return", unit__code="W1").end is State.ON_TIME
    with pytest.raises(CampaignRefused):
        campaign_returns.give(actor=act, now=FEBRUARY, **month, text="Once more")


def test_a_missed_return_stays_missed(cast: dict[str, Account]) -> None:
    campaign = opened_in_january()
    campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY)
    duties.settle(actor=ACTOR, now=MARCH)

    with pytest.raises(CampaignRefused):
        campaign_returns.give(
            actor=ACTOR, now=MARCH, campaign=campaign, unit_id=campaigning.unit_id("W1"),
            month=date(2020, 1, 1), text="Late",
        )  # fmt: skip
    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, MARCH, "W2")
    assert branch.sum_of(branch.places.values()).returns_due == 1


def test_a_unit_that_joins_takes_part_and_one_that_leaves_keeps_its_list(
    cast: dict[str, Account],
) -> None:
    w1 = campaigning.unit_id("W1")
    campaign = campaigning.opened(scope_ids=(w1,))
    entry = campaigning.listed(campaign, campaigning.post_in("W2"))
    on = NOW.date()
    organisation.move_unit(actor=ACTOR, now=NOW, on=on, code="W2", parent="HQ")
    organisation.move_unit(actor=ACTOR, now=NOW, on=on, code="H1", parent="W1")

    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, NOW)

    assert {place.code for place in branch.places.values()} == {"W1", "H1"}
    assert [one.unit.code for one in campaign_queries.find_gone(campaign, branch)] == ["W2"]
    campaigning.done(cast["unit_head"], entry)
    with pytest.raises(CampaignRefused):
        campaigning.listed(campaign, entry.post, what="Another exit")


def test_the_ranking_adds_up_branches_and_names_who_is_stalled(cast: dict[str, Account]) -> None:
    campaign = opened_in_january()
    entry = campaigning.listed(campaign, campaigning.post_in("W2"))
    campaigning.done(cast["unit_head"], entry)
    campaigning.verified(cast["safety_officer"], entry)
    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, NOW)

    found = campaign_ranking.standings(campaign, branch, NOW.date())
    ranked = campaign_ranking.rank(campaign, branch, NOW.date(), found)
    rows = {row.unit.code: row for row in ranked}

    assert (rows["W1"].numbers.problems_closed, rows["W1"].below) == (1, 1)
    assert (rows["W1"].standing, rows["W1"].stalled) == (Standing.WORKED_OFF, 1)
    assert rows["H1"].standing is Standing.STALLED
    assert (rows["W1"].place, rows["H1"].place) == (1, None)


def test_a_unit_that_stands_still_does_so_however_often_its_record_changes(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened(
        datetime(2020, 1, 6, tzinfo=UTC), scope_ids=(campaigning.unit_id("W1"),)
    )
    for day in (1, 5):
        on = date(2020, 2, day)
        history.supersede(history.get_version("W1", on), on, head_count=day)
    organisation.move_unit(actor=ACTOR, now=NOW, on=date(2020, 2, 3), code="H1", parent="W1")

    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, NOW)

    since = {place.code: place.since for place in branch.places.values()}
    assert since == {"W1": campaign.starts, "W2": campaign.starts, "H1": date(2020, 2, 3)}
    stalled = campaign_ranking.standings(campaign, branch, NOW.date())[Standing.STALLED]
    assert {place.code for place in stalled} == {"W1", "W2"}


def test_a_target_of_a_unit_counts_all_below_it(cast: dict[str, Account]) -> None:
    campaign, w1 = campaigning.opened(), campaigning.unit_id("W1")
    campaigning.listed(campaign, campaigning.post_in("W2"))
    given: dict[str, Any] = {"campaign": campaign, "unit_id": w1, "by_day": date(2020, 3, 31)}
    campaigns.set_target(actor=ACTOR, now=NOW, **given, measure=Measure.PROBLEMS_FOUND, amount=4)
    with pytest.raises(CampaignRefused):
        campaigns.set_target(
            actor=ACTOR, now=NOW, **given, measure=Measure.CLOSED_ON_TIME, amount=101
        )
    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, NOW)

    (target,) = campaign_ranking.targets(campaign, branch, NOW.date(), None)

    assert (target["reached"], target["is_reached"]) == (1, False)


def test_a_closed_campaign_keeps_its_numbers_and_is_never_reopened(
    cast: dict[str, Account],
) -> None:
    campaign, post = campaigning.opened(), campaigning.post_in()
    entry = campaigning.listed(campaign, post)
    campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY)
    campaigning.close(cast["duty_office"], campaign)
    campaigning.done(cast["unit_head"], entry)

    campaign = Campaign.objects.get(pk=campaign.pk)
    assert campaign.closing.numbers["whole"]["problems_waiting"] == 0
    assert Entry.objects.get(verb="campaign.closed").data["sha256"] == campaign.closing.sha256
    with pytest.raises(CampaignRefused):
        campaigning.close(cast["duty_office"], campaign)
    with pytest.raises(CampaignRefused):
        campaigning.listed(campaign, post, what="Another")
    assert campaign_returns.open_returns(actor=ACTOR, now=MARCH) == 0


def test_a_full_recount_equals_the_sums_and_mends_what_differs(cast: dict[str, Account]) -> None:
    campaign = opened_in_january()
    campaign_returns.open_returns(actor=ACTOR, now=FEBRUARY)
    post = campaigning.post_in()
    for number, of in enumerate(("problems", "problems", "measures", "measures")):
        entry = campaigning.listed(campaign, post, what=f"Line {number}", of=of)
        if number % 2:
            campaigning.done(cast["unit_head"], entry)
            campaigning.verified(cast["safety_officer"], entry)
    assert campaign_counting.find_differences() == []

    CampaignSum.objects.filter(unit__code="W1").update(problems=7)
    assert len(campaign_counting.find_differences()) == 1
    campaign_counting.recount()

    assert campaign_counting.find_differences() == []
    assert sums(campaign).problems == 2


def test_the_numbers_of_a_campaign_cost_the_same_queries_however_many_units(
    cast: dict[str, Account], django_assert_num_queries: Any
) -> None:
    campaign, who = campaigning.opened(), viewer(cast["duty_office"])
    campaigning.listed(campaign, campaigning.post_in())

    with django_assert_num_queries(6):
        campaign_queries.get_branch(who, campaign, NOW)
