"""A site inspection in Phnom Penh without a network: what fails is made a hazard in place, and the
red line that is crossed there stops work, which the gate shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import is_wider_than_the_screen
from tests.journeys.test_reporting import wait_until_kept

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
FILL = "/safety/inspections/do/PP1/check_site/"
CRANE = "Each crane and hoist was accepted and registered before use"


def test_a_site_is_inspected_offline_and_a_failed_item_becomes_a_hazard(
    browser: Browser, links: dict[str, str]
) -> None:
    home = "/".join(links["Duty office"].split("/")[:3])
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.request.get(links["Duty office"])
    phone = context.new_page()
    phone.goto(f"{home}/safety/inspections/today/?lang=en")
    phone.goto(f"{home}{FILL}?lang=en")
    wait_until_kept(phone, FILL)
    assert not is_wider_than_the_screen(phone)

    context.set_offline(True)
    phone.reload()
    for item in phone.locator("fieldset.choices").all():
        item.get_by_text("Yes", exact=True).click()
    crane = phone.get_by_role("radiogroup", name=CRANE)
    crane.get_by_text("No", exact=True).click()
    phone.get_by_label("What is wrong").locator("visible=true").fill("Crane 2 has no plate")
    phone.get_by_label("Make it a hazard").locator("visible=true").check()
    phone.get_by_label("Where exactly").fill("Tower 3")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Waiting to send")).to_be_visible()

    context.set_offline(False)
    told = phone.locator(".waiting").get_by_text("It has been sent", exact=True)
    expect(told).to_be_visible(timeout=15_000)
    phone.goto(f"{home}/safety/inspections/all/?unit=PP1&lang=en")
    phone.get_by_role("link", name="Inspection of a construction site").first.click()
    expect(phone.get_by_text("something critical is wrong")).to_be_visible()
    expect(phone.get_by_text("Crane 2 has no plate")).to_be_visible()
    expect(phone.get_by_role("link", name="Hazard").first).to_be_visible()
    assert not is_wider_than_the_screen(phone)

    phone.get_by_role("link", name="A red line is crossed").click()
    phone.get_by_label("A load lifted over people").check()
    phone.get_by_label("What you saw").fill("Crane 2 lifts formwork over the canteen")
    phone.get_by_role("button", name="Stop work now at").click()
    expect(phone.get_by_text("Whoever may lift it has been told")).to_be_visible()
    phone.goto(f"{home}/units/PP1/?lang=en")
    expect(phone.get_by_text("red line: A load lifted over people").first).to_be_visible()
    expect(phone.get_by_label("Verdict")).to_contain_text("shut")
    context.close()
