"""Signing in through the group's own provider: a fake one on localhost stands for it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from django.http import HttpResponseBase
from django.test import Client

from taishan.config import env
from taishan.organisation.models import Account
from tests import people

LOGIN = "/accounts/oidc/group/login/"


class FakeProvider(ThreadingHTTPServer):
    """Answers as a provider does; ``claims`` is whom it will say has signed in."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.claims: dict[str, object] = {}
        self.asked: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def answer(self, path: str) -> object:
        if path == "/.well-known/openid-configuration":
            names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            return {"issuer": self.address} | {name: f"{self.address}/{name}" for name in names}
        if path == "/token_endpoint":
            about = {"iss": self.address, "aud": "taishan", "sub": "7", "exp": time.time() + 60}
            signed = jwt.encode(about | self.claims, "k" * 32)
            return {"access_token": "a", "token_type": "Bearer", "id_token": signed}
        return {"sub": "7"} | self.claims


class _Door(BaseHTTPRequestHandler):
    server: FakeProvider

    def do_GET(self) -> None:
        body = json.dumps(self.server.answer(self.path)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


@pytest.fixture
def provider(settings: object) -> Iterator[FakeProvider]:
    server = FakeProvider()
    environment = env.read(
        {
            "TAISHAN_OIDC_SERVER": server.address,
            "TAISHAN_OIDC_CLIENT_ID": "taishan",
            "TAISHAN_OIDC_CLIENT_SECRET": "s",
            "TAISHAN_OIDC_NAME": "Group login",
            "TAISHAN_SIGN_IN_LINKS": "1",
        }
    )
    settings.TAISHAN = environment  # type: ignore[attr-defined]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": environment.oidc_apps()}}  # type: ignore[attr-defined]
    settings.CSP_FORM_ORIGINS = environment.oidc_origins()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def come_back(client: Client, query: str = "") -> HttpResponseBase:
    """Leave for the provider, and come back from it with a code."""
    left = client.post(LOGIN + query)
    assert left.status_code == 302
    state = parse_qs(urlsplit(left["Location"]).query)["state"][0]
    return client.get(f"{LOGIN}callback/", {"code": "c", "state": state})


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_somebody_with_an_account_signs_in_by_the_claim(
    cast: dict[str, Account], provider: FakeProvider
) -> None:
    provider.claims = {"preferred_username": "D2"}
    client = Client()

    answer = come_back(client)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert who(client) == str(cast["unit_head"].pk)
    assert "code_verifier=" in provider.asked[0]


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "D99"},
        {"preferred_username": "d2"},
        {"preferred_username": ""},
        {"name": "D2", "email": "D2@example.org"},
    ],
)
def test_nobody_else_is_let_in_and_no_account_comes_into_being(
    provider: FakeProvider, claims: dict[str, object]
) -> None:
    provider.claims = claims
    client = Client()

    answer = come_back(client)

    assert answer.status_code == 403
    assert "Group login knows you" in answer.content.decode()  # type: ignore[attr-defined]
    assert who(client) is None
    assert Account.objects.count() == len(people.CAST)


def test_an_account_that_was_switched_off_is_refused(
    cast: dict[str, Account], provider: FakeProvider
) -> None:
    Account.objects.filter(pk=cast["unit_head"].pk).update(is_active=False)
    provider.claims = {"preferred_username": "D2"}

    assert come_back(Client()).status_code == 403


@pytest.mark.parametrize("process", ["connect", "redirect"])
def test_no_address_makes_the_provider_a_second_way_in(
    cast: dict[str, Account], provider: FakeProvider, process: str
) -> None:
    from allauth.socialaccount.models import SocialAccount

    provider.claims = {"preferred_username": "D2"}
    client = Client()
    client.force_login(cast["employee"])

    come_back(client, f"?process={process}")

    assert who(client) == str(cast["unit_head"].pk)
    assert not SocialAccount.objects.exists()


def test_a_second_factor_is_still_asked_for(
    cast: dict[str, Account], provider: FakeProvider
) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(cast["unit_head"], generate_totp_secret())
    provider.claims = {"preferred_username": "D2"}
    client = Client()

    answer = come_back(client)

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert who(client) is None


@pytest.mark.usefixtures("cast")
def test_an_answer_nobody_asked_for_is_refused_on_a_page_of_ours(provider: FakeProvider) -> None:
    answer = Client().get(f"{LOGIN}callback/", {"code": "c", "state": "made-up"})

    assert answer.status_code == 401
    assert "Signing in through the provider failed" in answer.content.decode()


@pytest.mark.usefixtures("cast")
def test_a_provider_that_cannot_be_reached_is_said_so(provider: FakeProvider) -> None:
    provider.shutdown()
    provider.server_close()

    answer = Client().post(LOGIN)

    assert answer.status_code == 503
    assert "The provider does not answer" in answer.content.decode()


@pytest.mark.django_db
def test_the_sign_in_page_offers_the_provider_and_its_form_may_go_there(
    provider: FakeProvider,
) -> None:
    answer = Client().get("/accounts/login/")

    assert "Sign in through Group login" in answer.content.decode()
    assert answer["Content-Security-Policy"].endswith(f"form-action 'self' {provider.address}")


@pytest.mark.django_db
def test_without_a_provider_nothing_of_it_is_there() -> None:
    page = Client().get("/accounts/login/")

    assert "Sign in through" not in page.content.decode()
    assert page["Content-Security-Policy"].endswith("form-action 'self'")
    assert Client().post(LOGIN).status_code == 404
