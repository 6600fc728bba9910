"""The duty office at work on the organisation, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import address, is_wider_than_the_screen, on_both_widths, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
LANGUAGES = ("en", "zh")
DAY = "day=2020-02-12"


@on_both_widths
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_of_the_organisation_is_wider_than_the_screen(page: Page, lang: str) -> None:
    unit = "/organisation/units/M10/"
    changes = ("facts", "parts", "move", "merger", "split", "closure", "roles")
    places = ("/organisation/places/", "/organisation/places/CN-ZJ/")
    lists = ("/organisation/", "/organisation/import/", "/organisation/people/HQ-01/", *places)
    paths = (*lists, unit, *(f"{unit}{c}/" for c in changes))
    for path in paths:
        answer = page.goto(address(page, f"{path}?{DAY}&lang={lang}"))
        assert answer is not None
        assert answer.status == 200, path
        assert not is_wider_than_the_screen(page), path


def test_a_new_unit_is_confirmed_and_found_below_in_the_tree(page: Page) -> None:
    code = "J1"
    page.goto(address(page, f"/organisation/units/M10/?{DAY}&lang=en"))
    assert "Safety officer" in page.locator("section", has_text="Held by").inner_text()
    page.get_by_text("Change this unit").click()
    page.get_by_role("link", name="Open a unit below").click()
    page.get_by_label("Code", exact=False).first.fill(code)
    page.get_by_label("English name").fill("Pier")
    page.get_by_label("Chinese name").fill("码头")
    page.get_by_role("button", name="See what would change").click()
    assert f"{code} is opened" in page.locator(".callout").inner_text()
    page.get_by_role("button", name="Record it").click()
    page.wait_for_url(f"**/organisation/units/{code}/?**")

    page.goto(address(page, f"/organisation/?{DAY}&lang=en"))
    branch = page.locator(".tree .tree details").first
    branch.locator("summary").press("Enter")
    branch.get_by_text(code, exact=True).wait_for()

    page.get_by_label("Name, code or pinyin").fill("mt")
    page.get_by_label("Name, code or pinyin").press("Enter")
    page.get_by_text("found").wait_for()
    assert code in page.inner_text("main")


def test_a_branch_opens_by_a_plain_link_without_a_script(
    browser: Browser, links: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(links["Duty office"])
    page.goto(address(page, f"/organisation/?{DAY}&lang=en"))
    page.locator(".tree .tree summary").first.press("Enter")
    page.locator("p.branch a").first.click()
    page.wait_for_url("**within=M10**")
    assert "Pier" in page.inner_text("main")
    context.close()


@on_screens("empty_page")
def test_a_move_is_foreseen_and_can_be_left(page: Page, lang: str) -> None:
    page.goto(address(page, f"/organisation/units/M10/move/?{DAY}&lang={lang}"))
    field = page.locator("#id_parent")
    field.press_sequentially("M1")
    page.locator("#units option").first.wait_for(state="attached")
    assert page.locator("#id_on").input_value() == "2020-02-12"
    field.fill("M11")
    page.locator("main form button").last.click()

    assert "M11" in page.locator(".callout").inner_text()
    assert not is_wider_than_the_screen(page)
    page.locator(".callout a").click()
    page.wait_for_url("**/organisation/units/M10/?**")
