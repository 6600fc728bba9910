"""A form with a photo: asked for by the duty office, answered on a phone without a network."""

from __future__ import annotations

import random
import re

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.forms.building import CHOICES, xlsform
from tests.journeys.conftest import address, is_wider_than_the_screen
from tests.journeys.test_reporting import open_kept, reports_sent
from tests.pictures import png

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
SURVEY = (
    ("type", "name", "label::English (en)", "label::中文 (zh)", "required"),
    ("text", "what", "What?", "何事？", "yes"),
    ("image", "photo", "Photo of it", "照片", "yes"),
)


PICTURE = png(random.Random(7).randbytes(99 * 99), width=99)
PHOTO = FilePayload(name="I.png", mimeType="image/png", buffer=PICTURE)
LARGE = FilePayload(
    name="early.png", mimeType="image/png",
    buffer=png(random.Random(7).randbytes(1700 * 400), width=1700),
)  # fmt: skip
SLOW_PICTURES = """
    const read = window.createImageBitmap;
    window.createImageBitmap = async (...given) => {
        await new Promise((go) => setTimeout(go, 500));
        return read(...given);
    };
"""


def ask_for(page: Page, code: str) -> None:
    """Publish a form and say that everybody owes it every day, looking at what that asks for."""
    settings = (("form_title", "form_id", "subject"), (f"Sighting {code}", code, "person"))
    page.goto(address(page, "/forms/?lang=en"))
    page.get_by_label("XLSForm").set_input_files(
        FilePayload(
            name="sighting.xlsx", mimeType="application/octet-stream",
            buffer=xlsform(SURVEY, CHOICES, settings),
        )
    )  # fmt: skip
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Publish").click()
    page.goto(address(page, "/schedules/HQ/new/?lang=en"))
    page.get_by_label("Form", exact=False).first.select_option(code)
    page.get_by_label("How often").select_option("weekly")
    expect(page.get_by_label("Monday")).to_be_visible()
    page.get_by_label("How often").select_option("daily")
    expect(page.get_by_label("Monday")).to_be_hidden()
    page.get_by_role("button", name="See what it would ask for").click()
    expect(page.get_by_text("Asia/Phnom_Penh")).to_be_visible()
    assert not is_wider_than_the_screen(page)
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_role("table").get_by_text(f"Sighting {code}")).to_be_visible()
    assert not is_wider_than_the_screen(page)


def test_a_photo_taken_offline_outlives_a_reload_and_is_sent_once(
    page: Page, browser: Browser, links: dict[str, str]
) -> None:
    code = f"sighting_{page.viewport_size['width']}"  # type: ignore[index]
    ask_for(page, code)
    path = f"/reports/{code}/2020-02-12/"
    context = browser.new_context(viewport=page.viewport_size)
    context.request.get(links["Employee"])
    phone = context.new_page()
    phone.goto(address(page, "/reports/?lang=en"))
    open_kept(phone, path)

    context.set_offline(True)
    phone.get_by_label("What?").fill("A cracked beam")
    phone.get_by_label("Photo of it").set_input_files(PHOTO)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_text("Waiting to send")).to_be_visible()
    phone.reload()
    expect(phone.get_by_text("Waiting to send")).to_be_visible()

    sent = reports_sent(phone)
    context.set_offline(False)
    told = phone.locator(".waiting").get_by_text("It has been sent", exact=True)
    expect(told).to_be_visible(timeout=15_000)
    phone.reload()
    with phone.expect_response("**/reports/files/**") as found:
        phone.get_by_role("link", name="The file given before").click()
    assert found.value.body() == PHOTO["buffer"]
    assert len(sent) == 1
    context.close()


def test_a_page_that_comes_back_still_holds_the_photo(
    page: Page, browser: Browser, links: dict[str, str]
) -> None:
    code = f"seen_{page.viewport_size['width']}"  # type: ignore[index]
    ask_for(page, code)
    context = browser.new_context(viewport=page.viewport_size)
    context.request.get(links["Employee"])
    phone = context.new_page()
    phone.goto(address(page, f"/reports/{code}/2020-02-12/?lang=en"))
    phone.get_by_label("Photo of it").set_input_files(PHOTO)
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_role("alert").first).to_be_visible()
    expect(phone.get_by_text("Choose your photos")).to_be_hidden()

    phone.get_by_label("What?").fill("A cracked beam")
    phone.get_by_role("button", name="Send", exact=True).click()

    expect(phone.get_by_role("status")).to_be_visible()
    context.close()


def test_what_is_sent_waits_for_the_page_to_be_ready_and_for_the_photo_to_be_made_smaller(
    page: Page, browser: Browser, links: dict[str, str]
) -> None:
    code = f"early_{page.viewport_size['width']}"  # type: ignore[index]
    ask_for(page, code)
    context = browser.new_context(viewport=page.viewport_size, service_workers="block")
    context.request.get(links["Employee"])
    phone = context.new_page()
    phone.add_init_script(SLOW_PICTURES)
    late: list[Route] = []

    def keep(route: Route) -> None:
        late.append(route)

    phone.route("**/sends-offline*.js", keep)
    phone.goto(address(page, f"/reports/{code}/2020-02-12/?lang=en"))
    sent = reports_sent(phone)
    send = phone.get_by_role("button", name="Send", exact=True)
    phone.get_by_label("What?").fill("A cracked beam")
    phone.get_by_label("Photo of it").set_input_files(LARGE)
    send.click()
    send.click()
    assert not sent

    while not late:
        phone.wait_for_timeout(20)
    late[0].continue_()

    expect(phone.get_by_role("status")).to_be_visible()
    assert len(sent) == 1
    phone.reload()
    expect(phone.get_by_role("link", name=re.compile(r"\.jpg$"))).to_be_visible()
    context.close()
