"""Units and people from files: all or nothing, twice the same, every error with its place."""

import pytest

from taishan.kit import tables
from taishan.organisation import history, roster, sheets, unit_sheet
from taishan.organisation.models import Membership, Person
from tests.organisation import building
from tests.organisation.building import DUTY, NOW, TODAY

pytestmark = pytest.mark.django_db
UNITS = "code,name_zh,name_en,place,parent,head_count\n"
PEOPLE = "staff_no,name,unit,from,until\n"


@pytest.fixture(autouse=True)
def _group() -> None:
    building.a_group()


def _units(text: str, mode: sheets.Mode = "all_or_nothing") -> sheets.Outcome:
    content = (UNITS + text).encode("gb18030")
    return unit_sheet.import_units(actor=DUTY, now=NOW, on=TODAY, content=content, mode=mode)


def _people(text: str, mode: sheets.Mode = "all_or_nothing") -> sheets.Outcome:
    content = (PEOPLE + text).encode("gb18030")
    return roster.import_people(actor=DUTY, now=NOW, on=TODAY, content=content, mode=mode)


def test_units_come_in_whatever_their_order_and_twice_is_once() -> None:
    text = "C1,工地,Site,330000,C,5\nC,公司丙,Company C,CN-ZJ,HQ,10\n"
    first, second = _units(text), _units(text)
    assert (first.created, first.is_applied) == (2, True)
    assert (second.created, second.changed, second.unchanged) == (0, 0, 2)
    assert building.tree_on(TODAY)["C1"] == "C"


def test_a_preview_tells_and_changes_nothing() -> None:
    outcome = _units("C,公司丙,,CN-ZJ,HQ,10\nA,新名字,Unit A,CN-ZJ,B,100\n", mode="preview")
    assert (outcome.created, outcome.changed, outcome.is_applied) == (1, 1, False)
    assert building.tree_on(TODAY) == {"HQ": "", "A": "HQ", "B": "HQ", "A1": "A"}


def test_a_cycle_of_units_in_a_file_is_named() -> None:
    outcome = _units("X,甲,,CN-ZJ,Y,\nY,乙,,CN-ZJ,X,\n")
    assert not outcome.is_applied
    assert {error.row for error in outcome.errors} == {2, 3}
    assert "X → Y → X" in str(outcome.errors[0])


def test_a_cycle_against_the_tree_on_record_is_refused() -> None:
    outcome = _units("A,单位A,Unit A,CN-ZJ,A1,100\n")
    assert "A cannot move below A1" in str(outcome.errors[0])
    assert history.get_version("A", TODAY).parent is not None


def test_all_or_nothing_keeps_nothing_of_a_file_with_an_error() -> None:
    outcome = _units("C,公司丙,,CN-ZJ,HQ,10\nD,公司丁,,NOWHERE,HQ,10\n")
    assert "C" not in building.tree_on(TODAY)
    (error,) = outcome.errors
    assert (error.row, error.column, error.value) == (3, "place", "NOWHERE")


def test_the_good_rows_alone_can_be_kept() -> None:
    outcome = _units("C,公司丙,,CN-ZJ,HQ,10\nD,公司丁,,CN-ZJ,HQ,many\n", mode="good_rows")
    assert outcome.is_applied
    assert "C" in building.tree_on(TODAY)
    assert "D" not in building.tree_on(TODAY)


def test_an_export_of_units_comes_back_as_no_change() -> None:
    rows = list(unit_sheet.export_units(on=TODAY))
    content = tables.write_xlsx("units", [c.key for c in unit_sheet.COLUMNS], rows)
    outcome = unit_sheet.import_units(actor=DUTY, now=NOW, on=TODAY, content=content)
    assert (outcome.unchanged, outcome.changed, outcome.errors) == (4, 0, [])


def test_people_come_in_and_twice_is_once() -> None:
    text = "E1,张伟,A,2020-01-05,\nE2,李娜,B,,\n"
    first, second = _people(text), _people(text)
    assert (first.created, first.errors) == (2, [])
    assert (second.created, second.changed, second.closed, second.unchanged) == (0, 0, 0, 2)
    assert Membership.objects.get(person__staff_no="E1").valid.lower.isoformat() == "2020-01-05"


def test_people_are_renamed_and_leave_by_a_later_file() -> None:
    _people("E1,张伟,A,2020-01-05,\n")
    outcome = _people("E1,张玮,A,2020-01-05,2020-03-01\n")
    assert (outcome.created, outcome.changed, outcome.closed) == (0, 1, 1)
    assert Person.objects.get(staff_no="E1").name == "张玮"


def test_a_transfer_is_two_rows_of_one_person() -> None:
    _people("E1,张伟,A,2020-01-05,\n")
    outcome = _people("E1,张伟,A,2020-01-05,2020-02-01\nE1,张伟,B,2020-02-01,\n")
    assert outcome.errors == []
    assert Membership.objects.get(valid__contains=TODAY).unit.code == "B"


def test_a_person_in_two_units_at_once_in_a_file_is_refused() -> None:
    outcome = _people("E1,张伟,A,2020-01-05,\nE1,张伟,B,2020-02-01,\n")
    (error,) = outcome.errors
    assert (error.row, error.value) == (3, "B")
    assert "also in A" in error.expected
    assert not Person.objects.exists()


def test_a_person_in_another_unit_on_record_is_refused_with_that_unit() -> None:
    _people("E1,张伟,A,2020-01-05,\n")
    outcome = _people("E1,张伟,B,2020-02-01,\nE2,李娜,B,,\n", mode="good_rows")
    (error,) = outcome.errors
    assert (error.row, error.column) == (2, "unit")
    assert "already in A" in error.expected
    assert outcome.created == 1


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("E1,张伟,NONE,,", "unit"),
        ("E1,张伟,A,2019-01-01,", "unit"),
        ("E1,,A,,", "name"),
        ("E1,张伟,A,yesterday,", "from"),
        ("E1,张伟,A,2020-02-02,2020-02-02", "until"),
        ("E1,张伟,A,,2020-02-01", "until"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(row: str, column: str) -> None:
    outcome = _people(row + "\n")
    assert [error.column for error in outcome.errors] == [column]
    assert outcome.errors[0].row == 2
    assert not Person.objects.exists()


def test_an_export_of_people_comes_back_as_no_change() -> None:
    _people("E1,张伟,A,2020-01-05,\nE2,李娜,B,,2020-05-01\n")
    content = tables.write_csv([c.key for c in roster.COLUMNS], roster.export_people(on=TODAY))
    outcome = roster.import_people(actor=DUTY, now=NOW, on=TODAY, content=content)
    assert (outcome.unchanged, outcome.changed, outcome.errors) == (2, 0, [])
