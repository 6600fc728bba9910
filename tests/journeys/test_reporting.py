"""A report from a phone: light, without a network, sent once when it is back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PHONE, is_wider_than_the_screen, on_screens

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
REPORT = "/reports/daily_health/2020-02-12/"
ALLOWED_BYTES = 60_000
WORDS = {
    "en": {
        "send": "Send", "waiting": "Waiting to send", "sent": "It has been sent",
        "on_time": "On time",
        "temperature": "Body temperature", "conflict": "Another answer was recorded meanwhile",
        "compare": "Compare and choose", "mine": "Send mine, to replace what is recorded",
        "keep": "Keep what is recorded", "remarks": "Anything else?",
        "wrong": "Between 34 and 43 °C.",
    },
    "zh": {
        "send": "发送", "waiting": "等待发送", "sent": "已发送", "on_time": "按时",
        "temperature": "体温", "conflict": "期间已有另一份填报记录在案", "compare": "比较并选择",
        "mine": "发送我的填报，替换已记录的", "keep": "保留已记录的填报",
        "remarks": "其他需要说明的情况", "wrong": "应在34至43℃之间。",
    },
}  # fmt: skip


@pytest.fixture(params=[PHONE])
def phone(
    browser: Browser, links: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """A phone of an employee; what the scripts or the policy complain of fails the test.

    That a request found no network, or that a page was refused, the console says too: both are
    what these journeys are about.
    """
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    # Signed in without a page, so that nothing is in the browser yet.
    context.request.get(links["Employee"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert not [one for one in complaints if not one.startswith("Failed to load resource")]


@pytest.fixture
def home(links: dict[str, str]) -> str:
    return "/".join(links["Employee"].split("/")[:3])


def is_kept(page: Page, path: str) -> bool:
    """Tell whether the phone can show a page without a network."""
    script = "path => caches.match(path, {ignoreSearch: true, ignoreVary: true}).then(Boolean)"
    return bool(page.evaluate(script, path))


def wait_until_kept(page: Page, path: str) -> None:
    # The policy forbids wait_for_function, which evaluates a string within the page.
    for _ in range(100):
        if is_kept(page, path):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{path} is not kept")


def open_kept(page: Page, path: str) -> None:
    """Open a page from my reports once the phone keeps it, and wait for its scripts to run."""
    wait_until_kept(page, path)
    page.locator(f'a[href^="{path}"]').click()
    page.wait_for_url(f"**{path}**")


def open_report(page: Page, home: str, lang: str) -> None:
    page.goto(f"{home}/reports/?lang={lang}")
    open_kept(page, REPORT)
    page.get_by_label(WORDS[lang]["temperature"]).wait_for()


WELL = (
    "health_status=well", "current_location=usual_place", "travel_14_days=no",
    "contact_14_days=no", "quarantine_status=none", "work_ability=remote",
)  # fmt: skip


def answer(page: Page, lang: str, temperature: str, remarks: str) -> None:
    for name in WELL:
        question, _is, choice = name.partition("=")
        page.locator(f'[name="q.{question}"][value="{choice}"]').check()
    page.get_by_label(WORDS[lang]["temperature"]).fill(temperature)
    page.get_by_label(WORDS[lang]["remarks"]).fill(remarks)


def send(page: Page, lang: str) -> None:
    page.get_by_role("button", name=WORDS[lang]["send"], exact=True).click()


def reports_sent(page: Page) -> list[str]:
    """Watch what leaves the phone."""
    sent: list[str] = []
    page.on("requestfinished", lambda r: sent.append(r.url) if r.method == "POST" else None)
    return sent


@on_screens("phone")
def test_a_report_given_offline_outlives_a_reload_and_is_sent_once(
    phone: Page, home: str, lang: str
) -> None:
    words, network = WORDS[lang], phone.context
    open_report(phone, home, lang)
    width = phone.viewport_size["width"]  # type: ignore[index]

    network.set_offline(True)
    answer(phone, lang, "36.4", f"offline {lang} {width}")
    send(phone, lang)
    expect(phone.get_by_text(words["waiting"])).to_be_visible()
    assert not is_wider_than_the_screen(phone)

    phone.reload()
    expect(phone.get_by_text(words["waiting"])).to_be_visible()
    expect(phone.get_by_label(words["temperature"])).to_be_visible()

    sent = reports_sent(phone)
    network.set_offline(False)
    told = phone.locator(".waiting").get_by_text(words["sent"], exact=True)
    expect(told).to_be_visible(timeout=15_000)
    phone.reload()
    expect(phone.locator(".waiting")).to_be_hidden()
    expect(phone.get_by_label(words["remarks"])).to_have_value(f"offline {lang} {width}")
    assert len(sent) == 1


@on_screens("phone")
def test_answers_recorded_from_another_phone_meanwhile_are_compared_and_chosen(
    phone: Page, browser: Browser, links: dict[str, str], home: str, lang: str
) -> None:
    words = WORDS[lang]
    open_report(phone, home, lang)
    phone.context.set_offline(True)
    answer(phone, lang, "36.5", f"mine {lang}")
    send(phone, lang)
    expect(phone.get_by_text(words["waiting"])).to_be_visible()

    elsewhere(browser, links, home, f"theirs {lang} {phone.viewport_size}")
    phone.context.set_offline(False)

    expect(phone.get_by_text(words["conflict"])).to_be_visible()
    phone.get_by_role("button", name=words["compare"]).click()
    expect(phone.get_by_text(f"theirs {lang}")).to_be_visible()
    assert not is_wider_than_the_screen(phone)
    phone.get_by_role("button", name=words["mine"]).click()
    expect(phone.get_by_text(words["on_time"], exact=True)).to_be_visible()
    expect(phone.locator(".waiting")).to_be_hidden()


def elsewhere(browser: Browser, links: dict[str, str], home: str, remarks: str) -> None:
    context = browser.new_context()
    context.request.get(links["Employee"])
    page = context.new_page()
    page.goto(f"{home}{REPORT}?lang=en")
    answer(page, "en", "36.6", remarks)
    send(page, "en")
    expect(page.get_by_role("status")).to_be_visible()
    context.close()


def test_answers_may_be_given_up_for_what_is_recorded(
    phone: Page, browser: Browser, links: dict[str, str], home: str
) -> None:
    open_report(phone, home, "en")
    phone.context.set_offline(True)
    answer(phone, "en", "36.7", "given up")
    send(phone, "en")
    elsewhere(browser, links, home, f"kept {phone.viewport_size}")
    phone.context.set_offline(False)
    phone.get_by_role("button", name=WORDS["en"]["compare"]).click()

    phone.get_by_role("link", name=WORDS["en"]["keep"]).click()

    expect(phone.get_by_role("heading", name="My reports")).to_be_visible()
    expect(phone.locator(".waiting")).to_be_hidden()
    phone.goto(f"{home}{REPORT}")
    expect(phone.get_by_label(WORDS["en"]["remarks"])).to_have_value(f"kept {phone.viewport_size}")


@on_screens("phone")
def test_a_wrong_answer_is_shown_at_its_question(phone: Page, home: str, lang: str) -> None:
    open_report(phone, home, lang)
    answer(phone, lang, "61", "")
    send(phone, lang)

    expect(phone.get_by_text(WORDS[lang]["wrong"]).first).to_be_visible()
    expect(phone.get_by_label(WORDS[lang]["temperature"])).to_have_value("61")
    expect(phone.locator(".waiting")).to_be_hidden()
    phone.get_by_label(WORDS[lang]["temperature"]).fill("36.6")
    send(phone, lang)
    expect(phone.get_by_role("status")).to_be_visible()


def test_my_list_and_my_notices_open_without_a_network(phone: Page, home: str) -> None:
    open_report(phone, home, "en")
    for path in ("/", "/notices/"):
        wait_until_kept(phone, path)
    phone.context.set_offline(True)

    for path, heading in (("/", "Mine"), ("/notices/", "Notices"), ("/reports/", "My reports")):
        phone.goto(home + path)
        expect(phone.get_by_role("heading", name=heading).first).to_be_visible()
    phone.goto(f"{home}/reports/never_seen/2020-02-12/")
    expect(phone.get_by_role("heading", name="No network")).to_be_visible()


def test_who_signs_out_leaves_no_page_behind(phone: Page, home: str) -> None:
    open_report(phone, home, "en")
    phone.goto(f"{home}/accounts/logout/")
    phone.locator("main form button").click()
    phone.wait_for_url("**/accounts/login/**")

    assert not is_kept(phone, REPORT)
    assert not is_kept(phone, "/reports/")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/accounts/2fa/webauthn/login/"),
        ("POST", "/accounts/2fa/authenticate/"),
        ("GET", "/accounts/oidc/group/login/callback/"),
    ],
)
def test_whichever_way_the_next_one_comes_in_finds_no_page(
    phone: Page, home: str, method: str, path: str
) -> None:
    open_report(phone, home, "en")
    phone.route("**/accounts/**", lambda asked: asked.fulfill(status=200, body=""))

    phone.evaluate(
        "([method, path]) => fetch(path, { method }).then((answer) => answer.text())",
        [method, path],
    )

    phone.wait_for_function("() => caches.has('pages').then((is) => !is)")


def test_the_report_page_weighs_less_than_it_may(phone: Page, home: str) -> None:
    loaded: dict[str, int] = {}
    addresses: dict[str, str] = {}
    watch = phone.context.new_cdp_session(phone)
    watch.send("Network.enable")
    watch.on(
        "Network.requestWillBeSent",
        lambda told: addresses.update({told["requestId"]: told["request"]["url"]}),
    )
    watch.on(
        "Network.loadingFinished",
        lambda told: loaded.update({addresses[told["requestId"]]: told["encodedDataLength"]}),
    )

    phone.goto(f"{home}{REPORT}?lang=zh", wait_until="networkidle")
    wait_until_kept(phone, REPORT)
    kept = phone.evaluate(KEPT)
    by_the_worker = [f"{home}/sw.js", *(one for one in kept if one not in loaded)]
    total = sum(loaded.values()) + sum(_weight(phone.context, one) for one in by_the_worker)

    assert len(loaded) > 10
    assert total < ALLOWED_BYTES, sorted(loaded.items(), key=lambda one: -one[1])


KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(request.url);
  return found;
}"""


def _weight(context: BrowserContext, address: str) -> int:
    answer = context.request.get(address, headers={"Accept-Encoding": "gzip"})
    return int(answer.headers.get("content-length", len(answer.body())))


@on_screens("phone")
def test_a_phone_may_install_it(phone: Page, home: str, lang: str) -> None:
    phone.goto(f"{home}/reports/?lang={lang}")
    wait_until_kept(phone, "/reports/")
    browser = phone.context.new_cdp_session(phone)

    manifest = browser.send("Page.getAppManifest")
    refused = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    # A window of Playwright's is a private one, and those install nothing.
    assert [one["errorId"] for one in refused] in ([], ["in-incognito"])


@on_screens("phone")
def test_a_code_on_the_wall_opens_a_report_for_who_has_no_account(
    phone: Page, browser: Browser, links: dict[str, str], home: str, lang: str
) -> None:
    phone.context.request.get(links["Safety officer"])
    phone.goto(f"{home}/reports/?lang={lang}")
    phone.locator('main a[href^="/r/units/"]').click()
    assert not is_wider_than_the_screen(phone)
    link = phone.locator('main a[href*="/r/"]').get_attribute("href")

    wall = browser.new_page(viewport=phone.viewport_size)
    wall.goto(f"{link}?lang={lang}")
    assert not is_wider_than_the_screen(wall)
    wall.locator("[name=name]").fill("谁也不是")
    wall.locator("[name=staff_no]").fill("0")
    wall.locator(".send button").click()
    expect(wall.get_by_role("alert")).to_be_visible()
    assert not is_wider_than_the_screen(wall)
    wall.close()
