"""A move or another clock that is only planned changes nothing before its day, by whatever door."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from taishan.communications import queries as communications
from taishan.core.escalation import Hours, To
from taishan.duties import steps
from taishan.kit import clock
from taishan.organisation import actions, history, restructuring
from taishan.organisation.models import Account, Unit
from taishan.safety import inspections
from taishan.safety.inspections import InspectionRefused
from taishan.situation import standing
from tests import people
from tests.communications.writing import hire, publish, tell
from tests.people import ACTOR, NOW, signed_in
from tests.safety import campaigning
from tests.safety.building import viewer
from tests.safety.inspecting import GOOD, checklist, inspected
from tests.situation.building import draft_report

pytestmark = pytest.mark.django_db
JUNE = date(2020, 6, 1)


@pytest.fixture
def other(cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch) -> Account:
    """The duty office of H1, below which W2 is to hang from June."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    actions.move_unit(actor=ACTOR, now=NOW, on=JUNE, code="W2", parent="H1")
    return actions.grant_role(
        actor=ACTOR, now=NOW, on=people.FOUNDED, staff_no="D9", name="Another", role="duty_office",
        unit="H1",
    )  # fmt: skip


def test_pages_of_a_unit_stay_with_those_above_it(cast: dict[str, Account], other: Account) -> None:
    hire("1", "W2")
    notice, campaign = publish("W2"), campaigning.opened()
    mine, theirs = signed_in(cast["unit_head"]), signed_in(other)

    for address in (f"/notices/{notice.pk}/", f"/safety/campaigns/{campaign.pk}/units/W2/"):
        assert [one.get(address).status_code for one in (mine, theirs)] == [200, 404], address


def test_what_was_added_to_the_escalation_is_withdrawn_by_those_above(
    cast: dict[str, Account], other: Account
) -> None:
    step = steps.add(
        actor=ACTOR, now=NOW, unit_id=Unit.objects.get(code="W2").pk,
        details=steps.Details(
            kind="directive", offset_min=0, to=[To.INSPECTOR], hours=Hours.WAKING
        ),
    )  # fmt: skip
    address = f"/escalation/steps/{step.pk}/withdrawal/"

    assert signed_in(other).post(address).status_code == 403
    assert signed_in(cast["unit_head"]).post(address).status_code == 302


def test_a_hazard_of_an_inspection_is_made_by_those_above(
    cast: dict[str, Account], other: Account, media: object
) -> None:
    one = inspected(cast["safety_officer"], checklist(), GOOD | {"cables": "no"}, unit="W2")

    with pytest.raises(InspectionRefused):
        inspections.make_hazard(viewer=viewer(other), now=NOW, inspection=one, code="cables")
    assert inspections.make_hazard(
        viewer=viewer(cast["safety_officer"]), now=NOW, inspection=one, code="cables"
    )


def test_a_report_of_the_situation_stays_with_those_above(
    cast: dict[str, Account], other: Account
) -> None:
    report = draft_report(cast["unit_head"], "W2")

    w1, w2 = (Unit.objects.get(code=code).pk for code in ("W1", "W2"))
    assert standing.path_of(report).split(".")[1:] == [str(w1), str(w2)]


def test_hours_are_said_by_the_clock_of_today(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    w1, reader = Unit.objects.get(code="W1").pk, hire("1", "W1")
    tell(reader)
    moved = replace(people.GROUP[1], time_zone="Europe/Paris")
    restructuring.change_unit(actor=ACTOR, now=NOW, on=JUNE, details=moved)

    assert history.zone_of(w1) == ZoneInfo("Asia/Shanghai")
    july = datetime(2020, 7, 1, tzinfo=ZoneInfo("UTC"))
    assert history.zone_of(w1, july) == ZoneInfo("Europe/Paris")
    assert communications.find_mine(reader.pk)[0].time_zone == "Asia/Shanghai"
