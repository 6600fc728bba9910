"""A red line at the site in Phnom Penh: somebody of the upper unit stops work from a phone that has
no network, and the gate shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.journeys.conftest import is_wider_than_the_screen
from tests.journeys.test_photos import PICTURE
from tests.journeys.test_reporting import wait_until_kept

BREACH = "/safety/red-lines/breaches/new/"
pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]


def test_an_inspector_stops_the_site_through_a_red_line_and_the_gate_shows_it(
    browser: Browser, links: dict[str, str]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(links["Inspector"])
    base = "/".join(page.url.split("/")[:3])

    page.goto(f"{base}{BREACH}?lang=en&unit=PP1")
    wait_until_kept(page, BREACH)
    page.reload()
    context.set_offline(True)
    page.get_by_label("Work at an open edge").check()
    page.get_by_label("What you saw").fill("Nobody on the slab edge of level 5 wears a harness")
    page.get_by_label("Photo").set_input_files(
        FilePayload(name="edge.png", mimeType="image/png", buffer=PICTURE)
    )
    assert not is_wider_than_the_screen(page)
    page.get_by_role("button", name="Stop work now at").click()
    expect(page.get_by_text("Waiting to send")).to_be_visible()
    assert not is_wider_than_the_screen(page)
    context.set_offline(False)
    told = page.locator(".waiting").get_by_text("It has been sent", exact=True)
    expect(told).to_be_visible(timeout=15_000)

    page.goto(f"{base}/units/PP1/?lang=en")
    expect(page.get_by_text("red line: Work at an open edge").first).to_be_visible()
    expect(page.get_by_label("Verdict")).to_contain_text("shut")
    assert not is_wider_than_the_screen(page)
    context.close()
