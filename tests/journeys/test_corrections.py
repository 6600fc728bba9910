"""An officer finds the missing, reminds them, and puts a report right at its person's request."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
DAY = "day=2020-02-12"
WORDS = {
    "en": {
        "missing": "not reported", "remind": "Remind only those", "answers": "Answers",
        "right": "Put right at their request", "temperature": "Body temperature",
        "why": "At whose request, and why", "send": "Put right", "force": "What is in force",
        "replaced": "Replaced at",
    },
    "zh": {
        "missing": "未上报", "remind": "只提醒这些人", "answers": "填报内容",
        "right": "应本人请求更正", "temperature": "体温", "why": "应谁的请求、因何更正",
        "send": "更正", "force": "现行填报", "replaced": "被替换",
    },
}  # fmt: skip


@on_screens("empty_page")
def test_an_officer_finds_the_missing_reminds_and_corrects(
    empty_page: Page, links: dict[str, str], lang: str
) -> None:
    page, words = empty_page, WORDS[lang]
    page.goto(links["Safety officer"])
    page.goto(address(page, f"/situation/?{DAY}&lang={lang}"))
    page.locator(".tile", has_text=words["missing"]).get_by_role("link").click()
    page.get_by_role("button", name=words["remind"]).click()
    expect(page.locator(".notice").first).to_be_visible()

    page.goto(address(page, f"/situation/people/?{DAY}&lang={lang}&list=symptomatic"))
    page.get_by_role("link", name=words["answers"], exact=True).first.click()
    expect(page.get_by_role("heading", name=words["force"]).first).to_be_visible()
    assert not is_wider_than_the_screen(page)

    page.get_by_role("link", name=words["right"]).click()
    reading = page.get_by_label(words["temperature"])
    was = reading.input_value()
    reading.fill("36.4" if was != "36.4" else "36.6")
    page.get_by_label(words["why"]).fill("By telephone.")
    assert not is_wider_than_the_screen(page)
    page.get_by_role("button", name=words["send"]).click()

    expect(page).to_have_url(re.compile(r"/answers/\?"))
    expect(page.get_by_role("heading", name=words["replaced"]).first).to_be_visible()
    row = page.get_by_role("row", name=re.compile(words["temperature"])).first
    expect(row).to_contain_text(was)
    expect(row.get_by_role("strong")).to_have_count(1)
