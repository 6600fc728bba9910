"""A duty officer issues a rule of the group: chosen, checked, tried, and only then recorded."""

import re

import pytest
from playwright.sync_api import FilePayload, Page

from tests.journeys.conftest import address, is_wider_than_the_screen

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
RULES = """\
format: taishan-library/1
library: journey
title: {en: A day of stock-taking, zh: 盘点日}
regulations:
- id: stock-taking-DAY
  authority: unit:HQ
  issuer: {en: Headquarters, zh: 总部}
  title: {en: Stock-taking on DAY, zh: 盘点日 DAY}
  issued: 2020-02-12
  confidence: A
  clauses:
  - id: "1"
    from: DAY
    until: DAYT24:00
    require: {type: suspend}
    text: {en: All work on site rests., zh: 现场工作全部暂停。}
"""
DAY = "2020-04-18"


def test_a_library_is_tried_on_the_units_before_it_is_recorded(page: Page) -> None:
    page.goto(address(page, "/regulations/?day=2020-02-12&lang=en"))
    page.get_by_role("link", name="Import").click()
    file = FilePayload(
        name="rules.yaml", mimeType="application/yaml", buffer=RULES.replace("DAY", DAY).encode()
    )
    page.get_by_label("Library (YAML or xlsx)").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()

    page.get_by_text(re.compile(r"[1-9]\d* of \d+ units would change")).wait_for()
    assert DAY in page.inner_text("main")
    assert not is_wider_than_the_screen(page)

    page.get_by_role("button", name="Record the library").click()

    page.get_by_role("link", name=f"Stock-taking on {DAY}").click()
    assert "All work on site rests." in page.inner_text("main")
