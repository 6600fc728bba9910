"""A campaign's first quarter for headquarters: who stands still, a line verified, a milestone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address
from tests.journeys.test_cases import signed_in

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


def open_campaign(page: Page) -> None:
    page.goto(address(page, "/safety/campaigns/?lang=zh"))
    page.get_by_role("link", name="冬春安全生产专项整治（虚构）").click()


def test_headquarters_runs_the_first_quarter_of_a_campaign(
    browser: Browser, links: dict[str, str]
) -> None:
    with signed_in(browser, links["Unit head"], 360) as page:
        open_campaign(page)
        page.get_by_role("link", name="本级清单").click()
        page.locator("summary", has_text="列入问题隐患").click()
        page.get_by_label("内容").fill("应急照明损坏")
        page.get_by_label("责任岗位").select_option(label="专职安全员")
        page.get_by_label("期限").fill("2020-02-28")
        page.get_by_role("button", name="列入", exact=True).click()
        page.get_by_role("link", name="应急照明损坏").click()
        line = page.url
        page.get_by_label("完成情况").fill("已更换两盏应急灯")
        page.get_by_role("button", name="报完成").click()
        expect(page.locator(".callout-title")).to_contain_text("待验收")
        assert page.get_by_role("button", name="验收销号").count() == 0

        page.goto(address(page, "/safety/campaigns/1/units/M27A/returns/2020-01/?lang=zh"))
        page.locator("textarea").fill("项目部一月停工，已检查宿舍用电。")
        page.get_by_role("button", name="报送").click()
        expect(page.locator(".owed").first).to_contain_text("逾期完成")

    with signed_in(browser, links["Duty office"], 1440) as page:
        page.goto(line)
        page.get_by_label("您看到的情况").fill("照片核实，同意销号")
        page.get_by_role("button", name="验收销号").click()
        expect(page.locator(".callout-title")).to_contain_text("已销号")

        open_campaign(page)
        expect(page.locator(".phase-list .is-now")).to_contain_text("集中整改")
        milestone = page.locator(".phase-list li li", has_text="两个清单建立完毕")
        milestone.locator("summary").click()
        milestone.get_by_label("依据").fill("除三个单位外均已建立。")
        milestone.get_by_role("button", name="登记").click()
        expect(page.locator(".milestone-reached", has_text="两个清单")).to_be_visible()
        page.locator(".standing-chips").get_by_role("link", name="停滞").click()
        expect(page.locator("table").first).to_contain_text("成员单位08")
