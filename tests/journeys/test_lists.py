"""What stands above a list, on a wide screen and on a phone: its filters and where one is."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, address, on_both_widths

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


@on_both_widths
def test_many_choices_fold_up_on_a_phone_and_what_is_chosen_is_counted(page: Page) -> None:
    page.goto(address(page, "/safety/hazards/?day=2020-02-12&lang=en&q=cable"))
    is_phone = page.evaluate("innerWidth") == PHONE
    grade, folded = page.locator("select[name=grade]"), page.locator("summary", has_text="Filters")

    assert grade.is_visible() is not is_phone
    assert folded.is_visible() is is_phone
    assert page.locator("input[name=q]").is_visible()
    if is_phone:
        folded.click()
    grade.select_option("general")
    page.wait_for_url(re.compile("grade=general"))

    assert "q=cable" in page.url
    expect(folded).to_have_text("Filters 1")
    expect(grade).to_have_value("general")


@pytest.mark.parametrize(
    ("row", "path"), [(".parts", "/stop-work/"), (".tabs", "/safety/hazards/mine/")]
)
def test_a_row_wider_than_the_phone_shows_where_one_is(page: Page, row: str, path: str) -> None:
    page.goto(address(page, f"{path}?day=2020-02-12&lang=en"))

    expect(page.locator(f"{row} [aria-current]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
