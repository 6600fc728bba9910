"""``taishan verdicts`` and ``GET /api/v1/verdicts``: every option, and the same answers."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from taishan.cli.verdicts import FIELDS
from taishan.organisation.models import Account
from taishan.resumption.api import VerdictOut
from tests import people
from tests.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("library")
ON = ("--on", "2020-02-12")
CASES: list[tuple[list[str], dict[str, Any]]] = [
    ([*ON], {"on": "2020-02-12"}),
    ([*ON, "--unit", "W1"], {"on": "2020-02-12", "unit": "W1"}),
    ([*ON, "--unit", "W1", "--unit", "T1"], {"on": "2020-02-12", "unit": ["W1", "T1"]}),
    (
        ["--on", "2020-02-16", "--until", "2020-02-19", "--unit", "W1"],
        {"on": "2020-02-16", "until": "2020-02-19", "unit": "W1"},
    ),
    (
        [*ON, "--as-known", "2020-02-11T00:00:00"],
        {"on": "2020-02-12", "as_known": "2020-02-11T00:00:00Z"},
    ),
    ([*ON, "--kind-of-work", "UTIL"], {"on": "2020-02-12", "kind_of_work": "UTIL"}),
]


def asked(taishan: Run, *options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(
        taishan("verdicts", *options, "--format", "json").stdout
    )
    return rows


@pytest.fixture
def inspector(cast: dict[str, Account]) -> Client:
    client = Client()
    client.force_login(cast["inspector"])
    return client


@pytest.mark.parametrize(("options", "query"), CASES)
def test_the_command_and_the_api_give_the_same_answers(
    taishan: Run, inspector: Client, options: list[str], query: dict[str, Any]
) -> None:
    rows = asked(taishan, *options)

    assert rows
    assert rows == inspector.get("/api/v1/verdicts", query).json()


def test_all_units_are_answered_for_where_none_is_named(taishan: Run) -> None:
    assert {row["unit"] for row in asked(taishan, *ON)} == {unit.code for unit in people.GROUP}


def test_only_the_units_named_are_answered_for(taishan: Run) -> None:
    rows = asked(taishan, *ON, "--unit", "W1", "--unit", "T1")

    assert sorted(row["unit"] for row in rows) == ["T1", "W1"]


def test_each_day_until_the_last_one_is_answered_for(taishan: Run) -> None:
    rows = asked(taishan, "--on", "2020-02-16", "--until", "2020-02-19", "--unit", "W1")

    assert [(row["day"], row["permitted"]) for row in rows] == [
        ("2020-02-16", "shut"),
        ("2020-02-17", "shut"),
        ("2020-02-18", "open"),
        ("2020-02-19", "open"),
    ]


def test_what_was_recorded_later_is_left_out_of_as_known(taishan: Run) -> None:
    """The library is recorded at the first instant of 12 February, UTC."""
    earlier = asked(taishan, *ON, "--unit", "T1", "--as-known", "2020-02-11T23:59:59")
    later = asked(taishan, *ON, "--unit", "T1", "--as-known", "2020-02-12T00:00:00")

    assert (earlier[0]["permitted"], earlier[0]["reasons"]) == ("open", [])
    assert later[0]["permitted"] == "shut"


def test_another_kind_of_work_may_be_exempt(taishan: Run) -> None:
    ordinary = asked(taishan, *ON, "--unit", "W1")
    exempt = asked(taishan, *ON, "--unit", "W1", "--kind-of-work", "UTIL")

    assert (ordinary[0]["permitted"], exempt[0]["permitted"]) == ("shut", "open")
    assert "exempt" in {reason["effect"] for reason in exempt[0]["reasons"]}


def test_all_formats_have_the_fields_of_the_api(taishan: Run) -> None:
    assert set(FIELDS) == set(VerdictOut.model_fields)
    assert all(list(row) == list(FIELDS) for row in asked(taishan, *ON))
    lines = csv.reader(io.StringIO(taishan("verdicts", *ON, "--format", "csv").stdout))
    assert next(lines) == list(FIELDS)
    table = taishan("verdicts", "--on", "2020-02-05").stdout
    assert [name for name in FIELDS if name not in table] == ["stops"]  # nobody stopped work


def test_the_csv_holds_what_the_json_holds(taishan: Run) -> None:
    text = taishan("verdicts", *ON, "--format", "csv").stdout

    for row, of_json in zip(csv.DictReader(io.StringIO(text)), asked(taishan, *ON), strict=True):
        for name in ("unit", "day", "permitted", "state", "changes_on"):
            assert row[name] == str(of_json[name] or "")
        for reason in of_json["reasons"]:
            assert all(reason[part] in row["reasons"] for part in reason)
        for unmet in of_json["unmet"]:
            assert unmet["condition"] in row["unmet"]
        assert all(unknown in row["unknown"] for unknown in of_json["unknown"])
        for conflict in of_json["conflicts"]:
            assert all(conflict[part] in row["conflicts"] for part in conflict)


def test_the_table_fits_100_columns_and_loses_nothing(taishan: Run) -> None:
    text = taishan("verdicts", *ON, "--until", "2020-02-14").stdout

    assert max(map(len, text.splitlines())) <= 100
    said = " ".join(text.split())
    for row in asked(taishan, *ON, "--until", "2020-02-14"):
        for reason in row["reasons"]:
            assert f"{reason['effect']} {reason['clause']}" in said


def test_the_table_begins_each_verdict_with_one_line(taishan: Run) -> None:
    lines = taishan("verdicts", *ON, "--unit", "W1").stdout.splitlines()

    assert lines[0].split() == list(FIELDS[:6])
    assert lines[1].split() == ["W1", "2020-02-12", "shut", "shut", "2020-02-18"]
    assert lines[2].startswith("  reasons    ")


def test_the_table_is_the_format_where_none_is_named(taishan: Run) -> None:
    assert taishan("verdicts", *ON).stdout == taishan("verdicts", *ON, "--format", "table").stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([*ON, "--unit", "W1", "--unit", "NO"], "no such unit on these days: NO"),
        ([*ON, "--until", "2020-02-11"], "--until 2020-02-11 comes before --on 2020-02-12"),
        ([*ON, "--kind-of-work", "UTILS"], "no kind of work 'UTILS'"),
        (["--on", "2020-02-12", "--until", "2040-02-12"], "more than 20000 rows"),
        ([*ON, "--format", "xml"], "'xml' is not one of"),
        ([], "Missing option '--on'"),
        (["--on", "12.2.2020"], "does not match the format"),
    ],
)
def test_what_cannot_be_answered_fails_and_says_why(
    taishan: Run, options: list[str], words: str
) -> None:
    done = taishan("verdicts", *options)

    assert done.exit_code != 0
    assert words in done.output


@pytest.mark.parametrize(
    "query",
    [
        {"on": "2020-02-12", "until": "2020-02-11"},
        {"on": "2020-02-12", "kind_of_work": "UTILS"},
        {"on": "2020-02-12", "until": "2040-02-12"},
        {"on": "12.2.2020"},
        {"as_known": "2020-02-11T00:00:00"},
    ],
)
def test_the_api_refuses_what_cannot_be_answered(inspector: Client, query: dict[str, str]) -> None:
    assert inspector.get("/api/v1/verdicts", query).status_code == 422


def test_the_api_answers_only_for_units_that_the_viewer_may_see(cast: dict[str, Account]) -> None:
    client = Client()
    client.force_login(cast["unit_head"])

    rows = client.get("/api/v1/verdicts", {"on": "2020-02-12"}).json()

    assert sorted(row["unit"] for row in rows) == ["W1", "W2"]
    assert Client().get("/api/v1/verdicts").status_code == 401
