"""Getting in without a browser: what is offered, what is not, and what refusals look like."""

import os
import runpy
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings

from taishan.config import env
from taishan.kit import clock
from taishan.organisation.models import Account
from tests.people import signed_in
from tests.reporting import building

SETTINGS = str(Path(env.__file__).with_name("settings.py"))
NOT_OFFERED = (
    "/accounts/signup/",
    "/accounts/email/",
    "/accounts/confirm-email/",
    "/accounts/confirm-email/abc/",
    "/accounts/password/reset/",
    "/accounts/password/reset/key/1-abc/",
    "/accounts/login/code/confirm/",
    "/accounts/3rdparty/",
    "/accounts/3rdparty/signup/",
    "/accounts/social/connections/",
)


@pytest.mark.django_db
@pytest.mark.parametrize("path", NOT_OFFERED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_takes_an_account_or_has_a_letter_sent(path: str, method: str) -> None:
    answer = getattr(Client(), method)(path, {"email": "somebody@example.org"})

    assert answer.status_code == 404
    assert "given by the group" in answer.text


@pytest.mark.parametrize("wrong", [("D2", "guessed"), ("nobody", "guessed")])
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    cast: dict[str, Account], wrong: tuple[str, str]
) -> None:
    cast["unit_head"].set_password("Mount Tai is heavy")
    cast["unit_head"].save()

    answer = Client().post("/accounts/login/", {"login": wrong[0], "password": wrong[1]})

    assert "username and/or password you specified are not correct" in answer.text


def test_guessing_one_password_is_slowed_and_the_colleagues_still_come_in(
    cast: dict[str, Account],
) -> None:
    for role in ("unit_head", "employee"):
        cast[role].set_password("Mount Tai is heavy")
        cast[role].save()
    for number in range(5):
        Client().post("/accounts/login/", {"login": "D2", "password": f"guess {number}"})

    right = {"login": "D2", "password": "Mount Tai is heavy"}
    assert "Too many failed login attempts" in Client().post("/accounts/login/", right).text
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM organisation_cache WHERE expires > now()")
        assert cursor.fetchone()[0], "other web processes do not see the guesses"
    colleague = {"login": "D6", "password": "Mount Tai is heavy"}
    assert Client().post("/accounts/login/", colleague).status_code == 302


def test_guesses_are_counted_whatever_host_and_port_their_sender_names(
    cast: dict[str, Account],
) -> None:
    cast["unit_head"].set_password("Mount Tai is heavy")
    cast["unit_head"].save()
    for port in range(8001, 8006):
        guess = {"login": "D2", "password": f"guess {port}"}
        Client().post("/accounts/login/", guess, headers={"host": f"localhost:{port}"})

    right = {"login": "d2", "password": "Mount Tai is heavy"}
    answer = Client().post("/accounts/login/", right, headers={"host": "127.0.0.1"})

    assert "Too many failed login attempts" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/", "/reports/", "/reports/unit_daily/2020-02-12/W1/", "/notices/",
        "/situation/people/?list=not_reported",
    ],
)  # fmt: skip
def test_a_browser_keeps_no_page_about_people_to_go_back_to_after_they_signed_out(
    cast: dict[str, Account], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: building.MORNING)
    building.add_schedules()

    answer = signed_in(cast["unit_head"]).get(path)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_too_many_tries_at_once_are_a_page_of_ours(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["employee"])
    for _ in range(5):
        client.post("/accounts/password/set/", {"password1": "a", "password2": "b"})

    answer = client.post("/accounts/password/set/?lang=zh", {"password1": "a", "password2": "b"})

    assert answer.status_code == 429
    assert "尝试次数过多" in answer.text


@pytest.mark.parametrize("weak", ["short", "password12", "1234567890123"])
def test_a_password_that_is_easily_guessed_is_refused(cast: dict[str, Account], weak: str) -> None:
    client = Client()
    client.force_login(cast["employee"])

    client.post("/accounts/password/set/", {"password1": weak, "password2": weak})

    cast["employee"].refresh_from_db()
    assert not cast["employee"].has_usable_password()


def test_the_words_of_another_page_never_become_a_way_out_of_the_instance(
    cast: dict[str, Account],
) -> None:
    cast["unit_head"].set_password("Mount Tai is heavy")
    cast["unit_head"].save()

    answer = Client().post(
        "/accounts/login/?next=https://example.org/",
        {"login": "D2", "password": "Mount Tai is heavy", "next": "https://example.org/"},
    )

    assert answer["Location"] == "/"


REFUSALS = {"en": "This page was open too long", "zh": "页面打开时间过长"}


@pytest.mark.django_db
@pytest.mark.parametrize("lang", sorted(REFUSALS))
def test_a_form_without_its_token_is_refused_in_the_reader_s_words(lang: str) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(f"/accounts/login/?lang={lang}", {"login": "D2", "password": "x"})

    assert answer.status_code == 403
    assert REFUSALS[lang] in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(("lang", "words"), [("en", "There is no such page"), ("zh", "没有此页面")])
def test_an_address_that_leads_nowhere_says_so_and_nothing_of_the_inside(
    lang: str, words: str
) -> None:
    answer = Client().get(f"/nowhere/?lang={lang}")

    assert answer.status_code == 404
    assert words in answer.text
    assert "Resolver" not in answer.text


@pytest.mark.django_db
def test_a_name_the_instance_does_not_answer_to_is_refused() -> None:
    answer = Client().get("/", headers={"host": "elsewhere.example.org"})

    assert answer.status_code == 400
    assert "This request cannot be read" in answer.text


@pytest.mark.django_db
def test_a_break_on_our_side_is_a_page_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from allauth.account.forms import LoginForm

    def broken(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(LoginForm, "__init__", broken)

    answer = Client(raise_request_exception=False).get("/accounts/login/?lang=zh")

    assert answer.status_code == 500
    assert "系统出错" in answer.text
    assert answer["Content-Security-Policy"]


def test_behind_a_proxy_forms_sent_over_https_are_accepted(
    cast: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TAISHAN_SECURE", "1")
    secure = runpy.run_path(SETTINGS)
    names = ("SECURE_PROXY_SSL_HEADER", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    through = {"x-forwarded-proto": "https", "origin": "https://localhost", "host": "localhost"}

    with override_settings(**{name: secure[name] for name in names}):
        client = Client(enforce_csrf_checks=True)
        page = client.get("/accounts/login/", headers=through)
        token = page.context["csrf_token"]
        answer = client.post(
            "/accounts/login/",
            {"login": "D2", "password": "x", "csrfmiddlewaretoken": str(token)},
            headers=through | {"referer": "https://localhost/accounts/login/"},
        )

    assert answer.status_code == 200
    assert page.cookies["csrftoken"]["secure"]
    assert secure["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
