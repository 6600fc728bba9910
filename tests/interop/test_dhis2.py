"""Units' returns as DHIS2 data value sets: what is taken, what conflicts, how it is told."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from taishan.forms import actions as forms
from taishan.interop import dhis2, tokens
from taishan.organisation.models import Account
from taishan.reporting import recounting
from taishan.reporting.models import Correction, Report
from tests import people
from tests.reporting import building


@pytest.fixture(autouse=True)
def group(cast: dict[str, Account]) -> dict[str, Account]:
    forms.load_library(actor=people.ACTOR, now=people.NOW)
    building.add_schedules()
    return cast


def cells(**changes: Any) -> list[dict[str, Any]]:
    values = building.RETURN | changes
    return [{"dataElement": name, "value": str(value)} for name, value in values.items()]


def send(
    account: Account, values: list[dict[str, Any]], query: str = "", **more: Any
) -> HttpResponse:
    secret = tokens.make(actor=people.ACTOR, now=people.NOW, account=account, name="dhis2")
    given = {"dataSet": "unit_daily", "period": "20200212", "orgUnit": "W1"} | more
    return Client(enforce_csrf_checks=True).post(  # type: ignore[return-value]
        f"/api/v1/dataValueSets{query}", given | {"dataValues": values},
        content_type="application/json", headers={"Authorization": f"ApiToken {secret}"},
    )  # fmt: skip


def counts(answer: HttpResponse) -> tuple[int, int, int, int]:
    """Return imported, updated, ignored and deleted."""
    told = answer.json()["response"]["importCount"]  # type: ignore[attr-defined]
    return told["imported"], told["updated"], told["ignored"], told["deleted"]


def conflicts(answer: HttpResponse) -> list[str]:
    return [one["object"] for one in answer.json()["response"]["conflicts"]]  # type: ignore[attr-defined]


def test_a_unit_s_return_is_imported_and_told_as_dhis2_tells(group: dict[str, Account]) -> None:
    answer = send(group["unit_head"], cells())

    assert answer.status_code == 200
    assert answer.json() == {  # type: ignore[attr-defined]
        "httpStatus": "OK",
        "httpStatusCode": 200,
        "status": "OK",
        "message": "Import was successful.",
        "response": {
            "responseType": "ImportSummary",
            "status": "SUCCESS",
            "importCount": {"imported": 13, "updated": 0, "ignored": 0, "deleted": 0},
            "conflicts": [],
        },
    }
    assert recounting.recount().differences == ()
    assert recounting.recount().reports == 1


def test_values_complete_what_is_on_record_and_leave_the_rest(group: dict[str, Account]) -> None:
    send(group["unit_head"], cells(problems="no masks"))

    answer = send(
        group["unit_head"],
        [
            {"dataElement": "masks_in_stock", "value": "700"},
            {"dataElement": "on_site", "value": 40},
            {"dataElement": "problems", "deleted": True},
        ],
    )

    assert counts(answer) == (0, 1, 1, 1)
    assert conflicts(answer) == []
    report = Report.objects.get()
    assert (800 in report.answers, 700 in report.answers) == (False, True)
    assert recounting.recount().differences == ()


def test_a_value_at_fault_keeps_out_its_own_return_and_no_other(
    group: dict[str, Account],
) -> None:
    wrong = [one | {"orgUnit": "W2"} for one in cells(on_site="many", in_dreams=3)]
    right = [one | {"orgUnit": "W1"} for one in cells()]

    answer = send(group["unit_head"], wrong + right)

    assert answer.status_code == 409
    assert answer.json()["status"] == "WARNING"  # type: ignore[attr-defined]
    assert counts(answer) == (13, 0, 14, 0)
    assert conflicts(answer) == ["on_site", "in_dreams"]
    places = [one["indexes"] for one in answer.json()["response"]["conflicts"]]  # type: ignore[attr-defined]
    assert places == [[1], [13]]
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "at_fault"),
    [
        ({"dataSet": "nothing"}, "nothing"),
        ({"dataSet": "daily_health"}, "daily_health"),
        ({"orgUnit": "NOWHERE"}, "NOWHERE"),
        ({"orgUnit": "H1"}, "H1"),
        ({"orgUnit": ""}, ""),
        ({"period": "202002"}, "202002"),
        ({"period": "2020W7"}, "2020W7"),
        ({"period": "20200230"}, "20200230"),
        ({"period": "yesterday"}, "yesterday"),
        ({"period": "20200213"}, "20200213"),
        ({"period": ""}, ""),
    ],
)
def test_what_names_no_return_of_the_sender_is_a_conflict(
    group: dict[str, Account], more: dict[str, str], at_fault: str
) -> None:
    answer = send(group["unit_head"], cells(), **more)

    assert (answer.status_code, conflicts(answer)) == (409, [at_fault])
    assert answer.json()["response"]["status"] == "ERROR"  # type: ignore[attr-defined]
    assert counts(answer) == (0, 0, 13, 0)
    assert not Report.objects.exists()


def test_a_value_given_twice_is_a_conflict_and_neither_is_guessed(
    group: dict[str, Account],
) -> None:
    again = {"dataElement": "roster", "value": "90"}

    answer = send(group["unit_head"], [*cells(), again])

    assert (answer.status_code, counts(answer)) == (409, (0, 0, 14, 0))
    assert not Report.objects.exists()


def test_a_dry_run_tells_the_same_and_changes_nothing(group: dict[str, Account]) -> None:
    answer = send(group["unit_head"], cells(), "?dryRun=true")

    assert counts(answer) == (13, 0, 0, 0)
    assert not Report.objects.exists()
    assert recounting.recount().counters == 0


def test_what_comes_for_a_closed_period_waits_for_the_officer(group: dict[str, Account]) -> None:
    answer = send(group["unit_head"], cells(), period="20200211")

    assert (answer.status_code, conflicts(answer)) == (409, ["20200211"])
    assert Correction.objects.count() == 1
    assert not Report.objects.exists()


@pytest.mark.parametrize("header", [{}, {"Authorization": "ApiToken guessed"}])
def test_nobody_unknown_sends_values(header: dict[str, str]) -> None:
    given = {"dataSet": "unit_daily", "dataValues": []}
    answer = Client().post(
        "/api/v1/dataValueSets", given, content_type="application/json", headers=header
    )

    assert answer.status_code == 401


def test_another_strategy_than_completing_is_refused(group: dict[str, Account]) -> None:
    assert send(group["unit_head"], cells(), "?importStrategy=DELETE").status_code == 422


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("20200229", date(2020, 2, 29), date(2020, 3, 1)),
        ("2020W7", date(2020, 2, 10), date(2020, 2, 17)),
        ("2020W53", date(2020, 12, 28), date(2021, 1, 4)),
        ("202012", date(2020, 12, 1), date(2021, 1, 1)),
        ("2020Q1", date(2020, 1, 1), date(2020, 4, 1)),
        ("2020", date(2020, 1, 1), date(2021, 1, 1)),
    ],
)
def test_the_days_of_a_period(period: str, first: date, after: date) -> None:
    assert dhis2.days_of(period) == (first, after)


@pytest.mark.parametrize("period", ["2019W53", "202013", "2020W0", "2020Q5", "0000", "２０２０"])
def test_what_is_no_period_is_refused(period: str) -> None:
    with pytest.raises(dhis2.PeriodRefused):
        dhis2.days_of(period)
