"""A unit's application from its draft to the approval, its suspension by a stop-work, and back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_both_widths

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
DAY = "day=2020-02-12&lang=en"
UNIT = "M27"


@contextmanager
def signed_in(browser: Browser, link: str) -> Iterator[Page]:
    """A page of somebody else, on a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(link)
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    assert not is_wider_than_the_screen(page)


def apply(page: Page) -> str:
    """Draft an application of the unit, for a day on which the law lets it work, and submit it."""
    page.goto(address(page, f"/units/{UNIT}/?{DAY}"))
    page.get_by_role("link", name="Apply to resume work").click()
    page.get_by_label("Work is to begin on").fill("2020-02-20")
    for label in ("Principle", "Pace", "Who first"):
        page.get_by_label(label).fill(f"{label}: rather late than rash")
    first = page.get_by_role("group", name="Phase 1")
    first.get_by_label("From").fill("2020-02-20")
    first.get_by_label("Persons on site").fill("20")
    first.get_by_label("Who").fill("Maintenance")
    press(page, "Save")
    press(page, "Submit")
    return page.url


def title(page: Page) -> str:
    return page.locator(".callout-title").first.inner_text()


def test_an_application_is_approved_suspended_by_a_stop_and_confirmed_anew(
    page: Page, browser: Browser, links: dict[str, str]
) -> None:
    with signed_in(browser, links["Unit head"]) as head:
        application = apply(head)
        page.goto(application)
        page.get_by_label("Reason, or what you looked at").fill("Read it")
        press(page, "Approve")
        assert title(page) == "Approved"

        stop = stop_work(browser, links["Employee"])
        head.goto(application)
        assert title(head) == "Suspended"
        wait_until_recorded(head)
        assert "work is stopped" in head.locator(".callout").first.inner_text()

        head.goto(address(head, f"/stop-work/?{DAY}"))
        head.get_by_role("row").filter(has_text=stop).get_by_role("link").click()
        assert "Sok Dara" not in head.inner_text("main")
        head.get_by_text("Ask for it to be lifted", exact=True).click()
        head.get_by_label("What was done").fill("The valve was changed and measured")
        press(head, "Ask")
        lifted = head.url
    page.goto(lifted)
    assert "Sok Dara" in page.inner_text("main")
    page.get_by_label("What you have seen").fill("Measured: no gas")
    press(page, "Lift: work may go on")
    assert title(page) == "Lifted"
    page.goto(application)
    page.get_by_label("Reason, or what you looked at").fill("Seen: the hall is safe")
    press(page, "Confirm: it holds")
    assert title(page) == "Approved"


def wait_until_recorded(page: Page) -> None:
    """The worker records the suspension, and tells of it, a moment after it holds."""
    for _ in range(60):
        if page.locator(".timeline").get_by_text("Suspended").count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(page.inner_text("main"))


def stop_work(browser: Browser, link: str) -> str:
    """Stop work at the unit from the phone of an employee of another; return the ground."""
    ground = "Gas smells in hall 3"
    with signed_in(browser, link) as phone:
        phone.goto(address(phone, f"/reports/?{DAY}"))
        phone.get_by_role("link", name="Stop work").click()
        phone.get_by_label("Unit").fill(UNIT)
        phone.get_by_label("What is dangerous").fill(ground)
        press(phone, "Stop work now")
        expect(phone.get_by_text(ground)).to_be_visible()
    return ground


@on_both_widths
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_of_applications_or_stops_is_wider_than_the_screen(page: Page, lang: str) -> None:
    for path in (
        "/applications/", "/applications/rule/", f"/units/{UNIT}/applications/", "/stop-work/",
        "/stop-work/new/", "/applications/1/", "/stop-work/1/", "/units/M15/",
    ):  # fmt: skip
        page.goto(address(page, f"{path}?day=2020-02-12&lang={lang}"))
        assert not is_wider_than_the_screen(page), path
