"""Getting in and out: a passkey, a second factor, and every page of one's own account."""

import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import address, is_wider_than_the_screen, on_both_widths

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]
PASSWORD = "Mount Tai is heavy"
PAGES = (
    "/accounts/login/",
    "/accounts/logout/",
    "/accounts/password/set/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/inactive/",
)


@pytest.fixture
def authenticator(empty_page: Page) -> None:
    """A phone's own authenticator, whose owner always touches it."""
    session = empty_page.context.new_cdp_session(empty_page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_out(page: Page) -> None:
    page.goto(address(page, "/accounts/logout/"))
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/**")


def set_password(page: Page) -> None:
    page.goto(address(page, "/accounts/password/set/"))
    page.get_by_label("Password", exact=False).first.fill(PASSWORD)
    page.get_by_label("Password (again)").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Password successfully set.")).to_be_visible()


def recovery_codes(page: Page) -> list[str]:
    return page.get_by_label("Keep them where only you can find them").input_value().split()


@pytest.mark.usefixtures("authenticator")
def test_a_passkey_is_added_lets_its_owner_in_and_is_removed(
    empty_page: Page, links: dict[str, str]
) -> None:
    page = empty_page
    page.goto(links["Employee"])
    name = page.locator(".who-name").inner_text()

    page.goto(address(page, "/accounts/2fa/webauthn/add/"))
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Passkey added.")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    assert (
        len(page.get_by_label("Keep them where only you can find them").input_value().split()) == 10
    )

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(address(page, "/"))
    assert page.locator(".who-name").inner_text() == name

    page.goto(address(page, "/accounts/2fa/webauthn/"))
    assert not is_wider_than_the_screen(page)
    page.get_by_role("row", name="my phone").get_by_role("link", name="Remove").click()
    assert not is_wider_than_the_screen(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    assert not is_wider_than_the_screen(page)
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("You have no passkey yet")).to_be_visible()


def test_a_passkey_that_fails_says_so_on_the_page(empty_page: Page, links: dict[str, str]) -> None:
    page = empty_page
    page.goto(links["Duty office"])
    sign_out(page)
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error()); }")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey did not work")


def digits(secret: str) -> str:
    """Return what an authenticator app shows now, after RFC 6238."""
    import base64

    key = base64.b32decode(secret)
    mac = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = mac[-1] & 15
    return f"{struct.unpack('>I', mac[at : at + 4])[0] % 2**31 % 10**6:06d}"


def test_an_app_is_set_up_and_asked_for_after_the_password(
    empty_page: Page, links: dict[str, str]
) -> None:
    page = empty_page
    page.goto(links["Safety officer"])
    set_password(page)
    page.goto(address(page, "/accounts/2fa/totp/activate/"))
    assert "/accounts/reauthenticate/" in page.url
    assert not is_wider_than_the_screen(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()

    secret = page.locator("output.codes").inner_text()
    assert not is_wider_than_the_screen(page)
    page.get_by_label("Authenticator code").fill(digits(secret))
    page.get_by_role("button", name="Use this app").click()
    expect(page.get_by_text("Authenticator app activated.")).to_be_visible()
    assert not is_wider_than_the_screen(page)
    code = recovery_codes(page)[0]

    sign_out(page)
    page.get_by_label("Staff number").fill("D2")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/accounts/2fa/authenticate/**")
    assert not is_wider_than_the_screen(page)
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(address(page, "/"))


@on_both_widths
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_page_of_the_account_is_wider_than_the_screen_or_breaks_the_policy(
    empty_page: Page, links: dict[str, str], lang: str
) -> None:
    page = empty_page
    page.goto(links["Discipline office"])
    for path in PAGES:
        answer = page.goto(address(page, f"{path}?lang={lang}"))
        assert answer is not None
        assert answer.status == 200, path
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert page.locator("html").get_attribute("lang") == {"en": "en", "zh": "zh-Hans"}[lang]
        assert not is_wider_than_the_screen(page), path
