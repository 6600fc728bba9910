"""The calendar of what somebody owes, at a secret address of their own."""

from __future__ import annotations

from datetime import UTC

import icalendar
import pytest
from django.test import Client

from taishan.duties import feeds
from taishan.duties.models import FeedAddress
from taishan.organisation.models import Account
from tests.duties.building import assign
from tests.people import ACTOR, NOW, signed_in


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
