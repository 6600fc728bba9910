"""``taishan situation`` and ``taishan reports``."""

import json
from pathlib import Path

import pytest

from taishan.forms import actions as forms
from taishan.reporting import recounting
from taishan.reporting.models import Correction, Counter, Door, Indicator, Report
from tests import people
from tests.cli.conftest import Run
from tests.reporting import building
from tests.reporting.building import FEVER, report, submit
from tests.reporting.test_doors import CSV


@pytest.mark.usefixtures("cast")
def test_a_recount_tells_what_differs_and_fails(taishan: Run) -> None:
    building.add_schedules()
    building.hire("A1", "A2")
    submit(report("A1"), report("A2", FEVER))
    assert "2 reports" in taishan("situation", "recount").output

    fever = Indicator.objects.get(name="fever")
    Counter.objects.filter(indicator_id=fever.pk).update(amount=3)
    Report.objects.filter(answers__0="well").delete()

    done = taishan("situation", "recount", "--form", "daily_health", "--from", "2020-02-12")
    assert done.exit_code == 1
    assert "daily_health 2020-02-12 W1 fever: counter 3, reports 1" in done.output
    assert "daily_health 2020-02-12 W1 received: counter 2, reports 1" in done.output
    assert "0 differences" in taishan("situation", "recount", "--until", "2020-02-12").output


@pytest.mark.usefixtures("cast")
def test_a_file_of_reports_is_taken_in_and_its_wrong_rows_told(
    tmp_path: Path, taishan: Run
) -> None:
    building.add_schedules()
    building.hire("A1", "A2")
    file = tmp_path / "morning.csv"
    file.write_text(CSV)

    done = taishan("reports", "import", file, "--form", "daily_health")

    assert "2 new, 0 changed, 0 repeated, 0 proposed, 2 rejected" in done.output
    assert "row 4, column subject: “A3”" in done.output
    assert done.exit_code == 1


@pytest.mark.usefixtures("cast")
def test_a_form_that_is_not_in_force_is_refused_by_name(tmp_path: Path, taishan: Run) -> None:
    file = tmp_path / "morning.csv"
    file.write_text(CSV)
    for done in (
        taishan("reports", "import", file, "--form", "unknown"),
        taishan("reports", "template", tmp_path / "template.xlsx", "--form", "unknown"),
    ):
        assert done.exit_code == 1
        assert "no form unknown is in force" in done.output


def _value_set(file: Path, **units: dict[str, object]) -> Path:
    """Write the returns of units as DHIS2 does, each with what is given in place of the usual."""
    values = [
        {"dataElement": name, "orgUnit": unit, "value": str(value)}
        for unit, changes in units.items()
        for name, value in (building.RETURN | changes).items()
    ]
    given = {"dataSet": "unit_daily", "period": "20200212", "dataValues": values}
    file.write_text(json.dumps(given))
    return file


@pytest.fixture
def _returns_owed(cast: object) -> None:
    forms.load_library(actor=people.ACTOR, now=people.NOW)
    building.add_schedules()


@pytest.mark.usefixtures("_returns_owed")
def test_a_file_of_dhis2_is_taken_in_and_its_wrong_values_told_by_their_place(
    tmp_path: Path, taishan: Run
) -> None:
    file = _value_set(tmp_path / "returns.json", W1={}, W2={"on_site": "many"}, NOWHERE={})

    done = taishan("reports", "import", "--dhis2", file)

    assert "13 values imported, 0 updated, 0 deleted, 26 ignored" in done.output
    told = [line for line in done.output.splitlines() if "(dataValues" in line]
    assert [(line.split(":")[0], line.split("(")[-1]) for line in told] == [
        ("on_site", "dataValues[14])"),
        ("NOWHERE", "dataValues[26] to [38])"),
    ]
    assert done.exit_code == 1
    assert Report.objects.get().door == Door.FILE
    assert recounting.recount().differences == ()


@pytest.mark.usefixtures("_returns_owed")
def test_a_file_of_dhis2_given_twice_changes_nothing(tmp_path: Path, taishan: Run) -> None:
    file = _value_set(tmp_path / "returns.json", W1={})
    late = tmp_path / "yesterday.json"
    late.write_text(file.read_text().replace("20200212", "20200211"))
    for path in (file, late):
        taishan("reports", "import", "--dhis2", path)

    done = [taishan("reports", "import", "--dhis2", path) for path in (file, late)]

    assert [one.exit_code for one in done] == [0, 0]
    assert all("0 values imported, 0 updated, 0 deleted, 13 ignored" in one.output for one in done)
    assert (Report.objects.count(), Correction.objects.count()) == (1, 1)


@pytest.mark.usefixtures("_returns_owed")
def test_what_is_no_value_set_is_refused_at_its_place_and_nothing_recorded(
    tmp_path: Path, taishan: Run
) -> None:
    file = _value_set(tmp_path / "returns.json", W1={})
    file.write_text(file.read_text().replace('"dataElement": "on_site", ', ""))

    done = taishan("reports", "import", "--dhis2", file)

    assert done.exit_code == 1
    assert "dataValues[1].dataElement: Field required" in done.output
    assert not Report.objects.exists()


def test_a_file_is_of_a_form_or_of_dhis2(tmp_path: Path, taishan: Run) -> None:
    file = tmp_path / "returns.json"
    file.write_text("{}")
    for given in ((), ("--dhis2", "--form", "unit_daily"), ("--period", "2020-02-12")):
        assert taishan("reports", "import", file, *given).exit_code == 2
