"""A unit did nothing: its head explains, the discipline office judges, the head reads all of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


@contextmanager
def signed_in(browser: Browser, link: str, width: int) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(link)
    yield page
    assert not is_wider_than_the_screen(page)
    assert not complaints
    context.close()


def decide(page: Page, what: str, text: str) -> None:
    """Open the act, say why, and record it."""
    act = page.locator("details.card", has=page.locator("summary", has_text=what)).first
    act.locator("summary").click()
    if act.get_by_label("失职", exact=True).count():
        act.get_by_label("失职", exact=True).check()
    act.locator("textarea").fill(text)
    act.get_by_role("button").click()


def test_a_unit_that_did_nothing_answers_for_it_from_its_lapse_to_the_closed_case(
    browser: Browser, links: dict[str, str]
) -> None:
    with signed_in(browser, links["Unit head"], 360) as page:
        page.goto(address(page, "/?lang=zh"))
        page.locator(".notice a[href^='/cases/']").first.click()
        expect(page.locator(".timeline").first).to_contain_text("已逾期")
        page.get_by_role("link", name="说明情况").click()
        page.locator("textarea").fill("值班电话无人接听，方案昨日才补写。")
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".callout-title")).to_contain_text("待认定")
        case = page.url

    with signed_in(browser, links["Discipline office"], 1440) as page:
        page.goto(address(page, "/?lang=zh"))
        page.locator("summary", has_text="更多").click()
        page.get_by_role("link", name="问责", exact=True).click()
        page.locator(f"main a[href^='{urlsplit(case).path}']").first.click()
        expect(page.locator("main")).to_contain_text("值班电话无人接听")
        decide(page, "认定", "值班制度未落实。")
        decide(page, "处理", "首次发生，谈话提醒。")
        decide(page, "办结", "谈话已完成。")
        expect(page.locator(".callout-title")).to_contain_text("已办结")
        assert page.locator("form textarea").count() == 0

    with signed_in(browser, links["Inspector"], 1440) as page:
        page.goto(case)
        expect(page.locator("main")).to_contain_text("谈话已完成。")
        assert page.locator("main form").count() == 0

    with signed_in(browser, links["Unit head"], 360) as page:
        page.goto(case)
        expect(page.locator("main")).to_contain_text("首次发生，谈话提醒。")
