"""What journeys share: one demo for all, and a browser whose every complaint is a failure."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ports import free_port

CHROMIUM = shutil.which("chromium")
WIDTHS = (1440, 360)
PHONE = WIDTHS[1]
SCREENS = ((1440, "en"), (360, "zh"))
"""A journey runs on a phone, or on a wide screen in one language and on a phone in the other; that
pages fit their screens is asked in all four.
"""
on_both_widths = pytest.mark.parametrize("empty_page", WIDTHS, indirect=True)


@pytest.fixture(scope="session")
def links(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Start the demo; return the sign-in address of each role."""
    if CHROMIUM is None:
        message = "Debian's chromium is not installed: browser journeys are skipped"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    port = free_port()
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
    for _ in range(720):
        found = dict(re.findall(r"^  (\w[\w ]*?)  +(http\S+)$", log.read_text(), re.MULTILINE))
        if len(found) == 6:
            return found
        assert demo.poll() is None, log.read_text()
        time.sleep(0.25)
    raise AssertionError(log.read_text())


# A module at a time: while Playwright runs, its event loop keeps Django from the database.
@pytest.fixture(scope="module")
def browser(links: dict[str, str]) -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def on_screens(page: str) -> pytest.MarkDecorator:
    """Run a journey once on each of ``SCREENS``; ``page``: the fixture that has a width."""
    return pytest.mark.parametrize((page, "lang"), SCREENS, indirect=[page])


@pytest.fixture(params=[PHONE])
def empty_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of nobody; any complaint of the console, such as of the policy, fails the test."""
    context = browser.new_context(viewport={"width": request.param, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not complaints


@pytest.fixture
def page(empty_page: Page, links: dict[str, str]) -> Page:
    """A page signed in as the duty office."""
    empty_page.goto(links["Duty office"])
    return empty_page


def address(page: Page, path: str) -> str:
    return "/".join(page.url.split("/")[:3]) + path


def is_wider_than_the_screen(page: Page) -> bool:
    page.wait_for_load_state()  # A page without its style sheet yet is wide.
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
