"""Units in time: a question about a past day sees the tree of that day."""

from datetime import date

import pytest

from taishan.organisation import access, actions
from taishan.organisation.models import Account, UnitVersion
from tests import people

MARCH = date(2020, 3, 1)


def line(code: str, on: date) -> str:
    return UnitVersion.objects.get(unit__code=code, valid__contains=on).path


def move(code: str, parent: str) -> None:
    actions.move_unit(actor=people.ACTOR, now=people.NOW, on=MARCH, code=code, parent=parent)


def test_a_move_takes_everything_below_and_leaves_the_past(cast: dict[str, Account]) -> None:
    before = line("W2", date(2020, 2, 29))

    move("W1", "H1")

    assert line("W2", date(2020, 2, 29)) == before
    assert line("W2", MARCH).startswith(line("H1", MARCH) + ".")


def test_a_unit_cannot_move_below_itself(cast: dict[str, Account]) -> None:
    with pytest.raises(actions.OrganisationRefused, match="part of W1"):
        move("W1", "W2")


def test_a_cycle_of_new_units_is_refused_and_nothing_is_saved(cast: dict[str, Account]) -> None:
    units = [people.unit("A", "CN-SH", parent="B"), people.unit("B", "CN-SH", parent="A")]

    with pytest.raises(actions.OrganisationRefused, match="cycle of units: A, B"):
        actions.open_units(actor=people.ACTOR, now=people.NOW, on=MARCH, details=units)

    assert not UnitVersion.objects.filter(unit__code__in=["A", "B"]).exists()


def test_a_group_has_one_headquarters(cast: dict[str, Account]) -> None:
    """Whoever has a role there has it over the whole group."""
    second = people.unit("R2", "CN-SH", parent="", kind="headquarters")

    with pytest.raises(actions.OrganisationRefused, match="R2: the group has its headquarters"):
        actions.open_units(actor=people.ACTOR, now=people.NOW, on=MARCH, details=[second])


def test_a_unit_closes_only_after_those_below(cast: dict[str, Account]) -> None:
    with pytest.raises(actions.OrganisationRefused, match="open units: W2"):
        actions.close_unit(actor=people.ACTOR, now=people.NOW, on=MARCH, code="W1")

    for code in ("W2", "W1"):
        actions.close_unit(actor=people.ACTOR, now=people.NOW, on=MARCH, code=code)

    inspector = access.viewer_for(cast["inspector"], MARCH)
    open_then = access.units_visible(inspector, date(2020, 2, 29)).filter(unit__code="W1")
    open_now = access.units_visible(inspector, MARCH).filter(unit__code="W1")
    assert (open_then.count(), open_now.count()) == (1, 0)
