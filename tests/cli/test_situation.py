"""``taishan situation`` and ``taishan reports``."""

from pathlib import Path

import pytest

from taishan.reporting.models import Counter, Indicator, Report
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
