"""The tree in time: every change from its day on, and the days before it as they were."""

from datetime import date

import pytest

from taishan.ledger.models import Entry
from taishan.organisation import actions, history, restructuring, staffing
from taishan.organisation.models import Membership, Person, Seat, Succession, UnitVersion
from tests.organisation import building
from tests.organisation.building import DUTY, NOW, OPENED, TODAY, details

pytestmark = pytest.mark.django_db
YESTERDAY = date(2020, 2, 11)


@pytest.fixture(autouse=True)
def _group() -> None:
    building.a_group()


def test_a_moved_unit_takes_its_subtree_along_and_the_past_stays() -> None:
    actions.move_unit(actor=DUTY, now=NOW, on=TODAY, code="A", parent="B")
    assert building.tree_on(TODAY) == {"HQ": "", "B": "HQ", "A": "B", "A1": "A"}
    assert building.tree_on(YESTERDAY) == {"HQ": "", "B": "HQ", "A": "HQ", "A1": "A"}
    top = history.get_version("B", TODAY)
    below = history.find_below(top, TODAY).values_list("unit__code", flat=True)
    assert set(below) == {"A", "A1"}


def test_a_unit_cannot_move_below_its_own_part() -> None:
    with pytest.raises(history.OrganisationRefused, match="A cannot move below A1"):
        actions.move_unit(actor=DUTY, now=NOW, on=TODAY, code="A", parent="A1")
    assert building.tree_on(TODAY)["A"] == "HQ"


def test_a_unit_changes_from_a_day_and_keeps_what_it_was() -> None:
    new = details("A", "HQ", head_count=7)
    assert restructuring.change_unit(actor=DUTY, now=NOW, on=TODAY, details=new)
    assert not restructuring.change_unit(actor=DUTY, now=NOW, on=TODAY, details=new)
    assert history.get_version("A", TODAY).head_count == 7
    assert history.get_version("A", YESTERDAY).head_count == 100


def test_a_unit_with_open_parts_does_not_close() -> None:
    with pytest.raises(history.OrganisationRefused, match="A1"):
        actions.close_unit(actor=DUTY, now=NOW, on=TODAY, code="A")


def test_merged_units_hand_over_their_parts_and_people() -> None:
    _hire("E1", "A")
    people = restructuring.merge_units(actor=DUTY, now=NOW, on=TODAY, codes=["A"], into="B")
    assert people == 1
    assert building.tree_on(TODAY) == {"HQ": "", "B": "HQ", "A1": "B"}
    assert history.get_version("B", TODAY).head_count == 200
    assert _unit_of("E1", YESTERDAY) == "A"
    assert _unit_of("E1", TODAY) == "B"
    assert Succession.objects.filter(former__code="A", later__code="B", on=TODAY).exists()


def test_who_is_to_come_or_leave_later_still_does_after_a_merger() -> None:
    later, much_later = date(2020, 3, 1), date(2020, 4, 1)
    leaving = _hire("E1", "A")
    staffing.transfer(actor=DUTY, now=NOW, on=later, person=leaving, unit="HQ")
    staffing.hire(actor=DUTY, now=NOW, on=much_later, staff_no="E2", name="Name", unit="A")
    restructuring.merge_units(actor=DUTY, now=NOW, on=TODAY, codes=["A"], into="B")
    assert [_unit_of("E1", day) for day in (YESTERDAY, TODAY, later)] == ["A", "B", "HQ"]
    assert _unit_of("E2", much_later) == "B"
    assert not Membership.objects.filter(person__staff_no="E2", valid__contains=TODAY).exists()


def test_a_unit_does_not_merge_into_one_that_is_to_close() -> None:
    actions.close_unit(actor=DUTY, now=NOW, on=date(2020, 3, 1), code="B")
    with pytest.raises(history.OrganisationRefused, match="later change is planned"):
        restructuring.merge_units(actor=DUTY, now=NOW, on=TODAY, codes=["A"], into="B")


def test_a_unit_does_not_merge_into_its_own_part() -> None:
    with pytest.raises(history.OrganisationRefused, match="part of it"):
        restructuring.merge_units(actor=DUTY, now=NOW, on=TODAY, codes=["A"], into="A1")
    assert building.tree_on(TODAY)["A"] == "HQ"


def test_a_split_unit_is_followed_by_its_parts() -> None:
    _hire("E1", "A")
    parts = [details("A-North"), details("A-South")]
    restructuring.split_unit(actor=DUTY, now=NOW, on=TODAY, code="A", parts=parts)
    assert building.tree_on(TODAY) == {
        "HQ": "", "B": "HQ", "A-North": "HQ", "A-South": "HQ", "A1": "A-North",
    }  # fmt: skip
    assert _unit_of("E1", TODAY) == "A-North"
    assert Succession.objects.filter(former__code="A").count() == 2


def test_a_person_is_in_one_unit_at_a_time() -> None:
    person = _hire("E1", "A")
    with pytest.raises(history.OrganisationRefused, match="transfer"):
        _hire("E1", "B")
    staffing.transfer(actor=DUTY, now=NOW, on=TODAY, person=person, unit="B")
    assert (_unit_of("E1", YESTERDAY), _unit_of("E1", TODAY)) == ("A", "B")


def test_a_new_lead_of_a_group_follows_the_old_one() -> None:
    for number, on in (("E1", OPENED), ("E2", TODAY)):
        staffing.seat(
            actor=DUTY, now=NOW, on=on, person=_hire(number, "A"), unit="A", role=Seat.Role.LEAD
        )
    assert Seat.objects.get(valid__contains=YESTERDAY).person.staff_no == "E1"
    assert Seat.objects.get(valid__contains=TODAY).person.staff_no == "E2"


def test_who_leaves_keeps_nothing_from_that_day() -> None:
    person = _hire("E1", "A")
    staffing.seat(actor=DUTY, now=NOW, on=OPENED, person=person, unit="A", role=Seat.Role.DEPUTY)
    staffing.leave(actor=DUTY, now=NOW, on=TODAY, person=person)
    assert not Membership.objects.filter(valid__contains=TODAY).exists()
    assert not Seat.objects.filter(valid__contains=TODAY).exists()
    assert Seat.objects.filter(valid__contains=YESTERDAY).exists()


def test_each_change_leaves_its_line_in_the_ledger_without_names() -> None:
    person = _hire("E1", "A")
    entry = Entry.objects.get(verb="person.hired")
    assert entry.subject_id == str(person.pk)
    assert "Name" not in str(entry.data)


def test_a_unit_is_one_thing_on_a_day() -> None:
    assert not UnitVersion.objects.filter(valid__isempty=True).exists()


def _hire(staff_no: str, unit: str) -> Person:
    return staffing.hire(
        actor=DUTY, now=NOW, on=OPENED, staff_no=staff_no, name=f"Name {staff_no}", unit=unit
    )


def _unit_of(staff_no: str, day: date) -> str:
    found = Membership.objects.get(person__staff_no=staff_no, valid__contains=day)
    return found.unit.code
