"""A fatality on a phone: from its first minute, through its clocks and causes, to the lessons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address
from tests.journeys.test_cases import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
PHONE = 360


def act(page: Page, what: str, /, **fields: str) -> None:
    """Open a form of the incident's page, fill it in and record it."""
    form = page.locator(f"details#{what}")
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for field, value in fields.items():
        given = form.locator(f"[name={field}]")
        kind = given.evaluate("one => one.type")
        if kind == "checkbox":
            given.check()
        elif kind == "select-one":
            given.select_option(value)
        else:
            given.fill(value)
    form.locator("button").click()
    expect(page.locator("main")).to_contain_text("已登记")


def tell(page: Page, receipt: str) -> None:
    """Record the proof of the telling that is due next."""
    told = page.locator("article.card", has=page.locator("details")).first
    told.locator("summary").click()
    told.get_by_label("向谁报告").fill("区应急管理局值班室")
    told.get_by_label("报告方式").fill("电话12350")
    told.get_by_label("时间").fill(_now(page))
    told.get_by_label("回执编号").fill(receipt)
    told.locator("button").click()
    expect(page.locator("article.card", has_text=receipt)).to_be_visible()


def test_a_fatality_is_told_in_its_hour_looked_into_by_others_and_learnt_from(
    browser: Browser, links: dict[str, str]
) -> None:
    with signed_in(browser, links["Safety officer"], PHONE) as page:
        page.goto(address(page, "/safety/incidents/new/?lang=zh"))
        page.get_by_label("事故类别").select_option("fatality")
        page.get_by_label("经过").fill("吊篮钢丝绳断裂坠落")
        page.get_by_label("死亡", exact=True).fill("1")
        page.get_by_role("button", name="立即报告").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("1人死亡")
        expect(page.locator(".callout").first).to_contain_text("最近一项对外报告时限")
        incident = page.url
        for receipt in ("YJ-1", "YJ-2"):
            tell(page, receipt)
        expect(page.locator("article.card details")).to_have_count(0)
        act(page, "numbers", deaths="1", serious="1", note="医院通知另一人重伤")
        expect(page.locator("article.card").first).to_contain_text("补报")

    with signed_in(browser, links["Duty office"], PHONE) as page:
        page.goto(incident)
        act(page, "team", staff_no="D5", leads="yes")
        expect(page.locator("main")).to_contain_text("Sok Dara")

    with signed_in(browser, links["Employee"], PHONE) as page:
        page.goto(incident)
        act(page, "moments", happened_at=_now(page), text="钢丝绳断裂")
        act(page, "whys", text="钢丝绳锈蚀")
        act(page, "whys", chain="1", text="没有人负责检查", is_root="yes")
        act(page, "barriers", name="安全锁", state="failed", text="失效未检")
        act(page, "measures", unit="M15", text="逐台检查吊篮", due_at="2020-03-01T09:00")

    with signed_in(browser, links["Safety officer"], PHONE) as page:
        page.goto(incident)
        tell(page, "YJ-3")
        page.get_by_role("link", name="逐台检查吊篮").click()
        done = page.locator("details", has=page.locator("[name=evidence]")).first
        if done.get_attribute("open") is None:
            done.locator("summary").click()
        done.locator("[name=evidence]").fill("检查记录十二份")
        done.locator("button").click()
        expect(page.locator(".callout-title")).to_contain_text("按时")

    with signed_in(browser, links["Duty office"], PHONE) as page:
        page.goto(incident)
        expect(page.locator("section", has=page.locator("#four"))).to_contain_text("通报教训")
        act(page, "lessons", within="HQ", text="排查在用吊篮钢丝绳和安全锁")
        for condition in ("cause", "answered_for", "measures", "taught"):
            act(page, "conditions", condition=condition, text="现场核验")
        act(page, "closing", text="吊篮检查缺失")
        expect(page.locator(".callout-title")).to_have_text("已结案")


def _now(page: Page) -> str:
    """Return the hour of the unit at which the incident came to be known, as a field takes it."""
    said = page.locator("dl.facts").first.inner_text()
    found = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", said)
    return str(found[-1]).replace(" ", "T")
