"""Campaigns beside the pages of duties, beside others who act, and beside odd input."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.core.campaigns import Stand
from taishan.core.hazards import Grade
from taishan.duties import actions as duties
from taishan.duties.models import Duty
from taishan.kit import clock, tables
from taishan.organisation.models import Account
from taishan.safety import (
    campaign_counting,
    campaign_hazards,
    campaign_presenting,
    campaign_queries,
    campaign_returns,
    campaign_sheet,
    campaigns,
    hazards,
)
from taishan.safety.campaign_models import (
    Campaign,
    CampaignEntry,
    CampaignMilestone,
    CampaignSum,
    MilestoneReached,
)
from tests import jobs
from tests.people import ACTOR, NOW
from tests.reporting import building as reports
from tests.safety import campaigning, finding
from tests.safety.building import viewer

pytestmark = pytest.mark.django_db
REFUSED = 422
MARCH = datetime(2020, 3, 1, 4, tzinfo=UTC)
NEW = {
    "unit": "W1", "title_en": "A long title", "goal_en": "g", "return_day": 5,
    "stalled_after_days": 30, "phase-TOTAL_FORMS": 1, "phase-INITIAL_FORMS": 1,
    "phase-0-title_en": "a", "phase-0-starts": "2020-02-12", "phase-0-last": "2020-05-12",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def _as(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def _line(cast: dict[str, Account]) -> tuple[Campaign, CampaignEntry, Duty]:
    campaign = campaigning.opened()
    entry = campaigning.listed(campaign, campaigning.post_in("W1", cast["safety_officer"]))
    duty = Duty.objects.get(subject_kind="campaign_entry", subject_id=str(entry.pk))
    return campaign, entry, duty


def _numbers(cast: dict[str, Account], campaign: Campaign, at: datetime) -> Any:
    branch = campaign_queries.get_branch(viewer(cast["duty_office"]), campaign, at)
    (place,) = (one for one in branch.places.values() if one.code == "W1")
    return branch.numbers[place.unit_id]


def test_a_line_given_more_time_as_a_duty_is_on_time_until_then(cast: dict[str, Account]) -> None:
    campaign, entry, duty = _line(cast)
    sent = {"due_at": "2020-03-20T18:00", "reason": "frost"}
    page = f"/duties/W1/{duty.id}/extension/"
    assert _as(cast["duty_office"]).post(page, sent).status_code == 302
    jobs.run()

    assert campaign_queries.find_overdue(campaign, MARCH) == {}
    entry.refresh_from_db()
    assert str(entry.due_on) == "2020-03-20"
    campaigning.done(cast["safety_officer"], entry, now=MARCH)
    campaigning.verified(cast["unit_head"], entry, now=MARCH)
    assert CampaignSum.objects.get(unit__code="W1").problems_on_time == 1
    assert campaign_counting.find_differences() == []


def test_a_line_waived_as_a_duty_is_withdrawn_for_the_same_reason(cast: dict[str, Account]) -> None:
    campaign, entry, duty = _line(cast)
    page = f"/duties/W1/{duty.id}/waiver/"
    assert _as(cast["duty_office"]).post(page, {"reason": "sold"}).status_code == 302
    jobs.run()
    jobs.run()

    entry.refresh_from_db()
    assert entry.stand == Stand.WITHDRAWN
    assert [one.text for one in entry.acts.all()] == ["sold"]
    assert campaign_queries.find_overdue(campaign, MARCH) == {}
    assert campaign_counting.find_differences() == []


def test_a_return_waived_as_a_duty_is_owed_no_longer(cast: dict[str, Account]) -> None:
    campaign, at = campaigning.opened(), datetime(2020, 2, 6, 4, tzinfo=UTC)
    campaign_returns.open_returns(actor=ACTOR, now=at)
    assert _numbers(cast, campaign, at).returns_due == 1
    duty = Duty.objects.get(kind="campaign_return", unit__code="W1")

    duties.waive(actor=ACTOR, now=at, duty=duty, reason="the city is closed")
    jobs.run()

    assert _numbers(cast, campaign, at).returns_due == 0
    assert campaign_counting.find_differences() == []
    with pytest.raises(campaigns.CampaignRefused, match="No return on this month is owed"):
        campaign_returns.give(
            actor=ACTOR, now=at, campaign=campaign, unit_id=duty.unit_id,
            month=date(2020, 1, 1), text="all done",
        )  # fmt: skip


def test_a_milestone_given_more_time_or_waived_as_a_duty_is_not_late(
    cast: dict[str, Account],
) -> None:
    campaign = campaigning.opened()
    duty = Duty.objects.get(kind="campaign_milestone")
    given: dict[str, Any] = {"actor": ACTOR, "now": NOW, "reason": "frost"}
    day = date(2020, 3, 20)

    def shown() -> tuple[str, str]:
        (mark,) = campaign_presenting.picture(campaign, day, lambda _one: None)["marks"]
        return mark["state"], mark["word"]

    assert shown()[0] == "late"
    duty = duties.extend(**given, duty=duty, due_at=duty.due_at + timedelta(days=30))
    assert shown()[0] == "ahead"
    duties.waive(**given, duty=duty)
    assert shown() == ("ahead", "waived")


def test_a_line_handed_over_is_done_by_whoever_took_it(cast: dict[str, Account]) -> None:
    _campaign, entry, duty = _line(cast)
    reports.hire("D6", unit="W1")
    duties.hand_over(
        actor=ACTOR, now=NOW, duty=duty, person_id=cast["employee"].person_id, reason="ill"
    )
    client = _as(cast["employee"])

    shown = client.get(duty.address)
    assert shown.status_code == 200
    assert "Sok Dara" in shown.context["banner"]["next"]
    page = f"/safety/campaigns/entries/{entry.pk}/completion/"
    assert client.post(page, {"text": "cleared"}).status_code == 302
    assert client.get(duty.address).status_code == 200


def test_a_line_that_follows_its_hazard_is_not_set_back_by_a_slower_worker(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, post = campaigning.opened(), campaigning.post_in("W1", cast["unit_head"])
    hazard = finding.graded(cast["safety_officer"], finding.found(cast["unit_head"]), Grade.GENERAL)
    hazard = finding.assigned(cast["safety_officer"], hazard, post)
    entry = campaign_hazards.add(actor=ACTOR, now=NOW, campaign=campaign, hazard=hazard)
    hazards.accept(viewer=viewer(cast["unit_head"]), now=NOW, hazard=hazard)
    hazard = finding.submitted(cast["unit_head"], hazard)
    lock = campaign_counting.lock

    def waits(*of: int) -> CampaignSum:
        monkeypatch.setattr(campaign_counting, "lock", lock)
        officer = viewer(cast["safety_officer"])
        hazards.verify(viewer=officer, now=NOW, hazard=hazard, reason="Seen")
        campaign_hazards.follow(now=NOW, hazard_id=hazard.pk)
        return lock(*of)

    monkeypatch.setattr(campaign_counting, "lock", waits)
    campaign_hazards.follow(now=NOW, hazard_id=hazard.pk)

    assert CampaignEntry.objects.get(pk=entry.pk).stand == Stand.CLOSED


def test_a_file_confirmed_twice_at_once_is_listed_once(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    campaign, post = campaigning.opened(), campaigning.post_in("W1", cast["safety_officer"])
    heads = ("list", "what", "place", "how", "post", "due_on")
    rows = [("problems", "Blocked exit", "", "", post.code, "2020-03-01")]
    content, lock = tables.write_xlsx("lists", heads, rows), campaign_counting.lock

    def confirm() -> int:
        outcome = campaign_sheet.import_lists(
            actor=ACTOR, now=NOW, campaign=campaign, unit_id=post.unit_id, content=content,
            mode="all_or_nothing",
        )  # fmt: skip
        return len(outcome.errors)

    def waits(*of: int) -> CampaignSum:
        monkeypatch.setattr(campaign_counting, "lock", lock)
        assert confirm() == 0
        return lock(*of)

    monkeypatch.setattr(campaign_counting, "lock", waits)

    assert confirm() == 1
    assert CampaignEntry.objects.count() == 1


def test_a_unit_that_takes_no_part_has_its_target_shown(cast: dict[str, Account]) -> None:
    campaign = campaigning.opened(scope_ids=(campaigning.unit_id("W1"),))
    page, office = f"/safety/campaigns/{campaign.pk}/", _as(cast["duty_office"])
    given = office.get(page).context["targeting"].initial
    target = {"measure": "problems_found", "amount": 10, "by_day": "2020-03-01"}
    assert office.post(f"{page}targets/", given | target).status_code == 302

    (shown,) = office.get(page).context["targets"]
    assert shown["unit"] == "Unit HQ"
    # Of one who sees W1 alone, the sum would not be that of all.
    assert _as(cast["unit_head"]).get(page).context["targets"] == []


def test_a_campaign_for_a_unit_out_of_sight_is_refused_without_its_name(
    cast: dict[str, Account],
) -> None:
    for given in ({"scope": "H1"}, {"unit": "H1"}):
        refused = _as(cast["unit_head"]).post("/safety/campaigns/new/", NEW | given)
        text = refused.content.decode()
        assert refused.status_code == REFUSED
        assert "There is no unit H1, or not for you to see." in text
        assert "Unit H1" not in text
        assert "A long title" in text


def test_a_milestone_takes_as_much_as_a_browser_lets_type(cast: dict[str, Account]) -> None:
    campaigning.opened()
    milestone = CampaignMilestone.objects.get()
    page = f"/safety/campaigns/{milestone.phase.campaign_id}/milestones/{milestone.pk}/reaching/"
    text, office = "\r\n".join(["x" * 89] * 22), _as(cast["duty_office"])

    refused = office.post(page, {"text": text + "x" * 50})
    assert refused.status_code == REFUSED
    assert "x" * 139 in refused.content.decode()
    assert office.post(page, {"text": text}).status_code == 302
    again = office.post(page, {"text": "seen twice"})
    assert again.status_code == REFUSED
    assert "reached already" in again.content.decode()
    assert "seen twice" in again.content.decode()
    assert MilestoneReached.objects.get().text == text.replace("\r\n", "\n")


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x01", "\ufffe"])
def test_what_no_document_can_hold_is_left_out_of_it(cast: dict[str, Account], char: str) -> None:
    campaign, office = campaigning.opened(), _as(cast["duty_office"])
    page = f"/safety/campaigns/{campaign.pk}/"
    assert office.post(f"{page}closing/", {"text": f"One{char}two"}).status_code == 302

    for form in ("xlsx", "docx"):
        assert office.get(f"{page}report.{form}").status_code == 200


@pytest.mark.parametrize("month", ["٢٠٢٠-01", "２０２０-01", "9999-12", "0000-01", "2020-13"])
def test_there_is_no_such_month(cast: dict[str, Account], month: str) -> None:
    campaign = campaigning.opened()
    page = f"/safety/campaigns/{campaign.pk}/units/W1/returns/{month}/"

    assert _as(cast["unit_head"]).get(page).status_code == 404
