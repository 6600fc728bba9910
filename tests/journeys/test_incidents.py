"""A fatality on a phone: from its first minute, through its clocks and causes, to the lessons."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen
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


def send(form: Locator, **fields: str) -> None:
    """Record a form as it stands on its page, without drawing the page again."""
    for field in fields:
        expect(form.locator(f"[name={field}]")).to_have_count(1)
    fields["csrfmiddlewaretoken"] = form.locator("[name=csrfmiddlewaretoken]").input_value()
    to = address(form.page, str(form.get_attribute("action")))
    answer = form.page.request.post(to, form={**fields}, max_redirects=0)
    assert answer.status == 302, answer.text()


def send_act(page: Page, what: str, /, **fields: str) -> None:
    send(page.locator(f"details#{what} form"), **fields)


def tell(page: Page, receipt: str) -> None:
    """Record the proof of the telling that is due next."""
    told = page.locator("article.card", has=page.locator("details")).first
    told.locator("summary").click()
    told.get_by_label("向谁报告").fill("区应急管理局值班室")
    told.get_by_label("报告方式").fill("电话12350")
    told.get_by_label("时间").fill(f"{_known(page):%Y-%m-%dT%H:%M}")
    told.get_by_label("回执编号").fill(receipt)
    told.locator("button").click()
    expect(page.locator("article.card", has_text=receipt)).to_be_visible()


def test_a_fatality_is_told_in_its_hour_looked_into_by_others_and_learnt_from(
    browser: Browser, links: dict[str, str]
) -> None:
    with (
        signed_in(browser, links["Safety officer"], PHONE) as officer,
        signed_in(browser, links["Duty office"], PHONE) as office,
        signed_in(browser, links["Employee"], PHONE) as outsider,
    ):
        incident = _reported_and_told(officer)
        office.goto(incident)
        act(office, "team", staff_no="D5", leads="yes")
        expect(office.locator("main")).to_contain_text("Sok Dara")
        outsider.goto(incident)
        _looked_into(outsider)
        officer.reload()
        tell(officer, "YJ-3")
        _done(officer)
        office.reload()
        _learnt_from_and_closed(office)


def _reported_and_told(page: Page) -> str:
    """Report it, tell whom the law names, and change the numbers; return the incident's address."""
    page.goto(address(page, "/safety/incidents/new/?lang=zh"))
    page.get_by_label("事故类别").select_option("fatality")
    page.get_by_label("经过").fill("吊篮钢丝绳断裂坠落")
    page.get_by_label("死亡", exact=True).fill("1")
    page.get_by_role("button", name="立即报告").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1人死亡")
    expect(page.locator(".callout").first).to_contain_text("最近一项对外报告时限")
    clocks = page.locator("article.card")
    for number, wait in enumerate((timedelta(hours=1), timedelta(days=30))):
        expect(clocks.nth(number)).to_contain_text(f"{_known(page) + wait:%Y-%m-%d %H:%M}")
    tell(page, "YJ-1")
    last = page.locator("article.card form")
    known = f"{_known(page):%Y-%m-%dT%H:%M}"
    send(last, whom="区社会保险经办处", how="窗口", told_at=known, receipt="YJ-2")
    act(page, "numbers", deaths="1", serious="1", note="医院通知另一人重伤")
    expect(page.locator("article.card details")).to_have_count(1)
    expect(page.locator("article.card").first).to_contain_text("补报")
    return page.url


def _looked_into(page: Page) -> None:
    happened = f"{_known(page):%Y-%m-%dT%H:%M}"
    send_act(page, "moments", happened_at=happened, text="钢丝绳断裂")
    send_act(page, "barriers", name="安全锁", state="failed", text="失效未检")
    send_act(page, "whys", text="钢丝绳锈蚀")
    page.reload()
    act(page, "whys", chain="1", text="没有人负责检查", is_root="yes")
    act(page, "measures", unit="M15", text="逐台检查吊篮", due_at="2020-03-01T09:00")
    for found in ("钢丝绳断裂", "失效未检", "钢丝绳锈蚀", "没有人负责检查"):
        expect(page.locator("main")).to_contain_text(found)


def _done(page: Page) -> None:
    """Do the measure, with its evidence."""
    page.get_by_role("link", name="逐台检查吊篮").click()
    done = page.locator("details", has=page.locator("[name=evidence]")).first
    if done.get_attribute("open") is None:
        done.locator("summary").click()
    done.locator("[name=evidence]").fill("检查记录十二份")
    done.locator("button").click()
    expect(page.locator(".callout-title")).to_contain_text("按时")


def _learnt_from_and_closed(page: Page) -> None:
    four = page.locator("section", has=page.locator("#four"))
    expect(four).to_contain_text("通报教训")
    send_act(page, "lessons", within="HQ", text="排查在用吊篮钢丝绳和安全锁")
    for condition in ("cause", "answered_for", "measures"):
        send_act(page, "conditions", condition=condition, text="现场核验")
    act(page, "conditions", condition="taught", text="现场核验")
    expect(four).not_to_contain_text("通报教训")
    act(page, "closing", text="吊篮检查缺失")
    expect(page.locator(".callout-title")).to_have_text("已结案")


def _known(page: Page) -> datetime:
    """Return the minute, by the unit's clock, at which the incident came to be known."""
    said = page.locator("dl.facts").first.inner_text()
    found = re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", said)
    return datetime.strptime(found[-1], "%Y-%m-%d %H:%M")  # noqa: DTZ007 - as the page says it


def test_who_was_hurt_is_charged_by_the_table_on_a_phone_with_the_keyboard_alone(
    browser: Browser, links: dict[str, str]
) -> None:
    with signed_in(browser, links["Safety officer"], PHONE) as page:
        page.goto(address(page, "/safety/incidents/?lang=zh"))
        page.get_by_role("link", name="脚手架局部垮塌").click()
        page.get_by_role("link", name="伤亡人员").click()
        page.locator("[name=person-name]").fill("李某某")
        page.locator("[name=course-outcome]").select_option("away")
        page.locator("[name=course-ailment]").select_option("injury")
        page.locator("[name=course-days_away]").fill("30")
        for group, part in (("手：", "拇指远端指骨 · 300日"), ("骨折", "锁骨 · 70日")):
            page.locator("summary", has_text=group).press("Enter")
            page.get_by_label(part).press("Space")
        assert not is_wider_than_the_screen(page)
        page.get_by_role("button", name="登记").press("Enter")
        expect(page.locator("tbody tr", has_text="李某某")).to_contain_text("370")

        page.locator("tbody tr", has_text="李某某").get_by_role("link").click()
        expect(page.get_by_label("拇指远端指骨")).to_be_checked()
        expect(page.get_by_label("拇指近端指骨")).not_to_be_checked()
        expect(page.locator("[name=course-charged_days]")).to_have_value("0")
