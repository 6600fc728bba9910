"""Reports by the API and by files: the path of all reports, behind two more doors."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import timedelta

import pytest
from django.test import Client

from taishan.kit import clock, tables
from taishan.organisation.models import Account, Person
from taishan.reporting import sheet, storage
from taishan.reporting.models import Counter, Earlier, Report
from taishan.reporting.submissions import Outcome
from tests import people
from tests.reporting import building
from tests.reporting.building import FEVER, MORNING, TODAY, WELL, report, submit

HEADING = (
    "subject,health_status,symptoms,body_temperature,current_location,travel_14_days,"
    "contact_14_days,quarantine_status,work_ability\n"
)
CSV = f"""{HEADING}A1,well,,36.5,usual_place,no,no,none,on_site
A2,unwell,fever cough,38.1,usual_place,no,no,none,unable
A3,well,,60,usual_place,no,no,none,on_site
NOBODY,well,,36.5,usual_place,no,no,none,on_site
"""


@pytest.fixture(autouse=True)
def group(cast: dict[str, Account]) -> dict[str, Account]:
    building.add_schedules()
    building.hire("A1", "A2", "A3")
    return cast


def bring_in(content: bytes) -> sheet.Import:
    return sheet.import_reports(
        actor=people.ACTOR, now=MORNING, content=content, form="daily_health", period=TODAY
    )


def counted() -> dict[int, float]:
    return {row.indicator_id: float(row.amount) for row in Counter.objects.all() if row.amount}


def test_a_file_s_wrong_rows_come_back_by_row_and_column_and_the_others_are_taken() -> None:
    found = bring_in(CSV.encode())

    assert found.outcomes[Outcome.NEW] == 2
    assert found.rejected == 2
    assert [(e.row, e.column, e.value) for e in found.errors] == [
        (4, "body_temperature", "60"),
        (5, "subject", "NOBODY"),
    ]
    assert Report.objects.count() == 2


def test_a_file_is_taken_in_unit_by_unit_and_its_wrong_rows_come_back_in_its_own_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    building.hire("P8", "P9", unit="P1")
    held: list[int] = []
    hold = storage.hold

    def noting(units: Collection[int]) -> None:
        held.append(len(units))
        hold(units)

    monkeypatch.setattr(storage, "hold", noting)
    monkeypatch.setattr(sheet, "BATCH", 3)
    rows = ["P8 36", "P9 60", "A1 36", "A2 60", "P9 36", "A3 36"]
    lines = ["{},well,,{},usual_place,no,no,none,on_site".format(*row.split(" ")) for row in rows]

    found = bring_in((HEADING + "\n".join(lines)).encode())

    assert found.outcomes[Outcome.NEW] == 4
    assert [error.row for error in found.errors] == [3, 5]
    assert held == [1, 1]


def test_the_same_file_twice_changes_nothing_even_where_somebody_answered_since() -> None:
    bring_in(CSV.encode())
    submit(report("A1", FEVER))
    before = counted()

    again = bring_in(CSV.encode())

    assert again.outcomes == dict.fromkeys(Outcome, 0) | {Outcome.REPEATED: 2}
    assert counted() == before
    assert Earlier.objects.count() == 1


def test_xlsx_and_ndjson_say_the_same_as_csv() -> None:
    lines = [line.split(",") for line in CSV.splitlines()]
    bring_in(tables.write_xlsx("daily", lines[0], lines[1:]))
    objects = [{"subject": "A1", **WELL}, {"subject": "A2", "period": "2020-02-12", **FEVER}]
    ndjson = "\n".join(json.dumps(one, ensure_ascii=False) for one in objects)

    found = bring_in((ndjson + "\n[1]\n").encode())

    assert found.outcomes[Outcome.REPEATED] == 2
    assert [(e.row, e.sheet) for e in found.errors] == [(3, "ndjson")]


def test_the_template_is_read_back() -> None:
    content = sheet.template("daily_health", lang="zh")

    found = bring_in(content)

    assert found.errors == []
    assert tables.read(content, columns=[sheet.SUBJECT]).headings[:3] == (
        "subject", "period", "health_status"
    )  # fmt: skip


def post(account: Account, given: object) -> tuple[int, object]:
    client = Client()
    client.force_login(account)
    answer = client.post("/api/v1/reports", json.dumps(given), content_type="application/json")
    return answer.status_code, answer.json()


def test_the_api_takes_one_report_or_many_and_says_what_became_of_each(
    group: dict[str, Account],
) -> None:
    one = {"form": "daily_health", "subject": "A1", "period": "2020-02-12", "answers": WELL}
    others = [
        one | {"answers": FEVER},
        one | {"subject": "A2", "answers": WELL | {"body_temperature": 60}},
        one | {"subject": "D6"},
    ]

    assert post(group["safety_officer"], one) == (
        200,
        [
            {
                "subject": "A1", "period": "2020-02-12", "outcome": "new", "is_late": False,
                "code": None, "reason": None, "problems": [],
            }
        ],
    )  # fmt: skip
    status, told = post(group["safety_officer"], others)
    assert status == 200
    assert [row["outcome"] for row in told] == ["changed", "rejected", "rejected"]  # type: ignore[attr-defined]
    assert told[1]["problems"][0]["question"] == "body_temperature"  # type: ignore[index]
    assert told[2]["code"] == "not_allowed"  # type: ignore[index]


@pytest.mark.parametrize("body", [[], {}, {"form": "daily_health"}, "text", None])
def test_the_api_refuses_what_is_no_report(group: dict[str, Account], body: object) -> None:
    status, _told = post(group["safety_officer"], body)
    assert status == (200 if body == [] else 422)


def test_nobody_finds_out_answers_by_trying_them_on_a_closed_day(
    group: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = Account.objects.create(username="A1", person=Person.objects.get(staff_no="A1"))
    one = {"form": "daily_health", "subject": "A1", "period": "2020-02-12", "answers": FEVER}
    monkeypatch.setattr(clock, "now", lambda: MORNING)
    post(person, one)
    monkeypatch.setattr(clock, "now", lambda: MORNING + timedelta(days=1))

    guesses = [one | {"answers": answers} for answers in (WELL, FEVER)]
    _status, told = post(group["safety_officer"], guesses)
    _status, own = post(person, one)

    assert [row["outcome"] for row in told] == ["proposed", "proposed"]  # type: ignore[attr-defined]
    assert [row["outcome"] for row in own] == ["repeated"]  # type: ignore[attr-defined]


def test_a_report_without_a_number_repeated_is_one(group: dict[str, Account]) -> None:
    one = {"form": "daily_health", "subject": "A1", "period": "2020-02-12", "answers": WELL}
    post(group["safety_officer"], one)
    _status, told = post(group["safety_officer"], one)
    assert told[0]["outcome"] == "repeated"  # type: ignore[index]
