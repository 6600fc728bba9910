"""A hazard on a phone: reported without a network, graded, put right, returned, and closed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import is_wider_than_the_screen
from tests.journeys.test_photos import PHOTO
from tests.journeys.test_reporting import reports_sent, wait_until_kept

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
NEW = "/safety/hazards/new/"
TEXT = "Bare cable behind the fridge"
UNNAMED = "Gas smells in the hall"


def sign_in(browser: Browser, link: str) -> Page:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.request.get(link)
    return context.new_page()


def report_without_a_name(page: Page) -> str:
    """Report another without a network; return the code that the phone has drawn for it."""
    page.get_by_label("What is dangerous").fill(UNNAMED)
    page.get_by_label("somebody could be badly hurt").check()
    page.get_by_label("Without my name").check()
    code = page.locator("form .receipt-code").inner_text()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".waiting code")).to_have_text([code])
    expect(page.locator("form .receipt-code")).not_to_be_visible()
    return code


def kept_on(page: Page) -> int:
    """Return how many reports are still kept on the phone."""
    return int(
        page.evaluate("""() => new Promise((told) => {
        indexedDB.open("taishan").onsuccess = ({ target }) => {
            const store = target.result.transaction("answers").objectStore("answers");
            store.count().onsuccess = (counted) => told(counted.target.result);
        };
    })""")
    )


def follow_by_code(browser: Browser, home: str, code: str) -> None:
    """See what became of a report by its code, as nobody."""
    page = browser.new_context().new_page()
    page.goto(f"{home}/safety/hazards/receipt/?lang=en")
    page.get_by_label("Receipt code").fill(code)
    page.locator("main form button").click()
    expect(page.get_by_text(UNNAMED)).to_be_visible()
    page.context.close()


def find_reported(context: BrowserContext, home: str) -> str:
    """Return the address of the hazard: numbers are given in the order of arrival.

    The page of another may name it too, as a likely duplicate.
    """
    for number in range(1, 100):
        address = f"{home}/safety/hazards/{number}/?lang=en"
        if f'class="hazard-text">{TEXT}<' in context.request.get(address).text():
            return address
    raise AssertionError("nothing was reported")


def take(page: Page, address: str, noun: str, *, photo: bool = False, **given: str) -> None:
    """Fill in the form of a step on the hazard's page, and send it."""
    page.goto(address)
    form = page.locator(f'form[action*="/{noun}/"]')
    if not form.is_visible():
        page.locator("details.step").filter(has=form).locator("summary").click()
    for name, value in given.items():
        field = form.locator(f'[name="{name}"]')
        if field.evaluate("one => one.tagName") == "SELECT":
            option = field.locator("option").filter(has_text=value).first
            field.select_option(option.get_attribute("value"))
        else:
            field.fill(value)
    if photo:
        form.locator('input[type="file"]').set_input_files([PHOTO])
    assert not is_wider_than_the_screen(page)
    form.get_by_role("button").last.click()
    page.wait_for_load_state()
    expect(page.get_by_text("Recorded.")).to_be_visible()


def test_a_bare_cable_reported_offline_is_put_right_returned_put_right_and_closed(
    browser: Browser, links: dict[str, str]
) -> None:
    home = "/".join(links["Employee"].split("/")[:3])
    phone, office = sign_in(browser, links["Employee"]), sign_in(browser, links["Duty office"])
    phone.goto(f"{home}{NEW}?lang=en")
    wait_until_kept(phone, NEW)
    phone.reload()

    phone.context.set_offline(True)
    phone.get_by_label("What is dangerous").fill(TEXT)
    phone.get_by_label("Photos").set_input_files([PHOTO])
    phone.get_by_label("somebody could be badly hurt").check()
    phone.get_by_label("Where exactly").fill("Kitchen")
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Waiting to send")).to_be_visible()
    assert not is_wider_than_the_screen(phone)
    code = report_without_a_name(phone)
    phone.reload()
    expect(phone.get_by_text("Waiting to send")).to_have_count(2)
    expect(phone.locator(".waiting code")).to_have_text([code])

    sent = reports_sent(phone)
    phone.context.set_offline(False)
    told = phone.locator(".waiting").get_by_text("It has been sent", exact=True)
    expect(told).to_have_count(2, timeout=15_000)
    expect(phone.locator(".waiting code")).to_have_text([code])
    assert (len(sent), kept_on(phone)) == (2, 0)
    follow_by_code(browser, home, code)

    hazard = find_reported(office.context, home)
    take(office, hazard, "grading", criterion="Little harm", cause="electricity")
    take(
        office, hazard, "assignment", post="Sok Dara", measures="Replace it", money_cny="80",
        contingency="Switch the kitchen off",
    )  # fmt: skip
    take(phone, hazard, "acceptance")
    take(phone, hazard, "rectification", photo=True, evidence="Taped over")
    take(office, hazard, "return", reason="Tape is no insulation: replace it")
    take(phone, hazard, "rectification", photo=True, evidence="Replaced")
    take(office, hazard, "verification", reason="Seen, and measured")

    expect(office.locator(".callout-title").first).to_have_text(re.compile("closed"))
    expect(office.locator("figure.photos img")).to_have_count(2)
    phone.context.close()
    office.context.close()
