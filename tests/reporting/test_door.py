"""The hot door: who may send by a token, what becomes of it, and what nobody's batch suffers."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from taishan.kit import clock
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation import staffing, tokens, withdrawals
from taishan.organisation.models import Account, Person, Withdrawal
from taishan.reporting import actions, door, taking, wire
from taishan.reporting.committing import Committer
from taishan.reporting.door import Door
from taishan.reporting.models import Report
from taishan.reporting.taking import Taker
from tests import people
from tests.reporting import building, knocking
from tests.reporting.building import FEVER, TODAY, WELL
from tests.reporting.knocking import Answer, bearing, knock, token

Cast = dict[str, Account]


@pytest.fixture(autouse=True)
def group(cast: Cast) -> Cast:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("B1", unit="H1")
    return cast


def body(subject: str = "A1", **more: Any) -> dict[str, Any]:
    given = {"form": "daily_health", "subject": subject, "period": str(TODAY), "answers": WELL}
    return given | more


def send(account: Account, given: object, **headers: str) -> Answer:
    return knock((json.dumps(given).encode(), bearing(token(account), **headers)))[0]


def test_a_report_is_taken_and_answered_with_what_became_of_it(group: Cast) -> None:
    answer = send(group["safety_officer"], body())

    assert (answer.status, answer.told) == (
        200,
        [
            {
                "subject": "A1", "period": "2020-02-12", "outcome": "new", "is_late": False,
                "code": None, "reason": None, "problems": [],
            }
        ],
    )  # fmt: skip
    assert Report.objects.get().account_id == group["safety_officer"].pk


def test_reports_of_many_senders_are_one_batch_each_on_its_own_right(group: Cast) -> None:
    officer, office = group["safety_officer"], group["duty_office"]
    _person, herself = staffing.give_account("A1")
    sent = [(officer, "A2"), (herself, "A1"), (herself, "A2"), (office, "B1"), (officer, "B1")]

    answers = knock(*((json.dumps(body(to)).encode(), bearing(token(by))) for by, to in sent))

    told = [(a.told[0]["outcome"], a.told[0]["code"]) for a in answers]
    refused = ("rejected", "not_allowed")
    assert told == [("new", None), ("new", None), refused, ("new", None), refused]
    assert {(r.subject_id, r.account_id) for r in Report.objects.all()} == {
        (Person.objects.get(staff_no=to).pk, by.pk) for by, to in (sent[0], sent[1], sent[3])
    }
    entry = Entry.objects.get(verb="reports.accepted")
    assert entry.data["rows"] == 3


def test_a_wrong_row_is_rejected_alone_and_in_the_language_of_who_sent_it(group: Cast) -> None:
    rows = [
        body("A1"), body("A2", answers=WELL | {"body_temperature": 60}), body("NOBODY"), [1],
        body("A2", period="soon"), body("A2", form=7),
    ]  # fmt: skip

    zh = send(group["safety_officer"], rows, **{"accept-language": "zh-CN,zh;q=0.9"})
    en = send(group["safety_officer"], rows)

    assert [row["code"] for row in zh.told] == [
        None, "answers", "not_allowed", "malformed", "malformed", "malformed"
    ]  # fmt: skip
    assert [row["outcome"] for row in en.told][:2] == ["repeated", "rejected"]
    assert zh.told[1]["problems"][0]["question"] == "body_temperature"
    assert (zh.told[2]["reason"], en.told[2]["reason"]) == (
        "您不能代 NOBODY 上报。",
        "You may not report for NOBODY.",
    )
    assert "$.period" in en.told[4]["reason"]


def test_the_same_report_by_two_doors_is_one(group: Cast) -> None:
    client = Client()
    client.force_login(group["safety_officer"])
    given = body(client=str(uuid4()))
    client.post("/api/v1/reports", json.dumps(given), content_type="application/json")

    assert send(group["safety_officer"], given).told[0]["outcome"] == "repeated"
    assert send(group["safety_officer"], given | {"answers": FEVER}).told[0]["outcome"] == (
        "repeated"
    )


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (b"", "data was truncated"),
        (b'{"form": "daily_health"', "truncated"),
        (b"[1, 2", "truncated"),
        (b'{"form": 1}', "$.form"),
        (b"7", "Expected `object`"),
        (b"[" * 100_000, ""),
        (b"\xff\xfe", ""),
    ],
)
def test_what_is_no_report_is_refused_and_says_where(group: Cast, given: bytes, where: str) -> None:
    [answer] = knock((given, bearing(token(group["safety_officer"]))))

    assert answer.status == 400
    assert where in answer.told["detail"]


def test_more_rows_or_bytes_than_are_allowed_are_refused(
    group: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "MAX_BYTES", 2_000)
    monkeypatch.setattr(wire, "MAX_ROWS", 2)
    bears = bearing(token(group["safety_officer"]))

    many, large, said_large = knock(
        (b"[1, 2, 3]", bears), (b" " * 2_001, bears), (b"{}", bears | {"content-length": "3000"})
    )

    assert many.status == 400
    assert (large.status, said_large.status) == (413, 413)


def test_another_path_or_method_is_not_for_this_door(group: Cast) -> None:
    async def both() -> list[int]:
        at = Door(Committer(Taker()))
        read = await knocking.request(at, b"", {}, method="GET")
        other = await knocking.request(at, b"", {}, path="/api/v1/door/other")
        return [read.status, other.status]

    assert asyncio.run(both()) == [405, 404]


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


def test_a_token_ends_with_the_day_for_which_the_roles_were_looked_up() -> None:
    viewer = access_of("D3")
    shortly_before_midnight = people.NOW.replace(hour=15, minute=59)

    _token, expires_at = tokens.give(viewer, shortly_before_midnight)

    assert expires_at - time.time() == pytest.approx(60, abs=5)


def access_of(staff_no: str) -> Any:
    from taishan.organisation import access

    return access.viewer_for(Account.objects.get(username=staff_no), TODAY)


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


def test_a_closed_unit_s_people_report_no_more(group: Cast) -> None:
    organisation.close_unit(actor=people.ACTOR, now=people.NOW, on=TODAY, code="H1")

    herself = staffing.give_account("B1")[1]

    assert send(herself, body("B1")).told[0]["code"] == "unit"


def test_what_waits_beyond_the_limit_is_sent_away_and_nothing_of_it_is_recorded(
    group: Cast,
) -> None:
    at = Door(knocking.committer(Taker(), most_waiting=2))
    bears = bearing(token(group["safety_officer"]))

    answers = knock(
        (json.dumps([body("A1"), body("A2"), body("A3")]).encode(), bears),
        (json.dumps([body("A1")]).encode(), bears),
        (json.dumps([body("A2")]).encode(), bears),
        (json.dumps([body("A3")]).encode(), bears),
        door=at,
    )

    assert [answer.status for answer in answers] == [503, 200, 200, 503]
    assert answers[0].headers[b"retry-after"] == b"1"
    assert Report.objects.count() == 2


def test_nothing_is_acknowledged_while_the_database_is_away(
    group: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_given: object) -> None:
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(actions, "submit_reports", away)
    monkeypatch.setattr("taishan.reporting.taking.connection.close", lambda: None)

    assert send(group["safety_officer"], body()).status == 503


def test_a_fault_of_ours_in_one_bundle_leaves_its_neighbours_alone(
    group: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = actions.submit_reports

    def stumbling(**given: Any) -> object:
        if any(one.subject == "A2" for one in given["submissions"]):
            raise ZeroDivisionError
        return take(**given)

    monkeypatch.setattr(actions, "submit_reports", stumbling)
    bears = bearing(token(group["safety_officer"]))

    answers = knock(*((json.dumps(body(to)).encode(), bears) for to in ("A1", "A2", "A3")))

    assert [answer.status for answer in answers] == [200, 500, 200]


def test_stopping_answers_what_waits_and_takes_nothing_more(group: Cast) -> None:
    at = Door(knocking.committer(Taker(), most_at_once=1))
    bears = bearing(token(group["safety_officer"]))

    async def stop() -> tuple[list[Answer], Answer]:
        waiting = [
            asyncio.create_task(knocking.request(at, json.dumps(body(to)).encode(), bears))
            for to in ("A1", "A2", "A3")
        ]
        await asyncio.sleep(0)
        await at.drain()
        late = await knocking.request(at, json.dumps(body("A1")).encode(), bears)
        return [await one for one in waiting], late

    with knocking.shared_connection():
        answers, late = asyncio.run(stop())

    assert [answer.status for answer in answers] == [200, 200, 200]
    assert late.status == 503


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


def test_what_the_database_cannot_hold_is_left_out_or_rejected_by_itself(group: Cast) -> None:
    bears = bearing(token(group["safety_officer"]))
    odd = [
        body("A2", answers=WELL | {"remarks": "a\u0000b"}),
        body("A2\u0000"), body(form="x\u0000"), body(client=None, version=10**30),
        body(answers=WELL | {"body_temperature": 10**40}), body(period="9999-12-31"),
    ]  # fmt: skip

    answers = knock(*((json.dumps(one).encode(), bears) for one in [*odd, body("A1")]))

    told = [answer.told[0]["code"] for answer in answers]
    assert told == [None, "not_allowed", "form", "form", "answers", "not_owed", None]
    assert Report.objects.count() == 2


def test_a_new_schedule_holds_for_the_door_once_it_looks_again(
    group: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = Door(knocking.committer(Taker()))
    weekly = json.dumps(body("W1", form="site_weekly", answers={})).encode()
    bears = bearing(token(group["duty_office"]))
    assert knock((weekly, bears), door=at)[0].told[0]["code"] == "not_owed"
    building.add_schedule("site_weekly", "units")

    monkeypatch.setattr(taking, "AGAIN_S", 0)

    assert knock((weekly, bears), door=at)[0].told[0]["code"] == "answers"
