"""Tokens for the door: forged, expired, withdrawn, and how to get one."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from taishan.kit import clock
from taishan.organisation import access, staffing, tokens, withdrawals
from taishan.organisation.models import Account, Person, Withdrawal
from taishan.reporting.door import Door
from taishan.reporting.taking import Taker
from tests import people
from tests.reporting import building, knocking
from tests.reporting.building import TODAY
from tests.reporting.knocking import bearing, body, knock, token

Cast = dict[str, Account]


@pytest.fixture(autouse=True)
def group(cast: Cast) -> Cast:
    building.add_schedules()
    building.hire("A1")
    return cast


def test_nobody_comes_in_without_a_token_or_by_an_altered_one(group: Cast) -> None:
    good = token(group["safety_officer"])
    said, _dot, seal = good.partition(".")
    forged = [
        {}, {"authorization": f"Basic {good}"}, bearing(""), bearing(said), bearing(f".{seal}"),
        bearing(f"{said[:-2]}AA.{seal}"), bearing(f"{good}x"), bearing("ü.ü"),
    ]  # fmt: skip

    answers = knock(*((b"{}", headers) for headers in forged))

    assert {answer.status for answer in answers} == {401}
    assert all(answer.headers[b"www-authenticate"] == b"Bearer" for answer in answers)


def test_a_token_of_another_key_is_refused(group: Cast, settings: Any) -> None:
    good = token(group["safety_officer"])
    settings.SECRET_KEY = "another instance's key, as long as a key has to be"

    assert knock((b"{}", bearing(good)))[0].status == 401


def test_a_token_expires(group: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    good, now = token(group["safety_officer"]), time.time()
    monkeypatch.setattr(time, "time", lambda: now + tokens.LIFE_S + 1)

    [answer] = knock((b"{}", bearing(good, **{"accept-language": "zh"})))

    assert (answer.status, answer.told["detail"]) == (401, "此令牌已过期：请重新领取。")


def test_a_token_ends_with_the_day_for_which_the_roles_were_looked_up(group: Cast) -> None:
    viewer = access.viewer_for(Account.objects.get(username="D3"), TODAY)
    shortly_before_midnight = people.NOW.replace(hour=15, minute=59)

    _token, expires_at = tokens.give(viewer, shortly_before_midnight)

    assert expires_at - time.time() == pytest.approx(60, abs=5)


def withdraw_role() -> None:
    staffing.revoke_role(
        actor=people.ACTOR, now=people.NOW, on=TODAY, role="safety_officer", unit="W1",
        person=Person.objects.get(staff_no="D3"),
    )  # fmt: skip


def leave() -> None:
    staffing.leave(
        actor=people.ACTOR, now=people.NOW, on=TODAY, person=Person.objects.get(staff_no="D3")
    )


def shut_account() -> None:
    staffing.shut_account(actor=people.ACTOR, now=people.NOW, staff_no="D3")


def change_password() -> None:
    account = Account.objects.get(username="D3")
    account.set_password("一座泰山那么高的口令啊")
    account.save()
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    client.post(
        "/accounts/password/change/",
        {
            "oldpassword": "一座泰山那么高的口令啊",
            "password1": "两座泰山那么高的口令啊",
            "password2": "两座泰山那么高的口令啊",
        },
    )
    account.refresh_from_db()
    assert account.check_password("两座泰山那么高的口令啊")


@pytest.mark.parametrize("ending", [withdraw_role, leave, shut_account, change_password])
def test_what_ends_rights_ends_the_tokens_given_before(
    group: Cast, ending: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawals, "AGAIN_S", 0)
    at = Door(knocking.committer(Taker()))
    before, others = token(group["safety_officer"]), token(group["duty_office"])
    given = json.dumps(body()).encode()
    assert knock((given, bearing(before)), door=at)[0].status == 200

    ending()

    theirs, neighbours = knock((given, bearing(before)), (given, bearing(others)), door=at)
    assert (theirs.status, neighbours.status) == (401, 200)
    assert knock((given, bearing(token(group["safety_officer"]))), door=at)[0].status == 200


def test_a_process_that_has_just_begun_knows_what_was_withdrawn_before(group: Cast) -> None:
    before = token(group["safety_officer"])
    withdraw_role()

    assert knock((json.dumps(body()).encode(), bearing(before)))[0].status == 401


def test_a_withdrawal_of_long_ago_is_not_looked_at(group: Cast) -> None:
    withdraw_role()
    Withdrawal.objects.update(at=clock.now() - timedelta(days=20_000))
    good = token(group["duty_office"])

    assert knock((json.dumps(body()).encode(), bearing(good)))[0].status == 200


def test_a_token_is_given_to_who_is_signed_in(group: Cast) -> None:
    client = Client()
    client.force_login(group["safety_officer"])

    told = client.post("/api/v1/tokens").json()

    assert knock((json.dumps(body()).encode(), bearing(told["token"])))[0].status == 200
    assert told["expires_at"].endswith("Z")


def test_a_system_signs_in_by_password_and_asks_for_a_token(group: Cast) -> None:
    account = group["safety_officer"]
    account.set_password("一座泰山那么高的口令啊")
    account.save()
    client = Client(enforce_csrf_checks=True)
    client.get("/accounts/login/")
    assert client.post("/api/v1/tokens").status_code in (401, 403)

    def mine() -> dict[str, str]:
        return {"x-csrftoken": client.cookies["csrftoken"].value}

    given = {"login": "D3", "password": "一座泰山那么高的口令啊"}
    client.post("/accounts/login/", given, headers=mine())

    told = client.post("/api/v1/tokens", headers=mine()).json()
    assert knock((json.dumps(body()).encode(), bearing(told["token"])))[0].status == 200
