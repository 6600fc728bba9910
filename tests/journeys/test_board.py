"""A duty officer in a real browser: sign in, see the group, drag the day, open a shut unit."""

import re

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import address, is_wider_than_the_screen, on_both_widths

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
LANGUAGES = ("en", "zh")


def test_from_the_board_to_the_clause_that_shuts_a_unit(page: Page) -> None:
    page.goto(address(page, "/board/?day=2020-02-12&lang=en"))
    assert page.get_by_role("link", name="Member unit 01", exact=True).is_visible()

    page.goto(address(page, "/board/?day=2020-02-05&lang=en&state=shut"))
    page.get_by_role("link", name="Member unit 41", exact=True).click()

    assert "no earlier than 24:00 on 9 February" in page.inner_text("main")
    assert "People's Government of Zhejiang" in page.inner_text("main")


@on_both_widths
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_is_wider_than_the_screen_or_breaks_the_policy(page: Page, lang: str) -> None:
    paths = (
        "/", "/board/", "/units/M10/", "/units/M10/verdicts/", "/regulations/",
        "/regulations/libraries/", "/regulations/risk-levels/", "/regulations/risk-levels/import/",
        "/organisation/", "/organisation/import/", "/accounts/2fa/",
    )  # fmt: skip
    for path in paths:
        answer = page.goto(address(page, f"{path}?day=2020-02-12&lang={lang}"))
        assert answer is not None
        assert answer.headers["content-security-policy"].count("unsafe") == 0
        assert not is_wider_than_the_screen(page), path


def test_dragging_the_day_changes_the_board_without_loading_the_page_anew(page: Page) -> None:
    page.goto(address(page, "/board/?day=2020-02-12&lang=en"))
    page.evaluate("window.isTheSamePage = true")
    slider = page.get_by_label("Drag the day")
    slider.focus()

    slider.press("ArrowRight")
    page.wait_for_url(re.compile("day=2020-02-13"))

    page.get_by_text("▾ 2-13").first.wait_for()
    assert page.evaluate("window.isTheSamePage")
