"""A site inspection in Phnom Penh without a network: what fails is made a hazard in place, and the
red line that is crossed there stops work, which the gate shows. What the server refuses is kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.conftest import is_wider_than_the_screen
from tests.journeys.test_reporting import wait_until_kept

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
FILL = "/safety/inspections/do/PP1/check_site/"
CRANE = "Each crane and hoist was accepted and registered before use"


@pytest.fixture
def home(links: dict[str, str]) -> str:
    return "/".join(links["Duty office"].split("/")[:3])


@pytest.fixture
def phone(browser: Browser, links: dict[str, str]) -> Iterator[Page]:
    """A phone of the duty office."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.request.get(links["Duty office"])
    yield context.new_page()
    context.close()


def answer_yes(phone: Page) -> None:
    for item in phone.locator("fieldset.choices").all():
        item.get_by_text("Yes", exact=True).click()


def send(phone: Page) -> None:
    phone.get_by_role("button", name="Send", exact=True).click()


def test_a_site_is_inspected_offline_and_a_failed_item_becomes_a_hazard(
    phone: Page, home: str
) -> None:
    phone.goto(f"{home}/safety/inspections/today/?lang=en")
    phone.goto(f"{home}{FILL}?lang=en")
    wait_until_kept(phone, FILL)
    assert not is_wider_than_the_screen(phone)

    phone.context.set_offline(True)
    phone.reload()
    answer_yes(phone)
    crane = phone.get_by_role("radiogroup", name=CRANE)
    crane.get_by_text("No", exact=True).click()
    phone.get_by_label("What is wrong").locator("visible=true").fill("Crane 2 has no plate")
    phone.get_by_label("Make it a hazard").locator("visible=true").check()
    phone.get_by_label("Where exactly").fill("Tower 3")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Waiting to send")).to_be_visible()

    phone.context.set_offline(False)
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


@pytest.mark.parametrize("status", [403, 404])
def test_what_the_server_does_not_take_stays_on_the_phone_until_somebody_says_so(
    phone: Page, home: str, status: int
) -> None:
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            refused.append(route.request.url)
            route.fulfill(status=status, body="<main>No</main>", content_type="text/html")
        else:
            route.fallback()

    phone.context.route(f"**{FILL}**", refuse)
    phone.goto(f"{home}{FILL}?lang=en")
    answer_yes(phone)
    send(phone)
    kept = phone.locator(".waiting").get_by_text("Not taken, and kept here")
    expect(kept).to_be_visible()
    assert not is_wider_than_the_screen(phone)
    phone.reload()
    expect(kept).to_be_visible()
    assert len(refused) == 1

    phone.context.unroute(f"**{FILL}**")
    phone.locator(".waiting").get_by_role("button", name="Send it again").click()
    told = phone.locator(".waiting").get_by_text("It has been sent", exact=True)
    expect(told).to_be_visible(timeout=15_000)


def test_what_came_back_is_not_given_up_for_what_is_sent_after_it(phone: Page, home: str) -> None:
    phone.goto(f"{home}{FILL}?lang=en")
    wait_until_kept(phone, FILL)
    phone.context.set_offline(True)
    phone.get_by_label("Where exactly").fill("Tower 1")
    send(phone)
    expect(phone.get_by_text("Waiting to send")).to_be_visible()
    phone.context.set_offline(False)
    back = phone.locator(".waiting").get_by_text("Not accepted")
    expect(back).to_be_visible(timeout=15_000)

    phone.goto(f"{home}{FILL}?lang=en")
    answer_yes(phone)
    send(phone)
    expect(phone.get_by_text("The inspection is recorded.")).to_be_visible()
    expect(back).to_be_visible()
    phone.locator(".waiting").get_by_role("button", name="See why").click()
    expect(phone.get_by_label("Where exactly")).to_have_value("Tower 1")
    answer_yes(phone)
    send(phone)
    expect(phone.get_by_text("The inspection is recorded.")).to_be_visible()
    expect(phone.locator(".waiting")).to_be_hidden()


def test_what_came_back_is_deleted_where_somebody_says_so_twice(phone: Page, home: str) -> None:
    phone.goto(f"{home}{FILL}?lang=en")
    wait_until_kept(phone, FILL)
    phone.context.set_offline(True)
    send(phone)
    expect(phone.get_by_text("Waiting to send")).to_be_visible()
    phone.context.set_offline(False)
    delete = phone.locator(".waiting").get_by_role("button", name="Delete it")
    expect(delete).to_be_visible(timeout=15_000)

    phone.once("dialog", lambda asked: asked.dismiss())
    delete.click()
    expect(delete).to_be_visible()
    phone.once("dialog", lambda asked: asked.accept())
    delete.click()

    expect(phone.locator(".waiting")).to_be_hidden()
