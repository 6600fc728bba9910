"""Posts from files: opened, filled, vacated and closed, each error with its place."""

from datetime import date

import pytest

from taishan.kit import tables
from taishan.organisation import actions, post_sheet, sheets, staffing
from taishan.organisation.models import Post, PostHolding
from tests.organisation import building
from tests.organisation.building import DUTY, NOW, OPENED, TODAY

pytestmark = pytest.mark.django_db
HEAD = "code,title_zh,title_en,unit,holder,held_from,opened,closed\n"
WARDEN = "P1,消防主管,Fire warden,A,E1,2020-01-10,2020-01-05,\n"
MARCH = date(2020, 3, 1)


@pytest.fixture(autouse=True)
def _group() -> None:
    building.a_group()
    for number in ("E1", "E2"):
        staffing.hire(actor=DUTY, now=NOW, on=OPENED, staff_no=number, name=number, unit="A")


def _posts(
    text: str, mode: sheets.Mode = "all_or_nothing", head: str = HEAD, on: date = TODAY
) -> sheets.Outcome:
    content = (head + text).encode("gb18030")
    return post_sheet.import_posts(actor=DUTY, now=NOW, on=on, content=content, mode=mode)


def _holder(code: str, on: date = TODAY) -> str:
    found = PostHolding.objects.filter(post__code=code, valid__contains=on).first()
    return found.person.staff_no if found else ""


def test_posts_come_in_with_their_holders_and_twice_is_once() -> None:
    first, second = _posts(WARDEN), _posts(WARDEN)
    assert (first.created, first.errors, first.is_applied) == (1, [], True)
    assert (second.created, second.changed, second.closed, second.unchanged) == (0, 0, 0, 1)
    assert Post.objects.get().valid.lower == date(2020, 1, 5)
    assert (_holder("P1", date(2020, 1, 9)), _holder("P1", date(2020, 1, 10))) == ("", "E1")


def test_a_new_holder_follows_from_the_day_and_an_old_file_does_not_undo_it() -> None:
    _posts(WARDEN)
    assert _posts(WARDEN.replace("E1,2020-01-10", "E2,2020-02-12")).changed == 1
    assert _posts(WARDEN).unchanged == 1
    assert (_holder("P1", date(2020, 2, 11)), _holder("P1")) == ("E1", "E2")


def test_an_empty_holder_means_vacant_and_no_such_column_means_as_it_is() -> None:
    _posts(WARDEN)
    head = "code,title_zh,title_en,unit\n"
    assert _posts("P1,消防主管,Fire warden,A\n", head=head).unchanged == 1
    assert _holder("P1") == "E1"
    assert _posts("P1,消防主管,Fire warden,A,,,,\n").changed == 1
    assert _holder("P1") == ""


def test_a_post_is_renamed_and_closed_with_its_holding() -> None:
    _posts(WARDEN)
    outcome = _posts("P1,消防经理,Fire warden,A,E1,2020-01-10,2020-01-05,2020-03-01\n")
    assert (outcome.changed, outcome.closed) == (1, 1)
    post = Post.objects.get()
    assert (post.title_zh, post.valid.upper) == ("消防经理", MARCH)
    assert (_holder("P1", date(2020, 2, 29)), _holder("P1", MARCH)) == ("E1", "")


def test_a_closed_post_stays_closed_when_an_old_file_comes_again() -> None:
    _posts(WARDEN)
    _posts(WARDEN.rstrip("\n") + "2020-02-01\n")
    assert _posts("P1,消防主管,Fire warden,A,E2,,2020-01-05,\n").unchanged == 1
    assert not PostHolding.objects.filter(valid__contains=TODAY).exists()


def test_a_post_ends_when_its_unit_does() -> None:
    _posts("P2,保安,Guard,B,E1,,,\n")
    actions.close_unit(actor=DUTY, now=NOW, on=MARCH, code="B")
    assert Post.objects.get().valid.upper == MARCH
    assert _holder("P2", MARCH) == ""


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("P/1,名,,A,,,,", "code"),
        ("P1,,,A,,,,", "title_zh"),
        ("P1,名,,NONE,,,,", "unit"),
        ("P1,名,,A,,,2019-01-01,", "unit"),
        ("P1,名,,A,NOBODY,,,", "holder"),
        ("P1,名,,A,E1,2019-12-31,,", "held_from"),
        ("P1,名,,A,,yesterday,,", "held_from"),
        ("P1,名,,A,,,,2020-02-12", "closed"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_kept(row: str, column: str) -> None:
    outcome = _posts(WARDEN.replace("P1", "P0") + row + "\n")
    assert [(error.row, error.column) for error in outcome.errors] == [(3, column)]
    assert not Post.objects.exists()


def test_a_post_goes_to_no_other_unit_and_stands_once_in_a_file() -> None:
    _posts(WARDEN)
    (moved,) = _posts(WARDEN.replace(",A,", ",B,")).errors
    assert moved.column == "unit"
    assert "stays in its unit" in moved.expected
    (twice,) = _posts(WARDEN + WARDEN).errors
    assert (twice.row, twice.column) == (3, "code")


def test_a_preview_tells_and_changes_nothing() -> None:
    assert _posts(WARDEN, mode="preview").created == 1
    assert not Post.objects.exists()


def test_an_export_of_posts_comes_back_as_no_change() -> None:
    _posts(WARDEN + "P2,保安,Guard,B,,,,2020-05-01\n")
    rows = list(post_sheet.export_posts(on=TODAY))
    content = tables.write_xlsx("posts", [c.key for c in post_sheet.COLUMNS], rows)
    outcome = post_sheet.import_posts(actor=DUTY, now=NOW, on=TODAY, content=content)
    assert (outcome.unchanged, outcome.changed, outcome.errors) == (2, 0, [])
