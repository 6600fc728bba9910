"""A duty officer in a real browser: sign in, see the group, drag the day, open a shut unit."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
CHROMIUM = shutil.which("chromium")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start the demo; return the sign-in address of each role."""
    if CHROMIUM is None:
        message = "Debian's chromium is not installed: browser journeys are skipped"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("demo") / "log"
    variables = {k: v for k, v in os.environ.items() if not k.startswith("TAISHAN_")}
    with log.open("w") as out:
        demo = subprocess.Popen(
            [sys.executable, "-m", "taishan.cli", "demo", "--no-open", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=variables | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        yield _links(log, demo)
    finally:
        demo.terminate()
        demo.wait(timeout=40)


def _links(log: Path, demo: subprocess.Popen[bytes]) -> dict[str, str]:
    for _ in range(240):
        found = dict(re.findall(r"^  (\w[\w ]*?)  +(http\S+)$", log.read_text(), re.MULTILINE))
        if len(found) == 6:
            return found
        assert demo.poll() is None, log.read_text()
        time.sleep(0.25)
    raise AssertionError(log.read_text())


@pytest.fixture(params=[1440, 360])
def page(links: dict[str, str], request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page signed in as the duty office; any complaint of the console fails the test."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": request.param, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.goto(links["Duty office"])
        yield page
        browser.close()
        assert not complaints


def address(page: Page, path: str) -> str:
    return "/".join(page.url.split("/")[:3]) + path


def test_from_the_board_to_the_clause_that_shuts_a_unit(page: Page) -> None:
    page.goto(address(page, "/board/?day=2020-02-12&lang=en"))
    assert page.get_by_role("link", name="Member unit 01", exact=True).is_visible()

    page.goto(address(page, "/board/?day=2020-02-05&lang=en&state=shut"))
    page.get_by_role("link", name="Member unit 41", exact=True).click()

    assert "no earlier than 24:00 on 9 February" in page.inner_text("main")
    assert "People's Government of Zhejiang" in page.inner_text("main")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_page_is_wider_than_the_screen_or_breaks_the_policy(page: Page, lang: str) -> None:
    paths = ("/", "/board/", "/units/M10/", "/regulations/", "/organisation/", "/accounts/2fa/")
    for path in paths:
        answer = page.goto(address(page, f"{path}?day=2020-02-12&lang={lang}"))
        assert answer is not None
        assert answer.headers["content-security-policy"].count("unsafe") == 0
        width = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert width <= 0, path


def test_dragging_the_day_changes_the_board_without_loading_the_page_anew(page: Page) -> None:
    page.goto(address(page, "/board/?day=2020-02-12&lang=en"))
    page.evaluate("window.isTheSamePage = true")
    slider = page.get_by_label("Drag the day")
    slider.focus()

    slider.press("ArrowRight")
    page.wait_for_url(re.compile("day=2020-02-13"))

    page.get_by_text("▾ 2-13").first.wait_for()
    assert page.evaluate("window.isTheSamePage")
