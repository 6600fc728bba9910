"""An officer finds who is missing and reminds them; headquarters goes from the group to a name."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
DAY = "day=2020-02-12"
WORDS = {
    "en": {"missing": "not reported", "remind": "Remind only those"},
    "zh": {"missing": "未上报", "remind": "只提醒这些人"},
}


@on_screens("empty_page")
def test_from_the_group_to_a_name(page: Page, lang: str) -> None:
    page.goto(address(page, f"/situation/?{DAY}&lang={lang}"))
    assert not is_wider_than_the_screen(page)

    page.locator(".situation-units a[href*='within=M10']").first.click()
    expect(page).to_have_url(re.compile("/situation/.*within=M10"))
    page.locator(".tile", has_text=WORDS[lang]["missing"]).get_by_role("link").click()

    expect(page).to_have_url(re.compile("/situation/people/"))
    name = page.locator("main tbody th a").first
    assert not is_wider_than_the_screen(page)
    who = name.inner_text()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(who)


@on_screens("empty_page")
def test_an_officer_reminds_only_the_missing(
    empty_page: Page, links: dict[str, str], lang: str
) -> None:
    empty_page.goto(links["Safety officer"])
    empty_page.goto(address(empty_page, f"/situation/?{DAY}&lang={lang}"))
    tile = empty_page.locator(".tile", has_text=WORDS[lang]["missing"])
    number = tile.locator("b").inner_text()
    tile.get_by_role("link").click()

    expect(empty_page.get_by_role("heading", level=1)).to_contain_text(number)
    assert empty_page.locator("main tbody th a").count() >= int(number)
    empty_page.get_by_role("button", name=WORDS[lang]["remind"]).click()

    notice = empty_page.locator(".notice").first
    expect(notice).to_be_visible()
    assert not is_wider_than_the_screen(empty_page)


def test_the_page_asks_again_by_itself_and_keeps_its_place(page: Page) -> None:
    page.clock.install()
    page.goto(address(page, f"/situation/?{DAY}&lang=en"))
    page.evaluate("window.isTheSamePage = true; document.activeElement.blur()")
    page.evaluate("window.scrollTo(0, 400)")

    with page.expect_response(re.compile("/situation/")) as answered:
        page.clock.run_for(31_000)

    assert answered.value.ok
    expect(page.locator("#live")).to_have_count(1)
    assert page.evaluate("window.isTheSamePage")
    assert page.evaluate("window.scrollY") == 400
    expect(page.locator("canvas").first).to_be_visible()
