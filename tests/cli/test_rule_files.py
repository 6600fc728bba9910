"""Files of rules by the command line, and sums counted anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from taishan.duties import matrix_files
from taishan.duties.models import Count
from taishan.safety import red_line_files
from taishan.safety.red_line_models import RedLine
from tests.cli.conftest import Run
from tests.duties.building import assign

MATRIX = Path(matrix_files.__file__).parent / "libraries" / "cn-work-safety.yaml"
SAFETY = Path(red_line_files.__file__).parent / "libraries"
RED_LINES = SAFETY / "red-lines-cn.yaml"


@pytest.mark.usefixtures("cast")
@pytest.mark.parametrize(
    ("command", "file", "options", "well_formed"),
    [
        ("duties library", MATRIX, ("--unit", "HQ"), "templates, well formed"),
        ("red-lines library", RED_LINES, ("--unit", "HQ"), "red lines, well formed"),
        ("risks methods", SAFETY / "risk-methods.yaml", (), "3 ways of grading, well formed"),
    ],
)
def test_a_file_of_rules_is_checked_and_recorded_once(
    taishan: Run, command: str, file: Path, options: tuple[str, ...], well_formed: str
) -> None:
    given = (*command.split(), "import", file, *options, "--on", "2020-02-01")

    assert well_formed in taishan(*command.split(), "check", file).output
    assert " new, 0 changed, 0 ended, 0 as they were" in taishan(*given).output
    assert ": 0 new, 0 changed, 0 ended, " in taishan(*given).output
    earlier = taishan(*given[:-1], "2020-01-15")
    assert (earlier.exit_code, "choose a later one" in earlier.output) == (1, True)


@pytest.mark.usefixtures("cast")
def test_nothing_of_several_files_is_recorded_where_one_is_wrong(
    tmp_path: Path, taishan: Run
) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("format: taishan-red-lines/1\n", "utf-8")

    done = taishan("red-lines", "library", "import", RED_LINES, wrong, "--unit", "HQ")

    assert (done.exit_code, "nothing was recorded" in done.output) == (1, True)
    assert not RedLine.objects.exists()


@pytest.mark.usefixtures("cast")
def test_a_wrong_sum_is_named_and_mended_unless_only_looked_at(taishan: Run) -> None:
    assign()
    Count.objects.filter(span=Count.Span.YEAR).update(owed=9)

    looked = taishan("duties", "recount", "--check")
    still = taishan("duties", "recount", "--check")
    mended = taishan("duties", "recount")

    assert [one.exit_code for one in (looked, still, mended)] == [1, 1, 0]
    assert all("1 sums differ" in one.output for one in (looked, still, mended))
    assert taishan("duties", "recount", "--check").output == "0 sums differ\n"
