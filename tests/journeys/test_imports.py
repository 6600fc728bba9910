"""A large file of people, from its choice to its end, in a browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
PEOPLE = 12_000


def test_a_large_import_is_watched_until_it_is_recorded(page: Page) -> None:
    rows = "".join(f"L{n},Name {n},M16,2020-01-05,\n" for n in range(PEOPLE))
    content = f"staff_no,name,unit,from,until\n{rows}".encode()
    page.goto(address(page, "/organisation/import/"))
    page.select_option("#what", "people")
    page.set_input_files("#file", {"name": "people.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Record all of it").click()

    expect(page.get_by_role("heading", name="Import of people")).to_be_visible()
    expect(page.locator("#run")).to_contain_text("Recorded:", timeout=60_000)
    assert page.locator("#run[hx-trigger]").count() == 0
    assert not is_wider_than_the_screen(page)
