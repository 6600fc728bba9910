"""The hot door: who may send by a token, what becomes of it, and what nobody's batch suffers."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client

from taishan.kit import fresh
from taishan.ledger.models import Entry
from taishan.organisation import actions as organisation
from taishan.organisation import staffing
from taishan.organisation.models import Account, Person
from taishan.reporting import actions, door, taking, wire
from taishan.reporting.committing import Committer
from taishan.reporting.door import Door
from taishan.reporting.models import Report
from taishan.reporting.taking import Taker
from tests import people
from tests.reporting import building, knocking
from tests.reporting.building import FEVER, TODAY, WELL
from tests.reporting.knocking import Answer, bearing, body, knock, token

Cast = dict[str, Account]


@pytest.fixture(autouse=True)
def group(cast: Cast) -> Cast:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    building.hire("B1", unit="H1")
    return cast


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
    now = SimpleNamespace(monotonic=lambda: 0.0)
    monkeypatch.setattr(fresh, "time", now)
    at = Door(knocking.committer(Taker()))
    weekly = json.dumps(body("W1", form="site_weekly", answers={})).encode()
    bears = bearing(token(group["duty_office"]))
    assert knock((weekly, bears), door=at)[0].told[0]["code"] == "not_owed"
    building.add_schedule("site_weekly", "units")
    assert knock((weekly, bears), door=at)[0].told[0]["code"] == "not_owed"

    now.monotonic = lambda: taking.LATEST_S + 1

    assert knock((weekly, bears), door=at)[0].told[0]["code"] == "answers"
