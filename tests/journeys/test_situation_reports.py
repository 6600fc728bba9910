"""Headquarters goes from the group to a name, and publishes a situation report that holds."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
DAY = "day=2020-02-12"
WORDS = {
    "en": {
        "missing": "not reported", "reports": "Situation reports", "begin": "Begin",
        "write": "Write", "first": "Epidemic situation", "keep": "Keep",
        "submit": "Submit for review", "review": "Reviewed: it is right",
        "publish": "Publish: give it a number", "number": re.compile(r"No\. \d+ of 2020"),
    },
    "zh": {
        "missing": "未上报", "reports": "情况报告", "begin": "起草", "write": "撰写",
        "first": "疫情情况", "keep": "保存", "submit": "提交审核", "review": "审核通过",
        "publish": "发布并编号", "number": re.compile(r"〔2020〕第 \d+ 期"),
    },
}  # fmt: skip


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    assert not is_wider_than_the_screen(page)


@on_screens("empty_page")
def test_headquarters_drills_to_a_name_and_publishes_a_report(
    page: Page, browser: Browser, links: dict[str, str], lang: str
) -> None:
    words = WORDS[lang]
    page.goto(address(page, f"/situation/?{DAY}&lang={lang}"))
    page.locator(".situation-units a[href*='within=M27']").first.click()
    page.locator(".tile", has_text=words["missing"]).get_by_role("link").click()
    expect(page.locator("main tbody th a").first).to_be_visible()
    page.go_back()

    page.get_by_role("link", name=words["reports"]).click()
    expect(page.locator("#unit")).to_have_value("M27")
    press(page, words["begin"])
    page.get_by_role("link", name=words["write"], exact=True).click()
    page.get_by_label(words["first"]).fill("One is missing.\n\nThe head calls him.")
    press(page, words["keep"])
    press(page, words["submit"])
    assert _review(browser, links["Unit head"], page.url, words["review"])
    page.reload()
    press(page, words["publish"])

    expect(page.locator(".bulletin-line strong")).to_have_text(words["number"])
    expect(page.locator(".bulletin-text p").last).to_have_text("The head calls him.")
    expect(page.locator(".bulletin canvas").first).to_be_visible()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Word").click()
    assert fetched.value.suggested_filename.startswith("situation-M27-2020-")


def _review(browser: Browser, link: str, address_of_report: str, name: str) -> bool:
    """Find the report right as somebody else; tell whether it may not be reviewed once more."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    other.goto(link)
    other.goto(address_of_report)
    press(other, name)
    is_done = other.get_by_role("button", name=name, exact=True).count() == 0
    context.close()
    return is_done


@on_screens("empty_page")
def test_my_files_are_offered_from_the_first_page(page: Page, lang: str) -> None:
    page.goto(address(page, f"/?lang={lang}"))

    page.locator("main a[href^='/files/']").click()

    heading = {"en": "My files", "zh": "我的文件"}[lang]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert not is_wider_than_the_screen(page)
