"""A role goes with its unit: over every day, wherever the unit hangs on it."""

from datetime import date

import pytest

from taishan.organisation import access, actions
from taishan.organisation.access import Capability
from taishan.organisation.models import Account
from tests import people

MARCH = date(2020, 3, 1)
TODAY = date(2020, 2, 12)


@pytest.fixture
def _w1_hangs_below_h1_from_march(cast: dict[str, Account]) -> None:
    actions.move_unit(actor=people.ACTOR, now=people.NOW, on=MARCH, code="W1", parent="H1")


def _manager_of(unit: str, today: date) -> access.Viewer:
    account = actions.grant_role(
        actor=people.ACTOR, now=people.NOW, on=people.FOUNDED, staff_no=f"M-{unit}",
        name="Manager", role="duty_office", unit=unit,
    )  # fmt: skip
    return access.viewer_for(account, today)


@pytest.mark.usefixtures("_w1_hangs_below_h1_from_march")
def test_who_leads_a_unit_sees_it_before_and_after_its_move(cast: dict[str, Account]) -> None:
    head = access.viewer_for(cast["unit_head"], TODAY)
    for day in (TODAY, MARCH):
        seen = access.units_visible(head, day).values_list("unit__code", flat=True)
        assert set(seen) == {"W1", "W2"}


@pytest.mark.usefixtures("_w1_hangs_below_h1_from_march")
def test_who_gets_a_unit_by_a_move_may_change_it_only_from_then() -> None:
    manager = _manager_of("H1", TODAY)
    manage = Capability.MANAGE_ORGANISATION
    assert access.may_over(manager, manage, "W1", MARCH)
    assert not access.may_over(manager, manage, "W1", TODAY)


@pytest.mark.usefixtures("_w1_hangs_below_h1_from_march")
def test_who_had_a_unit_before_a_move_may_not_reach_it_through_a_past_day() -> None:
    actions.move_unit(actor=people.ACTOR, now=people.NOW, on=date(2020, 4, 1), code="W1",
                      parent="T1")  # fmt: skip
    manager = _manager_of("H1", date(2020, 4, 2))
    manage = Capability.MANAGE_ORGANISATION
    assert access.may_over(manager, manage, "W1", MARCH, date(2020, 4, 1))
    assert not access.may_over(manager, manage, "W1", MARCH)
