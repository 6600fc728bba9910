"""Headquarters orders, a unit takes it apart, its site shows a photo, and all is closed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
SITE_HEAD, PASSWORD = "M27A-01", "Mount Tai is heavy"
PHOTO = Path(__file__).parents[2] / "docs/images/unit.png"
WORDS = {
    "en": {
        "write": "Write a directive", "keep": "Keep", "issue": "Issue it as it was kept",
        "read": "Read, for Member unit 27", "give": "Give parts to units below and to posts",
        "give_it": "Give it to them", "confirm": "Confirm", "accept": "Accept: it is done",
        "done": "done on time", "closed": "All of it is closed", "return": "Return it",
        "returned": "returned", "what_done": "What was done",
        "files": "Photos or documents", "wanting": "What is wanting",
    },
    "zh": {
        "write": "起草部署", "keep": "保存", "issue": "按已保存内容下发",
        "read": "代表 成员单位27 确认已阅", "give": "分解给下级单位和岗位", "give_it": "下达",
        "confirm": "上报", "accept": "认可：已办结", "done": "按时完成", "closed": "已全部办结",
        "return": "退回", "returned": "已退回", "what_done": "办理情况",
        "files": "照片或文件", "wanting": "欠缺之处",
    },
}  # fmt: skip


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()
    assert not is_wider_than_the_screen(page)


def choose(page: Page, field: str, text: str) -> None:
    """Choose the option of a list that holds the text."""
    value = page.locator(f"{field} option", has_text=text).get_attribute("value")
    page.locator(field).select_option(value)


def another(browser: Browser, like: Page) -> Page:
    return browser.new_context(viewport=like.viewport_size).new_page()


def sign_in_to_site(office: Page, site: Page) -> None:
    """Sign in as the head of the site; the first time by a link from the duty office."""
    office.goto(address(office, f"/organisation/people/{SITE_HEAD}/?lang=en"))
    invite = office.get_by_role("button", name=re.compile("Open an account"))
    if invite.count():
        invite.click()
        site.goto(office.locator("code.codes").inner_text())
        for field in site.locator("input[type=password]").all():
            field.fill(PASSWORD)
        site.get_by_role("button", name="Set the password").click()
    site.goto(address(office, "/accounts/login/?lang=en"))
    if site.get_by_label("Staff number").count():
        site.get_by_label("Staff number").fill(SITE_HEAD)
        site.locator("input[type=password]").fill(PASSWORD)
        site.get_by_role("button", name="Sign in", exact=True).click()
        site.wait_for_url(lambda url: "/login" not in url)


def issue(page: Page, words: dict[str, str]) -> str:
    """Write and issue a directive to M27 as the duty office; return its address."""
    press(page, words["write"])
    page.locator("#id_title_zh").fill("消毒与通风")
    page.locator("#id_text_zh").fill("每日两次。")
    page.locator("#id_to").select_option("chosen")
    choose(page, "#id_units", "(M27)")
    page.locator("#id_acknowledgement").select_option("read")
    page.locator("#id_acknowledge_by").fill("2020-02-14T12:00")
    page.locator("#id_measures-0-what_zh").fill("消毒宿舍")
    page.locator("#id_measures-0-due_at").fill("2020-02-20T17:00")
    page.locator("#id_measures-0-needs_evidence").check()
    press(page, words["keep"])
    press(page, words["issue"])
    return page.url


@on_screens("empty_page")
def test_an_order_goes_down_to_the_site_and_its_confirmation_climbs(
    page: Page, browser: Browser, links: dict[str, str], lang: str
) -> None:
    words = WORDS[lang]
    head, site = another(browser, page), another(browser, page)
    head.goto(links["Unit head"])
    sign_in_to_site(page, site)
    page.goto(address(page, f"/directives/?lang={lang}"))
    directive = issue(page, words)

    head.goto(directive)
    press(head, words["read"])
    head.get_by_role("link", name="消毒宿舍").first.click()
    head.get_by_text(words["give"]).click()
    choose(head, "#id_to", "(M27A)")
    press(head, words["give_it"])
    head.get_by_role("link", name="消毒宿舍").last.click()
    of_site = head.url

    site.goto(of_site)
    site.get_by_label(words["what_done"], exact=True).fill("宿舍已消毒")
    site.get_by_label(words["files"], exact=True).set_input_files(PHOTO)
    press(site, words["confirm"])
    head.reload()
    expect(head.locator(".evidence img")).to_be_visible()
    head.get_by_label(words["wanting"]).fill("请补走廊照片")
    press(head, words["return"])
    site.reload()
    expect(site.get_by_text("请补走廊照片").first).to_be_visible()
    site.get_by_label(words["what_done"], exact=True).fill("走廊也已消毒")
    site.get_by_label(words["files"], exact=True).set_input_files(PHOTO)
    press(site, words["confirm"])
    head.reload()
    press(head, words["accept"])

    head.goto(directive)
    head.get_by_role("link", name="消毒宿舍").first.click()
    head.get_by_label(words["what_done"], exact=True).fill("全部完成")
    press(head, words["confirm"])
    page.goto(head.url)
    press(page, words["accept"])
    expect(page.locator(".callout-title")).to_contain_text(words["done"])
    page.goto(directive)
    expect(page.locator(".callout-title").first).to_have_text(words["closed"])
